"""What the demo sends, made once."""

import pytest

from infra.local.demo.deliveries import Deliveries, make_deliveries


@pytest.fixture(scope="session")
def deliveries() -> Deliveries:
    """Every file of the demo."""
    return make_deliveries()
