"""Holds on ledger entries: opened and closed once, each with its basis (NJ-53)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from chalicelib.archive.statements import Phase
from chalicelib.disclosure import ledger
from chalicelib.disclosure.retention import store
from chalicelib.disclosure.retention.certificates import Certificate, Manifest
from chalicelib.disclosure.retention.holds import Hold, Note, held_before, holds_of, set_hold
from chalicelib.disclosure.store import shard_of
from chalicelib.runtime.errors import DomainError
from tests.disclosure.ledger_contents import SUBJECT, entry_at, stored

pytestmark = pytest.mark.usefixtures("aws")

START = datetime(2026, 11, 22, 3, 55, tzinfo=UTC)
OPENED = Note(at=START + timedelta(days=1), by="supervisor-1", basis="调查 1 号")
CLOSED = Note(at=START + timedelta(days=9), by="supervisor-2", basis="调查 1 号办结")


def put(at: datetime = START, query: str = "Q0000001") -> str:
    return ledger.prepare(entry_at(at, query)).entry


def hold(entry: str, hold_id: str = "case-1", note: Note = OPENED) -> bool:
    return set_hold(SUBJECT, entry, hold_id, Phase.OPEN, note)


def close(entry: str, hold_id: str = "case-1", note: Note = CLOSED) -> bool:
    return set_hold(SUBJECT, entry, hold_id, Phase.CLOSE, note)


def refusal(ask: object) -> str:
    with pytest.raises(DomainError) as refused:
        ask()  # type: ignore[operator]
    return refused.value.code.id


def test_should_tell_who_held_an_entry_when_and_why() -> None:
    entry = put()
    assert holds_of(SUBJECT, entry) == ()

    assert hold(entry)
    assert hold(entry, "case-2")
    assert close(entry)

    assert holds_of(SUBJECT, entry) == (
        Hold(id="case-1", opened=OPENED, closed=CLOSED),
        Hold(id="case-2", opened=OPENED, closed=None),
    )


def test_should_leave_the_entry_as_it_is() -> None:
    entry = put()
    before = stored()[SUBJECT, entry]

    hold(entry)
    close(entry)

    assert stored()[SUBJECT, entry] == before
    assert len(ledger.entries_of(SUBJECT, None, 10).entries) == 1


def test_should_change_nothing_when_asked_again_on_the_same_basis() -> None:
    entry = put()
    hold(entry)
    later = msgspec.structs.replace(OPENED, at=OPENED.at + timedelta(seconds=3))
    after = stored()

    assert not hold(entry, note=later)
    assert stored() == after

    close(entry)
    assert not close(entry)
    assert holds_of(SUBJECT, entry) == (Hold(id="case-1", opened=OPENED, closed=CLOSED),)


def test_should_refuse_what_was_noted_otherwise() -> None:
    entry = put()
    hold(entry)
    other = msgspec.structs.replace(OPENED, basis="调查 2 号")

    assert refusal(lambda: hold(entry, note=other)) == "E-LEDGER-05"
    assert refusal(lambda: close(entry, "case-9")) == "E-LEDGER-04"
    close(entry)
    assert refusal(lambda: hold(entry)) == "E-LEDGER-05"
    assert refusal(lambda: close(entry, note=other)) == "E-LEDGER-05"


def test_should_refuse_what_is_no_entry() -> None:
    prepared = ledger.prepare(entry_at(START))
    ledger.hand_over(prepared, [])

    for entry in (prepared.entry + "~handed", "20260101T000000.000Z.Q", "", "x/y"):
        assert refusal(lambda entry=entry: hold(entry)) == "E-LEDGER-02"
        assert refusal(lambda entry=entry: holds_of(SUBJECT, entry)) == "E-LEDGER-02"
    assert refusal(lambda: set_hold("other", prepared.entry, "1", Phase.OPEN, OPENED)) == (
        "E-LEDGER-02"
    )


def test_should_refuse_a_hold_on_what_an_open_manifest_names_and_no_other() -> None:
    first = put()
    shard = shard_of("ledger_agency", first)
    second = next(
        entry
        for number in range(2, 99)
        if shard_of("ledger_agency", entry := put(query=f"Q{number:07d}")) == shard
    )
    manifest = Manifest(any_certificate(), (f"{SUBJECT}/{first}",))
    assert store.open_manifest(shard, store.read_state(shard), msgspec.msgpack.encode(manifest))

    assert refusal(lambda: hold(first)) == "E-LEDGER-03"
    assert hold(second)

    store.close_manifest(shard, 1)
    assert store.read_state(shard) == store.State(number=1, holds=1)
    assert hold(second, "case-2")


def test_should_open_no_manifest_after_a_hold_that_it_has_not_seen() -> None:
    entry = put()
    shard = shard_of("ledger_agency", entry)
    seen = store.read_state(shard)
    hold(entry)

    assert not store.open_manifest(shard, seen, b"")
    assert store.open_manifest(shard, store.read_state(shard), b"")
    store.close_manifest(shard, 1)
    seen = store.read_state(shard)
    close(entry)
    store.close_manifest(shard, 1)  # another run that was slow
    assert not store.open_manifest(shard, seen, b"")


def test_should_find_the_held_entries_of_a_time_only() -> None:
    old, new = put(), put(START + timedelta(days=400))
    for entry in (old, new):
        hold(entry)
    cut_off = "20270101T000000.000Z"

    found = {
        place: held.open
        for kept in (old, new)
        for place, held in held_before(shard_of("ledger_agency", kept), cut_off).items()
    }
    assert found == {(SUBJECT, old): True}
    close(old)
    [held] = held_before(shard_of("ledger_agency", old), cut_off).values()
    assert not held.open
    assert len(held.keys) == 2


def any_certificate() -> Certificate:
    return Certificate(
        id="x-00000001",
        kept="ledger_agency",
        count=1,
        digest="",
        first="20261122T035500.000Z",
        last="20261122T035500.000Z",
        cut_off="20291122T160000.000Z",
        retention_years=3,
        source="JS-25",
        rulebook="jiangsu-1",
    )
