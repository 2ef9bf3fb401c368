"""One pass over the records of a file: its header, its rows in ranges, and what is no data."""

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.heads import SEARCHED, Head, Known, find_head
from chalicelib.collection.layout import (
    Columns,
    HeaderRefused,
    column_letter,
    match_header,
    unread_columns,
)
from chalicelib.collection.problems import Remark
from chalicelib.collection.ranges import Range
from chalicelib.collection.readers import is_blank, read_cells, without_mark
from chalicelib.collection.remarks import left_out, may_be_left_out, reason_to_leave_out
from chalicelib.runtime.errors import Code, DomainError

MAX_ROWS: Final = 1_000
MAX_BYTES: Final = 1 << 20
MAX_RECORDS: Final = 5_000_000
"""Records of a file, blank ones too; so its plan stays small."""

MAX_LEFT_OUT: Final = 1_000
"""So many rows of a file may be left out as notes or totals; further ones count as rows."""

_ENCODINGS: Final = ("utf-8", "gb18030")
_LONGEST_LABEL: Final = 100
_REMEMBERED: Final = 4_096


class Layout(NamedTuple):
    """How a file is laid out: its columns, which rows hold labels, and the ranges of its data.

    `labels` are the cells of the header, none where the format has none.
    """

    columns: Columns
    header_rows: tuple[int, ...]
    ranges: tuple[Range, ...]
    unread: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()
    labels: tuple[str, ...] = ()


class _Numbered(msgspec.Struct, frozen=True):
    number: int
    start: int
    body: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.body)


class Scanner:
    """Takes records one after another in bounded memory; `columns` are given where none is named.

    The encoding of the whole is known at the end only, so what may be a note is kept as bytes, and
    the header is found in whichever encoding its first rows are valid.
    """

    def __init__(self, item: Item, delimiter: str = ",", columns: Columns | None = None) -> None:
        self._item = item
        self._delimiter = delimiter
        self._columns = columns
        self._known = known_in(item)
        self._number = 0  # of the last record
        self._end = 0
        self._first: list[_Numbered] | None = [] if columns is None else None
        self._held = 0
        self._above: list[_Numbered] = []  # titles and header
        self._head: Head | None = None
        self._again: set[bytes] = set()
        self._doubtful: list[_Numbered] = []
        self._cutter = _Cutter()

    def add(self, body: bytes) -> None:
        """The next record. Raises DomainError `E-FILE-08`."""
        self._number += 1
        record = _Numbered(self._number, self._end, body)
        if record.number > MAX_RECORDS:
            raise DomainError(codes.FILE_ROWS, limit=MAX_RECORDS)
        self._end = record.end
        blank = is_blank(body, self._delimiter)
        if self._first is None:
            self._take(record, blank=blank)
        elif not blank:
            self._first.append(record)
            self._held += len(body)
            if len(self._first) == SEARCHED or self._held > MAX_BYTES:
                self._find_head()

    def finish(self, encoding: str) -> Layout:
        """The layout, now that the encoding of the whole file is known.

        Raises DomainError `E-FILE-04`; `HeaderRefused`.
        """
        if self._first is not None:
            self._find_head()
        if self._columns is not None:
            return self._lay_out(self._columns, (), (), [])
        if not self._above:
            raise DomainError(codes.FILE_EMPTY)
        labels, first, last = self._labels(encoding)
        try:
            columns = match_header(self._item, labels, self._above[last].number)
        except DomainError as error:
            raise HeaderRefused(error, labels) from error
        unread = unread_columns(self._item, labels)
        remarks = [Remark(codes.LEFT_TITLE.id, each.number) for each in self._above[:first]]
        remarks += [
            Remark(
                codes.UNREAD_COLUMN.id,
                values={"column": column_letter(index), "label": labels[index].strip()},
            )
            for index in unread
        ]
        remarks += self._leave_out(columns, encoding)
        header_rows = tuple(each.number for each in self._above[first : last + 1])
        layout = self._lay_out(columns, header_rows, unread, remarks)
        return layout._replace(labels=tuple(labels))

    def _lay_out(
        self,
        columns: Columns,
        header_rows: tuple[int, ...],
        unread: tuple[int, ...],
        remarks: list[Remark],
    ) -> Layout:
        ranges = self._cutter.finish(left_out(remarks))
        if not ranges:
            raise DomainError(codes.FILE_EMPTY)
        return Layout(columns, header_rows, ranges, unread, tuple(remarks))

    # -- the rows above the data ------------------------------------------------------------------

    def _find_head(self) -> None:
        first, self._first = self._first or [], None
        if not first:
            return
        encoding = next(name for name in (*_ENCODINGS, "") if not name or _fits(first, name))
        rows = [self._read(record, encoding or "latin-1") for record in first]
        self._head = find_head(rows, self._known)
        last = 0 if self._head is None else self._head.last
        self._above = first[: last + 1]
        self._again = {_bare(record.body) for record in self._above}
        for record in first[last + 1 :]:
            self._take(record, blank=False)

    def _labels(self, encoding: str) -> tuple[list[str], int, int]:
        """The labels of the header, and the places of its first and last row above the data."""
        rows = [self._read(record, encoding) for record in self._above]
        head = find_head(rows, self._known)
        if self._head is None or head is None:
            return rows[0], 0, 0
        return list(head.labels), head.first, self._head.last

    def _read(self, record: _Numbered, encoding: str) -> list[str]:
        try:
            return read_cells(without_mark(record.body), encoding, self._delimiter)
        except csv.Error:
            return []

    # -- the rows below ---------------------------------------------------------------------------

    def _take(self, record: _Numbered, *, blank: bool) -> None:
        self._cutter.add(record, blank=blank)
        if blank or self._columns is not None or len(self._doubtful) == MAX_LEFT_OUT:
            return
        if may_be_left_out(record.body) or _bare(record.body) in self._again:
            self._doubtful.append(record)

    def _leave_out(self, columns: Columns, encoding: str) -> list[Remark]:
        remarks = []
        for record in self._doubtful:
            code: Code | None = codes.LEFT_HEADER
            if _bare(record.body) not in self._again:
                cells = self._read(record, encoding)
                code = reason_to_leave_out(self._item, columns, cells)
            if code is not None:
                remarks.append(Remark(code.id, record.number))
        return remarks


