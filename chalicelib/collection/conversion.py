"""What is no plain CSV, as one: UTF-8, commas, and every row under its number in the original.

The same file always becomes the same bytes.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from chalicelib.collection import codes
from chalicelib.collection.readers import (
    MAX_CELL,
    MAX_RECORD,
    SPLIT_AS_BYTES,
    read_cells,
    split_records,
    without_mark,
    write_fault,
)

BLANK: Final = b"\n"
_SURELY_SHORT: Final = MAX_RECORD // 4  # letters, of at most four bytes each
_STAND_IN: Final = "\x1f"  # for a delimiter of several bytes


def is_plain(encoding: str, delimiter: str) -> bool:
    """Whether a file can be read as it is."""
    return encoding in {"utf-8", "gb18030"} and delimiter in SPLIT_AS_BYTES


def convert_text(
    chunks: Iterable[bytes], encoding: str, delimiter: str, *, line_end: str = "\n"
) -> Iterator[bytes]:
    """The records of a file in any encoding with any delimiter, whose lines end with `line_end`.

    Raises DomainError `E-FILE-05`, `E-FILE-06`.
    """
    mark = delimiter if delimiter.isascii() else _STAND_IN
    swapped = str.maketrans({delimiter: mark, line_end: "\n"})
    utf_8 = _transcode(chunks, encoding, swapped)
    for record in split_records(utf_8, file_start=True, delimiter=mark):
        if b"\0" in record:
            yield write_fault(codes.ROW_NUL)
            continue
        try:
            cells = read_cells(without_mark(record), "utf-8", mark)
        except csv.Error:
            long = len(record) > MAX_CELL
            yield write_fault(codes.ROW_CELL if long else codes.ROW_UNREADABLE)
            continue
        yield write_record([cell.replace(mark, delimiter) for cell in cells])


def _transcode(chunks: Iterable[bytes], encoding: str, swapped: dict[int, str]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in chunks:
        yield decoder.decode(chunk).translate(swapped).encode()
    yield decoder.decode(b"", final=True).translate(swapped).encode()


def write_records(rows: Sequence[Sequence[str]]) -> bytes:
    """Records, one for each of `rows`; one that cannot be a record is the fault that says so."""
    text = _join(rows)
    if len(text) < _SURELY_SHORT and "\0" not in text:
        with suppress(UnicodeEncodeError):
            return text.encode()
    return b"".join(map(write_record, rows))


def _join(rows: Sequence[Sequence[str]]) -> str:
    """`rows` as the csv module writes them, which is rarely needed: few cells are to be quoted."""
    text = "".join([f"{','.join(cells)}\n" for cells in rows])
    ends = text.count("\n") == len(rows) and text.count(",") == sum(map(len, rows)) - len(rows)
    if ends and '"' not in text and "\r" not in text and all(rows) and [""] not in rows:
        return text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write_record(cells: Sequence[str]) -> bytes:
    """One record; where it is longer than a record may be, the fault that says so."""
    if not any(cells):
        return BLANK
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    record = out.getvalue()
    if "\0" in record:
        return write_fault(codes.ROW_NUL)
    try:
        body = record.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return write_fault(codes.ROW_UNREADABLE)
    return body if len(body) <= MAX_RECORD else write_fault(codes.ROW_SIZE)
