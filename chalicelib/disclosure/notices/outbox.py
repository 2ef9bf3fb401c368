"""Notices to the subject of adverse information (SZ-16, NJ-57): what is told, once and for good.

A notice follows from what the archive holds and has an id made from it, so that following a change
twice, late, in any order or beside a rebuild appends it once. It says that something happened to a
record, never what the record says.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.judging import subject_kind
from chalicelib.archive.statements import (
    Holding,
    Mark,
    MarkKind,
    Phase,
    Statement,
    Words,
)
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.notices import store
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import SubjectKind
from chalicelib.runtime.cipher import short_hash
from chalicelib.runtime.clock import day_of

REPORTED = "reported"
_LIFTED = "_lifted"
_TAKEN_BACK = frozenset({MarkKind.WITHDRAWN, MarkKind.REPLACED})
_TOLD = _TAKEN_BACK | {MarkKind.ANNULLED, MarkKind.DELETED, MarkKind.REPAIRED}
"""Marks of which the subject is told: when they are set, and when they are lifted."""


class Notice(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """That something happened to a record of `subject` at `at` (`stamp` text).

    `what`: `reported` for words that nobody had said before, the kind of a mark that was set, or
    that kind with `_lifted`. `provider` is empty where the operator did it. `told` is the lawful day
    on which the notice was made, `source` the article that demands it.
    """

    at: str
    id: str
    subject: str
    item: str
    record: str
    what: str
    provider: str
    told: date
    source: str
    rulebook: str


class Page(msgspec.Struct, frozen=True):
    """Notices, newest first, and from where to go on (None at the end). The cursor is not signed."""

    notices: tuple[Notice, ...]
    cursor: str | None


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    at: str
    what: str
    name: str
    provider: str
    kind: SubjectKind


def are_sent(rulebook: Rulebook) -> bool:
    """Whether the rulebook has any subject told on any day."""
    return any(entry.value for rule in rulebook.subject_notice.values() for entry in rule.entries)


def notices_of(holding: Holding, item: Item, day: date, rulebook: Rulebook) -> tuple[Notice, ...]:
    """Every notice that an adverse record calls for by the rules of the days when it happened.

    One for each content that was ever said, whoever said it first and however often, and one for
    each mark that withdraws, replaces, annuls, deletes or repairs the record, or lifts that. `day` is when
    they are made. More statements and marks never take a notice away.
    """
    if item.category != "adverse":
        return ()
    found: dict[str, Notice] = {}
    for event in _events(holding, item):
        rule = rulebook.subject_notice[event.kind].on(day_of(event.at))
        if rule.value:
            notice = Notice(
                at=event.at,
                id=f"{holding.key.path}/{event.what}/{event.name}",
                subject=holding.key.subject,
                item=item.id,
                record=holding.key.record,
                what=event.what,
                provider=event.provider,
                told=day,
                source=rule.source,
                rulebook=rule.rulebook,
            )
            found.setdefault(notice.id, notice)
    return tuple(sorted(found.values()))


def notify(holding: Holding, item: Item, day: date, rulebook: Rulebook) -> int:
    """Append the notices that a record calls for and that are not there yet; returns how many."""
    due = notices_of(holding, item, day, rulebook)
    if not due:
        return 0
    known = {each.notice for each in store.find(holding.key.subject, holding.key.prefix)}
    return sum(store.insert(_stored(each)) for each in due if each.id not in known)


def page_of(subject: str, cursor: str | None, limit: int) -> Page:
    """What a subject was told, newest first."""
    items = store.read_backwards(subject, cursor or "", limit + 1)
    shown = items[:limit]
    return Page(tuple(map(_notice, shown)), shown[-1].at if len(items) > limit else None)


def first_told(subject: str) -> Mapping[str, date]:
    """When a subject was first told of each of its records, by the record's path."""
    days: dict[str, date] = {}
    for notice in map(_notice, store.find(subject)):
        path = f"{notice.item}/{notice.record}"
        if notice.what == REPORTED:
            days[path] = min(notice.told, days.get(path, notice.told))
    return days


def _events(holding: Holding, item: Item) -> Iterator[_Event]:
    for name, (at, statement) in _contents(holding).items():
        yield _Event(
            at=at,
            what=REPORTED,
            name=name,
            provider=statement.provider,
            kind=_kind(statement, item),
        )
    kinds = sorted({_kind(statement, item) for statement in holding.statements})
    for mark in holding.marks:
        what = _what(mark)
        for kind in kinds if what else ():
            yield _Event(at=mark.at, what=what, name=mark.id, provider=mark.provider, kind=kind)


def _contents(holding: Holding) -> dict[str, tuple[str, Statement]]:
    """Each content by its hash, and who said it first, when."""
    contents: dict[str, tuple[str, Statement]] = {}
    for statement in sorted(holding.statements, key=lambda each: (each.first, each.key)):
        at = statement.first.registered
        contents.setdefault(_content_hash(statement.words), (at, statement))
    return contents


def _content_hash(words: Words) -> str:
    return short_hash(msgspec.msgpack.encode(words.content, order="deterministic"))


def _what(mark: Mark) -> str:
    if mark.kind not in _TOLD:
        return ""
    if mark.phase is Phase.OPEN:
        return mark.kind.value
    return "" if mark.kind in _TAKEN_BACK else f"{mark.kind.value}{_LIFTED}"


def _kind(statement: Statement, item: Item) -> SubjectKind:
    return subject_kind(Facts(key=statement.record_key, fields=statement.words.fields), item)


def _stored(notice: Notice) -> store.NoticeItem:
    return store.NoticeItem(
        notice.subject,
        notice.id,
        at=f"{notice.at}/{notice.id}",
        told=notice.told.isoformat(),
        provider=notice.provider,
        source=notice.source,
        rulebook=notice.rulebook,
    )


def _notice(stored: store.NoticeItem) -> Notice:
    item, record, what, _ = stored.notice.split("/")
    return Notice(
        at=stored.at.partition("/")[0],
        id=stored.notice,
        subject=stored.subject,
        item=item,
        record=record,
        what=what,
        provider=stored.provider,
        told=date.fromisoformat(stored.told),
        source=stored.source,
        rulebook=stored.rulebook,
    )
