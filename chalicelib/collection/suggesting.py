"""Which other items of the catalogue a file's header would fit."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

from chalicelib.catalogue.model import Catalogue, Item
from chalicelib.collection import codes
from chalicelib.collection.problems import Problem

MOST: Final = 3
_DOUBTED: Final = Fraction(1, 5)


def suggest_items(
    catalogue: Catalogue, chosen: Item, labels: Sequence[str], *, as_well: bool = False
) -> tuple[str, ...]:
    """The ids of other items that have a field for more of `labels` than `chosen`, best first.

    `as_well`: also those that have one for as many. Every required field of an item that is
    suggested has its column.
    """
    least = max(1, _count(chosen, labels) + (not as_well))
    fits = [
        (-_count(item, labels), item.id)
        for item in catalogue.items.values()
        if item.id != chosen.id and _count(item, labels) >= least and _is_complete(item, labels)
    ]
    return tuple(name for _, name in sorted(fits)[:MOST])


def tell_suggested(catalogue: Catalogue, suggests: Iterable[str]) -> tuple[Problem, ...]:
    """That the file may be one of the items `suggests`; nothing where there are none."""
    items = "、".join(f"{catalogue.item(each).title}（{each}）" for each in suggests)
    return (Problem(code=codes.OTHER_ITEM.id, values={"items": items}),) if items else ()


def doubt_item(
    catalogue: Catalogue, suggests: Iterable[str], *, refused: int, received: int
) -> tuple[Problem, ...]:
    """That the file may belong to another item, where more than a fifth of its rows are refused."""
    if refused <= _DOUBTED * received:
        return ()
    values: dict[str, str | int] = {"refused": refused, "received": received}
    problem = Problem(code=codes.MANY_REFUSED.id, values=values)
    return (problem, *tell_suggested(catalogue, suggests))


def _count(item: Item, labels: Sequence[str]) -> int:
    return len(_found(item, labels))


def _found(item: Item, labels: Sequence[str]) -> set[str]:
    fields = map(item.field_by_label, labels)
    return {field.name for field in fields if field is not None}


def _is_complete(item: Item, labels: Sequence[str]) -> bool:
    return {field.name for field in item.schema.fields if field.required} <= _found(item, labels)
