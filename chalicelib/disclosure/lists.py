"""Public lists (名单公示): who is on them on a day (NJ-40, SZ-27, SZ-28).

A list is what the records of one catalogue item add up to (`Item.listing`). Each entry is decided on
when it is read, from the publication row that a mark rewrites in its own transaction, so whoever is
repaired or annulled is off the list at once. A past day is read from the archive (`replay_published`)
and shows nothing that is withheld now.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.replay import last_instant
from chalicelib.archive.statements import RecordKey
from chalicelib.archive.store import read_record
from chalicelib.archive.visibility import Decision
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.codes import LIST_UNKNOWN
from chalicelib.disclosure.publication.reading import read_row
from chalicelib.disclosure.publication.store import find_listed, read_rows
from chalicelib.disclosure.queries import replay_published
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.clock import stamp
from chalicelib.runtime.errors import DomainError

_BEHIND = "0"  # behind the slash that ends the moment in a place


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a list: the record that put its subject there, as the public may see it."""

    facts: Facts
    item: Item
    decision: Decision


class Page(msgspec.Struct, frozen=True):
    """Entries, newest reported first, and from where to go on (None at the end; not signed).

    It holds those of `limit` records that are on the list, so it may hold few or none and not be
    the last.
    """

    entries: tuple[Listed, ...]
    cursor: str | None


def lists_on(day: date) -> tuple[Item, ...]:
    """The items of the catalogue of `day` whose records make up lists, by id."""
    items = load_catalogue(day).items
    return tuple(items[name] for name in sorted(items) if items[name].listing is not None)


def read_list(
    item: str,
    day: date,
    rulebook: Rulebook,
    as_of: date | None,
    cursor: str | None,
    limit: int,
) -> Page:
    """The organisations on the list of `item` on `day`, or at the end of `as_of`, a day before.

    Raises:
        DomainError: `E-LIST-01`, the item is none whose records make up a list.
    """
    if item not in {each.id for each in lists_on(day)}:
        raise DomainError(LIST_UNKNOWN, item=item)
    first = "" if as_of is None else stamp(last_instant(as_of)) + _BEHIND
    places = find_listed(item, cursor or first, limit + 1)
    keys = [_key(place) for place in places[:limit]]
    shown = (
        read_now(keys, day, rulebook) if as_of is None else read_past(keys, day, as_of, rulebook)
    )
    entries = tuple(each for each in shown if not _has_left(each, as_of or day))
    return Page(entries, places[limit - 1] if len(places) > limit else None)


def read_now(keys: list[RecordKey], day: date, rulebook: Rulebook) -> Iterator[Listed]:
    """Those of the records under `keys` that the public may see on `day`."""
    rows = read_rows([(key.subject, key.path) for key in keys])
    for key in keys:
        row = rows.get((key.subject, key.path))
        shown = None if row is None else read_row(row, day, rulebook)
        if shown is not None:
            facts, item, decision = shown
            yield Listed(facts=facts, item=item, decision=decision)


def read_past(
    keys: list[RecordKey], day: date, as_of: date, rulebook: Rulebook
) -> Iterator[Listed]:
    """Those that the public might see on `as_of`, as far as it still may on `day`."""
    for key in keys:
        shown = replay_published(read_record(key), day, as_of, rulebook)
        if shown is not None:
            yield Listed(facts=shown.facts, item=shown.item, decision=shown.decision)


def _has_left(listed: Listed, day: date) -> bool:
    """Whether the record says that its subject has left the list by `day` (移出)."""
    field = listed.item.listing.left if listed.item.listing else None
    left = listed.facts.fields.get(field) if field else None
    return isinstance(left, str) and bool(left) and date.fromisoformat(left) <= day


def _key(place: str) -> RecordKey:
    _, subject, item, record = place.split("/")
    return RecordKey(subject, item, record)
