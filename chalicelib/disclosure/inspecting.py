"""Inspecting the query ledger (查询台账): who asked about whom, by whichever of them is known (NJ-52)."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from msgspec import Struct

from chalicelib.archive.replay import last_instant
from chalicelib.disclosure import ledger, store
from chalicelib.runtime.clock import LAWFUL_ZONE, stamp

_LOOKED_THROUGH: Final = 1000
_OLDEST: Final = date(2000, 1, 1)  # no entry was made before


class Wanted(Struct, frozen=True, kw_only=True):
    """Which entries are looked for, from a lawful day to another, both included.

    About whom, by which account (`sub`), in the name of which organisation (`-` for persons' own
    accounts): one of these is known, what is empty does not matter. Channel and purpose besides.
    """

    first: date
    last: date
    subject: str = ""
    staff: str = ""
    organisation: str = ""
    channel: str = ""
    purpose: str = ""

    def covers(self, item: store.LedgerItem) -> bool:
        """Whether an entry of these days is looked for."""
        return (
            self.subject in ("", item.subject)
            and self.staff in ("", item.by)
            and self.organisation in ("", item.organisation or ledger.NO_ORGANISATION)
            and self.channel in ("", item.channel)
            and self.purpose in ("", item.purpose)
        )


def search(wanted: Wanted, cursor: str | None, limit: int) -> ledger.Page:
    """The entries that are `wanted`, oldest first.

    They are read where fewest others stand: with the subject, with the account, with the
    organisation. A page looks through so many of those at most, and may hold fewer than `limit`, or
    none, and still lead on.
    """
    found: list[store.LedgerItem] = []
    place: str | None = None
    for number, item in enumerate(_read(wanted, cursor)):
        if number == _LOOKED_THROUGH or len(found) == limit:
            break
        place = item.entry
        if wanted.covers(item):
            found.append(item)
    else:
        place = None
    return ledger.Page(ledger.with_handovers(found), place)


def _read(wanted: Wanted, cursor: str | None) -> Iterator[store.LedgerItem]:
    if wanted.last < _OLDEST:  # DynamoDB refuses a span that ends before it begins
        return iter(())
    midnight = datetime.combine(max(wanted.first, _OLDEST), time.min, LAWFUL_ZONE)
    span = (cursor or stamp(midnight), stamp(last_instant(wanted.last)) + store.BEHIND)
    if wanted.subject:
        items = store.read_subject(wanted.subject, span)
    elif wanted.staff:
        items = store.read_account(wanted.staff, span)
    else:
        items = store.read_organisation(wanted.organisation, span)
    return (item for item in items if item.created and item.entry != cursor)
