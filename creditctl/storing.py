"""Sending bytes to the store: some of a file, to an address that takes exactly those."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request

from creditctl import words
from creditctl.exits import Exit, Failure
from creditctl.server import opener, unreachable

_PATIENCE: Final = 120  # seconds in which some bytes must move


class Piece(NamedTuple):
    """`size` bytes of a file, from `start` on."""

    path: Path
    start: int
    size: int


class StoreRefused(Failure):
    """The store will not take these bytes there, now or later."""


class _Watched:
    """A piece of a file that tells how far the file has been read."""

    def __init__(self, file: BinaryIO, piece: Piece, tell: Callable[[int], None]) -> None:
        self._file = file
        self._end = piece.start + piece.size
        self._tell = tell

    def read(self, length: int = -1) -> bytes:
        """The next bytes."""
        left = self._end - self._file.tell()
        chunk = self._file.read(left if length < 0 else min(length, left))
        self._tell(self._file.tell())
        return chunk


def put(piece: Piece, url: str, headers: Mapping[str, str], tell: Callable[[int], None]) -> None:
    """Send `piece`; that an earlier try got through is as good.

    Raises `Unreachable`, `StoreRefused`, and `Failure` where the file cannot be read.
    """
    try:
        with piece.path.open("rb") as file:
            file.seek(piece.start)
            request = Request(  # noqa: S310 - the server's own address
                url,
                data=_Watched(file, piece, tell),
                headers={**headers, "Content-Length": str(piece.size)},
                method="PUT",
            )
            opener.open(request, timeout=_PATIENCE).close()
    except HTTPError as error:
        if error.code == HTTPStatus.PRECONDITION_FAILED:
            return
        if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise unreachable(url, error) from None
        reason = error.read(300).decode(errors="replace")
        raise StoreRefused(
            Exit.REFUSED, words.STORE_REFUSED, status=error.code, reason=reason
        ) from None
    except (URLError, HTTPException, ConnectionError, TimeoutError) as error:
        raise unreachable(url, error) from None
    except OSError as error:
        raise file_failure(piece.path, error) from None


def file_failure(path: Path, error: OSError) -> Failure:
    """The failure that `error` on reading `path` is."""
    reason = error.strerror or str(error)
    return Failure(Exit.USAGE, words.FILE_UNREADABLE, file=str(path), reason=reason)
