"""The routes of archives, public queries and reports over an emulated account."""

import pytest

from chalicelib.web.api import archives, marks, organisations, reports
from chalicelib.web.app import CreditApp
from tests.web.events import NOW
from tests.web.tiny import NOBODY


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    """The app under the rulebook that the template gives by default."""
    assert aws["RULEBOOK"] == "jiangsu"
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([archives.api, marks.api, organisations.api, reports.api], guard=NOBODY)
    return app
