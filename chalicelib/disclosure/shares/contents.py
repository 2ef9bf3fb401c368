"""What of the catalogue is shared with agencies, and whose agreement that takes (JS-21, SZ-21)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.shares.codes import CONTENT_REFUSED, ITEM_REFUSED
from chalicelib.disclosure.shares.values import Scope, Share
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.errors import DomainError


def find_content_faults(
    items: Sequence[str], day: date, rulebook: Rulebook
) -> Iterator[DomainError]:
    """Why `items` cannot be applied for: `E-SHARE-03`, `E-SHARE-04`, `E-CAT-11`, where they stand."""
    if not items or len(set(items)) != len(items):
        yield DomainError(CONTENT_REFUSED, pointer="/items")
    catalogue = load_catalogue(day).under(rulebook.texts)
    for index, name in enumerate(items):
        pointer = f"/items/{index}"
        try:
            rule = rulebook.openness[catalogue.item(name).openness]["shared"].on(day)
        except DomainError as unknown:
            yield DomainError(unknown.code, pointer=pointer, **unknown.values)
            continue
        if rule.value == "withheld":
            yield DomainError(ITEM_REFUSED, pointer=pointer, item=name, source=rule.source)


def needs_provider(item: str, day: date, rulebook: Rulebook) -> bool:
    """Whether an item is shared only as far as its providers agree (授权查询信息, SZ-21)."""
    held = load_catalogue(day).items.get(item)
    authorised = held is not None and held.openness == "authorised"
    return authorised and rulebook.sharing_needs_provider.on(day).value


def asked_of(
    entitled: Collection[str], share: Share, day: date, rulebook: Rulebook
) -> tuple[str, ...]:
    """The items of an application to which a provider, `entitled` to report some, is to agree."""
    return tuple(
        item
        for item in share.terms.items
        if item in entitled and needs_provider(item, day, rulebook)
    )


def scope_of(share: Share, day: date, rulebook: Rulebook) -> Scope:
    """What an approved share opens by the catalogue and the rules of `day`.

    Where an item needs its providers' agreement, their words are open that gave it, nobody else's:
    neither those of a provider that has not answered nor of one that came later.
    """
    known = load_catalogue(day).items
    return Scope(
        {
            item: share.agreed_to(item) if needs_provider(item, day, rulebook) else None
            for item in share.approved
            if item in known
        }
    )
