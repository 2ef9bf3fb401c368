"""Requests are counted by caller and window, and refused where a caller has used its limit up."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from chalice.app import Request

from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.web.callers import ANONYMOUS, Caller, Role
from chalicelib.web.limiting import store
from chalicelib.web.limiting.limits import LIMITS, Allowance, Limited
from chalicelib.web.limiting.spending import spend
from tests.web.events import NOW, LambdaContext, any_event

AGENCY = Caller(role=Role.AGENCY, sub="clerk", organisation="11329900009901024T")
COLLEAGUE = Caller(role=Role.AGENCY, sub="colleague", organisation="11329900009901024T")
OTHER = Caller(role=Role.AGENCY, sub="clerk", organisation="11329900009900064P")


def any_request(source: str = "203.0.113.9", forwarded: str | None = None) -> Request:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    event = any_event("GET", "/v1/x", headers=headers)
    event["requestContext"]["identity"]["sourceIp"] = source
    return Request(event, LambdaContext())


def used(
    name: Limited, caller: Caller, request: Request | None = None, at: datetime = NOW
) -> Allowance:
    allowance = spend(name, caller, request or any_request(), at)
    assert allowance is not None
    return allowance


def counters() -> list[dict[str, Any]]:
    return dynamodb().scan(TableName=settings().counters_table)["Items"]


@pytest.fixture(autouse=True)
def _account(aws: dict[str, str]) -> None:
    """Counts are kept in an emulated account."""


def test_should_count_down_when_one_organisation_asks() -> None:
    most = LIMITS["query"].most[Role.AGENCY]
    assert [used("query", who).left for who in (AGENCY, COLLEAGUE, AGENCY)] == [
        most - 1,
        most - 2,
        most - 3,
    ]
    assert used("query", OTHER).left == most - 1
    assert used("report", AGENCY).left == LIMITS["report"].most[Role.AGENCY] - 1


def test_should_refuse_and_recover_when_the_window_is_used_up() -> None:
    report = LIMITS["report"].most[Role.SUBJECT]
    person = Caller(role=Role.SUBJECT, sub="p", person="PAAAA")
    late = NOW + timedelta(seconds=50)
    lefts = [used("report", person, at=late).left for _ in range(report + 2)]
    assert lefts == [*range(report - 1, -1, -1), None, None]
    assert used("report", person, at=late).seconds == 10
    assert used("report", person, at=late + timedelta(seconds=10)).left == report - 1


def test_should_be_forgotten_when_the_window_is_long_over() -> None:
    used("query", AGENCY)
    [item] = counters()
    assert 3600 <= int(item["ends"]["N"]) - NOW.timestamp() <= 3660


def test_should_count_by_source_when_nobody_has_signed_in() -> None:
    most = LIMITS["search"].most[Role.PUBLIC]
    asked = [
        any_request(source)
        for source in ("203.0.113.9", "203.0.113.9", "203.0.113.10", "2001:db8::1", "2001:db8::2")
    ]
    assert [most - (used("search", ANONYMOUS, each).left or 0) for each in asked] == [1, 2, 1, 1, 2]


def test_should_keep_no_address_when_nobody_has_signed_in() -> None:
    for source in ("203.0.113.9", "2001:db8::1", "nonsense"):
        used("search", ANONYMOUS, any_request(source))
    stored = str(counters())
    assert "203.0" not in stored
    assert "2001" not in stored
    assert "nonsense" not in stored


def test_should_know_nobody_again_when_the_day_has_changed() -> None:
    used("search", ANONYMOUS)
    used("search", ANONYMOUS, at=NOW + timedelta(days=1))
    sources = {item["counter"]["S"].split("/")[2] for item in counters()}
    assert len(sources) == 2


def test_should_name_nobody_by_its_account_when_a_person_has_no_archive() -> None:
    used("query", Caller(role=Role.SUBJECT, sub="someone@example.cn"))
    assert "someone" not in str(counters())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # whoever asks can write anything
        (1, "10.0.0.1, 198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),  # past the proxy
    ],
)
def test_should_believe_only_our_own_proxies_when_they_say_who_asks(
    proxies: int, forwarded: str, counted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    used("search", ANONYMOUS, any_request(counted))
    monkeypatch.setenv("PROXIES", str(proxies))
    settings.cache_clear()
    most = LIMITS["search"].most[Role.PUBLIC]
    assert used("search", ANONYMOUS, any_request("203.0.113.9", forwarded)).left == most - 2


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem"),
        ConnectTimeoutError(endpoint_url="https://dynamodb"),
    ],
)
def test_should_go_on_or_refuse_as_the_limit_says_when_nothing_can_be_counted(
    error: Exception,
) -> None:
    with patch.object(store, "dynamodb") as client:
        client.return_value.update_item.side_effect = error
        provider = Caller(role=Role.PROVIDER, sub="x", organisation="11329900009901024T")
        assert spend("upload", provider, any_request(), NOW) is None
        with pytest.raises(DomainError, match="E-HTTP-10"):
            spend("query", AGENCY, any_request(), NOW)
