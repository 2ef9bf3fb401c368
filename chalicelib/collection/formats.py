"""Which kind of file it is: told from its first bytes, and held against its name."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from chalicelib.collection import codes
from chalicelib.runtime.errors import DomainError


class Format(StrEnum):
    """What is read, by the name that people know."""

    TEXT = "CSV"
    SHEET = "XLSX"
    OLD_SHEET = "XLS"
    LINES = "JSON Lines"


MAX_SHEET: Final = 100 << 20
MAX_TEXT: Final = 2 << 30
"""Bytes of a workbook, and of any other file, as sent."""

UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXTENSIONS: Final = {
    "csv": (Format.TEXT, "text/csv"),
    "txt": (Format.TEXT, "text/plain"),
    "tsv": (Format.TEXT, "text/tab-separated-values"),
    "xlsx": (Format.SHEET, _XLSX),
    "xls": (Format.OLD_SHEET, "application/vnd.ms-excel"),
    "jsonl": (Format.LINES, "application/jsonl"),
    "ndjson": (Format.LINES, "application/jsonl"),
    "json": (Format.LINES, "application/jsonl"),
}
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_REFUSED: Final = {
    b"PK": "ZIP",
    b"%PDF": "PDF",
    b"\xff\xfe\0\0": "UTF-32",
    b"\x1f\x8b": "GZIP",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7Z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"{\\rtf": "RTF",
}
_UTF_8_MARK: Final = b"\xef\xbb\xbf"
_MARKUP: Final = {b"<html": "HTML", b"<!doc": "HTML", b"<table": "HTML", b"<?xml": "XML"}


def media_type(file_name: str) -> str:
    """The media type under which a file of this name is sent.

    Raises DomainError `E-UPLOAD-08` for names whose ending is not of an accepted format.
    """
    extension = _extension(file_name)
    if extension not in _EXTENSIONS:
        accepted = "、".join(f".{each}" for each in _EXTENSIONS)
        raise DomainError(
            codes.EXTENSION_REFUSED,
            pointer="/file_name",
            extension=f".{extension}" if extension else "",
            accepted=accepted,
        )
    return _EXTENSIONS[extension][1]


def largest(file_name: str) -> int:
    """How many bytes a file of this name may have by its format."""
    form, _ = _EXTENSIONS[_extension(file_name)]
    return MAX_SHEET if form in {Format.SHEET, Format.OLD_SHEET} else MAX_TEXT


def tell_format(start: bytes, file_name: str) -> Format:
    """The format that the first bytes of a file are of.

    Raises DomainError `E-FILE-03` for one that is not read, `E-FILE-07` where the name says another
    format than the content. A new workbook in an old one's container may be encrypted: what opens
    it decides.
    """
    found = _tell(start)
    named = named_format(file_name)
    if named not in {found, None} and (found, named) != (Format.OLD_SHEET, Format.SHEET):
        raise misnamed(file_name, found)
    return found


def named_format(file_name: str) -> Format | None:
    """The format that a file's name says, None where its ending is none of ours."""
    known = _EXTENSIONS.get(_extension(file_name))
    return None if known is None else known[0]


def misnamed(file_name: str, found: Format) -> DomainError:
    """That a file is of another format than its name says (`E-FILE-07`)."""
    extension = f".{_extension(file_name)}"
    return DomainError(codes.FILE_EXTENSION, extension=extension, format=found)


def _tell(start: bytes) -> Format:
    if start.startswith(_ZIP):
        return Format.SHEET
    if start.startswith(_OLE):
        return Format.OLD_SHEET
    for magic, name in _REFUSED.items():
        if start.startswith(magic):
            raise DomainError(codes.FILE_FORMAT, format=name)
    if start.startswith(UTF_16_MARKS):
        return Format.TEXT
    if b"\0" in start[:4] and start[:4].strip(b"\0"):
        raise DomainError(codes.FILE_FORMAT, format="UTF-16")
    return _tell_text(start.removeprefix(_UTF_8_MARK).lstrip())


def _tell_text(text: bytes) -> Format:
    for magic, name in _MARKUP.items():
        if text[: len(magic)].lower() == magic:
            raise DomainError(codes.FILE_FORMAT, format=name)
    line = text.split(b"\n", 1)[0].strip()
    if line.startswith(b"[") and text[1:].lstrip()[:1] == b"{":
        raise DomainError(codes.FILE_FORMAT, format="JSON")
    if not line.startswith(b"{"):
        return Format.TEXT
    if line == b"{" and text != line:  # one object over many lines
        raise DomainError(codes.FILE_FORMAT, format="JSON")
    return Format.LINES


def _extension(file_name: str) -> str:
    return PurePosixPath(file_name.strip()).suffix.removeprefix(".").casefold()
