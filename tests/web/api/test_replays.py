"""Asking for the past over HTTP: the same day asked twice is the same bytes, once it is settled."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.collection import store
from chalicelib.collection.settling import settled_until
from chalicelib.disclosure import ledger
from chalicelib.disclosure.queries import read_archive
from chalicelib.web.api import archives, replays, reports
from chalicelib.web.app import CreditApp
from chalicelib.web.endpoints import Asked
from tests.disclosure.archives import mark, register, say
from tests.factories import KEY, ORGANISATION, PROVIDER, any_mark
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

LATER = str(int(NOW.timestamp()) + 500 * 86400)
OPERATOR = signed_in("operator", organisation="11329900MB00000001", expires=LATER)
AGENCY = signed_in("agency", organisation="11329900MB00000001", expires=LATER)
SUBJECT = signed_in("subject", organisation=ORGANISATION, expires=LATER)
PURPOSE = {"X-Query-Purpose": "window_service", "X-Query-Basis": "窗口申请 1 号"}
PAST = "2026-06-05"


def read(
    app: CreditApp, as_of: str = PAST, caller: dict[str, str] = OPERATOR, item: str = ""
) -> Answered:
    purpose = "administrative_approval" if caller is AGENCY else "window_service"
    return ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        query={"as_of": [as_of], **({"item": [item]} if item else {})},
        headers={**PURPOSE, "X-Query-Purpose": purpose} if caller is not SUBJECT else {},
        caller=caller,
    )


def report(app: CreditApp, as_of: str | None = PAST) -> Answered:
    wanted: dict[str, Any] = {"kind": "standard"}
    return post(
        app,
        "/v1/archives/{subject}/reports",
        wanted if as_of is None else {**wanted, "as_of": as_of},
        path={"subject": ORGANISATION},
        headers=PURPOSE,
        caller=OPERATOR,
    )


def note(kind: MarkKind, at: str = "20261101T000000.000Z") -> None:
    """Set a mark in November."""
    assert mark(msgspec.structs.replace(any_mark(kind), at=at))


def much_happens() -> None:
    """Corrections, a new name, a new record, marks; nothing that withholds anything outward."""
    say(day=9, cf_nr="更正后的内容")
    say(msgspec.structs.replace(KEY, record="1BBBBBBBBBBBBBBBB"), day=9)
    register("清江桃溪食品集团有限公司", day=9)


def expect_upload(registered: str) -> str:
    """An upload registered then, of which no file has come."""
    upload = f"{registered[:8]}-AAAAAAAAAAAA"
    store.add_upload(
        store.Upload(
            upload,
            provider=PROVIDER,
            registered=registered,
            item="penalty",
            size=1,
            sha256="",
            file_name="rows.csv",
            unsettled=store.shard_of(upload),
        )
    )
    return upload


def at(moment: datetime) -> CreditApp:
    """The app when it is asked at another moment."""
    app = CreditApp("credit", now=lambda: moment)
    app.mount([archives.api, reports.api], guard=NOBODY)
    return app


@pytest.mark.parametrize("caller", [OPERATOR, AGENCY, SUBJECT])
def test_the_same_day_asked_twice_is_the_same_bytes(app: CreditApp, caller: dict[str, str]) -> None:
    register("清江桃溪食品有限公司")
    say()
    first = read(app, caller=caller)
    much_happens()

    again = read(at(NOW + timedelta(days=3)), caller=caller)

    assert (first.status, first.json["final"]) == (200, True)
    assert {record["item"] for record in first.json["records"]} == {"registration", "penalty"}
    assert again.text == first.text
    assert again.json["as_of"] == again.json["settled_until"] == "2026-06-05T23:59:59.999000+08:00"
    assert again.json["name"] == "清江桃溪食品有限公司"


def test_inside_not_even_a_mark_changes_the_past(app: CreditApp) -> None:
    say()
    first = read(app)
    for kind in (MarkKind.ANNULLED, MarkKind.DISPUTED, MarkKind.DELETED):
        note(kind)

    assert read(app).text == first.text
    assert read(app, caller=AGENCY).json["records"] == []


def test_what_is_disputed_today_is_told_with_the_past(app: CreditApp) -> None:
    """JS-33."""
    say()
    note(MarkKind.DISPUTED)

    [told] = read(app, caller=AGENCY).json["records"]

    assert told["marks"] == ["disputed"]


def test_the_day_ends_at_its_last_moment_in_lawful_time(app: CreditApp) -> None:
    say()  # 2026-06-01T08:00+08:00
    note(MarkKind.DISPUTED, "20260605T155959.999Z")
    note(MarkKind.VERIFYING, "20260605T160000.000Z")

    assert read(app, "2026-05-31").json["records"] == []
    assert read(app, "2026-06-01").json["records"][0]["marks"] == []
    assert read(app, "2026-06-05").json["records"][0]["marks"] == ["disputed"]
    assert read(app, "2026-06-06").json["records"][0]["marks"] == ["disputed", "verifying"]


@pytest.mark.parametrize("day", ["2026-05-31", "1949-10-01", "0999-01-01", "0001-01-01"])
def test_before_the_first_record_there_is_nothing(app: CreditApp, day: str) -> None:
    register("清江桃溪食品有限公司")
    say()

    answer = read(app, day)
    issued = report(app, day)

    assert (answer.status, answer.json["records"], answer.json["final"]) == (200, [], True)
    assert (answer.json["name"], answer.json["former_names"]) == ("", [])
    assert (issued.status, issued.json["report"]["summary"]["total"]) == (201, 0)


def test_today_is_now(app: CreditApp) -> None:
    say()

    answer = read(app, "2026-11-22")

    assert answer.json["as_of"] == "2026-11-22T12:00:00+08:00"
    assert (answer.json["final"], answer.json["settled_until"]) == (False, None)


@pytest.mark.parametrize(
    ("day", "code", "pointer"),
    [("2026-11-23", "E-ARCHIVE-04", "/as_of"), ("9999-12-31", "E-ARCHIVE-04", "/as_of")],
)
def test_a_day_to_come_is_refused_before_anything_is_entered(
    app: CreditApp, day: str, code: str, pointer: str
) -> None:
    for answer in (read(app, day), report(app, day)):
        assert (answer.status, answer.json["code"]) == (422, code)
        assert pointer in answer.text
    assert ledger.entries_of(ORGANISATION, None, 10).entries == ()


@pytest.mark.parametrize("day", ["2026-02-30", "gestern", "2026-6-5", "2026-06-05T00:00:00Z"])
def test_what_is_no_day_is_refused(app: CreditApp, day: str) -> None:
    answer = read(app, day)

    assert (answer.status, answer.json["code"]) == (422, "E-HTTP-07")
    assert answer.json["errors"][0]["pointer"] == "/as_of"


def test_one_item_of_a_past_day(app: CreditApp) -> None:
    register("清江桃溪食品有限公司")
    say()

    answer = read(app, item="penalty")

    assert [record["item"] for record in answer.json["records"]] == ["penalty"]
    assert answer.json["name"] == "清江桃溪食品有限公司"


def test_the_ledger_says_which_day_was_asked_for(app: CreditApp) -> None:
    """NJ-57: the subject sees who looked at what."""
    say()
    read(app)

    [asked] = ledger.entries_of(ORGANISATION, None, 10).entries
    shown = ask(
        app,
        "GET",
        "/v1/archives/{subject}/queries",
        path={"subject": ORGANISATION},
        caller=SUBJECT,
    )

    assert (asked.entry.as_of, asked.entry.basis) == (date(2026, 6, 5), "窗口申请 1 号")
    assert asked.handed is not None
    assert asked.handed.returned == (KEY.path,)
    assert shown.json["queries"][0]["as_of"] == PAST


# -- settled ---------------------------------------------------------------------------------------


def test_a_past_day_is_not_final_while_an_upload_of_it_is_open(app: CreditApp) -> None:
    say()
    expect_upload("20261121T080000.000Z")

    open_day = read(app, "2026-11-21")
    day_before = read(app, "2026-11-20")
    later = read(at(NOW + timedelta(days=1)), "2026-11-21")

    assert open_day.json["final"] is False
    assert open_day.json["settled_until"] == "2026-11-21T16:00:00+08:00"
    assert day_before.json["final"] is True
    assert later.json["final"] is True
    assert later.json["records"] == open_day.json["records"]


@pytest.mark.parametrize(
    ("registered", "final"), [("20261120T155959.999Z", False), ("20261120T160000.000Z", True)]
)
def test_an_upload_of_the_last_moment_counts_and_one_of_the_next_does_not(
    app: CreditApp, registered: str, final: bool
) -> None:
    expect_upload(registered)
    with patch("chalicelib.collection.settling._is_settled", return_value=False):
        assert read(app, "2026-11-20").json["final"] is final


@pytest.mark.parametrize(("minutes", "final"), [(4, False), (6, True)])
def test_a_day_is_not_final_in_its_first_minutes(minutes: int, final: bool) -> None:
    """Requests that began before midnight may still write."""
    with patch.object(store, "find_unsettled", return_value=[]):
        midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)
        moment = replays.find_moment(
            date(2026, 11, 21), Asked(midnight + timedelta(minutes=minutes), "")
        )

    assert moment.final is final


@pytest.mark.parametrize("ask_for", [read, report])
def test_what_is_settled_is_asked_before_the_archive_is_read(app: CreditApp, ask_for: Any) -> None:
    """Otherwise a range merged in between would be missing from an answer called final."""
    say()
    order: list[str] = []
    room = archives if ask_for is read else reports

    def watch_settled(now: datetime) -> datetime:
        order.append("settled")
        return settled_until(now)

    def watch_read(*given: Any, **named: Any) -> Any:
        order.append("archive")
        return read_archive(*given, **named)

    def watch_entry(*given: Any) -> Any:
        order.append("ledger")
        return prepare(*given)

    prepare = ledger.prepare
    with (
        patch.object(replays, "settled_until", watch_settled),
        patch.object(room, "read_archive", watch_read),
        patch.object(ledger, "prepare", watch_entry),
    ):
        ask_for(app)

    assert order == ["ledger", "settled", "archive"]


def test_the_present_asks_nothing_about_uploads(app: CreditApp) -> None:
    with patch.object(replays, "settled_until", side_effect=AssertionError):
        assert read(app, "2026-11-22").status == 200


# -- reports ---------------------------------------------------------------------------------------


def test_reports_of_the_same_past_day_have_the_same_content(app: CreditApp) -> None:
    register("清江桃溪食品有限公司")
    say()
    first = report(app)
    much_happens()

    again = report(at(NOW + timedelta(days=400)))

    one, other = first.json, again.json
    assert (one["final"], other["final"]) == (True, True)
    assert one["content_digest"] == other["content_digest"]
    assert one["number"] != other["number"]
    assert one["digest"] != other["digest"]
    assert one["report"]["as_of"] == "2026-06-05T23:59:59+08:00"
    assert one["report"]["generated"] == "2026-11-22T12:00:00+08:00"
    assert one["report"]["subject"]["name"] == "清江桃溪食品有限公司"
    differing = {name for name in one["report"] if one["report"][name] != other["report"][name]}
    assert differing == {"number", "generated"}


def test_the_content_digest_can_be_computed_by_whoever_holds_the_report(app: CreditApp) -> None:
    say()
    issued = report(app)

    members = msgspec.json.decode(issued.text, type=dict[str, msgspec.Raw])
    content = msgspec.json.decode(members["report"], type=dict[str, msgspec.Raw])
    del content["number"], content["generated"]

    digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()
    assert digest == issued.json["content_digest"]


def test_a_report_of_the_past_holds_nothing_repaired_since(app: CreditApp) -> None:
    """JS-36: a report is handed on; the past is no way around a repair."""
    say()
    assert report(app).json["report"]["summary"]["total"] == 1
    note(MarkKind.REPAIRED)

    issued = report(app)

    assert issued.json["report"]["summary"]["total"] == 0
    assert "清市监罚" not in issued.text


def test_a_report_of_now_is_not_final(app: CreditApp) -> None:
    say()

    issued = report(app, None)

    assert issued.json["final"] is False
    assert issued.json["report"]["as_of"] == "2026-11-22T12:00:00+08:00"
