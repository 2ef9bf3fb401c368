"""Blanking a person in the bytes of a received file, or of what it was converted to.

Byte for byte, so that the file's size and the plan's byte ranges stay right; a row about an
organisation stays a row that can be merged again, without the person. Pure.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from chalicelib.catalogue.model import Item, Mention
from chalicelib.collection.plans import Plan
from chalicelib.collection.readers import SPLIT_AS_BYTES, read_cells, split_records
from chalicelib.subjects.identifiers import (
    PLACEHOLDER,
    Fault,
    Paper,
    check_registration_number,
    normalise_code,
    organisation_subject,
    sole_trader_subject,
)
from chalicelib.subjects.names import normalise_name
from chalicelib.subjects.texts import compact

_KEPT: Final = frozenset(b'"\r\n' + "".join(SPLIT_AS_BYTES).encode())
_GONE: Final = b" "  # where a number or its kind stood: the cell is empty
_HIDDEN: Final = b"*"  # where a name or text stood: the cell may be a required one
_CELLS: Final = {
    delimiter: re.compile(rb'(?:"[^"]*(?:""[^"]*)*")?[^' + re.escape(delimiter.encode()) + rb"]*")
    for delimiter in SPLIT_AS_BYTES
}
_BRACKETS: Final = str.maketrans("", "", "()-")
_ID_LENGTH: Final = 18
_LONGEST_LINE: Final = 8 << 20  # bytes held of a file that could not be read
_BETWEEN: Final = (b" ", b",", b";", b"\t", b"|", b"<", b"\0")
_TEN_CENTURIES: Final = "19"


class Sought:
    """Whom to look for: a paper, and the name that stands beside it."""

    def __init__(self, paper: Paper, name: str) -> None:
        self.paper = paper
        self.name = name
        self._pattern = _pattern(paper.number)

    def numbered_in(self, text: str) -> bool:
        """Whether the number stands in `text`, however it was typed."""
        return self._pattern.search(normalise_code(text).translate(_BRACKETS)) is not None

    def hide_name(self, text: str, encoding: str) -> str:
        """`text` without the name, as long in `encoding` as before."""
        if not self.name:
            return text
        return text.replace(self.name, _HIDDEN.decode() * len(self.name.encode(encoding)))

    def is_name(self, text: str) -> bool:
        """Whether `text` is the name, however it was typed."""
        return bool(self.name) and normalise_name(text) == normalise_name(self.name)


def _pattern(number: str) -> re.Pattern[str]:
    """Finds a number; an ID number of the 1900s in its old form of 15 digits too."""
    if len(number) != _ID_LENGTH or not number[:-1].isdigit():
        return re.compile(rf"(?<![0-9A-Z]){number}(?![0-9A-Z])")
    forms = [number]
    if number[6:8] == _TEN_CENTURIES:
        forms.append(number[:6] + number[8:17])
    return re.compile(rf"(?<![0-9])(?:{'|'.join(forms)})(?![0-9])")


def read_records(chunks: Iterable[bytes], plan: Plan | None) -> Iterator[bytes]:
    """The records of a file; of one that could not be read as such, its lines."""
    if plan is None:
        return _split_lines(chunks)
    return split_records(chunks, file_start=True, delimiter=plan.delimiter)


def _split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ends, whichever those are. An endless one comes in pieces, between words."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).splitlines(keepends=True) or [b""]
        yield from lines
        if len(rest) > _LONGEST_LINE:
            cut = max(map(rest.rfind, _BETWEEN)) + 1
            lines, rest = [rest[:cut]], rest[cut:]
            yield from filter(None, lines)
    yield from rest.splitlines(keepends=True)


class _Row(NamedTuple):
    """A record as its bytes, and what they say, both by column."""

    raw: list[bytes]
    texts: list[str]


class Blanker:
    """Blanks one person in the records of one file; `plan` and `item` are None where it has none."""

    def __init__(self, sought: Sought, plan: Plan | None, item: Item | None) -> None:
        self._sought = sought
        self._plan = plan
        self._item = item

    def organisation_in(self, record: bytes) -> str | None:
        """The subject key of the organisation whose row gives the person's number."""
        row = self._read(record) if self._numbered(record) else None
        return None if row is None else self._organisation(row)

    def blank_name(self, record: bytes, organisations: Collection[str]) -> bytes:
        """`record` without the person, where a row of `organisations` names them without paper."""
        row = self._read(record)
        if row is None or self._organisation(row) not in organisations:
            return record
        for mention in self._mentions:
            name, number = self._index(mention.name), self._index(mention.paper_number)
            bare = number is None or not any(map(str.isalnum, row.texts[number]))
            if name is not None and bare and self._sought.is_name(row.texts[name]):
                row.raw[name] = _fill(row.raw[name], _HIDDEN)
        return self._delimiter.encode().join(row.raw)

    def blank_paper(self, record: bytes) -> bytes:
        """`record` without the person's number and what stands beside it.

        A record about the person becomes blank, and one that cannot be read as a row.
        """
        if not self._numbered(record):
            return record
        row = self._read(record)
        if row is None or self._is_about_person(row):
            return _fill(record, _GONE)
        for mention in self._mentions:
            self._blank_mention(row, mention)
        cells = (self._blank_rest(index, raw) for index, raw in enumerate(row.raw))
        left = self._delimiter.encode().join(cells)
        return _fill(record, _GONE) if self._numbered(left) else left

    def _blank_mention(self, row: _Row, mention: Mention) -> None:
        number = self._index(mention.paper_number)
        if number is None or not self._sought.numbered_in(row.texts[number]):
            return
        fills = (
            (mention.paper_number, _GONE),
            (mention.paper_kind, _GONE),
            (mention.name, _HIDDEN),
        )
        for field, fill in fills:
            index = self._index(field)
            if index is not None and row.texts[index].strip():
                row.raw[index] = _fill(row.raw[index], fill)

    def _blank_rest(self, index: int, raw: bytes) -> bytes:
        """A cell of a row that gives the number: without it, and without the name in a text."""
        text = raw.decode(self._encoding)
        if self._sought.numbered_in(text):
            return _fill(raw, _HIDDEN)
        if index == self._index(self._item.subject.name if self._item else None):
            return raw  # an organisation's name is no person's, even where it holds one
        return self._sought.hide_name(text, self._encoding).encode(self._encoding)

    # -- reading ----------------------------------------------------------------------------------

    @cached_property
    def _encoding(self) -> str:
        return "utf-8" if self._plan is None else self._plan.encoding

    @cached_property
    def _delimiter(self) -> str:
        return "," if self._plan is None else self._plan.delimiter

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        columns = () if self._plan is None else self._plan.columns
        return {name: index for index, name in enumerate(columns) if name is not None}

    @cached_property
    def _mentions(self) -> tuple[Mention, ...]:
        """Where the item names persons, the subject's own paper included."""
        if self._item is None:
            return ()
        subject = self._item.subject
        own = Mention(name="", paper_kind=subject.paper_kind, paper_number=subject.paper_number)
        return (*self._item.mentions, own)

    def _index(self, field: str | None) -> int | None:
        return self._columns.get(field) if field else None

    def _numbered(self, record: bytes) -> bool:
        """Whether the number stands in `record`; a file nobody could read may be in any encoding."""
        if self._plan is not None:
            return self._sought.numbered_in(record.decode(self._encoding))
        bare = record.replace(b"\0", b"")  # UTF-16
        return any(
            self._sought.numbered_in(bare.decode(encoding, "ignore"))
            for encoding in ("utf-8", "gb18030")
        )

    def _read(self, record: bytes) -> _Row | None:
        """The record as a row of the plan's columns; None where it is none."""
        if self._plan is None or b"\0" in record:
            return None
        raw = _split_cells(record, self._delimiter)
        try:
            texts = read_cells(record, self._encoding, self._delimiter)
        except (csv.Error, StopIteration):
            return None
        if len(raw) != len(texts) or len(texts) > len(self._plan.columns):
            return None
        missing = len(self._plan.columns) - len(texts)
        return _Row(raw, [*texts, *[""] * missing])

    def _organisation(self, row: _Row) -> str | None:
        """The subject key of the organisation or sole trader that the row is about."""
        if self._item is None:
            return None
        index = self._index(self._item.subject.uscc)
        code = "" if index is None else normalise_code(row.texts[index])
        if code != PLACEHOLDER:
            return organisation_subject(code) if code else None
        index = self._index(self._item.subject.registration_number)
        number = check_registration_number("" if index is None else row.texts[index])
        return None if isinstance(number, Fault) else sole_trader_subject(number)

    def _is_about_person(self, row: _Row) -> bool:
        if self._item is None:
            return False
        subject = self._item.subject
        number, kind = self._index(subject.paper_number), self._index(subject.kind)
        if number is None or not self._sought.numbered_in(row.texts[number]):
            return False
        said = None if kind is None else subject.kinds.get(compact(row.texts[kind]))
        return said == "person" or self._organisation(row) is None


def _split_cells(record: bytes, delimiter: str) -> list[bytes]:
    """The bytes of each cell, the line's end with the last; delimiters in quotes do not count."""
    cell = _CELLS[delimiter]
    cells = []
    position = 0
    while position <= len(record):
        found = cell.match(record, position)
        end = len(record) if found is None else found.end()
        cells.append(record[position:end])
        position = end + 1
    return cells


def _fill(raw: bytes, fill: bytes) -> bytes:
    return bytes(byte if byte in _KEPT else fill[0] for byte in raw)
