"""Reading CSV bytes: records, rows and cells, told apart in bounded memory.

Records are split before decoding. That is safe in all accepted encodings: the bytes of newline
(0x0A), quotation mark (0x22) and comma (0x2C) never occur inside a UTF-8 sequence, nor as trail
bytes in GB18030 (0x30-39, 0x40-7E, 0x80-FE). `|` and `\\` do, so no other delimiter may be split
this way.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from chalicelib.collection import codes
from chalicelib.runtime.errors import Code, DomainError

MAX_RECORD: Final = 1 << 20
MAX_CELL: Final = 64 << 10
MAX_ROW: Final = 120 << 10
"""A statement holds a row as understood and as typed, in at most half as many bytes again as
GB18030 takes: this many and no more fit an item of 400 KB."""

BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\x84\x31\x95\x33")
_BLANK: Final = b' ,"\t\r\n'

# As the csv module reads: a quotation mark opens a quoted cell only as the cell's first character,
# and after the closing one anything up to the comma is plain. Possessive quantifiers keep the
# match linear and unambiguous.
_INSIDE = rb'[^"]*+(?:""[^"]*+)*+'
_CELL = rb'(?:"' + _INSIDE + rb'"[^,]*+|(?!")[^,]*+)'
_CLOSED: Final = re.compile(_CELL + rb"(?:," + _CELL + rb")*+")
_CLOSING: Final = re.compile(_INSIDE + rb'"[^,]*+(?:,' + _CELL + rb")*+")


class Row(msgspec.Struct, frozen=True):
    """One record of a file: its number as a spreadsheet shows it, and its cells or what is wrong."""

    number: int
    cells: list[str]
    fault: Code | None = None


def split_records(chunks: Iterable[bytes], *, file_start: bool = False) -> Iterator[bytes]:
    """The records in `chunks`, each with its line end: cut at newlines outside quoted cells.

    `file_start` tells that a byte order mark may come first; it stays part of the first record.
    Raises DomainError `E-FILE-05`, `E-FILE-06`.
    """
    number = 1
    begun: list[bytes] = []  # lines of a record whose quoted cell is still open
    held = 0
    for line in _split_lines(chunks):
        held += len(line)
        if held > MAX_RECORD:
            raise _too_long(number, inside_quotes=bool(begun))
        plain = _without_mark(line) if file_start and number == 1 and not begun else line
        if _ends_inside_quotes(plain, opened=bool(begun)):
            begun.append(line)
            continue
        yield b"".join((*begun, line)) if begun else line
        begun, held, number = [], 0, number + 1
    if begun:
        raise DomainError(codes.FILE_QUOTE, row=number)


def _too_long(number: int, *, inside_quotes: bool) -> DomainError:
    if inside_quotes:
        return DomainError(codes.FILE_QUOTE, row=number)
    return DomainError(codes.FILE_RECORD, row=number, limit=MAX_RECORD)


def _split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their newline. An endless line comes out in pieces that are over the limit."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line + b"\n"
        if len(rest) > MAX_RECORD:
            yield rest
            rest = b""
    if rest:
        yield rest


def _without_mark(line: bytes) -> bytes:
    for mark in BYTE_ORDER_MARKS:
        if line.startswith(mark):
            return line[len(mark) :]
    return line


def _ends_inside_quotes(line: bytes, *, opened: bool) -> bool:
    if b'"' not in line:
        return opened
    return (_CLOSING if opened else _CLOSED).fullmatch(line) is None


def is_blank(record: bytes) -> bool:
    """Whether a record holds nothing but spaces, commas and quotation marks."""
    return not record.strip(_BLANK)


def read_rows(
    body: bytes, *, encoding: str, first_row: int, skipped: Iterable[int] = ()
) -> Iterator[Row]:
    """The rows in a record-aligned part of a file; blank ones and the numbers `skipped` left out."""
    left_out = frozenset(skipped)
    for number, record in enumerate(split_records((body,)), first_row):
        if number not in left_out and not is_blank(record):
            yield _read_row(number, record, encoding)


def read_cells(record: bytes, encoding: str) -> list[str]:
    """The cells of one record. Raises `csv.Error`."""
    return next(csv.reader((record.decode(encoding),)))


def _read_row(number: int, record: bytes, encoding: str) -> Row:
    if b"\0" in record:
        return Row(number, [], codes.ROW_NUL)
    try:
        cells = read_cells(record, encoding)
    except csv.Error:
        fault = codes.ROW_UNREADABLE if len(record) <= MAX_CELL else codes.ROW_CELL
        return Row(number, [], fault)
    if len(record) > MAX_CELL and any(len(cell.encode()) > MAX_CELL for cell in cells):
        return Row(number, [], codes.ROW_CELL)
    if len(record) > MAX_ROW:
        return Row(number, [], codes.ROW_SIZE)
    return Row(number, cells)
