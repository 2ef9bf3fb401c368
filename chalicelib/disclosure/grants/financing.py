"""Financing (融资信用服务, JP-2): what a bank may read under a grant, and what it reports back."""

from datetime import date

from msgspec import Struct

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Field, Item
from chalicelib.disclosure.grants import store
from chalicelib.disclosure.grants.codes import AMOUNT_REFUSED, OUTCOME_DIFFERS, OUTCOME_REFUSED
from chalicelib.disclosure.grants.giving import encode, find_grant
from chalicelib.disclosure.grants.values import FINANCING, Grant, Outcome
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.errors import DomainError


class Readable(Struct, frozen=True):
    """A catalogue item, and those of its fields that leave by an authorised query."""

    item: Item
    fields: tuple[Field, ...]


def list_readable(grant: Grant, day: date) -> tuple[Readable, ...]:
    """The data items that may be read under a grant; items that have left the catalogue are out."""
    items = load_catalogue(day).items
    return tuple(_readable(items[name]) for name in grant.terms.scope.items if name in items)


def list_grantable(day: date, rulebook: Rulebook) -> tuple[Readable, ...]:
    """The list of data that is shared for financing (融资信用服务信息共享清单): what may be granted."""
    return tuple(
        _readable(item)
        for item in load_catalogue(day).under(rulebook.texts).items.values()
        if rulebook.openness[item.openness]["authorised"].on(day).value != "withheld"
    )


def _readable(item: Item) -> Readable:
    return Readable(item, tuple(f for f in item.schema.fields if f.openness != "internal"))


def report_outcome(grant: Grant, outcome: Outcome) -> Grant:
    """Note what a bank made of what it read; the same again changes nothing.

    Raises:
        DomainError: `E-GRANT-09` the grant is not for financing or was never used, `-10` another
            outcome was reported before, `-11` an amount that is missing or out of place.
    """
    if (outcome.decided == "granted") != (outcome.amount is not None):
        raise DomainError(AMOUNT_REFUSED, pointer="/amount")
    if grant.terms.purpose != FINANCING or not store.find_use(grant.id):
        raise DomainError(OUTCOME_REFUSED)
    store.insert(store.GrantItem(grant.id, store.OUTCOME, body=encode(outcome)))
    standing = find_grant(grant.id)
    if standing.outcome is None or _said(standing.outcome) != _said(outcome):
        raise DomainError(OUTCOME_DIFFERS)
    return standing


def _said(outcome: Outcome) -> tuple[str | None, ...]:
    return outcome.decided, outcome.product, outcome.amount
