"""At the window (JS-23, NJ-54, NJ-55): an operator acts for who shows papers, and it is recorded as such."""

from typing import Any

import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.disclosure import ledger
from chalicelib.web.app import CreditApp
from tests.disclosure.archives import mark, register, say
from tests.factories import KEY, ORGANISATION, any_mark
from tests.web.events import Answered, ask, post, signed_in

OPERATOR = signed_in("operator", organisation="11329900MB00000001", name="清江市信用中心")
SUBJECT = signed_in("subject", organisation=ORGANISATION)
PAPERS = {
    "X-Query-Purpose": "window_service",
    "X-Query-Basis": "W-2026-0001",
    "X-Query-Papers": "subject_paper,mandate,agent_paper",
}


def read(app: CreditApp, caller: dict[str, str], headers: dict[str, str]) -> Answered:
    return ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        headers=headers,
        caller=caller,
    )


def entries(app: CreditApp) -> list[dict[str, Any]]:
    """Who looked, as the subject is told."""
    place = "/v1/archives/{subject}/queries"
    answer = ask(app, "GET", place, path={"subject": ORGANISATION}, caller=SUBJECT)
    found: list[dict[str, Any]] = answer.json["queries"]
    return found


def test_who_shows_papers_is_shown_what_they_would_see_themselves(app: CreditApp) -> None:
    register("清江桃溪食品有限公司")
    say()
    mark(any_mark(MarkKind.REPAIRED))

    at_window, own = read(app, OPERATOR, PAPERS), read(app, SUBJECT, {"X-Query-Purpose": "own"})

    assert at_window.status == 200
    assert at_window.json["channel"] == "own"
    assert at_window.json["records"] == own.json["records"]
    assert KEY.record in {record["record"] for record in own.json["records"]}


def test_it_is_recorded_that_an_operator_acted_and_which_papers_were_seen(app: CreditApp) -> None:
    say()
    read(app, OPERATOR, PAPERS)

    [told] = entries(app)

    assert (told["role"], told["channel"]) == ("operator", "own")
    assert (told["purpose"], told["basis"]) == ("window_service", "W-2026-0001")
    assert told["papers"] == ["subject_paper", "mandate", "agent_paper"]
    assert told["organisation_name"] == "清江市信用中心"
    [asked] = ledger.entries_of(ORGANISATION, None, 10).entries
    assert asked.entry.by == OPERATOR["sub"]


def test_a_report_at_the_window_is_recorded_as_such_and_holds_no_more(app: CreditApp) -> None:
    register("清江桃溪食品有限公司")
    say()
    place, path = "/v1/archives/{subject}/reports", {"subject": ORGANISATION}
    body = {"kind": "standard"}
    at_window = post(app, place, body, path=path, caller=OPERATOR, headers=PAPERS)
    own = post(app, place, body, path=path, caller=SUBJECT, headers={"X-Query-Purpose": "own"})

    assert (at_window.status, own.status) == (201, 201)
    assert at_window.json["report"]["chapters"] == own.json["report"]["chapters"]
    by_number = {each["report"]: each for each in entries(app)}
    assert by_number[at_window.json["number"]]["papers"]
    assert not by_number[own.json["number"]]["papers"]


def test_nobody_sees_papers_but_an_operator(app: CreditApp) -> None:
    for role in ("agency", "judicial", "subject"):
        caller = {**SUBJECT, "role": role}
        answer = read(app, caller, PAPERS)
        assert answer.status == 422, role
        [fault] = answer.json["errors"]
        assert (fault["part"], fault["pointer"]) == ("header", "/X-Query-Papers")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"X-Query-Papers": "mandate,agent_paper"}, "/X-Query-Papers"),
        ({"X-Query-Papers": "subject_paper,"}, "/X-Query-Papers"),
        ({"X-Query-Papers": "passport"}, "/X-Query-Papers"),
        ({"X-Query-Basis": " "}, "/X-Query-Basis"),
    ],
)
def test_papers_that_are_not_named_rightly_open_nothing(
    app: CreditApp, changes: dict[str, str], pointer: str
) -> None:
    say()
    answer = read(app, OPERATOR, {**PAPERS, **changes})
    assert answer.status == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
    assert entries(app) == []


def test_an_operators_own_work_stays_apart_from_the_window(app: CreditApp) -> None:
    say()
    read(app, OPERATOR, {"X-Query-Purpose": "quality_control"})
    answer = read(app, OPERATOR, {**PAPERS, "X-Query-Purpose": "quality_control"})
    assert (answer.status, answer.json["code"]) == (403, "E-PURPOSE-03")
    [told] = entries(app)
    assert (told["channel"], told["papers"]) == ("operator", [])
