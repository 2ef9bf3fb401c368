"""Previewing a change of rules or catalogue: what would be shown otherwise. Writes nothing.

A part at a call, driven by the operator's command. Each record is decided on twice for one day, by
what is deployed and by the candidate, for every channel; so a preview tells what the change does,
not what time does. Samples name records and subjects by their keys and hold no value of a record.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, get_args

import msgspec

from chalicelib.archive.visibility import Decision
from chalicelib.jobs.archives import Archive, Judged, Law, Part, find_subjects, judge_by, read_whole
from chalicelib.jobs.candidates import Candidate, law_in_force, law_staged, stage
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings

_READ = 500  # items of the archive a call
_CHANNELS: tuple[Channel, ...] = get_args(Channel)

Kind = Literal["withheld", "shown", "marks", "end_day", "class", "fields"]
"""Shown before and withheld after, the reverse; or shown by both, but otherwise: marks, the last
day of its period, its class, fields or what is masked of them."""


class Order(Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to preview, on which day (None: when all of it has taken effect), in which part.

    `samples` at the most are told of each kind of change.
    """

    candidate: Candidate
    day: date | None = None
    samples: int = 5


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How many records and subjects one kind of change concerns on one channel."""

    channel: Channel
    kind: Kind
    records: int
    subjects: int


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A decision before or after, without any value of the record."""

    outcome: str
    about: str
    source: str
    rulebook: str
    marks: tuple[str, ...]
    severity: str | None
    last_day: date | None
    fields: tuple[str, ...]
    masked: tuple[str, ...]


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One record that changes, as on the first of the channels on which it does."""

    subject: str
    record: str
    kind: Kind
    channels: tuple[Channel, ...]
    before: Side
    after: Side


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """What one part holds, and from where to go on (None at the segment's end)."""

    day: date
    deployed: tuple[str, str]
    candidate: tuple[str, str]
    subjects: int
    records: int
    changes: tuple[Change, ...]
    samples: tuple[Sample, ...]
    start: Mapping[str, str] | None


class _Tally:
    """Counts and samples of one part."""

    def __init__(self, most: int) -> None:
        self.records: Counter[tuple[Channel, Kind]] = Counter()
        self.subjects: Counter[tuple[Channel, Kind]] = Counter()
        self.samples: list[Sample] = []
        self._room = Counter[Kind](dict.fromkeys(get_args(Kind), most))

    def count(self, found: list[Sample]) -> None:
        """Count what changes for one subject."""
        changed = [(channel, each.kind) for each in found for channel in each.channels]
        self.records.update(changed)
        self.subjects.update(set(changed))
        for each in found:
            if self._room[each.kind] > 0:
                self._room[each.kind] -= 1
                self.samples.append(each)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The counts, by channel and kind."""
        return tuple(
            Change(
                channel=channel,
                kind=kind,
                records=self.records[channel, kind],
                subjects=self.subjects[channel, kind],
            )
            for channel, kind in sorted(self.records)
        )


def preview_part(order: Order, today: date, jurisdiction: str) -> Previewed:
    """Compare one part of the archive.

    Raises:
        RulebookError, DomainError: the candidate is refused, before anything is read.
    """
    staged = stage(order.candidate, jurisdiction)
    day = order.day or staged.first_whole_day(today)
    before, after = law_in_force(jurisdiction, day), law_staged(staged, day)
    subjects, marker = find_subjects(order, _READ)
    tally, records = _Tally(order.samples), 0
    for subject in subjects:
        archive = read_whole(subject)
        records += len(archive.holdings)
        tally.count(list(_compare(archive, before, after)))
    return Previewed(
        day=day,
        deployed=_versions(before),
        candidate=_versions(after),
        subjects=len(subjects),
        records=records,
        changes=tally.changes,
        samples=tuple(tally.samples),
        start=marker,
    )


def _versions(law: Law) -> tuple[str, str]:
    return law.rulebook.version, law.catalogue.version


def _compare(archive: Archive, before: Law, after: Law) -> Iterator[Sample]:
    for holding in archive.holdings:
        then = judge_by(before, archive, holding, _CHANNELS)
        now = judge_by(after, archive, holding, _CHANNELS)
        changed: dict[Kind, list[Channel]] = {}
        for channel in _CHANNELS:
            for kind in _kinds(then.decisions[channel], now.decisions[channel]):
                changed.setdefault(kind, []).append(channel)
        for kind, channels in changed.items():
            yield Sample(
                subject=archive.subject,
                record=holding.key.path,
                kind=kind,
                channels=tuple(channels),
                before=_side(then, channels[0]),
                after=_side(now, channels[0]),
            )


def _kinds(before: Decision, after: Decision) -> Iterator[Kind]:
    """In what two decisions differ, as far as anybody sees it."""
    if before.shown != after.shown:
        yield "shown" if after.shown else "withheld"
        return
    if not before.shown:
        return
    if before.marks != after.marks:
        yield "marks"
    if _last_day(before) != _last_day(after):
        yield "end_day"
    if _severity(before) != _severity(after):
        yield "class"
    if (before.fields, before.masked) != (after.fields, after.masked):
        yield "fields"


def _side(judged: Judged, channel: Channel) -> Side:
    decision = judged.decisions[channel]
    return Side(
        outcome=decision.outcome,
        about=decision.reason.about,
        source=decision.reason.source,
        rulebook=decision.reason.rulebook,
        marks=decision.marks,
        severity=_severity(decision),
        last_day=_last_day(decision),
        fields=tuple(decision.fields),
        masked=decision.masked,
    )


def _last_day(decision: Decision) -> date | None:
    return decision.period.last_day if decision.period else None


def _severity(decision: Decision) -> str | None:
    return decision.classification.severity if decision.classification else None


def run(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One part, as the command asks for it."""
    order = msgspec.convert(event, Order)
    done = preview_part(order, lawful_day(now), settings().rulebook)
    log(LogCode.CHANGE_PREVIEWED, segment=order.segment, records=done.records)
    told: dict[str, Any] = msgspec.to_builtins(done)
    return told
