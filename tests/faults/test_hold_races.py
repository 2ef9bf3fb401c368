"""A hold and a purge at one time: the hold keeps its entry, or is refused, whoever is faster."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.archive.statements import Phase
from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.retention.certificates import list_certificates
from chalicelib.disclosure.retention.holds import Note, holds_of, set_hold
from chalicelib.jobs.purge import purge
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.errors import DomainError
from tests.disclosure.ledger_contents import SUBJECT, entry_at, stored
from tests.faults.interleaving import interleave, race, scripted
from tests.faults.worlds import World, rewinding

MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
DUE = datetime(2029, 11, 23, 0, tzinfo=LAWFUL_ZONE)
HELD, OTHER = (entry_at(MADE + timedelta(seconds=n), f"Q000000{n}") for n in range(2))
NOTE = Note(at=DUE, by="supervisor-1", basis="调查 1 号")
_TOLD: list[str] = []


@pytest.fixture(autouse=True)
def one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", ("00",))
    monkeypatch.setattr("chalicelib.jobs.purge.LEDGER_KINDS", ("ledger_agency",))
    _TOLD.clear()


@pytest.fixture
def world(one_shard: None) -> Iterator[World]:
    def fill() -> None:
        for entry in (HELD, OTHER):
            ledger.hand_over(ledger.prepare(entry), [])

    with rewinding(fill) as filled:
        yield filled


def _purge() -> None:
    purge(DUE, load_rulebook("jiangsu"), lambda: 900_000)


def _hold() -> None:
    try:
        set_hold(SUBJECT, HELD.key, "case-1", Phase.OPEN, NOTE)
    except DomainError as refused:
        _TOLD.append(refused.code.id)
    else:
        _TOLD.append("held")


def _check() -> None:
    """What the hold was told is what became of the entry; certificates count what is gone."""
    _purge()
    told = _TOLD.pop()
    assert not _TOLD
    held = told == "held"
    assert ((SUBJECT, HELD.key) in stored()) == held
    assert (SUBJECT, OTHER.key) not in stored()
    assert sum(certificate.count for certificate in list_certificates("", 100)) == 2 - held
    if held:
        assert holds_of(SUBJECT, HELD.key)
    else:
        assert told in {"E-LEDGER-02", "E-LEDGER-03"}
        assert {subject for subject, _ in stored()} == {"@purge"}
    assert all("manifest" not in item for item in stored().values())


def test_a_hold_and_a_purge_agree_whoever_is_faster(world: World) -> None:
    race(world, [_hold, _purge], _check)


def test_a_hold_and_two_purges_agree_whoever_is_faster(world: World) -> None:
    race(world, [_hold, _purge, _purge], _check, runs=8)


def test_a_hold_set_after_the_purge_has_looked_is_seen_before_it_deletes(world: World) -> None:
    """The purge has read state, holds, index and entries; only its manifest is not open yet."""
    looked = 4
    with world():
        interleave([_hold, _purge], scripted(*[1] * (looked + 1)), [])
        assert _TOLD == ["held"]
        _check()


def test_a_hold_is_refused_once_the_manifest_is_open(world: World) -> None:
    looked_and_opened = 5
    with world():
        interleave([_hold, _purge], scripted(*[1] * (looked_and_opened + 1)), [])
        assert _TOLD == ["E-LEDGER-03"]
        _check()


def test_a_hold_that_is_closed_while_a_purge_runs_leaves_nothing_behind(
    one_shard: None,
) -> None:
    def held() -> None:
        ledger.prepare(HELD)
        set_hold(SUBJECT, HELD.key, "case-1", Phase.OPEN, NOTE)

    def close() -> None:
        set_hold(SUBJECT, HELD.key, "case-1", Phase.CLOSE, NOTE)

    def check() -> None:
        _purge()
        assert {subject for subject, _ in stored()} == {"@purge"}
        assert [certificate.count for certificate in list_certificates("", 100)] == [1]

    with rewinding(held) as world:
        race(world, [close, _purge], check, runs=8)
