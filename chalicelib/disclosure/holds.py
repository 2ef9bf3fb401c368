"""Holds 暂缓清除: while a case or inquiry about it is open, a ledger entry is kept (NJ-53).

A hold is opened and closed by two items with a basis each, written once beside the entry, which
nobody edits. One that stands before the purge opens its manifest is always honoured: opening
counts on no hold having been written since the purge looked. One that comes later is refused: the
entry's term is over and its deletion has begun.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from chalicelib.archive.statements import Phase
from chalicelib.disclosure import store
from chalicelib.disclosure.certificates import Manifest
from chalicelib.disclosure.codes import ENTRY_UNKNOWN, HOLD_DIFFERS, HOLD_TOO_LATE, HOLD_UNKNOWN
from chalicelib.runtime.clock import moment_of, stamp
from chalicelib.runtime.errors import DomainError


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
        state = store.read_state(shard)
        if state.manifest is not None and _names(state.manifest, place):
            raise DomainError(HOLD_TOO_LATE)
        if _is_noted(store.find_holds(shard, place), hold, phase, note.basis):
            return False
        at, named = stamp(note.at), (hold, phase)
        item = store.new_hold(shard, place, named, at=at, by=note.by, basis=note.basis)
        if store.add_hold(item, shard, state.number):
            return True


def holds_of(subject: str, entry: str) -> tuple[Hold, ...]:
    """The holds on an entry, by id. Raises DomainError `E-LEDGER-02` where there is no entry."""
    place = (subject, entry)
    noted = {item.named: item for item in store.find_holds(_shard_of(place), place)}
    return tuple(
        Hold(
            id=hold,
            opened=_note(item),
            closed=_note(noted[hold, Phase.CLOSE]) if (hold, Phase.CLOSE) in noted else None,
        )
        for (hold, phase), item in noted.items()
        if phase == Phase.OPEN
    )


def held_before(shard: str, cut_off: str) -> dict[store.Place, Held]:
    """Those of a shard's entries made before `cut_off` (`stamp` text) that were ever held."""
    noted: dict[store.Place, list[store.HoldItem]] = {}
    for item in store.find_holds_before(shard, cut_off):
        noted.setdefault(item.place, []).append(item)
    return {
        place: Held(tuple(item.entry for item in items), _is_open(items))
        for place, items in noted.items()
    }


def _shard_of(place: store.Place) -> str:
    item = store.find(*place)
    if item is None or item.shard is None:
        raise DomainError(ENTRY_UNKNOWN)
    return item.shard


def _names(manifest: bytes, place: store.Place) -> bool:
    return "/".join(place) in msgspec.msgpack.decode(manifest, type=Manifest).names


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
