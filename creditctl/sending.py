"""Sending a file: registered, put where the server says, gone on with after an interruption."""

import base64
import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request

import msgspec

from creditctl import words
from creditctl.console import Console
from creditctl.exits import Exit, Failure, Refused, Unreachable
from creditctl.remembered import Begun, Memory, Mode, Sending
from creditctl.server import Json, Server, back_off, opener, unreachable

FINAL: Final = frozenset(("done", "quarantined"))

Clock = Callable[[], datetime]

_CHUNK: Final = 1 << 20
_EARLY: Final = timedelta(minutes=2)
_PATIENCE: Final = 120  # seconds in which some bytes must move
_PAUSE: Final = 2.0


class _Watched:
    """A file that tells how much of it has been read."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None]) -> None:
        self._file = file
        self._tell = tell

    def read(self, length: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._file.read(length)
        self._tell(self._file.tell())
        return chunk


class Sent(NamedTuple):
    """A file that is there, and its upload."""

    upload: str
    sending: Sending


class Sender:
    """Sends files to one server, remembering what it has begun."""

    def __init__(self, server: Server, memory: Memory, console: Console, now: Clock) -> None:
        self._server = server
        self._memory = memory
        self._console = console
        self._now = now

    def send(self, path: Path, item: str, mode: Mode = "partial") -> Sent:
        """Send the file at `path`, to be merged in part or whole. Once more goes on where it ended.

        Raises `Failure`.
        """
        sending = self._describe(path, item, mode)
        begun = self._memory.find(sending)
        state = self._state_of(begun)
        if begun is None or state is None:
            begun, state = self._register(sending), "registered"
        else:
            self._console.note(words.RESUMED, upload=begun.upload)
        if state == "registered":
            self._put(path, sending, begun)
        return Sent(begun.upload, sending)

    def wait(self, sent: Sent, seconds: float) -> Json:
        """The final receipt of an upload. Raises `Failure` where it is not final in time."""
        end = time.monotonic() + seconds
        while True:
            receipt = self._server.get("v1", "uploads", sent.upload)
            if receipt["state"] in FINAL:
                self.forget(sent)
                self._console.clear()
                return receipt
            if time.monotonic() > end:
                raise Failure(Exit.UNFINISHED, words.UNFINISHED, upload=sent.upload)
            self._console.show_progress(
                words.PROCESSING, receipt["merged"], receipt["ranges"], state=receipt["state"]
            )
            self._server.pause(_PAUSE)

    def forget(self, sent: Sent) -> None:
        """Nobody waits for the receipt any more: the same file sent again is a new upload."""
        self._memory.forget(sent.sending)

    def _describe(self, path: Path, item: str, mode: Mode) -> Sending:
        try:
            size = path.stat().st_size
            digest = hashlib.sha256()
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    self._console.show_progress(words.DIGESTING, file.tell(), size)
        except OSError as error:
            raise file_failure(path, error) from None
        if not size:
            raise Failure(Exit.USAGE, words.FILE_EMPTY, file=str(path))
        return Sending(
            server=self._server.url,
            item=item,
            file_name=path.name,
            size=size,
            sha256=base64.b64encode(digest.digest()).decode(),
            mode=mode,
        )

    def _state_of(self, begun: Begun | None) -> str | None:
        """How far a begun upload has come; None where it must be registered anew."""
        if begun is None:
            return None
        try:
            state = str(self._server.get("v1", "uploads", begun.upload)["state"])
        except Refused as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        late = self._now() > begun.expires_at - _EARLY
        return None if state == "registered" and late else state

    def _register(self, sending: Sending) -> Begun:
        announced = msgspec.structs.asdict(sending)
        announced.pop("server")
        invited = self._server.post("v1", "uploads", body=announced)
        upload = invited["upload"]["upload"]
        begun = msgspec.convert({**invited, "upload": upload}, Begun)
        self._memory.keep(sending, begun)
        self._console.say(words.REGISTERED, upload=upload)
        return begun

    def _put(self, path: Path, sending: Sending, begun: Begun) -> None:
        for wait in back_off():
            try:
                self._put_once(path, sending, begun)
            except Unreachable:
                if wait is None:
                    raise
                self._console.note(words.AGAIN, seconds=int(wait))
                self._server.pause(wait)
            else:
                return

    def _put_once(self, path: Path, sending: Sending, begun: Begun) -> None:
        headers = {**begun.headers, "Content-Length": str(sending.size)}
        try:
            with path.open("rb") as file:
                watched = _Watched(file, lambda sent: self._show(sent, sending.size))
                request = Request(begun.url, data=watched, headers=headers, method="PUT")  # noqa: S310
                opener.open(request, timeout=_PATIENCE).close()
        except HTTPError as error:
            if error.code == HTTPStatus.PRECONDITION_FAILED:  # an earlier try got through
                return
            if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise unreachable(begun.url, error) from None
            reason = error.read(300).decode(errors="replace")
            self._memory.forget(sending)
            raise Failure(
                Exit.REFUSED, words.STORE_REFUSED, status=error.code, reason=reason
            ) from None
        except (URLError, HTTPException, ConnectionError, TimeoutError) as error:
            raise unreachable(begun.url, error) from None
        except OSError as error:
            raise file_failure(path, error) from None

    def _show(self, sent: int, size: int) -> None:
        self._console.show_progress(words.SENDING, sent, size)


def file_failure(path: Path, error: OSError) -> Failure:
    """The failure that `error` on reading `path` is."""
    reason = error.strerror or str(error)
    return Failure(Exit.USAGE, words.FILE_UNREADABLE, file=str(path), reason=reason)
