"""Workbooks made for a test, never kept."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Row = Sequence[Any]


def workbook_of(rows: Iterable[Row], *, change: Callable[[Worksheet], None] | None = None) -> bytes:
    """An XLSX file with `rows` in its one sheet; texts stay texts, whatever they look like."""
    return workbook_of_sheets({"数据": rows}, change=change)


def workbook_of_sheets(
    sheets: Mapping[str, Iterable[Row]],
    *,
    change: Callable[[Worksheet], None] | None = None,
    prepare: Callable[[Workbook], None] | None = None,
) -> bytes:
    """An XLSX file of several sheets; `change` is given each, `prepare` the whole book."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                _write(sheet, number, column, value)
        if change is not None:
            change(sheet)
    if prepare is not None:
        prepare(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if value in ("", None):
        return
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str) and not (value.startswith("#") and value.isupper()):
        cell.data_type = "s"


def with_part(body: bytes, name: str, content: bytes) -> bytes:
    """The same container with one more part, or another content of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as given, zipfile.ZipFile(out, "w") as made:
        for part in given.namelist():
            if part != name:
                made.writestr(part, given.read(part))
        made.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def part_of(body: bytes, name: str) -> bytes:
    """One part of a container."""
    with zipfile.ZipFile(io.BytesIO(body)) as given:
        return given.read(name)
