"""Rows of a converted file or of one with numbered rows, as if they had been sent plainly."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from chalicelib.catalogue.model import Item
from chalicelib.collection.layout import Columns
from chalicelib.collection.readers import Row

_SERIAL: Final = re.compile(r"^\d{5}(?=\.\d+$|$)", re.ASCII)


def adapt_rows(
    rows: Iterable[Row], item: Item, columns: Columns, *, unread: Sequence[int], serial_offset: int
) -> Iterator[Row]:
    """`rows` without what stands in columns `unread`, serial numbers of days counted from 1900."""
    dates = [
        index
        for index, name in enumerate(columns)
        if serial_offset and name is not None and item.field(name).type == "date"
    ]
    if not unread and not dates:
        yield from rows
        return
    for row in rows:
        cells = list(row.cells)
        for index in unread:
            if index < len(cells):
                cells[index] = ""
        for index in dates:
            if index < len(cells):
                cells[index] = _SERIAL.sub(
                    lambda found: str(int(found[0]) + serial_offset), cells[index]
                )
        yield msgspec.structs.replace(row, cells=cells)
