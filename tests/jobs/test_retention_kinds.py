"""Entries of one day kept for different terms by who asked; held ones stay (SZ-23, NJ-52, NJ-53)."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest

from chalicelib.archive.statements import Phase
from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.retention.certificates import Certificate, list_certificates
from chalicelib.disclosure.retention.holds import Note, set_hold
from chalicelib.jobs.purge import Purged, purge
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import LAWFUL_ZONE
from tests.disclosure.ledger_contents import SUBJECT, entry_at, stored

pytestmark = pytest.mark.usefixtures("aws")

MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
ASKED: dict[Channel, str] = {"own": "own", "authorised": "financing", "ex_officio": "supervision"}


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    """Five years for authorised queries, three for one's own, no term for agencies' logs."""
    shutil.copy(RULEBOOKS / "national.toml", tmp_path)
    (tmp_path / "qing.toml").write_text(
        'name = "qing"\ntitle = "清"\ntitle_en = "Qing"\nedition = 1\nbeneath = "national"\n'
        "[rules.retention_years]\n"
        'ledger = [{ effective = 2020-01-01, source = "JS-25", value = 3 }]\n'
        'ledger_authorised = [{ effective = 2020-01-01, source = "SZ-23", value = 5 }]\n'
        'ledger_agency = [{ effective = 2020-01-01, source = "NJ-52", value = "unlimited" }]\n',
        "utf-8",
    )
    return load_rulebook("qing", tmp_path)


@pytest.fixture(autouse=True)
def few_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", ("00", "01"))


def put(channel: Channel, at: datetime = MADE) -> str:
    entry = msgspec.structs.replace(
        entry_at(at, f"Q{channel}"), channel=channel, purpose=ASKED[channel]
    )
    return ledger.prepare(entry).entry


def run(day: str, rulebook: Rulebook) -> Purged:
    return purge(datetime.fromisoformat(day + "T02:00:00+08:00"), rulebook, lambda: 900_000)


def standing() -> set[str]:
    return {entry.rpartition(".Q")[2] for subject, entry in stored() if subject == SUBJECT}


def note(basis: str = "调查") -> Note:
    return Note(at=MADE, by="supervisor-1", basis=basis)


def test_each_kind_goes_when_its_own_term_is_over(rulebook: Rulebook) -> None:
    for channel in ASKED:
        put(channel)

    assert run("2029-11-22", rulebook).count == 0
    [own] = run("2029-11-23", rulebook).certificates
    assert (own.kept, own.retention_years, own.source, own.count) == ("ledger", 3, "JS-25", 1)
    assert standing() == {"authorised", "ex_officio"}
    assert run("2031-11-22", rulebook).count == 0
    [authorised] = run("2031-11-23", rulebook).certificates
    assert (authorised.kept, authorised.source) == ("ledger_authorised", "SZ-23")
    assert authorised.id.startswith("ledger_authorised-0")
    assert run("2099-01-01", rulebook).count == 0
    assert standing() == {"ex_officio"}


def test_a_term_that_ends_on_a_leap_day_is_kept_in_full(rulebook: Rulebook) -> None:
    put("authorised", datetime(2024, 2, 29, 23, 59, 59, tzinfo=LAWFUL_ZONE))

    assert run("2029-03-01", rulebook).count == 0
    assert run("2029-03-02", rulebook).count == 1


def test_what_has_no_term_is_not_looked_for(rulebook: Rulebook) -> None:
    looked: list[str] = []
    original = store.find_older

    def find_older(shard: str, cut_off: str) -> Iterator[store.Place]:
        looked.append(shard)
        return original(shard, cut_off)

    with patch.object(store, "find_older", find_older):
        run("2029-11-23", rulebook)

    assert looked == ["ledger-00", "ledger-01", "ledger_authorised-00", "ledger_authorised-01"]


def test_a_held_entry_stays_until_its_last_hold_is_closed(rulebook: Rulebook) -> None:
    entry = put("own")
    other = put("own", MADE + timedelta(seconds=1))
    for hold in ("case-1", "case-2"):
        set_hold(SUBJECT, entry, hold, Phase.OPEN, note())

    [certificate] = run("2029-11-23", rulebook).certificates
    assert certificate.count == 1
    assert (SUBJECT, other) not in stored()
    set_hold(SUBJECT, entry, "case-1", Phase.CLOSE, note())
    assert run("2035-01-01", rulebook).count == 0
    set_hold(SUBJECT, entry, "case-2", Phase.CLOSE, note())
    assert run("2035-01-01", rulebook).count == 1

    assert {subject for subject, _ in stored()} == {"@purge"}
    assert all("manifest" not in item for item in stored().values())


def test_many_held_entries_do_not_keep_others_from_going(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SHARDS", ("00",))
    monkeypatch.setattr("chalicelib.jobs.purge._MOST", 4)
    monkeypatch.setattr("chalicelib.jobs.purge._READ", 2)
    for number in range(12):
        entry = put("own", MADE + timedelta(seconds=number))
        if number < 9:
            set_hold(SUBJECT, entry, "case", Phase.OPEN, note())

    assert run("2029-11-23", rulebook).count == 3
    assert len([subject for subject, _ in stored() if subject == SUBJECT]) == 9


def test_certificates_are_listed_a_page_at_a_time(rulebook: Rulebook) -> None:
    for channel in ASKED:
        put(channel)
    done = run("2032-01-01", rulebook)

    seen: list[Certificate] = []
    while page := list_certificates(seen[-1].id if seen else "", 1):
        seen += page

    assert seen == sorted(done.certificates, key=lambda certificate: certificate.id)
    assert len(seen) == 2
