"""The app with its pages over one emulated account a module."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.web import signing_in
from chalicelib.web.app import CreditApp
from chalicelib.web.portal.routes import PAGES
from chalicelib.web.portal.sessions import COOKIE, begin_session
from chalicelib.web.routes import BLUEPRINTS
from tests.aws import emulated_aws
from tests.web.events import NOW
from tests.web.issuer import ISSUERS, any_token, any_trust
from tests.web.portal.visitors import Visitor
from tests.web.tiny import NOBODY

CLIENT = "credit-portal"
WITH_CLIENT = json.dumps([{**each, "client": CLIENT} for each in json.loads(ISSUERS)])

SignIn = Callable[..., Visitor]


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    """An account that the tests of one module share."""
    with emulated_aws():
        yield


@pytest.fixture
def app(account: None) -> Iterator[CreditApp]:
    """The app; it trusts the tests' identity providers."""
    app = CreditApp("credit", now=lambda: NOW)
    app.mount(BLUEPRINTS, guard=NOBODY)
    app.show(PAGES)
    trust = any_trust(issuers=WITH_CLIENT)
    with patch.object(signing_in, "trusted", lambda: trust):
        yield app


@pytest.fixture
def visitor(app: CreditApp) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(app)


@pytest.fixture
def sign_in(app: CreditApp) -> SignIn:
    """Makes visitors whose tokens hold these claims."""

    def sign_in(role: str, **claims: Any) -> Visitor:
        return Visitor(app, {COOKIE: begin_session(any_token(role=role, **claims))})

    return sign_in
