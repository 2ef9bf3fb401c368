"""Stops of queries over HTTP: refused, seen and lifted by the supervisor; never one's own archive."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from chalicelib.runtime.observability import metrics
from chalicelib.web.api import access, archives, ledger, volumes
from chalicelib.web.app import CreditApp
from tests.disclosure.archives import say
from tests.disclosure.watched import rules_with
from tests.factories import ORGANISATION
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

CODE = "11329900009901024T"
AGENCY = signed_in("agency", organisation=CODE)
OWN = signed_in("subject", organisation=ORGANISATION)
SUPERVISOR = signed_in("supervisor", organisation="11329900MB00000001")
STOPS = "/v1/ledger/stops/{organisation}"


@pytest.fixture
def app(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditApp]:
    """The app under a rulebook that stops the third query of a day."""
    monkeypatch.setattr(metrics.provider, "namespace", "Credit")
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([archives.api, ledger.api, volumes.api], guard=NOBODY)
    say()
    with patch.object(access, "load_rulebook", return_value=rules_with(organisation_day=(2, 3))):
        yield app


def query(app: CreditApp, caller: dict[str, str] = AGENCY) -> Answered:
    headers = {"X-Query-Purpose": "supervision"} if caller is AGENCY else {}
    path = {"subject": ORGANISATION}
    return ask(app, "GET", "/v1/archives/{subject}", path=path, headers=headers, caller=caller)


def list_stops(app: CreditApp) -> Answered:
    return ask(app, "GET", STOPS, path={"organisation": CODE}, caller=SUPERVISOR)


def lift(app: CreditApp, stop: str, reason: str = "已核实") -> Answered:
    body = {"stop": stop, "reason": reason}
    return post(app, STOPS, body, path={"organisation": CODE}, caller=SUPERVISOR)


def count_entries(app: CreditApp) -> int:
    path = {"subject": ORGANISATION}
    listed = ask(app, "GET", "/v1/archives/{subject}/queries", path=path, caller=SUPERVISOR)
    return len(listed.json["queries"])


def test_should_refuse_until_the_supervisor_lifts_it_when_queries_are_stopped(
    app: CreditApp,
) -> None:
    assert [query(app).status for _ in range(2)] == [200, 200]
    refused = query(app)
    assert (refused.status, refused.json["code"]) == (403, "E-VOLUME-01")
    assert count_entries(app) == 2  # nothing was answered
    [stop] = list_stops(app).json["stops"]
    assert list_stops(app).json["stopped"] is True
    assert stop["excess"]["id"] in refused.json["detail"]
    assert (stop["excess"]["count"], stop["excess"]["threshold"]) == (3, 3)

    lifted = lift(app, stop["excess"]["id"])
    assert lifted.json["lifting"] == {
        "at": "2026-11-22T12:00:00+08:00",
        "by": "someone",
        "reason": "已核实",
    }
    assert list_stops(app).json["stopped"] is False
    assert query(app).status == 200


def test_should_tell_everything_when_the_supervisor_looks(
    app: CreditApp, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        query(app)
    assert capsys.readouterr().out.replace(" ", "").count('"AnomalousVolumes":[1.0]') == 2
    lift(app, "20261122.day.-.1")
    told = ask(app, "GET", "/v1/ledger/alerts", caller=SUPERVISOR).json
    assert {each["what"] for each in told["alerts"]} == {"noticed", "stopped", "lifted"}
    assert all(each["excess"]["organisation"] == CODE for each in told["alerts"])
    assert told["next_cursor"] is None


def test_should_never_stop_subjects_when_they_read_their_own_archive(app: CreditApp) -> None:
    assert {query(app, OWN).status for _ in range(5)} == {200}
    assert list_stops(app).json == {"stopped": False, "stops": []}


def test_should_refuse_when_a_stop_is_unknown_or_lifted_for_another_reason(app: CreditApp) -> None:
    assert lift(app, "20261122.day.-.1").json["code"] == "E-VOLUME-02"
    for _ in range(3):
        query(app)
    assert [lift(app, "20261122.day.-.1", reason).status for reason in "aab"] == [200, 200, 409]
