"""Scheduled jobs by their event's time: any day, missed days, twice, out of order."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

import app
from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.publication.store import Publication
from chalicelib.disclosure.retention.certificates import CERTIFICATES, Certificate
from chalicelib.runtime import blobs
from tests.disclosure.archives import JIANGSU, say
from tests.disclosure.ledger_contents import entry_at, stored
from tests.factories import KEY
from tests.faults.throttling import scarce
from tests.faults.worlds import World, rewinding
from tests.handlers.events import clock_at, due_at, invoke

FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(6)]
NIGHTS = {
    "every day": DAYS,
    "every day twice": [day for day in DAYS for _ in range(2)],
    "the last day only": DAYS[-1:],
    "some missed": [DAYS[1], DAYS[4], DAYS[5]],
    "an old event comes late": [DAYS[0], DAYS[5], DAYS[2]],
}


def midnight_of(day: date, minute: int = 5) -> datetime:
    """The moment, in UTC, at which a job of that lawful day is due."""
    return datetime(day.year, day.month, day.day, 0, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def nights(request: pytest.FixtureRequest) -> Sequence[date]:
    days: Sequence[date] = NIGHTS[request.param]
    return days


def _publish() -> None:
    """One penalty a day, published until the day before."""
    for number, day in enumerate(DAYS):
        key = msgspec.structs.replace(KEY, record=f"1RECORD{number}")
        say(key, cf_wsh=f"{number}号", cf_jdrq=day.replace(year=day.year - 3).isoformat())
        project(key, FIRST - timedelta(days=9), JIANGSU)


def _enter() -> None:
    """One query a day, the last of them not due yet."""
    for day in DAYS:
        made = midnight_of(day.replace(year=day.year - 3)) + timedelta(hours=9)
        ledger.hand_over(ledger.prepare(entry_at(made, f"Q{day:%Y%m%d}")), ["penalty/A"])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    def fill() -> None:
        _publish()
        _enter()

    with rewinding(fill) as filled:
        yield filled


def _run(handler: object, days: Iterable[date]) -> list[dict[str, int]]:
    assert callable(handler)
    return [invoke(handler, due_at(midnight_of(day))) for day in days]


def _published() -> dict[str, tuple[bool, str | None]]:
    return {row.key: (row.body is not None, row.ends) for row in Publication.scan()}


@pytest.mark.parametrize("nights", NIGHTS, indirect=True)
def test_rows_are_emptied_the_same_whatever_nights_expire_ran(
    world: World, nights: Sequence[date]
) -> None:
    with world():
        ended = _run(app.expire, nights)

        assert sum(done["ended"] for done in ended) == 5
        assert {key for key, (has_body, _) in _published().items() if has_body} == {
            "penalty/1RECORD5"
        }


@pytest.mark.parametrize("nights", NIGHTS, indirect=True)
def test_entries_are_purged_the_same_whatever_nights_purge_ran(
    world: World, nights: Sequence[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SHARDS", _shards_in_use())
    with world():
        purged = _run(app.purge, nights)
        kept = [blobs.read_value(key, Certificate) for key in blobs.list_keys(CERTIFICATES)]

        assert sum(done["purged"] for done in purged) == 5
        assert sum(each.count for each in kept if each) == 5
        assert {entry.split(".")[-1] for of, entry in stored() if of != "@purge"} == {
            f"Q{DAYS[-1]:%Y%m%d}",
            f"Q{DAYS[-1]:%Y%m%d}~handed",
        }


def test_entries_are_purged_where_aws_is_short_of_capacity(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SHARDS", _shards_in_use())
    with world(), scarce() as refused:
        assert _run(app.purge, DAYS[-1:]) == [{"purged": 5, "finished": 1}]

        assert "BatchWriteItem" in refused
        assert len([entry for of, entry in stored() if of != "@purge"]) == 2


def _shards_in_use() -> tuple[str, ...]:
    keys = {
        f"{midnight_of(day.replace(year=day.year - 3)) + timedelta(hours=9):%Y%m%dT%H%M%S.000Z}"
        f".Q{day:%Y%m%d}"
        for day in DAYS
    }
    return tuple(sorted({store.shard_of("ledger_agency", key)[-2:] for key in keys}))


@pytest.mark.parametrize(("minute", "ended"), [(-1, 0), (0, 1)])
def test_a_day_begins_at_midnight_of_the_lawful_clock(
    world: World, minute: int, ended: int
) -> None:
    """The first record's last day is the day before the second night."""
    with world():
        begin = midnight_of(DAYS[1], 0) + timedelta(minutes=minute)

        assert invoke(app.expire, due_at(begin)) == {"ended": ended}


@pytest.mark.parametrize(("handler", "count"), [("expire", "ended"), ("purge", "purged")])
def test_an_event_from_the_future_does_no_more_than_todays(
    world: World, handler: str, count: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SHARDS", _shards_in_use())
    with world(), clock_at(midnight_of(DAYS[2])):
        done = invoke(getattr(app, handler), due_at(midnight_of(DAYS[5])))

        assert done[count] == 2
