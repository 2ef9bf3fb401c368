"""What a file is before it is sent: its size, its digest, and those of its parts."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from creditctl import words
from creditctl.exits import Exit, Failure
from creditctl.storing import file_failure

IN_PARTS: Final = 32 << 20
"""A larger file is sent in parts, so that what is there need not be sent again."""

PART: Final = 8 << 20

_CHUNK: Final = 1 << 20


class Content(NamedTuple):
    """A file's size in bytes, its SHA-256 in base64, and that of each part of `PART` bytes."""

    size: int
    sha256: str
    parts: tuple[str, ...]


def describe(path: Path, tell: Callable[[int, int], None]) -> Content:
    """Read the file at `path` once; `tell` hears how many bytes of how many are read.

    Raises `Failure`.
    """
    try:
        size = path.stat().st_size
        whole = hashlib.sha256()
        parts: list[str] = []
        part, held = hashlib.sha256(), 0
        for chunk in _read(path):
            whole.update(chunk)
            part.update(chunk)
            held += len(chunk)
            tell(len(parts) * PART + held, size)
            if held == PART:
                parts.append(_text(part.digest()))
                part, held = hashlib.sha256(), 0
        if held:
            parts.append(_text(part.digest()))
    except OSError as error:
        raise file_failure(path, error) from None
    if not size:
        raise Failure(Exit.USAGE, words.FILE_EMPTY, file=str(path))
    return Content(size, _text(whole.digest()), tuple(parts))


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(min(_CHUNK, PART)):
            yield chunk


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
