"""The limits themselves, and what answers say of them."""

from typing import get_args

import pytest

from chalicelib.web.callers import Role
from chalicelib.web.limiting.limits import LIMITS, Allowance, Limited
from chalicelib.web.routes import BLUEPRINTS

ENDPOINTS = [endpoint for blueprint in BLUEPRINTS for endpoint in blueprint.endpoints]


def any_allowance(left: int | None) -> Allowance:
    return Allowance(name="query", most=600, left=left, seconds=42)


def test_should_stand_for_each_name_when_limits_are_listed() -> None:
    assert set(LIMITS) == set(get_args(Limited))
    assert {each.limited for each in ENDPOINTS if each.limited} == set(LIMITS)


def test_should_tell_what_is_left_when_there_is_something() -> None:
    told = any_allowance(599).headers()
    assert told == {"RateLimit-Policy": '"query";q=600;w=60', "RateLimit": '"query";r=599;t=42'}


def test_should_tell_when_to_come_again_when_nothing_is_left() -> None:
    told = any_allowance(None).headers()
    assert (told["RateLimit"], told["Retry-After"]) == ('"query";r=0;t=42', "42")
    assert any_allowance(None).exceeded
    assert not any_allowance(0).exceeded


def test_should_tell_the_policy_alone_when_anybody_may_keep_the_answer() -> None:
    assert any_allowance(5).headers(kept=True).keys() == {"RateLimit-Policy"}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_should_be_limited_when_what_is_asked_for_is_personal_or_worth_guessing(
    endpoint: object,
) -> None:
    """Whatever opens an archive, looks somebody up, or may be tried with made-up numbers."""
    name, limited = endpoint.name, endpoint.limited  # type: ignore[attr-defined]
    wanted = {
        "find_archive": "lookup",
        "read_subject_archive": "query",
        "explain_record": "query",
        "issue_report": "report",
        "verify_report": "verify",
        "search_organisations": "search",
        "register_upload": "upload",
        "push_records": "push",
        "give_token": "token",
    }
    assert limited == wanted.get(name)


def test_should_be_stricter_with_people_than_with_agencies_when_limits_differ() -> None:
    for name in ("query", "report"):
        most = LIMITS[name].most
        assert most[Role.SUBJECT] < most[Role.AGENCY]


def test_should_be_closed_when_uncounted_requests_would_give_away_what_is_personal() -> None:
    open_ones = {name for name, limit in LIMITS.items() if limit.open}
    assert open_ones == {"search", "upload", "push", "token"}
