"""Old workbooks (XLS) written by hand, never kept: records of [MS-XLS] in a container of [MS-CFB].

Excel 97 to 2003 (BIFF8) keeps texts as UTF-16, Excel 95 (BIFF5) in the code page of its machine:
936 is GBK.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Literal

Row = Sequence[object]
Version = Literal[8, 5]

_SECTOR: Final = 512
_SMALLEST: Final = 4096  # shorter streams would stand in a stream of their own
_LONGEST: Final = 8224  # bytes of a record
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_DAY_0: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_ERRORS: Final = {"#DIV/0!": 0x07, "#REF!": 0x17, "#N/A": 0x2A}
_GENERAL, _DATE = 0, 1  # places among the formats of cells
_DATE_FORMAT: Final = 14


def old_workbook_of(rows: Iterable[Row], *, sheet: str = "数据", version: Version = 8) -> bytes:
    """An XLS file with `rows` in its one sheet; days are numbers in the format of a date."""
    writer = _Writer(version)
    return _container("Workbook" if version == 8 else "Book", writer.write(sheet, rows))


class _Writer:
    def __init__(self, version: Version) -> None:
        self._version = version
        self._texts: dict[str, int] = {}

    def write(self, sheet: str, rows: Iterable[Row]) -> bytes:
        cells = b"".join(
            self._cell(row, column, value)
            for row, values in enumerate(rows)
            for column, value in enumerate(values)
            if value not in ("", None)
        )
        head = self._begin(0x0005) + _record(0x0042, struct.pack("<H", self._code_page))
        head += _record(0x0022, b"\0\0")
        head += self._format(_GENERAL) + self._format(_DATE_FORMAT)
        tail = (self._shared() if self._version == 8 else b"") + _record(0x000A)
        start = len(head) + len(self._sheet(sheet, 0)) + len(tail)
        body = self._begin(0x0010) + cells + _record(0x000A)
        return head + self._sheet(sheet, start) + tail + body

    @property
    def _code_page(self) -> int:
        return 1200 if self._version == 8 else 936

    def _begin(self, kind: int) -> bytes:
        more = struct.pack("<HHII", 0, 1997, 0, 0x0600) if self._version == 8 else b"\0" * 4
        number = 0x0600 if self._version == 8 else 0x0500
        return _record(0x0809, struct.pack("<HH", number, kind) + more)

    def _format(self, number: int) -> bytes:
        rest = b"\0" * (16 if self._version == 8 else 12)
        return _record(0x00E0, struct.pack("<HH", 0, number) + rest)

    def _sheet(self, name: str, start: int) -> bytes:
        text = name.encode("utf-16-le") if self._version == 8 else name.encode("gbk")
        wide = b"\x01" if self._version == 8 else b""
        length = len(name) if self._version == 8 else len(text)
        return _record(0x0085, struct.pack("<IBBB", start, 0, 0, length) + wide + text)

    def _cell(self, row: int, column: int, value: object) -> bytes:
        place = struct.pack("<HHH", row, column, _DATE if isinstance(value, date) else _GENERAL)
        if isinstance(value, str) and value in _ERRORS:
            return _record(0x0205, place + bytes((_ERRORS[value], 1)))
        if isinstance(value, str):
            return self._text(place, value)
        if isinstance(value, bool):
            return _record(0x0205, place + bytes((value, 0)))
        return _record(0x0203, place + struct.pack("<d", _number(value)))

    def _text(self, place: bytes, text: str) -> bytes:
        if self._version == 5:
            body = text.encode("gbk")
            return _record(0x0204, place + struct.pack("<H", len(body)) + body)
        index = self._texts.setdefault(text, len(self._texts))
        return _record(0x00FD, place + struct.pack("<I", index))

    def _shared(self) -> bytes:
        """The shared texts; one that is cut goes on in the next record."""
        records = [struct.pack("<II", len(self._texts), len(self._texts))]
        for text in self._texts:
            if len(records[-1]) > _LONGEST - 16:
                records.append(b"")
            rest = text.encode("utf-16-le")
            records[-1] += struct.pack("<HB", len(rest) // 2, 1)
            while len(records[-1]) + len(rest) > _LONGEST:
                cut = (_LONGEST - len(records[-1])) & ~1
                records[-1] += rest[:cut]
                rest = rest[cut:]
                records.append(b"\x01")
            records[-1] += rest
        first, *more = records
        return _record(0x00FC, first) + b"".join(_record(0x003C, each) for each in more)


def _number(value: object) -> float:
    if isinstance(value, datetime):
        return (value - _DAY_0).total_seconds() / 86_400
    if isinstance(value, date):
        return float((value - _DAY_0.date()).days)
    assert isinstance(value, int | float)
    return float(value)


def _record(kind: int, body: bytes = b"") -> bytes:
    assert len(body) <= _LONGEST
    return struct.pack("<HH", kind, len(body)) + body


def _container(name: str, stream: bytes) -> bytes:
    """A compound file: its header, the table of sectors, the directory, one stream."""
    stream = stream.ljust(_SMALLEST, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    tables = next(count for count in range(1, 110) if count * 128 >= count + 1 + sectors)
    first = tables + 1
    chain = [_FAT] * tables + [_END]
    chain += [*range(first + 1, first + sectors), _END]
    chain += [_FREE] * (tables * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIII", 0, tables, tables, 0, _SMALLEST)
    header += struct.pack("<IIII", _END, 0, _END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry(name, 2, first, len(stream))
    body = struct.pack(f"<{len(chain)}I", *chain) + directory.ljust(_SECTOR, b"\0")
    return header + body + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", _FREE, _FREE, child) + b"\0" * 36
    return entry + struct.pack("<IQ", start, size)
