"""Fixtures of the duties."""

from collections.abc import Iterator

import pytest

from chalicelib.runtime.settings import settings
from chalicelib.web.api import (
    archives,
    catalogue,
    judgements,
    ledger,
    lists,
    marks,
    notices,
    organisations,
    reports,
    rulebook,
    shares,
    uploads,
)
from chalicelib.web.app import CreditApp
from tests.articles.scenes import entitle_all
from tests.web.events import NOW
from tests.web.tiny import NOBODY

ROOMS = (
    *(archives, catalogue, judgements, ledger, lists, marks, notices),
    *(organisations, reports, rulebook, shares, uploads),
)


@pytest.fixture
def city(aws: dict[str, str]) -> None:
    """An empty archive, and two providers that may report every item."""
    assert aws
    entitle_all()


@pytest.fixture
def nanjing(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same in a place where rulebook `nanjing` is in force."""
    assert aws
    monkeypatch.setenv("RULEBOOK", "nanjing")
    settings.cache_clear()
    entitle_all()


@pytest.fixture
def shenzhen(city: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same in a place where rulebook `shenzhen` is in force."""
    monkeypatch.setenv("RULEBOOK", "shenzhen")
    settings.cache_clear()
    entitle_all()
    yield
    settings.cache_clear()


@pytest.fixture
def app(city: None) -> CreditApp:
    """The routes that a duty is asked of, under rulebook `jiangsu`."""
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([room.api for room in ROOMS], guard=NOBODY)
    return app
