"""What stands in a workbook's container, before anything opens it: no bomb, no macro, no password.

The reader shows neither cells with errors nor hidden rows, so both are looked for here, in the
same pass that counts what the parts inflate to.
"""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Final, NamedTuple
from xml.etree import ElementTree as ET

from chalicelib.collection import codes
from chalicelib.runtime.errors import DomainError

MAX_PARTS: Final = 10_000
MAX_INFLATED: Final = 1 << 30

_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_MAX_BOOK: Final = 4 << 20
_CHUNK: Final = 1 << 20
_MACRO_PARTS: Final = re.compile(r"vbaproject\.bin$|^xl/macrosheets/", re.IGNORECASE)
_OTHERS: Final = {
    "xl/workbook.bin": "XLSB",
    "content.xml": "ODS",
    "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
}
_OLE_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_OLE_OTHERS: Final = {"WordDocument": "DOC", "PowerPoint Document": "PPT"}
_OLE_BOOK, _OLE_BOOK_95 = (name.encode("utf-16-le") for name in ("Workbook", "Book\0"))
_OLE_ENCRYPTED: Final = ("EncryptedPackage", "EncryptionInfo")

_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\shidden=[\"'](?:1|true)[\"']")
_ERROR_CELL: Final = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\st=[\"']e[\"'][^>]*(?<!/)>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,30})<",
    re.DOTALL,
)
_PLACE: Final = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_SHEETS: Final = "xl/worksheets/"
_OPENINGS: Final = (b"<c ", b":c ", b"<row", b":row")
_ROWS: Final = 1 << 20
_COLUMNS: Final = 1 << 14
_LONGEST_CELL: Final = 4 << 20
_NEAR: Final = 64 << 10  # a cell begins so near the end of nearly every piece

Errors = Mapping[int, Mapping[int, str]]
"""Cells with an error by row and column, both from 0."""


class Sheet(NamedTuple):
    """What a sheet's part holds beside what the reader shows."""

    hidden_rows: int
    errors: Errors


_NOTHING: Final = Sheet(0, {})


class Container(NamedTuple):
    """A workbook's sheets by name, and whether its days are counted from 1904."""

    sheets: Mapping[str, Sheet]
    from_1904: bool


