"""Telling recipients: every organisation that was given a record, once for each entry and change.

An answer on its way while a record changes is never missed. Whoever follows a change notes that it
was seen before it looks through the ledger; whoever answers looks for such notes before it reads the
archive, and again after it has noted what it hands over and before the answer leaves. So one of the
two sees the other, and no clock matters.

Told too often rather than not at all: an answer between a change and its being followed, which takes
seconds, may hold it already.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.archive.facts import precedence_of
from chalicelib.archive.statements import Holding
from chalicelib.catalogue.model import Item
from chalicelib.disclosure import ledger
from chalicelib.disclosure.entries.pointers import are_entered
from chalicelib.disclosure.recipients import store
from chalicelib.disclosure.recipients.changes import Change, changes_of
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.clock import day_of, moment_of
from chalicelib.subjects.identifiers import is_person

_OVERLAP = timedelta(days=1)  # clocks differ, and an answer may take past midnight


class RecipientNotice(msgspec.Struct, frozen=True, kw_only=True):
    """That something happened to a record that a recipient was given: never what it says.

    `record` is its path in the archive of `subject`, `entry` the key of the ledger entry on which
    it was handed over, `told` the lawful day on which the notice was made.
    """

    subject: str
    record: str
    what: str
    happened: datetime
    entry: str
    told: date


class Page(msgspec.Struct, frozen=True):
    """Notices, newest first, and from where to go on (None at the end). The cursor is not signed."""

    notices: tuple[RecipientNotice, ...]
    cursor: str | None


class Answering(msgspec.Struct, frozen=True):
    """An answer that is being made to a prepared query; `seen` are changes that it has already."""

    prepared: ledger.Prepared
    seen: frozenset[str]


class _Place(msgspec.Struct, frozen=True):
    """A record as an archive that was asked for names it."""

    subject: str
    path: str


def tell_recipients(holding: Holding, item: Item, day: date, rulebook: Rulebook) -> int:
    """Tell whoever was given a record before of what has changed; returns how many notices are new.

    Done twice, late, or beside a rebuild it adds nothing.
    """
    changes = changes_of(holding, precedence_of(item, rulebook, day))
    return sum(_tell(place, changes, day) for place in _places(holding, rulebook) if changes)


def open_answer(prepared: ledger.Prepared) -> Answering:
    """Begin an answer: which changes have been seen so far. To be asked before the archive is read."""
    if not prepared.recipient:
        return Answering(prepared, frozenset())
    return Answering(prepared, frozenset(item.notice for item in _seen(prepared)))


def hand_over(answering: Answering, returned: Iterable[str], report: str | None = None) -> None:
    """Note what an answer holds (`ledger.hand_over`), and tell of what has changed of it meanwhile.

    The answer may leave only after that.
    """
    paths = frozenset(returned)
    ledger.hand_over(answering.prepared, paths, report)
    _tell_meanwhile(answering, paths)


def hand_over_all(answers: Iterable[tuple[Answering, Iterable[str]]]) -> None:
    """The same for several answers, none of which may leave before; in few requests."""
    held = [(answering, frozenset(returned)) for answering, returned in answers]
    ledger.hand_over_all((answering.prepared, paths) for answering, paths in held)
    for answering, paths in held:
        _tell_meanwhile(answering, paths)


def _tell_meanwhile(answering: Answering, paths: frozenset[str]) -> None:
    prepared = answering.prepared
    if not prepared.recipient or not paths:
        return
    for item in _seen(prepared):
        if item.path in paths and item.notice not in answering.seen:
            place = _Place(prepared.subject, item.path)
            change = Change(item.happened or "", item.what or "", item.name or "")
            told = date.fromisoformat(item.told or "")
            _append(prepared.recipient, place, change, prepared.entry, told)


def page_for(recipient: str, cursor: str | None, limit: int) -> Page:
    """What a recipient was told, newest first."""
    items = store.read_backwards(recipient, cursor or "", limit + 1)
    shown = items[:limit]
    return Page(tuple(map(_notice, shown)), shown[-1].at if len(items) > limit else None)


def _seen(prepared: ledger.Prepared) -> list[store.RecipientItem]:
    """Every change that was seen in the archive since a little before the query."""
    made, _, _ = prepared.entry.rpartition(".")
    return store.find_seen(prepared.subject, day_of(made) - _OVERLAP)


def _places(holding: Holding, rulebook: Rulebook) -> list[_Place]:
    """Where the record is to be seen: in its own archive, and where it is entered (NJ-43)."""
    key = holding.key
    places = [_Place(key.subject, key.path)]
    if are_entered(rulebook) and not is_person(key.subject):
        boxes = (box for statement in holding.statements for box in statement.words.boxes)
        people = sorted({box.person for box in boxes})
        places += [_Place(person, str(key)) for person in people]
    return places


def _tell(place: _Place, changes: tuple[Change, ...], day: date) -> int:
    done = store.find_done(place.subject, place.path)
    due = [change for change in changes if change.id(place.path) not in done]
    for change in due:
        noted = _item(place, change, day)
        store.note_seen(place.subject, day, change.id(place.path), noted)
    given = ledger.handed_over_with(place.subject, place.path) if due else ()
    told = sum(
        _append(prepared.recipient, place, change, prepared.entry, day)
        for prepared in given
        for change in due
    )
    store.note_done(place.subject, [change.id(place.path) for change in due])
    return told


def _append(recipient: str, place: _Place, change: Change, entry: str, day: date) -> bool:
    item = _item(place, change, day)
    item.notice = f"{place.subject}/{entry}/{change.id(place.path)}"
    item.at = f"{day.isoformat()}/{change.at}/{item.notice}"
    item.entry = entry
    return store.insert(recipient, item)


def _item(place: _Place, change: Change, day: date) -> store.RecipientItem:
    return store.RecipientItem(
        about=place.subject,
        path=place.path,
        what=change.what,
        name=change.name,
        happened=change.at,
        told=day.isoformat(),
    )


def _notice(item: store.RecipientItem) -> RecipientNotice:
    return RecipientNotice(
        subject=item.about or "",
        record=item.path or "",
        what=item.what or "",
        happened=moment_of(item.happened or ""),
        entry=item.entry or "",
        told=date.fromisoformat(item.told or ""),
    )