class _Cutter:
    """Cuts records into ranges of bounded size."""

    def __init__(self) -> None:
        self._ranges: list[Range] = []
        self._begun: _Numbered | None = None
        self._end = 0
        self._rows = 0

    def add(self, record: _Numbered, *, blank: bool) -> None:
        """The next record."""
        if self._begun is not None and self._is_full(self._begun, record):
            self._cut(self._begun)
        self._begun = self._begun or record
        self._end = record.end
        self._rows += not blank

    def finish(self, left_out: Iterable[int]) -> tuple[Range, ...]:
        """The ranges that hold rows other than those `left_out`."""
        if self._begun is not None:
            self._cut(self._begun)
        firsts = [each.first_row for each in self._ranges]
        fewer = Counter(bisect_right(firsts, number) - 1 for number in left_out)
        counted = (
            msgspec.structs.replace(each, rows=each.rows - fewer[index])
            for index, each in enumerate(self._ranges)
        )
        return tuple(each for each in counted if each.rows)

    @staticmethod
    def _is_full(begun: _Numbered, record: _Numbered) -> bool:
        return record.number - begun.number >= MAX_ROWS or record.end - begun.start > MAX_BYTES

    def _cut(self, begun: _Numbered) -> None:
        self._ranges.append(Range(begun.start, self._end, begun.number, self._rows))
        self._begun, self._rows = None, 0


def known_in(item: Item) -> Known:
    """Which field of `item` a cell of a header means."""

    @lru_cache(_REMEMBERED)  # each row is weighed alone and in pairs
    def known(text: str) -> str | None:
        field = item.field_by_label(text) if len(text) <= _LONGEST_LABEL else None
        return None if field is None else field.name

    return known


def _fits(records: Iterable[_Numbered], encoding: str) -> bool:
    try:
        for record in records:
            record.body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _bare(body: bytes) -> bytes:
    return without_mark(body).strip(b' ,;\t\x01"\r\n')
