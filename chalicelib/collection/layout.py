"""The header of a file against the catalogue: which column is which field."""

from collections.abc import Iterable, Sequence
from typing import Final

from chalicelib.catalogue.labels import normalise_label
from chalicelib.catalogue.model import Field, Item
from chalicelib.catalogue.prohibited import Prohibition, prohibited
from chalicelib.collection import codes
from chalicelib.collection.operation_columns import OPERATION
from chalicelib.runtime.errors import DomainError

ORIGINAL_ROW: Final = "原文件行号"
EXPLANATION: Final = "退回说明"
"""The labels of what a file of refused rows has beside them; it is not read when sent again."""

_LETTERS: Final = 26
_SHOWN: Final = 40
_UNREAD: Final = frozenset(("序号", "行号", "no", "no.", "№", ORIGINAL_ROW, EXPLANATION))

Columns = tuple[str | None, ...]
"""For each column of a file the name of its field; None for a column without a label."""


class HeaderRefused(DomainError):
    """A header that is not the item's; `labels` are its cells."""

    def __init__(self, error: DomainError, labels: Sequence[str]) -> None:
        super().__init__(error.code)
        self.values = error.values
        self.labels = labels


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
    _refuse_prohibited(item, cells)
    if not any(found):
        raise DomainError(codes.HEADER_ABSENT, row=row, item=item.title)
    _refuse_unknown(item, cells, found)
    _refuse_repeated(cells, found)
    if not any(field is not None and field.name == OPERATION for field in found):
        _refuse_missing(item, found)  # a withdrawal needs no more than keys
    return tuple(None if field is None else field.name for field in found)


def unread_columns(item: Item, cells: Sequence[str]) -> tuple[int, ...]:
    """The columns that only number the rows (序号) or say why they came back: they are left out."""
    return tuple(
        index
        for index, cell in enumerate(cells)
        if normalise_label(cell) in _UNREAD and item.field_by_label(cell) is None
    )


def find_prohibition(item: Item, label: str) -> Prohibition | None:
    """Why the information that `label` names must not come in (NJ-29, SZ-12); None where it may."""
    found = prohibited(label) if label.strip() else None
    if found is None or found.collected == "never" or not item.admits_consented:
        return found
    return found if item.field_by_label(label) is None else None


def _refuse_prohibited(item: Item, cells: Sequence[str]) -> None:
    for index, cell in enumerate(cells):
        prohibition = find_prohibition(item, cell)
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
        if field is None and cell.strip() and normalise_label(cell) not in _UNREAD
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
