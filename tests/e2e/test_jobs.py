"""What runs by the calendar or by command: endings, purges, rebuilding."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure.publication.projection import project
from chalicelib.law.rulebook import load_rulebook
from infra import operate
from infra.local import rebuild
from infra.local.deployment import STACK
from infra.local.stack import RULEBOOK
from infra.stack import Functions
from tests.collection.files import csv_of, penalty, registration
from tests.e2e.rows import fined, represented
from tests.e2e.system import System

pytestmark = pytest.mark.deployed

Row = dict[str, Any]
_DAY = timedelta(days=1)
_CERTIFICATES = "purges/certificates/"


# -- expire ---------------------------------------------------------------------------------------


def test_should_empty_rows_on_the_day_after_the_last_when_expire_runs(system: System) -> None:
    code, last = system.invent.code(), date(2022, 1, 10)
    ended = {"cf_jdrq": "2021-01-10", "cf_cflb": "没收违法所得", "cf_nr_wfff": "1"}
    rows = [penalty(cf_xdr_shxym=code, **ended), penalty(cf_xdr_shxym=code, cf_wsh="2号")]
    system.provider().deliver("penalty", csv_of("penalty", rows))
    system.settle()
    records = system.archive(code)["records"]
    old = next(r for r in records if r["fields"]["cf_jdrq"] == "2021-01-10")
    assert old["period"]["last_day"] == last.isoformat()
    _display_again(system, code, old["record"], last)

    shown = system.published(code)
    assert [record["fields"]["cf_wsh"] for record in shown] == ["2号"]  # decided on reading
    assert system.run_job("Expire", last) == {"ended": 0}
    assert "body" in _row(system, code, old["record"])
    assert system.run_job("Expire", last + 5 * _DAY) == {"ended": 1}  # some days were missed
    assert not {"body", "ends", "shard"} & _row(system, code, old["record"]).keys()
    assert system.run_job("Expire", last + 5 * _DAY) == {"ended": 0}
    system.run_job("Expire", date(2999, 1, 1))
    assert system.published(code) == shown


def _display_again(system: System, code: str, record: str, day: date) -> None:
    """Leave a record's row as it was on `day`: no clock can be turned back to make it so."""
    key = {"subject": {"S": code}, "key": {"S": f"penalty/{record}"}}
    table = system.stack.outputs["PublicationTable"]
    system.aws("dynamodb").delete_item(TableName=table, Key=key)
    with system.inside("FollowArchive"):
        assert project(RecordKey(code, "penalty", record), day, load_rulebook(RULEBOOK))
    row = _row(system, code, record)
    assert row["ends"] == {"S": (day + _DAY).isoformat()}


def _row(system: System, code: str, record: str) -> Row:
    key = {"subject": {"S": code}, "key": {"S": f"penalty/{record}"}}
    table = system.stack.outputs["PublicationTable"]
    row: Row = system.aws("dynamodb").get_item(TableName=table, Key=key)["Item"]
    return row


# -- purge ----------------------------------------------------------------------------------------


def test_should_purge_with_a_certificate_and_never_early_when_terms_end(system: System) -> None:
    code = system.invent.code()
    system.archive(code)
    last_of_the_first = "20230301T155959.999Z"  # midnight follows in the lawful zone
    first_of_the_second = "20230301T160000.000Z"
    places = [_age(system, code, at) for at in (last_of_the_first, first_of_the_second)]
    assert len(_entries(system, code)) == 3

    assert _purge(system, date(2026, 3, 1)) == []
    for day, place in ((date(2026, 3, 2), places[0]), (date(2026, 3, 3), places[1])):
        [certificate] = _purge(system, day)
        assert certificate["count"] == 1
        line = f"{code}/{place}\n".encode()
        assert certificate["digest"] == hashlib.sha256(line).hexdigest()
        assert (certificate["retention_years"], certificate["source"]) == (3, "JS-25")
        assert code not in json.dumps(certificate)
        assert _purge(system, day) == []
    assert _purge(system, date(2999, 1, 1)) == []
    [kept] = _entries(system, code)
    assert kept["handed_over"]
    held = [item for item in system.scan("LedgerTable") if item["subject"]["S"] == code]
    assert len(held) == 2
    state = [item for item in system.scan("LedgerTable") if item["subject"]["S"] == "@purge"]
    assert not [item for item in state if "manifest" in item]


def _purge(system: System, day: date) -> list[dict[str, Any]]:
    """Run the job; its new certificates, which count all that it says to have purged."""
    before = set(system.keys(_CERTIFICATES))
    told = system.run_job("Purge", day)
    new = [system.read(key) for key in system.keys(_CERTIFICATES) if key not in before]
    assert told == {"purged": sum(each["count"] for each in new), "finished": 1}
    return new


