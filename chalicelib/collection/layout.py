"""The header of a file against the catalogue: which column is which field."""

from collections.abc import Iterable, Sequence
from typing import Final

from chalicelib.catalogue.model import Field, Item
from chalicelib.catalogue.prohibited import prohibited
from chalicelib.collection import codes
from chalicelib.runtime.errors import DomainError

_LETTERS: Final = 26
_SHOWN: Final = 40

Columns = tuple[str | None, ...]
"""For each column of a file the name of its field; None for a column without a label."""


def column_letter(index: int) -> str:
    """The letters over a column in a spreadsheet; the first column is 0 and `A`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def match_header(item: Item, cells: Sequence[str], row: int) -> Columns:
    """The field of each column, by code, title or alias, in any order.

    Raises DomainError `E-HEAD-01` to `E-HEAD-05`: a column outside the catalogue refuses the file
    (JS-7, NJ-20), above all one that may not be collected (NJ-29, SZ-12).
    """
    found = [item.field_by_label(cell) for cell in cells]
    _refuse_prohibited(cells)
    if not any(found):
        raise DomainError(codes.HEADER_ABSENT, row=row, item=item.title)
    _refuse_unknown(item, cells, found)
    _refuse_repeated(cells, found)
    _refuse_missing(item, found)
    return tuple(None if field is None else field.name for field in found)


def repeats_header(item: Item, cells: Sequence[str], columns: Columns) -> bool:
    """Whether a second row names the same fields again: labels above, codes below."""
    found = [item.field_by_label(cell) for cell in cells if cell.strip()]
    named = [name for cell, name in zip(cells, columns, strict=False) if cell.strip()]
    return bool(found) and [field and field.name for field in found] == named


def _refuse_prohibited(cells: Sequence[str]) -> None:
    for index, cell in enumerate(cells):
        prohibition = prohibited(cell) if cell.strip() else None
        if prohibition is not None:
            raise DomainError(
                codes.HEADER_PROHIBITED,
                column=column_letter(index),
                label=cell.strip()[:_SHOWN],
                articles="、".join(prohibition.articles),
            )


def _refuse_unknown(item: Item, cells: Sequence[str], found: Iterable[Field | None]) -> None:
    unknown = [
        f"{column_letter(index)} “{cell.strip()[:_SHOWN]}”"
        for index, (cell, field) in enumerate(zip(cells, found, strict=True))
        if field is None and cell.strip()
    ]
    if unknown:
        raise DomainError(codes.HEADER_UNKNOWN, item=item.title, labels="、".join(unknown))


def _refuse_repeated(cells: Sequence[str], found: Iterable[Field | None]) -> None:
    first: dict[str, int] = {}
    for index, field in enumerate(found):
        if field is None:
            continue
        if field.name in first:
            raise DomainError(
                codes.HEADER_REPEATED,
                column=column_letter(index),
                label=cells[index].strip()[:_SHOWN],
                other=column_letter(first[field.name]),
                field=field.name,
            )
        first[field.name] = index


def _refuse_missing(item: Item, found: Sequence[Field | None]) -> None:
    missing = [field.title for field in item.schema.fields if field.required and field not in found]
    if missing:
        raise DomainError(codes.HEADER_MISSING, labels="、".join(missing))