def inspect_container(path: Path) -> Container:
    """Look through the XLSX file at `path`.

    Raises DomainError `E-FILE-03` where it is something else, `E-SHEET-01`, `E-SHEET-03` or
    `E-SHEET-04`.
    """
    try:
        with zipfile.ZipFile(path) as file:
            _refuse_kinds(file)
            _refuse_sizes(file)
            surveys = _survey_parts(file)
            return _read_book(file, surveys)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, EOFError, KeyError) as error:
        raise DomainError(codes.SHEET_DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:  # a method or password of ZIP itself
        raise DomainError(codes.SHEET_ENCRYPTED) from error


def inspect_old(path: Path) -> None:
    """Look through the XLS file at `path`.

    Raises DomainError `E-FILE-03`, `E-SHEET-01`, `E-SHEET-02`.
    """
    body = path.read_bytes()
    if any(name.encode("utf-16-le") in body for name in _OLE_ENCRYPTED):
        raise DomainError(codes.SHEET_ENCRYPTED)
    for name, kind in _OLE_OTHERS.items():
        if name.encode("utf-16-le") in body:
            raise DomainError(codes.FILE_FORMAT, format=kind)
    if _OLE_BOOK_95 in body and _OLE_BOOK not in body:  # texts in a code page, which are misread
        raise DomainError(codes.FILE_FORMAT, format="XLS 5.0/95")
    if _OLE_MACROS in body:
        raise DomainError(codes.SHEET_MACROS, part="_VBA_PROJECT")


def _refuse_kinds(file: zipfile.ZipFile) -> None:
    names = frozenset(file.namelist())
    if _BOOK not in names:
        found = (kind for part, kind in _OTHERS.items() if part in names)
        raise DomainError(codes.FILE_FORMAT, format=next(found, "ZIP"))
    macros = [name for name in names if _MACRO_PARTS.search(name)]
    if macros:
        raise DomainError(codes.SHEET_MACROS, part=PurePosixPath(min(macros)).name[:40])


def _refuse_sizes(file: zipfile.ZipFile) -> None:
    parts = file.infolist()
    if len(parts) > MAX_PARTS:
        raise DomainError(codes.SHEET_SIZE, what="部件数", what_en="parts", limit=MAX_PARTS)
    if sum(part.file_size for part in parts) > MAX_INFLATED:
        raise _inflates()


def _inflates() -> DomainError:
    return DomainError(
        codes.SHEET_SIZE, what="解压后字节数", what_en="bytes when inflated", limit=MAX_INFLATED
    )


def _survey_parts(file: zipfile.ZipFile) -> Mapping[str, Sheet]:
    """Inflate every part that a reader inflates, and count; what the sheets among them hold."""
    left = MAX_INFLATED
    sheets = {}
    for part in file.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        survey = _Survey() if part.filename.startswith(_SHEETS) else None
        with file.open(part) as body:
            for chunk in _pieces(body):
                left -= len(chunk)
                if left < 0:
                    raise _inflates()
                if survey is not None:
                    survey.add(chunk)
        if survey is not None:
            sheets[part.filename] = survey.finish()
    return sheets


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    while chunk := body.read(_CHUNK):
        yield chunk


class _Survey:
    """Looks through a sheet in pieces; a cell cut in two is looked at with the next piece."""

    def __init__(self) -> None:
        self._rest = b""
        self._hidden = 0
        self._errors: dict[int, dict[int, str]] = defaultdict(dict)

    def add(self, chunk: bytes) -> None:
        """The next piece."""
        text = self._rest + chunk
        near = max(0, len(text) - _NEAR)
        last = max(text.rfind(opening, near) for opening in _OPENINGS)
        if last < 0:
            last = max(map(text.rfind, _OPENINGS))
        cut = text.rfind(b"<", 0, last + 1)
        if cut <= 0:
            cut = 0 if len(text) <= _LONGEST_CELL else len(text)
        self._look(text[:cut])
        self._rest = text[cut:]

    def finish(self) -> Sheet:
        """What was found."""
        self._look(self._rest)
        return Sheet(self._hidden, self._errors)

    def _look(self, text: bytes) -> None:
        if b"hidden=" in text:
            self._hidden += len(_HIDDEN_ROW.findall(text))
        if b't="e"' not in text and b"t='e'" not in text:
            return
        for cell in _ERROR_CELL.finditer(text):
            place = _PLACE.search(cell[0])
            row, column = (-1, -1) if place is None else (int(place[2]) - 1, _column(place[1]))
            if 0 <= row < _ROWS and 0 <= column < _COLUMNS:
                self._errors[row][column] = cell[1].decode("utf-8", "replace")


def _column(letters: bytes) -> int:
    """The place of a column with these letters, from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _read_book(file: zipfile.ZipFile, surveys: Mapping[str, Sheet]) -> Container:
    """Which sheet is which part. Raises what reading parts and XML raises."""
    if max(file.getinfo(name).file_size for name in (_BOOK, _LINKS)) > _MAX_BOOK:
        raise _inflates()
    links = {
        link.get("Id"): _part(link.get("Target", ""))
        for link in ET.fromstring(file.read(_LINKS))  # noqa: S314 - sizes are bounded
    }
    book = ET.fromstring(file.read(_BOOK))  # noqa: S314
    sheets = {}
    from_1904 = False
    for element in book.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "workbookPr":
            from_1904 = element.get("date1904") in {"1", "true"}
        elif kind == "sheet":
            link = next((value for name, value in element.items() if name.endswith("}id")), "")
            sheets[element.get("name", "")] = surveys.get(links.get(link, ""), _NOTHING)
    return Container(sheets, from_1904)


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
