"""Querying under a share (政务共享): its use stands in the ledger before the answer (JS-21, JS-32).

A single query's use and its ledger entry are one transaction, which no ending gets by. A part of a
batch check asks once, before its entries: what was begun by then is answered.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.shares import store
from chalicelib.disclosure.shares.applying import find_share
from chalicelib.disclosure.shares.codes import SHARE_UNKNOWN
from chalicelib.disclosure.shares.values import Share, Wanted, allows
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.retries import tries
from chalicelib.runtime.tables import Conflict, TableBusy


class Use(Struct, frozen=True):
    """A query that stands in the ledger, and the share that it was made under."""

    prepared: ledger.Prepared
    share: Share


def use_share(
    share: str, wanted: Wanted, at: datetime, enter: Callable[[Share], ledger.Entry]
) -> Use:
    """Enter a query in the ledger under a share; only then may its answer be made.

    `enter` makes the entry. Raises `E-ARCHIVE-01`, the same whether there is no such share, it is
    another's or does not cover what is wanted, or it is not approved or over.
    """
    for _ in tries():
        found = demand_share(share, wanted, at)
        entry = enter(found)
        parts = store.use_parts(found.id, (entry.subject, entry.key))
        try:
            return Use(ledger.prepare_with(entry, parts), found)
        except Conflict:
            continue  # ended meanwhile
    raise TableBusy


def demand_share(share: str, wanted: Wanted, at: datetime) -> Share:
    """The share that allows what is wanted at the moment `at`. Raises `E-ARCHIVE-01`, whyever not."""
    try:
        found = find_share(share)
    except DomainError as refusal:
        if refusal.code is not SHARE_UNKNOWN:
            raise
        raise DomainError(ARCHIVE_UNKNOWN) from None
    if not allows(found, wanted, at):
        raise DomainError(ARCHIVE_UNKNOWN)
    return found


def enter_all(share: Share, entries: Iterable[ledger.Entry]) -> tuple[ledger.Prepared, ...]:
    """Enter the queries of a part of a check under a share, in few requests; again is no change.

    A use whose entry was not written any more is none: it is not told.

    Raises:
        TableBusy: some may be entered.
    """
    made = list(entries)
    store.note_uses(share.id, ((entry.subject, entry.key) for entry in made))
    return ledger.prepare_all(made)


def uses_of(share: Share, cursor: str | None, limit: int) -> ledger.Page:
    """The entries of the ledger made under a share, newest first; purged ones are gone."""
    found = store.read_uses(share.id, cursor, limit + 1)
    shown = found[:limit]
    places = [_place(use) for use in shown]
    return ledger.Page(ledger.find_entries(places), shown[-1] if len(found) > limit else None)


def _place(use: str) -> store.Place:
    entry, _, subject = use.partition("/")
    return subject, entry
