"""The ledger searched: by account, by organisation, by subject, over days, in the order of time (NJ-52)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.disclosure import inspecting, ledger, store
from chalicelib.disclosure.inspecting import Wanted, search
from chalicelib.disclosure.ledger import Entry, prepare
from tests.abuse.asking import watching
from tests.disclosure.ledger_contents import AGENCY, SUBJECT, entry_at

pytestmark = pytest.mark.usefixtures("aws")

START = datetime(2026, 11, 22, 3, 55, 0, 123000, tzinfo=UTC)
DAY = date(2026, 11, 22)
OTHER = "91320900MA00000001"


def wanted(days: tuple[date, date] = (DAY, DAY), /, **more: str) -> Wanted:
    return Wanted(first=days[0], last=days[1], **more)


def go_through(sought: Wanted, limit: int = 10) -> list[list[ledger.Asked]]:
    """Every page."""
    pages: list[list[ledger.Asked]] = []
    cursor: str | None = None
    while not pages or cursor:
        page = search(sought, cursor, limit)
        assert len(page.entries) <= limit
        pages.append(list(page.entries))
        cursor = page.cursor
    return pages


def find(sought: Wanted) -> set[str]:
    """The last letters of the ids of what is found."""
    return {asked.entry.id[-1] for page in go_through(sought) for asked in page}


def prepare_all(entries: Iterable[Entry]) -> None:
    for entry in entries:
        prepare(entry)


@pytest.mark.parametrize("limit", [1, 7, 40, 100])
@pytest.mark.parametrize("known", [{"organisation": AGENCY}, {"staff": "clerk-1"}])
def test_should_page_oldest_first_over_all_shards(limit: int, known: dict[str, str]) -> None:
    """Each entry once, whichever shard it is on, with what was handed over on it."""
    entries = [
        replace(entry_at(START + timedelta(seconds=n), f"Q00000{n:02d}"), subject=f"{n % 2:018d}")
        for n in range(40)
    ]
    for entry in entries:
        ledger.hand_over(prepare(entry), ["penalty/A"])
    shards = {store.shard_by("x", entry.key) for entry in entries}

    found = [asked for page in go_through(wanted(**known), limit) for asked in page]

    assert len(shards) > len(store.SHARDS) / 2
    assert [asked.entry for asked in found] == entries
    assert all(asked.handed for asked in found)


def test_should_read_no_further_than_the_page_when_a_shard_holds_more() -> None:
    prepare_all(entry_at(START + timedelta(seconds=n), f"Q0000{n:03d}") for n in range(60))
    with watching() as seen:
        search(wanted(organisation=AGENCY), None, 50)
    assert [operation for operation, _ in seen] == ["Query"] * len(store.SHARDS) + ["BatchGetItem"]


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("2026-11-21T15:59:59.999+00:00", False),
        ("2026-11-21T16:00:00+00:00", True),
        ("2026-11-23T15:59:59.999+00:00", True),
        ("2026-11-23T16:00:00+00:00", False),
    ],
)
def test_should_count_days_by_the_lawful_clock(moment: str, found: bool) -> None:
    prepare(entry_at(datetime.fromisoformat(moment)))
    days = (DAY, date(2026, 11, 23))
    for known in ({"organisation": AGENCY}, {"staff": "clerk-1"}, {"subject": SUBJECT}):
        assert bool(find(wanted(days, **known))) is found


def test_should_take_every_day_that_there_is() -> None:
    prepare(entry_at(START))
    assert find(wanted((date.min, date.max), staff="clerk-1")) == {"1"}
    with watching() as calls:
        assert find(wanted((date.min, date.min), staff="clerk-1")) == set()
    assert calls == []  # DynamoDB refuses a span that ends before it begins, and moto does not


def test_should_find_what_one_account_asked_wherever_it_asked() -> None:
    """Under a grant the recipient is the organisation, the account is who typed (decision 62)."""
    prepare_all(
        [
            entry_at(START, "Q0000001"),
            replace(entry_at(START, "Q0000002"), organisation=OTHER),
            replace(entry_at(START, "Q0000003"), by="clerk-2"),
            replace(entry_at(START + timedelta(days=9), "Q0000004"), subject=OTHER),
        ]
    )
    days = (DAY, DAY + timedelta(days=30))
    assert find(wanted(days, staff="clerk-1")) == {"1", "2", "4"}
    assert find(wanted(days, staff="clerk-1", organisation=AGENCY)) == {"1", "4"}
    assert find(wanted(days, staff="clerk-1", subject=OTHER)) == {"4"}
    assert find(wanted(days, organisation=AGENCY)) == {"1", "3", "4"}


def test_should_find_by_what_is_named_besides() -> None:
    prepare_all(
        [
            entry_at(START, "Q0000001"),
            replace(entry_at(START, "Q0000002"), purpose="supervision"),
            replace(entry_at(START, "Q0000003"), channel="judicial", purpose="judicial"),
        ]
    )
    for known in ({"organisation": AGENCY}, {"staff": "clerk-1"}, {"subject": SUBJECT}):
        assert find(wanted(**known)) == {"1", "2", "3"}
        assert find(wanted(channel="ex_officio", **known)) == {"1", "2"}
        assert find(wanted(purpose="supervision", **known)) == {"2"}
        assert find(wanted(channel="judicial", purpose="supervision", **known)) == set()


def test_should_find_persons_own_queries() -> None:
    own = replace(entry_at(START), channel="own", purpose="", organisation="", basis="")
    prepare_all([own, entry_at(START, "Q0000002")])
    assert find(wanted(organisation="-")) == {"1"}


@pytest.mark.parametrize("known", [{"organisation": AGENCY}, {"subject": SUBJECT}])
@pytest.mark.parametrize("limit", [1, 2, 10])
def test_should_lead_on_when_a_page_has_looked_through_enough(
    limit: int, known: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "_LOOKED_THROUGH", 3)
    for number in range(10):
        by = "clerk-1" if number in {0, 1, 8} else "clerk-2"
        entry = replace(entry_at(START + timedelta(seconds=number), f"Q000000{number}"), by=by)
        ledger.hand_over(prepare(entry), [])

    pages = go_through(wanted(staff="clerk-1", **known), limit)
    if "organisation" in known:  # read with the account, where nothing else stands
        pages = go_through(wanted(channel="ex_officio", **known), limit)

    found = [asked.entry.id[-1] for page in pages for asked in page]
    assert found == (["0", "1", "8"] if "subject" in known else list("0123456789"))
    assert all(one < other for one, other in pairwise(found))
    assert len(pages) >= 3
