"""Sending a file: registered, put where the server says, gone on with after an interruption."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from creditctl import describing, words
from creditctl.console import Console
from creditctl.describing import Content, describe
from creditctl.exits import Exit, Failure, Refused, Unreachable
from creditctl.remembered import Begun, Memory, Mode, Sending
from creditctl.server import Json, Server, back_off
from creditctl.storing import Piece, StoreRefused, put

FINAL: Final = frozenset(("done", "quarantined"))

Clock = Callable[[], datetime]

_EARLY: Final = timedelta(minutes=2)
_PAUSE: Final = 2.0


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
        content = describe(path, self._show_digesting)
        sending = Sending(
            server=self._server.url,
            item=item,
            file_name=path.name,
            size=content.size,
            sha256=content.sha256,
            mode=mode,
        )
        begun = self._memory.find(sending)
        state = self._state_of(begun)
        if begun is None or state is None:
            begun, state = self._register(sending, content), "registered"
        else:
            self._console.note(words.RESUMED, upload=begun.upload)
        if state == "registered":
            self._store(path, sending, begun)
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

    def _register(self, sending: Sending, content: Content) -> Begun:
        announced = msgspec.structs.asdict(sending)
        announced.pop("server")
        if content.size > describing.IN_PARTS:
            announced["parts"] = {"size": describing.PART, "sha256": content.parts}
        invited = self._server.post("v1", "uploads", body=announced)
        upload = invited["upload"]["upload"]
        begun = msgspec.convert({**invited, "upload": upload}, Begun)
        self._memory.keep(sending, begun)
        self._console.say(words.REGISTERED, upload=upload)
        return begun

    def _store(self, path: Path, sending: Sending, begun: Begun) -> None:
        if begun.url is None:
            self._store_parts(path, sending, begun)
            return
        try:
            self._put(Piece(path, 0, sending.size), begun.url, begun.headers, sending.size)
        except StoreRefused:
            self._memory.forget(sending)
            raise

    def _store_parts(self, path: Path, sending: Sending, begun: Begun) -> None:
        for part in self._list_missing(begun.upload):
            piece = Piece(path, (part["number"] - 1) * describing.PART, part["size"])
            self._put(piece, part["url"], part["headers"], sending.size)
        self._server.post("v1", "uploads", begun.upload, "completion", repeatable=True)

    def _list_missing(self, upload: str) -> Iterator[Json]:
        """The parts that are not there yet, with addresses that still hold when they are told."""
        after: int | None = 0
        while after is not None:
            page = self._server.get("v1", "uploads", upload, "parts", after=after)
            late = datetime.fromisoformat(page["expires_at"]) - _EARLY
            following: int | None = page["next_after"]
            missing = [part for part in page["parts"] if part["url"] is not None]
            for place, part in enumerate(missing):
                if place and self._now() > late:
                    following = part["number"] - 1
                    break
                yield part
            after = following

    def _put(self, piece: Piece, url: str, headers: Mapping[str, str], size: int) -> None:
        for wait in back_off():
            try:
                put(piece, url, headers, lambda read: self._show_sending(read, size))
            except Unreachable:
                if wait is None:
                    raise
                self._console.note(words.AGAIN, seconds=int(wait))
                self._server.pause(wait)
            else:
                return

    def _show_digesting(self, read: int, size: int) -> None:
        self._console.show_progress(words.DIGESTING, read, size)

    def _show_sending(self, sent: int, size: int) -> None:
        self._console.show_progress(words.SENDING, sent, size)
