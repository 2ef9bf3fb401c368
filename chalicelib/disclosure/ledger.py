"""The query ledger (查询台账): every query that is not public, before its answer (JS-25, DESIGN §5).

An entry is prepared first; when the answer is ready, a second item says what was handed over. Both
are written once and never changed. Nothing in them is content: only keys and ids of records.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, cast

from msgspec import Struct

from chalicelib.disclosure import store
from chalicelib.disclosure.codes import ENTRY_DIFFERS
from chalicelib.disclosure.purposes import find_purpose
from chalicelib.law.retention import kept_as
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import moment_of, stamp
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.tables import Conflict

NO_ORGANISATION: Final = "-"
"""What persons' own accounts are found under."""

OUTSIDE: frozenset[Channel] = frozenset(
    {"ex_officio", "shared", "judicial", "authorised", "special_report"}
)
"""Channels whose answers go to recipients outside, who are told what becomes of the records."""


class Entry(Struct, frozen=True, kw_only=True):
    """Who asks about whom, when, how and why.

    `id` is the query's own, random and of one length; `at` counts in milliseconds. `by` is the
    caller's `sub`, `organisation` the code of the organisation asked for (empty for a person's own
    account; under a grant its recipient, who may be a person's subject key) and `organisation_name`
    what it is called, never a natural person's name. `basis` names the authorisation, document or
    article that the query rests on, `as_of` the past day that was asked for, if any. `papers` are
    those that were seen of who stood at the window, separated by commas.
    """

    id: str
    subject: str
    at: datetime
    by: str
    role: str
    channel: Channel
    purpose: str
    basis: str
    organisation: str = ""
    organisation_name: str = ""
    as_of: date | None = None
    papers: str = ""

    @property
    def key(self) -> str:
        """The entry's place in the ledger of its subject: when it was made, and its id."""
        return f"{stamp(self.at)}.{self.id}"


class Prepared(Struct, frozen=True):
    """An entry that stands in the ledger: only with one in hand may an answer be made."""

    subject: str
    entry: str
    recipient: str = ""
    """Whom outside the answer goes to: an organisation's code, a person's subject key, or nobody."""


class Handover(Struct, frozen=True):
    """Which records the answer held (`<item>/<record>`), and the number of the report if any."""

    returned: tuple[str, ...]
    report: str | None


class Asked(Struct, frozen=True, kw_only=True):
    """One entry as it stands; `handed` is None where no answer left or none was noted."""

    entry: Entry
    handed: Handover | None


class Page(Struct, frozen=True):
    """Entries and from where to go on, None at the end. The cursor is not signed."""

    entries: tuple[Asked, ...]
    cursor: str | None


def prepare(entry: Entry) -> Prepared:
    """Write `entry`; the same one again changes nothing.

    Raises:
        DomainError: `E-PURPOSE-01` to `-03` for a purpose that is missing, unknown or does not fit
            the channel; `E-LEDGER-01` where another entry has the same id.
    """
    item = _stored(entry)
    return _prepared(item, is_new=store.insert(item))


def prepare_all(entries: Iterable[Entry]) -> tuple[Prepared, ...]:
    """Write several entries, each as `prepare` does, in few requests.

    No two of them may have the same key in one ledger. Raises as `prepare`; then some are written.
    """
    items = [_stored(entry) for entry in entries]
    stood = store.insert_all(items)
    standing = {(item.subject, item.entry): item for item in store.find_entries(stood)}
    for item in items:
        held = standing.get((item.subject, item.entry))
        if held is not None and held.serialize() != item.serialize():
            raise DomainError(ENTRY_DIFFERS)
    return tuple(Prepared(item.subject, item.entry, _recipient(item)) for item in items)


def prepare_with(entry: Entry, parts: Iterable[Any]) -> Prepared:
    """Write `entry` and, in the same transaction, `parts`; the same entry again changes nothing.

    Raises:
        Conflict: a condition of `parts` does not hold; nothing is written.
        DomainError: as `prepare`.
    """
    item = _stored(entry)
    is_new = store.insert_with(item, parts)
    if not is_new and store.find(item.subject, item.entry) is None:
        raise Conflict
    return _prepared(item, is_new=is_new)


