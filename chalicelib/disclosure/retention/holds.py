"""Holds 暂缓清除: while a case or inquiry about it is open, a ledger entry is kept, and so is a file
as it was received (NJ-53, SD-17).

A hold is opened and closed by two items with a basis each, written once beside the entries, which
nobody edits. One that stands before the purge opens its manifest is always honoured: opening
counts on no hold having been written since the purge looked. One that comes later is refused: the
term is over and deletion has begun.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from chalicelib.archive.statements import Phase
from chalicelib.disclosure.codes import ENTRY_UNKNOWN, HOLD_DIFFERS, HOLD_TOO_LATE, HOLD_UNKNOWN
from chalicelib.disclosure.retention import store
from chalicelib.disclosure.retention.certificates import Manifest
from chalicelib.disclosure.store import Place, find
from chalicelib.runtime.clock import moment_of, stamp
from chalicelib.runtime.errors import DomainError

ORIGINALS: Final = "originals"
"""The line of manifests in which received files go, and in the place of a held file its subject."""


class Note(Struct, frozen=True, kw_only=True):
    """Who opened or closed a hold when, and on what basis (the case, the inquiry, its end)."""

    at: datetime
    by: str
    basis: str


class Hold(Struct, frozen=True, kw_only=True):
    """One hold on an entry; `closed` is None while it keeps the entry."""

    id: str
    opened: Note
    closed: Note | None


class Held(Struct, frozen=True):
    """What was noted of holds on one entry: their keys, and whether any hold is open."""

    keys: tuple[str, ...]
    open: bool


def set_hold(subject: str, entry: str, hold: str, phase: Phase, note: Note) -> bool:
    """Open or close a hold on an entry; False where that was done before, on the same basis.

    Raises:
        DomainError: `E-LEDGER-02` no such entry, `-03` its deletion has begun, `-04` a hold to be
            closed was not opened, `-05` the id was used otherwise.
    """
    place = (subject, entry)
    while True:
        shard = _shard_of(place)
        done = _set(shard, place, "/".join(place), hold, phase, note)
        if done is not None:
            return done


def set_hold_on_file(
    upload: str, hold: str, phase: Phase, note: Note, check_kept: Callable[[], None]
) -> bool:
    """The same on the file of an upload. `check_kept` raises where it is not kept (any more)."""
    while True:
        done = _set(ORIGINALS, (ORIGINALS, upload), upload, hold, phase, note, check_kept)
        if done is not None:
            return done


def holds_of(subject: str, entry: str) -> tuple[Hold, ...]:
    """The holds on an entry, by id. Raises DomainError `E-LEDGER-02` where there is no entry."""
    place = (subject, entry)
    return _list_holds(_shard_of(place), place)


def holds_of_file(upload: str) -> tuple[Hold, ...]:
    """The holds on the file of an upload, by id."""
    return _list_holds(ORIGINALS, (ORIGINALS, upload))


def _set(
    line: str,
    place: Place,
    name: str,
    hold: str,
    phase: Phase,
    note: Note,
    check_kept: Callable[[], None] | None = None,
) -> bool | None:
    """Set a hold in `line`, in whose manifests the thing has `name`; None where to look again."""
    state = store.read_state(line)
    if state.manifest is not None and _names(state.manifest, name):
        raise DomainError(HOLD_TOO_LATE)
    if check_kept is not None:
        check_kept()
    if _is_noted(store.find_holds(line, place), hold, phase, note.basis):
        return False
    at, named = stamp(note.at), (hold, phase)
    item = store.new_hold(line, place, named, at=at, by=note.by, basis=note.basis)
    is_set = store.add_hold(item, line, state.number, on_entry=check_kept is None)
    return True if is_set else None


def _list_holds(line: str, place: Place) -> tuple[Hold, ...]:
    noted = {item.named: item for item in store.find_holds(line, place)}
    return tuple(
        Hold(
            id=hold,
            opened=_note(item),
            closed=_note(noted[hold, Phase.CLOSE]) if (hold, Phase.CLOSE) in noted else None,
        )
        for (hold, phase), item in noted.items()
        if phase == Phase.OPEN
    )


def held_before(shard: str, cut_off: str) -> dict[Place, Held]:
    """Those of a shard's entries made before `cut_off` (`stamp` text) that were ever held.

    With `ORIGINALS` the files that were registered before.
    """
    noted: dict[Place, list[store.HoldItem]] = {}
    for item in store.find_holds_before(shard, cut_off):
        noted.setdefault(item.place, []).append(item)
    return {
        place: Held(tuple(item.entry for item in items), _is_open(items))
        for place, items in noted.items()
    }


def _shard_of(place: Place) -> str:
    item = find(*place)
    if item is None or item.shard is None:
        raise DomainError(ENTRY_UNKNOWN)
    return item.shard


def _names(manifest: bytes, name: str) -> bool:
    return name in msgspec.msgpack.decode(manifest, type=Manifest).names


def _is_noted(items: Iterable[store.HoldItem], hold: str, phase: Phase, basis: str) -> bool:
    """Whether the hold was opened, or closed, before, on the same basis."""
    noted = {item.named: item.basis for item in items}
    if phase is Phase.CLOSE and (hold, Phase.OPEN) not in noted:
        raise DomainError(HOLD_UNKNOWN, hold=hold)
    reopened = phase is Phase.OPEN and (hold, Phase.CLOSE) in noted
    if reopened or noted.get((hold, phase), basis) != basis:
        raise DomainError(HOLD_DIFFERS, hold=hold)
    return (hold, phase) in noted


def _is_open(items: Iterable[store.HoldItem]) -> bool:
    named = {item.named for item in items}
    return any(phase == Phase.OPEN and (hold, Phase.CLOSE) not in named for hold, phase in named)


def _note(item: store.HoldItem) -> Note:
    return Note(at=moment_of(item.at), by=item.by, basis=item.basis)
