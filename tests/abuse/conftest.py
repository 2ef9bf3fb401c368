"""One emulated account for all of these tests: nothing that they send may change anything."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from chalicelib.runtime.observability import metrics
from chalicelib.web.app import CreditApp
from chalicelib.web.routes import BLUEPRINTS
from tests.aws import emulated_aws
from tests.disclosure.archives import say
from tests.web.events import NOW
from tests.web.tiny import NOBODY


@pytest.fixture(scope="module")
def app() -> Iterator[CreditApp]:
    """Every route, over an archive that holds one organisation."""
    with emulated_aws(), patch.object(metrics.provider, "namespace", "Credit"):
        app = CreditApp("credit", now=lambda: NOW)
        app.mount(BLUEPRINTS, guard=NOBODY)
        say()
        yield app
