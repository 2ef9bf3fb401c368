"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import botocore.session
import pytest

pytest_plugins = ["tests.aws", "tests.deployed"]


@pytest.fixture(scope="session", autouse=True)
def share_models() -> Iterator[None]:
    """Read the services' models from disk once, not for the clients of every fresh account."""
    with patch("botocore.session.create_loader", cache(botocore.session.create_loader)):
        yield