def _prepared(item: store.LedgerItem, *, is_new: bool) -> Prepared:
    if not is_new:
        standing = store.find(item.subject, item.entry)
        if standing is None or standing.serialize() != item.serialize():
            raise DomainError(ENTRY_DIFFERS)
    return Prepared(item.subject, item.entry, _recipient(item))


def _recipient(item: store.LedgerItem) -> str:
    return (item.organisation or "") if item.channel in OUTSIDE else ""


def hand_over(prepared: Prepared, returned: Iterable[str], report: str | None = None) -> None:
    """Note what the answer to a prepared query holds; the same again changes nothing."""
    _handed(prepared, returned, report).save()


def hand_over_all(answers: Iterable[tuple[Prepared, Iterable[str]]]) -> None:
    """Note what the answers to several prepared queries hold, in few requests.

    Raises:
        TableBusy: some may be noted.
    """
    store.put_all(_handed(prepared, returned, None) for prepared, returned in answers)


def _handed(prepared: Prepared, returned: Iterable[str], report: str | None) -> store.LedgerItem:
    return store.LedgerItem(
        prepared.subject,
        prepared.entry + store.HANDED,
        returned=set(returned),
        report=report,
    )


def handed_over_with(subject: str, path: str) -> tuple[Prepared, ...]:
    """The entries on which the record at `path` was handed over to recipients outside.

    Reads the whole ledger of the subject.
    """
    entries = store.find_handed_with(subject, path)
    found = store.find_entries((subject, entry) for entry in entries)
    prepared = (Prepared(item.subject, item.entry, _recipient(item)) for item in found)
    return tuple(each for each in prepared if each.recipient)


def entries_of(subject: str, cursor: str | None, limit: int) -> Page:
    """Who asked about `subject`, newest first (NJ-57)."""
    most = 2 * limit + 1  # an entry has at most two items, and one more tells whether to go on
    items = store.read_backwards(subject, cursor, most)
    handed = {
        item.entry.removesuffix(store.HANDED): item
        for item in items
        if item.entry.endswith(store.HANDED)
    }
    entries = [item for item in items if not item.entry.endswith(store.HANDED)]
    shown = entries[:limit]
    more = bool(shown) and (len(entries) > limit or len(items) == most)
    return Page(
        tuple(_asked(item, handed.get(item.entry)) for item in shown),
        shown[-1].entry if more else None,
    )


def find_entries(places: Sequence[store.Place]) -> tuple[Asked, ...]:
    """Those of the entries at `places` (subject, key) that stand, in this order."""
    standing = {(item.subject, item.entry): item for item in store.find_entries(places)}
    return with_handovers([standing[place] for place in places if place in standing])


def with_handovers(items: Sequence[store.LedgerItem]) -> tuple[Asked, ...]:
    """Entries as they stand, each with what was handed over on it."""
    places = [(item.subject, item.entry) for item in items]
    handed = store.find_handed(places)
    return tuple(_asked(item, handed.get(place)) for item, place in zip(items, places, strict=True))


def _stored(entry: Entry) -> store.LedgerItem:
    return store.LedgerItem(
        entry.subject,
        entry.key,
        created=stamp(entry.at),
        by=entry.by,
        organisation=entry.organisation,
        organisation_name=entry.organisation_name,
        role=entry.role,
        channel=entry.channel,
        purpose=find_purpose(entry.purpose, entry.channel).code,
        basis=entry.basis,
        as_of=entry.as_of and entry.as_of.isoformat(),
        papers=entry.papers or None,
        organisation_shard=store.shard_by(entry.organisation or NO_ORGANISATION, entry.key),
        account_shard=store.shard_by(entry.by, entry.key),
        shard=store.shard_of(kept_as(entry.channel), entry.key),
    )


def _asked(item: store.LedgerItem, handed: store.LedgerItem | None) -> Asked:
    created, _, query = item.entry.rpartition(".")
    entry = Entry(
        id=query,
        subject=item.subject,
        at=moment_of(created),
        by=item.by,
        role=item.role,
        channel=cast("Channel", item.channel),
        purpose=item.purpose,
        basis=item.basis,
        as_of=date.fromisoformat(item.as_of) if item.as_of else None,
        papers=item.papers or "",
        organisation=item.organisation,
        organisation_name=item.organisation_name,
    )
    if handed is None:
        return Asked(entry=entry, handed=None)
    returned = tuple(sorted(handed.returned or ()))
    return Asked(entry=entry, handed=Handover(returned, handed.report))
