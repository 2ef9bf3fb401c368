"""Holds on queries and certificates of purges over HTTP, for those who keep and watch the ledger."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.disclosure import ledger
from chalicelib.disclosure.retention.certificates import Certificate, keep_certificate
from chalicelib.jobs.purge import purge
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.web.api import archives
from chalicelib.web.api import ledger as routes
from chalicelib.web.app import CreditApp
from chalicelib.web.contracts import list_faults
from tests.collection.files import csv_of, entitle, receive, registration
from tests.disclosure.archives import say
from tests.disclosure.ledger_contents import entry_at
from tests.factories import ORGANISATION
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

SUPERVISOR = signed_in("supervisor", organisation="11329900MB00000001")
OPERATOR = signed_in("operator", organisation="11329900MB00000001")
OWN = signed_in("subject", organisation=ORGANISATION)
HOLDS = "/v1/archives/{subject}/queries/{entry}/holds"
FILE_HOLDS = "/v1/uploads/{upload}/holds"
MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([archives.api, routes.api], guard=NOBODY)
    return app


@pytest.fixture
def entry(app: CreditApp) -> str:
    """The id of a query, as the list of queries tells it."""
    say()
    ask(app, "GET", "/v1/archives/{subject}", path={"subject": ORGANISATION}, caller=OWN)
    [query] = list_queries(app).json["queries"]
    found: str = query["entry"]
    return found


def list_queries(app: CreditApp, caller: dict[str, str] = SUPERVISOR) -> Answered:
    path = {"subject": ORGANISATION}
    return ask(app, "GET", "/v1/archives/{subject}/queries", path=path, caller=caller)


def hold(app: CreditApp, entry: str, phase: str = "open", **more: str) -> Answered:
    body = {"id": "case-1", "phase": phase, "basis": "调查 1 号", **more}
    path = {"subject": ORGANISATION, "entry": entry}
    return post(app, HOLDS, body, path=path, caller=SUPERVISOR)


def list_holds(app: CreditApp, entry: str) -> Answered:
    path = {"subject": ORGANISATION, "entry": entry}
    return ask(app, "GET", HOLDS, path=path, caller=OPERATOR)


def test_a_hold_is_set_once_and_closed_with_its_own_basis(app: CreditApp, entry: str) -> None:
    """NJ-53."""
    first, again = hold(app, entry), hold(app, entry)
    closed = hold(app, entry, "close", basis="调查办结")

    assert (first.status, again.status, closed.status) == (201, 200, 201)
    assert (first.json["new"], again.json["new"]) == (True, False)
    listed = list_holds(app, entry)
    assert listed.json["held"] is False
    assert listed.json["holds"] == [
        {
            "id": "case-1",
            "opened": {"at": "2026-11-22T12:00:00+08:00", "basis": "调查 1 号"},
            "closed": {"at": "2026-11-22T12:00:00+08:00", "basis": "调查办结"},
        }
    ]


def test_an_open_hold_is_told(app: CreditApp, entry: str) -> None:
    assert list_holds(app, entry).json == {"held": False, "holds": []}
    hold(app, entry)
    assert list_holds(app, entry).json["held"] is True


def test_what_is_not_there_is_not_found(app: CreditApp, entry: str) -> None:
    assert hold(app, "20260101T000000.000Z.AAAA").json["code"] == "E-LEDGER-02"
    assert list_holds(app, "20260101T000000.000Z.AAAA").status == 404
    assert hold(app, entry, "close").json["code"] == "E-LEDGER-04"
    hold(app, entry)
    other = hold(app, entry, basis="另案")
    assert (other.status, other.json["code"]) == (409, "E-LEDGER-05")


def test_a_received_file_is_held_in_the_same_way(app: CreditApp) -> None:
    """NJ-53, SD-17."""
    entitle()
    path = {"upload": receive(csv_of("registration", [registration()]))}
    body = {"id": "case-1", "phase": "open", "basis": "调查 1 号"}

    first, again = (post(app, FILE_HOLDS, body, path=path, caller=OPERATOR) for _ in range(2))
    listed = ask(app, "GET", FILE_HOLDS, path=path, caller=SUPERVISOR).json

    assert (first.status, again.status) == (201, 200)
    assert listed["held"] is True
    assert listed["holds"][0]["opened"]["basis"] == "调查 1 号"

    nowhere = {"upload": "20261122-AAAAAAAAAAAA"}
    missing = post(app, FILE_HOLDS, body, path=nowhere, caller=OPERATOR)
    assert (missing.status, missing.json["code"]) == (404, "E-UPLOAD-01")


@pytest.mark.parametrize("role", ["subject", "agency", "provider", "judicial", "third_party"])
def test_nobody_else_holds_or_looks(app: CreditApp, role: str) -> None:
    caller = signed_in(role, organisation=ORGANISATION)
    path = {"subject": ORGANISATION, "entry": "x"}
    body = {"id": "1", "phase": "open", "basis": "x"}

    assert post(app, HOLDS, body, path=path, caller=caller).status == 403
    assert ask(app, "GET", HOLDS, path=path, caller=caller).status == 403
    file = {"upload": "20261122-AAAAAAAAAAAA"}
    assert post(app, FILE_HOLDS, body, path=file, caller=caller).status == 403
    assert ask(app, "GET", FILE_HOLDS, path=file, caller=caller).status == 403
    assert ask(app, "GET", "/v1/purges", caller=caller).status == 403


def test_the_operator_who_keeps_the_ledger_reads_it(app: CreditApp, entry: str) -> None:
    """JS-25."""
    [query] = list_queries(app, OPERATOR).json["queries"]
    assert query["entry"] == entry


def test_the_supervisor_sees_proof_of_a_purge(app: CreditApp) -> None:
    for number in range(3):
        ledger.prepare(entry_at(MADE + timedelta(seconds=number), f"Q000000{number}"))
    done = purge(MADE.replace(year=2030), load_rulebook("jiangsu"), lambda: 900_000)

    shown = ask(app, "GET", "/v1/purges", caller=SUPERVISOR).json

    assert shown["next_cursor"] is None
    assert {each["id"]: each["digest"] for each in shown["certificates"]} == {
        certificate.id: certificate.digest for certificate in done.certificates
    }
    one = shown["certificates"][0]
    assert (one["kept"], one["source"], one["retention_years"]) == ("ledger_agency", "JS-25", 3)
    assert one["cut_off"] == "2027-11-22T00:00:00+08:00"


def test_certificates_come_in_pages(app: CreditApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_PAGE", 2)
    for number in range(1, 6):
        keep_certificate(any_certificate(number))

    seen: list[str] = []
    query: dict[str, list[str]] = {}
    while True:
        page = ask(app, "GET", "/v1/purges", query=query, caller=SUPERVISOR).json
        seen += [each["id"] for each in page["certificates"]]
        if page["next_cursor"] is None:
            break
        query = {"cursor": [page["next_cursor"]]}

    assert seen == [f"ledger-00-{number:08d}" for number in range(1, 6)]
    refused = ask(app, "GET", "/v1/purges", query={"cursor": ["x"]}, caller=SUPERVISOR)
    assert refused.json["code"] == "E-PAGE-01"


def test_the_operator_and_the_subject_are_told_whether_it_was_reported_in_time(
    app: CreditApp,
) -> None:
    """SD-10: the penalty of 10 May was first reported on 1 June."""
    say()
    say(day=20, upload="20260620-AAAA", cf_nr="更正")

    for caller, headers in ((OWN, {}), (OPERATOR, {"X-Query-Purpose": "window_service"})):
        answer = ask(
            app,
            "GET",
            "/v1/archives/{subject}",
            path={"subject": ORGANISATION},
            headers=headers,
            caller=caller,
        )
        [record] = answer.json["records"]
        timeliness = record["timeliness"]
        assert (timeliness["verdict"], timeliness["due"]) == ("late", "2026-05-19")
        assert timeliness["working_days"] == 16


def test_agencies_are_not_told(app: CreditApp) -> None:
    say()
    answer = ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        headers={"X-Query-Purpose": "supervision", "X-Query-Basis": "JS-22"},
        caller=signed_in("agency", organisation="11329900MB00000001"),
    )
    [record] = answer.json["records"]
    assert record["timeliness"] is None


def search(app: CreditApp, **query: str) -> Answered:
    given = {"from" if name == "since" else name: [text] for name, text in query.items()}
    return ask(app, "GET", "/v1/ledger", query=given, caller=SUPERVISOR)


def test_one_accounts_queries_are_gone_through_over_days(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NJ-52: whoever inquires into a clerk sees every query, page by page, and nobody else's."""
    monkeypatch.setattr(routes, "_PAGE", 2)
    for day in range(5):
        made = entry_at(MADE + timedelta(days=day), f"Q000000{day}")
        ledger.prepare(made)
        ledger.prepare(replace(made, id=f"R000000{day}", by="clerk-2"))
    wanted = {"staff": "clerk-1", "since": "2026-11-23", "to": "2026-11-25"}

    first = search(app, **wanted).json
    second = search(app, **wanted, cursor=first["next_cursor"]).json

    found = [*first["found"], *second["found"]]
    assert [each["query"]["entry"][-1] for each in found] == ["1", "2", "3"]
    assert {each["staff"] for each in found} == {"clerk-1"}
    assert second["next_cursor"] is None
    other = {**wanted, "staff": "clerk-2", "cursor": first["next_cursor"]}
    assert search(app, **other).json["code"] == "E-PAGE-01"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"since": "2026-11-22"}, "/organisation"),
        ({"since": "2026-11-22", "channel": "own"}, "/organisation"),
        ({"since": "2026-11-22", "to": "2026-11-21", "staff": "x"}, "/to"),
        ({"since": "2026-11-22", "channel": "secret", "staff": "x"}, "/channel"),
        ({"staff": "x"}, "/from"),
    ],
)
def test_a_search_that_names_nobody_or_no_days_is_refused(
    app: CreditApp, query: dict[str, str], pointer: str
) -> None:
    answer = search(app, **query)
    assert answer.status == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_the_contracts_are_sound() -> None:
    assert list_faults(routes.api.endpoints) == []


def any_certificate(number: int) -> Certificate:
    return Certificate(
        id=f"ledger-00-{number:08d}",
        kept="ledger",
        count=1,
        digest="0" * 64,
        first="20261122T035500.000Z",
        last="20261122T035500.000Z",
        cut_off="20291122T160000.000Z",
        retention_years=3,
        source="JS-25",
        rulebook="jiangsu-1",
    )
