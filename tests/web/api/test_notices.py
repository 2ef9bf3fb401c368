"""Notices and entries over HTTP: told to the subject, and to nobody else."""

import pytest

from chalicelib.disclosure.following import update_views
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.settings import settings
from chalicelib.web.api import archives, notices, reports
from chalicelib.web.app import CreditApp
from tests.disclosure.archives import TODAY, say
from tests.disclosure.ledger_contents import stored
from tests.disclosure.responsible import LISTED, WANG, list_organisation
from tests.factories import KEY, ORGANISATION
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

NANJING = load_rulebook("nanjing")
OWN = signed_in("subject", organisation=ORGANISATION)
OPERATOR = signed_in("operator", organisation="11329900MB00000001")
PURPOSE = {"X-Query-Purpose": "window_service", "X-Query-Basis": "窗口申请 1 号"}


@pytest.fixture
def app(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> CreditApp:
    monkeypatch.setenv("RULEBOOK", "nanjing")
    settings.cache_clear()
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([archives.api, notices.api, reports.api], guard=NOBODY)
    return app


def listed(app: CreditApp, caller: dict[str, str], **query: str) -> Answered:
    return ask(
        app,
        "GET",
        "/v1/archives/{subject}/notices",
        path={"subject": ORGANISATION},
        query={name: [value] for name, value in query.items()},
        caller=caller,
    )


def read(app: CreditApp, subject: str, caller: dict[str, str], **query: str) -> Answered:
    return ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": subject},
        query={name: [value] for name, value in query.items()},
        headers=PURPOSE if caller["role"] != "subject" else {},
        caller=caller,
    )


def test_the_subject_reads_what_it_was_told(app: CreditApp) -> None:
    """NJ-57."""
    say()
    update_views(KEY, TODAY, NANJING)

    answer = listed(app, OWN)

    [notice] = answer.json["notices"]
    assert (notice["what"], notice["item"], notice["record"]) == ("reported", *KEY.path.split("/"))
    assert notice["at"] == "2026-06-01T08:00:00+08:00"
    assert (notice["notified_on"], notice["source"]) == ("2026-11-22", "NJ-57")
    assert answer.json["next_cursor"] is None
    assert "清市监罚" not in answer.text


def test_nobody_else_reads_it(app: CreditApp) -> None:
    foreign = listed(app, signed_in("subject", organisation="91329900MA1UUP370C"))

    assert (foreign.status, foreign.json["code"]) == (404, "E-ARCHIVE-01")
    assert listed(app, OPERATOR).status == 422  # without papers: test_window_cells


def test_a_cursor_leads_on(app: CreditApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_PAGE", 1)
    for number in (1, 2):
        say(day=number, cf_nr=f"更正{number}")
    update_views(KEY, TODAY, NANJING)

    first = listed(app, OWN).json
    second = listed(app, OWN, cursor=first["next_cursor"]).json

    assert [each["at"][:10] for each in (*first["notices"], *second["notices"])] == [
        "2026-06-02",
        "2026-06-01",
    ]
    assert second["next_cursor"] is None


def test_a_record_tells_the_day_of_its_notice_inside_only(app: CreditApp) -> None:
    say()
    update_views(KEY, TODAY, NANJING)
    agency = signed_in("agency", organisation="11329900MB00000001")
    office = {**PURPOSE, "X-Query-Purpose": "supervision"}

    told = {
        caller["role"]: read(app, ORGANISATION, caller).json["records"][0]["notified_on"]
        for caller in (OWN, OPERATOR)
    }
    outside = ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        headers=office,
        caller=agency,
    )

    assert told == {"subject": "2026-11-22", "operator": "2026-11-22"}
    assert outside.json["records"][0]["notified_on"] is None
    past = read(app, ORGANISATION, OWN, as_of="2026-06-02").json
    assert past["records"][0]["notified_on"] is None


def test_an_entry_tells_from_whom_it_is_and_is_named_so_in_the_ledger(app: CreditApp) -> None:
    """NJ-43."""
    list_organisation(WANG)
    update_views(LISTED, TODAY, NANJING)
    person = WANG.person.subject

    answer = read(app, person, signed_in("subject", person=person))

    [record] = answer.json["records"]
    assert record["entered_from"] == ORGANISATION
    assert (record["ground"]["about"], record["ground"]["source"]) == ("entered", "NJ-43")
    assert record["notified_on"] is None
    handed = [item["returned"] for item in stored().values() if "returned" in item]
    assert handed == [{f"{ORGANISATION}/{LISTED.path}"}]


def test_a_report_on_a_person_is_not_named_after_the_organisation(app: CreditApp) -> None:
    list_organisation(WANG)
    update_views(LISTED, TODAY, NANJING)
    person = WANG.person.subject

    issued = post(
        app,
        "/v1/archives/{subject}/reports",
        {"kind": "standard"},
        path={"subject": person},
        headers=PURPOSE,
        caller=OPERATOR,
    )

    report = issued.json["report"]
    assert issued.status == 201
    assert report["subject"]["name"] == ""
    [record] = [
        record
        for chapter in report["chapters"]
        for group in chapter["groups"]
        for record in group["records"]
    ]
    assert [each["code"] for each in record["annotations"]] == ["entered"]
    assert WANG.number not in issued.text
