"""Querying under a grant (授权查询): its use and its ledger entry are one transaction.

A grant for once is consumed by the entry, whether or not the answer arrives. Who has lost the answer
repeats the same query with the same idempotency key for a quarter of an hour; each repetition has an
entry of its own. Of two uses at one time one consumes the grant, and none gets by a revocation.
"""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.grants import store
from chalicelib.disclosure.grants.codes import GRANT_UNKNOWN
from chalicelib.disclosure.grants.giving import encode, find_grant
from chalicelib.disclosure.grants.values import Consumption, Grant, State, Wanted, allows
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.retries import tries
from chalicelib.runtime.tables import Conflict, TableBusy


class Use(Struct, frozen=True):
    """A query that stands in the ledger, and the grant that it was made under."""

    prepared: ledger.Prepared
    grant: Grant


def use_grant(
    grant: str, wanted: Wanted, at: datetime, enter: Callable[[Grant], ledger.Entry]
) -> Use:
    """Enter a query in the ledger under a grant; only then may its answer be made.

    `enter` makes the entry. Raises `E-ARCHIVE-01`, the same whether there is no such grant, it is
    another's or does not cover what is wanted, or it is over: nothing can be learnt by trying.
    """
    for _ in tries():
        found = _find(grant)
        if found is None or not allows(found, wanted, at):
            raise DomainError(ARCHIVE_UNKNOWN)
        entry = enter(found)
        try:
            return Use(ledger.prepare_with(entry, _parts(found, entry, wanted)), found)
        except Conflict:
            continue  # revoked or consumed meanwhile
    raise TableBusy


def uses_of(grant: Grant, cursor: str | None, limit: int) -> ledger.Page:
    """The entries of the ledger made under a grant, newest first; purged ones are gone."""
    found = store.read_uses(grant.id, cursor, limit + 1)
    shown = found[:limit]
    entries = ledger.find_entries([(grant.terms.subject, entry) for entry in shown])
    return ledger.Page(entries, shown[-1] if len(found) > limit else None)


def _find(grant: str) -> Grant | None:
    try:
        return find_grant(grant)
    except DomainError as refusal:
        if refusal.code is not GRANT_UNKNOWN:
            raise
        return None


def _parts(grant: Grant, entry: ledger.Entry, wanted: Wanted) -> list[store.Part]:
    consumes = grant.terms.uses == "once" and grant.state_on(lawful_day(entry.at)) is State.ACTIVE
    if not consumes:
        return store.use_parts(grant.id, entry.key, None)
    consumed = Consumption(
        at=entry.at, entry=entry.key, key=wanted.key, item=wanted.item, as_of=wanted.as_of
    )
    return store.use_parts(grant.id, entry.key, encode(consumed))
