"""Styles and scripts, under names that hold a digest of what is in them, so that they are kept."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "static"

_MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_LETTERS: Final = 12


class File(Struct, frozen=True, kw_only=True):
    """A file as it is sent."""

    text: str
    media_type: str


@cache
def _published() -> Mapping[str, tuple[str, File]]:
    """Every file and the name that it is published under, by its own name."""
    return {path.name: _publish(path) for path in sorted(FOLDER.iterdir())}


def _publish(path: Path) -> tuple[str, File]:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:_LETTERS]
    file = File(text=content.decode(), media_type=_MEDIA_TYPES[path.suffix])
    return f"{path.stem}.{digest}{path.suffix}", file


def address_of(name: str) -> str:
    """Where the file called `name` is had. Raises `KeyError` where there is none."""
    return f"/static/{_published()[name][0]}"


def find_file(published: str) -> File | None:
    """The file that is published under this name."""
    return dict(_published().values()).get(published)
