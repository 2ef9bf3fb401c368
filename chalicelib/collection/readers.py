"""Reading CSV bytes: records, rows and cells, told apart in bounded memory.

Records are split before decoding. That is safe in all accepted encodings: the bytes of newline
(0x0A), quotation mark (0x22), comma (0x2C), semicolon (0x3B), tab and 0x01 never occur inside a
UTF-8 sequence, nor as trail bytes in GB18030 (0x30-39, 0x40-7E, 0x80-FE). `|` and `\\` do, so files
with other delimiters are converted before (`conversion`).

A converted file may hold a row as a fault: NUL, and the id of the code that tells what was wrong.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

import msgspec

from chalicelib.collection import codes
from chalicelib.runtime.errors import Code, DomainError

MAX_RECORD: Final = 1 << 20
MAX_CELL: Final = 64 << 10
MAX_ROW: Final = 120 << 10
"""A statement holds a row as understood and as typed, in at most half as many bytes again as
GB18030 takes: this many and no more fit an item of 400 KB."""

BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\x84\x31\x95\x33")
SPLIT_AS_BYTES: Final = frozenset(",\t;\x01")
"""The delimiters at which the bytes of a record may be cut in every accepted encoding."""

_FAULTS: Final = {
    code.id: code
    for code in (
        codes.ROW_NUL,
        codes.ROW_SIZE,
        codes.ROW_UNREADABLE,
        codes.ROW_CELL,
        codes.ROW_JSON,
        codes.ROW_NESTED,
        codes.ROW_KEYS,
    )
}


class _Dialect(NamedTuple):
    closed: re.Pattern[bytes]  # a line that leaves no quoted cell open
    closing: re.Pattern[bytes]  # a line that ends the quoted cell which is open
    blank: bytes  # what a record that holds nothing is made of


@cache
def _dialect(delimiter: str) -> _Dialect:
    """As the csv module reads: a quotation mark opens a quoted cell only as its first character.

    After the closing one anything up to the delimiter is plain. Possessive quantifiers keep the
    match linear and unambiguous.
    """
    mark = re.escape(delimiter.encode())
    inside = rb'[^"]*+(?:""[^"]*+)*+'
    rest = rb"[^" + mark + rb"]*+"
    cell = rb'(?:"' + inside + rb'"' + rest + rb'|(?!")' + rest + rb")"
    more = rb"(?:" + mark + cell + rb")*+"
    return _Dialect(
        re.compile(cell + more),
        re.compile(inside + rb'"' + rest + more),
        b' ,"\t\r\n' + delimiter.encode(),
    )


class Row(msgspec.Struct, frozen=True):
    """One record of a file: its number as a spreadsheet shows it, and its cells or what is wrong."""

    number: int
    cells: list[str]
    fault: Code | None = None


def write_fault(code: Code) -> bytes:
    """The record of a converted file that stands for a row with this fault."""
    return b"\0" + code.id.encode() + b"\n"


def split_records(
    chunks: Iterable[bytes], *, file_start: bool = False, delimiter: str = ","
) -> Iterator[bytes]:
    """The records in `chunks`, each with its line end: cut at newlines outside quoted cells.

    `file_start` tells that a byte order mark may come first; it stays part of the first record.
    Raises DomainError `E-FILE-05`, `E-FILE-06`.
    """
    dialect = _dialect(delimiter)
    number = 1
    begun: list[bytes] = []  # lines of a record whose quoted cell is still open
    held = 0
    for line in _split_lines(chunks):
        held += len(line)
        if held > MAX_RECORD:
            raise _too_long(number, inside_quotes=bool(begun))
        plain = without_mark(line) if file_start and number == 1 and not begun else line
        if _ends_inside_quotes(plain, dialect, opened=bool(begun)):
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


def without_mark(line: bytes) -> bytes:
    """`line` without a byte order mark at its beginning."""
    for mark in BYTE_ORDER_MARKS:
        if line.startswith(mark):
            return line[len(mark) :]
    return line


def _ends_inside_quotes(line: bytes, dialect: _Dialect, *, opened: bool) -> bool:
    if b'"' not in line:
        return opened
    return (dialect.closing if opened else dialect.closed).fullmatch(line) is None


def is_blank(record: bytes, delimiter: str = ",") -> bool:
    """Whether a record holds nothing but spaces, commas, delimiters and quotation marks."""
    return not record.strip(_dialect(delimiter).blank)


def read_rows(
    body: bytes,
    *,
    encoding: str,
    first_row: int,
    skipped: Iterable[int] = (),
    delimiter: str = ",",
) -> Iterator[Row]:
    """The rows in a record-aligned part of a file; blank ones and the numbers `skipped` left out."""
    left_out = frozenset(skipped)
    for number, record in enumerate(split_records((body,), delimiter=delimiter), first_row):
        if number not in left_out and not is_blank(record, delimiter):
            yield _read_row(number, record, encoding, delimiter)


def read_cells(record: bytes, encoding: str, delimiter: str = ",") -> list[str]:
    """The cells of one record. Raises `csv.Error`."""
    text = record.decode(encoding)
    if '"' not in text:
        plain = text.rstrip("\r\n")
        if plain and "\r" not in plain and len(plain) <= MAX_CELL:
            return plain.split(delimiter)
    return next(csv.reader((text,), delimiter=delimiter))


def _read_row(number: int, record: bytes, encoding: str, delimiter: str) -> Row:
    if b"\0" in record:
        return Row(number, [], _FAULTS.get(record[1:].rstrip().decode("latin-1"), codes.ROW_NUL))
    try:
        cells = read_cells(record, encoding, delimiter)
    except csv.Error:
        fault = codes.ROW_UNREADABLE if len(record) <= MAX_CELL else codes.ROW_CELL
        return Row(number, [], fault)
    if len(record) > MAX_CELL and any(len(cell.encode()) > MAX_CELL for cell in cells):
        return Row(number, [], codes.ROW_CELL)
    if len(record) > MAX_ROW:
        return Row(number, [], codes.ROW_SIZE)
    return Row(number, cells)
