"""How far a view has been read: kept whole in one file, so that a crash loses nothing."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from creditctl import words
from creditctl.exits import Exit, Failure
from creditctl.files import replace_file

Watermark = int | float | str | bytes | datetime | date | Decimal
"""What the watermark column may hold: whatever grows with each new or changed row."""

_KINDS: Final[dict[str, type[Any]]] = {
    "integer": int,
    "number": float,
    "text": str,
    "time": datetime,
    "day": date,
    "decimal": Decimal,
    "binary": bytes,
}


class Mark(msgspec.Struct, frozen=True):
    """A watermark as text, with what kind of value it is."""

    kind: str
    text: str

    @property
    def value(self) -> Watermark:
        """The watermark itself."""
        kind = _KINDS[self.kind]
        if kind is bytes:
            return bytes.fromhex(self.text)
        found: Watermark = (
            kind.fromisoformat(self.text) if issubclass(kind, date) else kind(self.text)
        )
        return found

    def less(self, overlap: timedelta) -> Watermark:
        """Where reading begins behind this mark: a while before it, where it is a time."""
        value = self.value
        if not isinstance(value, datetime):
            return value
        try:
            return value - overlap
        except OverflowError:
            return value


def mark_of(value: Watermark) -> Mark:
    """The mark of a value of the watermark column."""
    if isinstance(value, bytes):
        return Mark("binary", value.hex())
    for kind in ("time", "day", "integer", "decimal", "number"):
        if isinstance(value, _KINDS[kind]):
            text = value.isoformat() if isinstance(value, date) else str(value)
            return Mark(kind, text)
    return Mark("text", str(value))


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """The last watermark of which rows were sent, None before the first; and `sent`, the digests
    of the rows at it and a while before it: others may still come there.
    """

    mark: Mark | None = None
    sent: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What `source` (server, view and item) has come to; `pending` is a file whose receipt has not
    been seen, and the position once it has.
    """

    source: str
    position: Position = Position()
    pending: str = ""
    following: Position | None = None


def source_of(*parts: str) -> str:
    """A name for where rows come from and go to, of which a state must be."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def read_state(path: Path, source: str) -> State:
    """The state in a file, a first one where there is none.

    Raises `Failure` for one of another source, or a damaged one: guessing would lose rows.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return State(source=source)
    try:
        state = msgspec.json.decode(content, type=State)
    except msgspec.DecodeError:
        state = State(source="")
    if state.source != source:
        raise Failure(Exit.USAGE, words.STATE_FOREIGN, file=str(path))
    return state


def keep_state(path: Path, state: State) -> None:
    """Replace the state in a file."""
    replace_file(path, msgspec.json.encode(state))


def digest_row(cells: Sequence[str]) -> str:
    """What tells a row from others with the same watermark."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:32]
