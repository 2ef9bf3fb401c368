"""The ledger entry stands before anything is read of an archive, whichever route is asked (DESIGN §5)."""

import pytest

from chalicelib.runtime.settings import settings
from chalicelib.web.api import archives, judgements, reports
from chalicelib.web.app import CreditApp
from tests.abuse.asking import watching
from tests.disclosure.archives import say
from tests.factories import ORGANISATION
from tests.web.events import NOW, ask, post, signed_in
from tests.web.tiny import NOBODY

AGENCY = signed_in("agency", organisation="11329900009901024T", name="清江市财政局")
OWN = signed_in("subject", organisation=ORGANISATION)
PURPOSE = {"X-Query-Purpose": "supervision"}
PATH = {"subject": ORGANISATION}


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([archives.api, judgements.api, reports.api], guard=NOBODY)
    say()
    return app


def check_order(seen: list[tuple[str, str]]) -> None:
    """The entry before all that is read of the archive; the hand-over last of all."""
    ledger, archive = settings().ledger_table, settings().archive_table
    tables = [table for _, table in seen]
    assert archive in tables
    entered = seen.index(("PutItem", ledger))
    assert archive not in tables[:entered]
    last_read = max(place for place, table in enumerate(tables) if table == archive)
    assert ("PutItem", ledger) in seen[last_read:]


@pytest.mark.parametrize("caller", [AGENCY, OWN], ids=["agency", "own"])
def test_should_be_entered_before_it_is_read_when_an_archive_is_asked_for(
    app: CreditApp, caller: dict[str, str]
) -> None:
    headers = PURPOSE if caller is AGENCY else {}
    with watching() as seen:
        answer = ask(
            app, "GET", "/v1/archives/{subject}", path=PATH, headers=headers, caller=caller
        )
    assert answer.status == 200
    check_order(seen)


def test_should_be_entered_before_it_is_read_when_a_report_is_made(app: CreditApp) -> None:
    with watching() as seen:
        answer = post(
            app,
            "/v1/archives/{subject}/reports",
            {"kind": "standard"},
            path=PATH,
            headers=PURPOSE,
            caller=AGENCY,
        )
    assert answer.status == 201
    check_order(seen)


def test_should_be_entered_before_it_is_read_when_a_record_is_explained(app: CreditApp) -> None:
    archive = ask(
        app, "GET", "/v1/archives/{subject}", path=PATH, headers=PURPOSE, caller=AGENCY
    ).json
    item, record = archive["records"][0]["item"], archive["records"][0]["record"]
    with watching() as seen:
        answer = ask(
            app,
            "GET",
            "/v1/archives/{subject}/records/{item}/{record}/explanation",
            path={**PATH, "item": item, "record": record},
            headers=PURPOSE,
            caller=AGENCY,
        )
    assert answer.status == 200
    check_order(seen)


def test_should_tell_who_whom_when_how_why_and_which_records_when_the_subject_looks(
    app: CreditApp,
) -> None:
    """JS-25, NJ-57: ids of what was returned, never what it says."""
    headers = {**PURPOSE, "X-Query-Basis": "检查通知 1 号"}
    asked = ask(app, "GET", "/v1/archives/{subject}", path=PATH, headers=headers, caller=AGENCY)
    listed = ask(app, "GET", "/v1/archives/{subject}/queries", path=PATH, caller=OWN)
    [entry] = listed.json["queries"]
    records = asked.json["records"]
    assert entry["records"] == sorted(f"{each['item']}/{each['record']}" for each in records)
    told = {name: entry[name] for name in ("role", "organisation", "channel", "purpose", "basis")}
    assert told == {
        "role": "agency",
        "organisation": "11329900009901024T",
        "channel": "ex_officio",
        "purpose": "supervision",
        "basis": "检查通知 1 号",
    }
    assert entry["organisation_name"] == "清江市财政局"
    assert entry["at"] == "2026-11-22T12:00:00+08:00"
    assert entry["handed_over"] is True
    values = [value for each in records for value in each["fields"].values()]
    assert values
    assert not any(str(value) in listed.text for value in values if len(str(value)) > 4)
