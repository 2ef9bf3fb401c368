"""The purge, or a hold, dies or is refused at any AWS call, and is run again: same end."""

from datetime import datetime, timedelta

import pytest

from chalicelib.archive.statements import Phase
from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.retention.certificates import Certificate
from chalicelib.disclosure.retention.holds import Note, holds_of, set_hold
from chalicelib.jobs.purge import purge
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import LAWFUL_ZONE
from tests.disclosure.ledger_contents import entry_at, stored
from tests.faults.sweep import Fault, sweep
from tests.faults.worlds import rewinding

MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
DUE = datetime(2029, 11, 23, 0, tzinfo=LAWFUL_ZONE)


def _arrange() -> None:
    for number in range(4):
        at = MADE + timedelta(seconds=number)
        ledger.hand_over(ledger.prepare(entry_at(at, f"Q{number:07d}")), ["penalty/A"])
    ledger.hand_over(ledger.prepare(entry_at(DUE - timedelta(days=1095), "YOUNG")), [])
    for phase in Phase:
        _hold(entry_at(MADE, "Q0000000"), phase)
    ledger.prepare(entry_at(MADE, "HELD"))
    _hold(entry_at(MADE, "HELD"), Phase.OPEN)


def _hold(entry: ledger.Entry, phase: Phase) -> None:
    note = Note(at=DUE, by="supervisor-1", basis="调查 1 号")
    set_hold(entry.subject, entry.key, "case-1", phase, note)


def _act() -> None:
    purge(DUE, load_rulebook("jiangsu"), lambda: 900_000)


def _check() -> None:
    entries = {entry for subject, entry in stored() if not subject.startswith("@")}
    assert {entry.removesuffix("~handed").rpartition(".")[2] for entry in entries} == {
        "YOUNG",
        "HELD",
    }
    assert len(entries) == 3
    assert len([subject for subject, _ in stored() if subject.startswith("@holds/")]) == 1
    assert all("manifest" not in item for item in stored().values())
    kept = [blobs.read_value(key, Certificate) for key in blobs.list_keys("purges/")]
    assert sum(certificate.count for certificate in kept if certificate) == 4


def test_should_end_the_same_when_a_purge_fails_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", ("00",))
    monkeypatch.setattr("chalicelib.jobs.purge.LEDGER_KINDS", ("ledger_agency",))
    with rewinding(_arrange) as world:
        places = sweep(world, lambda: None, _act, _check)

    struck = {(place.operation, place.fault) for place in places}
    for operation in ("Query", "BatchGetItem", "UpdateItem", "BatchWriteItem", "PutObject"):
        assert {(operation, fault) for fault in Fault} <= struck


def test_should_be_held_once_when_a_hold_fails_anywhere() -> None:
    entry = entry_at(MADE, "HELD")

    def check() -> None:
        [hold] = holds_of(entry.subject, entry.key)
        assert hold.closed is None
        assert len([subject for subject, _ in stored() if subject.startswith("@holds/")]) == 1

    with rewinding(lambda: ledger.prepare(entry)) as world:
        places = sweep(world, lambda: None, lambda: _hold(entry, Phase.OPEN), check)

    struck = {(place.operation, place.fault) for place in places}
    assert {("TransactWriteItems", fault) for fault in Fault} <= struck
