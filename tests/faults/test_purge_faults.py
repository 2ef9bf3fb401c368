"""The purge dies or is refused at any AWS call, and is run again: same end."""

from datetime import datetime, timedelta

import pytest

from chalicelib.disclosure import ledger, store
from chalicelib.jobs.purge import Certificate, purge
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import LAWFUL_ZONE
from tests.aws import emulated_aws
from tests.disclosure.ledger_contents import entry_at, stored
from tests.faults.sweep import Fault, sweep

MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
DUE = datetime(2029, 11, 23, 0, tzinfo=LAWFUL_ZONE)


def _arrange() -> None:
    for number in range(4):
        at = MADE + timedelta(seconds=number)
        ledger.hand_over(ledger.prepare(entry_at(at, f"Q{number:07d}")), ["penalty/A"])
    ledger.hand_over(ledger.prepare(entry_at(DUE - timedelta(days=1095), "YOUNG")), [])


def _act() -> None:
    purge(DUE, load_rulebook("jiangsu"), lambda: 900_000)


def _check() -> None:
    entries = {entry for subject, entry in stored() if not subject.startswith("@")}
    assert {entry.removesuffix("~handed").rpartition(".")[2] for entry in entries} == {"YOUNG"}
    assert len(entries) == 2
    assert all("manifest" not in item for item in stored().values())
    kept = [blobs.read_value(key, Certificate) for key in blobs.list_keys("purges/")]
    assert sum(certificate.count for certificate in kept if certificate) == 4


def test_should_end_the_same_when_a_purge_fails_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", ("00",))
    places = sweep(emulated_aws, _arrange, _act, _check)

    struck = {(place.operation, place.fault) for place in places}
    for operation in ("Query", "BatchGetItem", "PutItem", "BatchWriteItem", "PutObject"):
        assert {(operation, fault) for fault in Fault} <= struck
