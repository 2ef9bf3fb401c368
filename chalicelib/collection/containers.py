"""Whether a person may stand in a received file whose bytes are not its text: a workbook."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, Final

from chalicelib.collection.blanking import Sought
from chalicelib.collection.formats import Format, tell_format
from chalicelib.runtime.errors import DomainError

_CHUNK: Final = 1 << 20
_OVERLAP: Final = 256
_ENCODINGS: Final = ("utf-8", "gb18030")


def is_container(chunks: Iterable[bytes]) -> bool:
    """Whether a file is a workbook."""
    try:
        return tell_format(next(iter(chunks), b""), "") in {Format.SHEET, Format.OLD_SHEET}
    except DomainError:
        return False


def may_name(chunks: Iterable[bytes], sought: Sought) -> bool:
    """Whether the number looked for stands in any part of a file, inflated where it must be.

    A number that runs over several formats within one cell is not found.
    """
    with TemporaryFile() as file:
        for chunk in chunks:
            file.write(chunk)
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as container:
                return any(_names(part, sought) for part in _parts(container))
        except (zipfile.BadZipFile, zlib.error, EOFError):
            file.seek(0)
            return _names(file, sought)


def _parts(container: zipfile.ZipFile) -> Iterator[IO[bytes]]:
    for name in container.namelist():
        if name.endswith(".xml"):
            with container.open(name) as part:
                yield part


def _names(part: IO[bytes], sought: Sought) -> bool:
    before = b""
    while chunk := part.read(_CHUNK):
        text = (before + chunk).replace(b"\0", b"")  # UTF-16
        before = text[-_OVERLAP:]
        if any(sought.numbered_in(text.decode(encoding, "ignore")) for encoding in _ENCODINGS):
            return True
    return False
