"""Limits at the door: answers tell of them, and what is one too many is a problem."""

from datetime import datetime, timedelta

import pytest

from chalicelib.web.api import archives, organisations, reports
from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Role
from chalicelib.web.limiting.limits import LIMITS
from tests.web.events import NOW, ask, post, signed_in
from tests.web.tiny import NOBODY

_CODE = "91329900MA99010396"
_AGENCY = signed_in("agency", organisation="11329900009901024T")
_PURPOSE = {"X-Query-Purpose": "supervision"}
_PAPER = {"paper_kind": "护照号", "paper_number": "E00000000"}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    """What the app takes for the present."""
    return Clock()


@pytest.fixture
def app(aws: dict[str, str], clock: Clock) -> CreditApp:
    """The app over an emulated account."""
    app = CreditApp("credit", now=clock)
    app.mount([archives.api, organisations.api, reports.api], guard=NOBODY)
    return app


def test_should_tell_what_is_left_when_an_archive_is_asked_for(app: CreditApp) -> None:
    path = {"subject": _CODE}
    answer = ask(app, "GET", "/v1/archives/{subject}", path=path, headers=_PURPOSE, caller=_AGENCY)
    assert answer.status == 200
    assert answer.headers["RateLimit-Policy"] == '"query";q=600;w=60'
    assert answer.headers["RateLimit"] == '"query";r=599;t=60'
    refused = ask(app, "GET", "/v1/archives/{subject}", path=path, caller=_AGENCY)
    assert refused.status == 422
    assert refused.headers["RateLimit"] == '"query";r=598;t=60'


def test_should_refuse_then_recover_when_papers_are_tried(app: CreditApp, clock: Clock) -> None:
    def look_up() -> tuple[int, str, str | None]:
        answer = post(app, "/v1/archives/lookup", _PAPER, headers=_PURPOSE, caller=_AGENCY)
        return answer.status, answer.json["code"], answer.headers.get("Retry-After")

    clock.at = NOW + timedelta(seconds=18)
    most = LIMITS["lookup"].most[Role.AGENCY]
    assert {look_up() for _ in range(most)} == {(404, "E-ARCHIVE-01", None)}
    assert look_up() == (429, "E-HTTP-08", "42")
    clock.at += timedelta(seconds=42)
    assert look_up() == (404, "E-ARCHIVE-01", None)


def test_should_tell_the_policy_alone_when_anybody_may_keep_an_answer(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/organisations", query={"name": ["清江"]})
    assert answer.status == 200
    assert answer.headers["RateLimit-Policy"] == '"search";q=60;w=60'
    assert "RateLimit" not in answer.headers


def test_should_count_nothing_when_a_cache_answers_the_next(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/organisations/{code}", path={"code": _CODE})
    assert "RateLimit-Policy" not in answer.headers


def test_should_be_counted_when_the_role_was_let_in_only(app: CreditApp) -> None:
    refused = post(
        app, "/v1/archives/lookup", _PAPER, headers=_PURPOSE, caller=signed_in("provider")
    )
    assert refused.status == 403
    assert "RateLimit" not in refused.headers
