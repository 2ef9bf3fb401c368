"""REQUIREMENTS §5, the ledger: kept for its term, then purged to proof, never early 保存期限."""

from datetime import datetime

import msgspec
import pytest

from chalicelib.archive.statements import Phase
from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.retention.certificates import Certificate
from chalicelib.disclosure.retention.holds import Note, set_hold
from chalicelib.jobs.purge import purge
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import LAWFUL_ZONE
from tests.articles.scenes import JS, NATIONAL, NJ, SD, SZ
from tests.disclosure.ledger_contents import SUBJECT, entry_at

pytestmark = pytest.mark.usefixtures("aws")

MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
PURPOSES: dict[Channel, str] = {
    "own": "own",
    "authorised": "financing",
    "ex_officio": "supervision",
}


@pytest.fixture(autouse=True)
def few_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", ("00",))


def asked(channel: Channel) -> str:
    """Somebody asks about the subject; returns the ledger entry."""
    entry = msgspec.structs.replace(
        entry_at(MADE, f"Q{channel}"), channel=channel, purpose=PURPOSES[channel]
    )
    return ledger.prepare(entry).entry


def run(rulebook: Rulebook, day: str) -> tuple[Certificate, ...]:
    now = datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=LAWFUL_ZONE)
    return purge(now, rulebook, lambda: 900_000).certificates


def kept() -> set[str]:
    """The channels of the entries that stand."""
    return {each.entry.channel for each in ledger.entries_of(SUBJECT, None, 10).entries}


@pytest.mark.parametrize("rulebook", [JS, SD], ids=["jiangsu", "shandong"])
def test_every_query_is_kept_three_years_and_a_day_less_never(rulebook: Rulebook) -> None:
    """JS-25: 自该记录生成之日起保存三年; a certificate proves what went and by which rule."""
    for channel in PURPOSES:
        asked(channel)

    assert run(rulebook, "2029-11-22") == ()
    assert kept() == set(PURPOSES)
    gone = run(rulebook, "2029-11-23")
    assert kept() == set()
    assert {certificate.source for certificate in gone} == {"JS-25"}
    assert sum(certificate.count for certificate in gone) == len(PURPOSES)


def test_authorised_queries_are_kept_five_years() -> None:
    """SZ-23: 自该记录生成之日起保存5年; for the rest the text has no term, and none goes."""
    for channel in PURPOSES:
        asked(channel)

    assert run(SZ, "2031-11-22") == ()
    [gone] = run(SZ, "2031-11-23")
    assert (gone.kept, gone.source) == ("ledger_authorised", "SZ-23")
    assert kept() == {"own", "ex_officio"}


def test_agencies_query_logs_are_kept_for_good() -> None:
    """NJ-52: 建立信息查询日志并长期保存: nothing is purged until a term is fixed."""
    for channel in PURPOSES:
        asked(channel)

    run(NJ, "2099-01-01")
    assert kept() == {"ex_officio"}


def test_an_entry_is_held_while_a_case_about_it_is_open() -> None:
    """NJ-53, SD-17: what an inquiry needs is not deleted 不得违规删除查询日志."""
    entry = asked("own")
    opened, closed = (Note(at=MADE, by="supervisor-1", basis=basis) for basis in ("立案", "结案"))
    set_hold(SUBJECT, entry, "case-1", Phase.OPEN, opened)

    assert run(JS, "2029-11-23") == ()
    set_hold(SUBJECT, entry, "case-1", Phase.CLOSE, closed)
    assert len(run(JS, "2029-11-24")) == 1


@pytest.mark.parametrize("rulebook", [NATIONAL, JS, NJ, SZ, SD], ids=lambda book: book.name)
def test_files_as_received_are_not_purged_before_a_text_says_so(rulebook: Rulebook) -> None:
    """SD-17, SZ-18: 非经法定程序不得撤除; no text that we hold ends the keeping of originals."""
    assert rulebook.retention_years["originals"].on(MADE.date()).value == "unlimited"