def _age(system: System, code: str, created: str) -> str:
    """Copy the newest entry on `code`, and what was handed over, to another time."""
    entries = [item for item in system.scan("LedgerTable") if item["subject"]["S"] == code]
    newest: str = max(item["entry"]["S"] for item in entries if "created" in item)
    place = created + newest[len(created) :]
    for item in entries:
        if item["entry"]["S"].startswith(newest):
            suffix = item["entry"]["S"].removeprefix(newest)
            older = {**item, "entry": {"S": place + suffix}}
            if "created" in item:
                older["created"] = {"S": created}
            table = system.stack.outputs["LedgerTable"]
            system.aws("dynamodb").put_item(TableName=table, Item=older)
    return place


def _entries(system: System, code: str) -> list[dict[str, Any]]:
    supervisor = system.sign_in("supervisor")
    found: list[dict[str, Any]] = supervisor.get(f"/v1/archives/{code}/queries").of(200)["queries"]
    return found


# -- rebuild --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [False, True], ids=["beside the old", "after a loss"])
def test_should_make_the_same_views_when_rebuilt(system: System, lost: bool) -> None:
    provider, code = system.provider(), system.invent.code()
    for name in (system.invent.name(), system.invent.name()):
        row = registration(uni_social_crd_cd=code, comp_nm=name)
        provider.deliver("registration", csv_of("registration", [row]))
    provider.deliver("penalty", csv_of("penalty", [penalty(cf_xdr_shxym=code)]))
    system.settle()
    before, shown = _views(system), system.public(code)
    if lost:
        _lose(system, before)
        assert system.published(code) == []
    with system.reached():
        assert operate.rebuild(Functions(STACK), segments=2) >= 2
    assert _views(system) == before
    assert system.public(code) == shown


def _views(system: System) -> dict[str, list[Row]]:
    """All that is derived, but for the day on which it was, and the rules of that day."""
    found = {
        "PublicationTable": system.scan("PublicationTable"),
        "NamesTable": system.scan("NamesTable"),
        "ArchiveTable": [i for i in system.scan("ArchiveTable") if i["key"]["S"][0] == "@"],
    }
    return {table: sorted(map(_plain, rows), key=repr) for table, rows in found.items()}


def _plain(row: Row) -> Row:
    by_day = {"day", "edition", "rules"}
    return {name: value for name, value in sorted(row.items()) if name not in by_day}


def _lose(system: System, views: dict[str, list[Row]]) -> None:
    """Delete every row of every view."""
    keys = {"PublicationTable": ("subject", "key"), "NamesTable": ("gram", "place")}
    for table, rows in views.items():
        names = keys.get(table, ("subject", "key"))
        requests = [{"DeleteRequest": {"Key": {n: row[n] for n in names}}} for row in rows]
        for start in range(0, len(requests), 25):
            batch = {system.stack.outputs[table]: requests[start : start + 25]}
            assert not system.aws("dynamodb").batch_write_item(RequestItems=batch)[
                "UnprocessedItems"
            ]


# -- recovery -------------------------------------------------------------------------------------


def test_should_come_back_from_the_files_when_an_archive_is_lost(system: System) -> None:
    since = datetime.now(UTC)
    provider, person, code = system.provider(), system.invent.person(), system.invent.code()
    uploads = [
        provider.deliver("registration", csv_of("registration", [row]))["upload"]["upload"]
        for row in (
            registration(uni_social_crd_cd=code, comp_nm=name)
            for name in ("清江甲店", "清江乙店", "清江甲店")
        )
    ]
    rows = [represented(person, code), fined(person)]
    uploads.append(provider.deliver("penalty", csv_of("penalty", rows))["upload"]["upload"])
    system.settle()
    subject = provider.rows(uploads[-1])[1]["subject"]
    receipts = [provider.receipt(upload) for upload in uploads]
    held = [_records(system, each) for each in (code, subject)]
    shown = system.public(code)

    _forget(system, {code, subject})
    assert [_records(system, each) for each in (code, subject)] == [[], []]
    assert rebuild.redeliver(system.stack, since) >= len(uploads)
    assert [provider.receipt(upload) for upload in uploads] == receipts
    system.settle()
    assert [_records(system, each) for each in (code, subject)] == held
    assert system.public(code) == shown


def _records(system: System, subject: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = system.archive(subject)["records"]
    return records


def _forget(system: System, subjects: set[str]) -> None:
    """Delete all that tables hold of the subjects, but for who they are."""
    views = {**_views(system), "ArchiveTable": system.scan("ArchiveTable")}
    _lose(
        system,
        {
            table: [row for row in rows if _subject_of(row) in subjects]
            for table, rows in views.items()
        },
    )


def _subject_of(row: Row) -> str:
    held: str = row["subject"]["S"] if "subject" in row else row["place"]["S"].split("\n")[-1]
    return held
