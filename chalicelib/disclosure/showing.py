"""How a record looks in answers, the same on every channel."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Value
from chalicelib.archive.visibility import Decision
from chalicelib.catalogue.model import Item
from chalicelib.law.timeliness import Timeliness
from chalicelib.runtime.clock import moment_of


class DisclosurePeriod(Struct, frozen=True, kw_only=True):
    """Until when a record is disclosed over the channel (no `last_day`: nothing ends it), what set
    the end, and the rule that says so."""

    span: str
    start: date | None
    minimum_until: date | None
    last_day: date | None
    reason: str
    source: str
    rulebook: str


class Ground(Struct, frozen=True, kw_only=True):
    """The rule that decided how a record is shown: what it is about, and its article."""

    about: str
    treatment: str
    source: str
    rulebook: str


class ShownRecord(Struct, frozen=True, kw_only=True):
    """One record as one viewer may see it. Labels of `fields` are in the catalogue item.

    `timeliness` and `notified_on`, the day on which the subject was told that the record was first
    reported (NJ-57), are told inside only: to the operator, and to the subject. `entered_from` is
    the organisation whose record it is, where it stands in the archive of a person who answers for
    it (NJ-43).
    """

    item: str
    record: str
    title: str
    title_en: str
    category: str
    provider: str
    said_at: datetime | None
    catalogue_version: str
    fields: Mapping[str, Value]
    masked: tuple[str, ...]
    marks: tuple[str, ...]
    severity: str | None
    period: DisclosurePeriod | None
    ground: Ground
    timeliness: Timeliness | None
    notified_on: date | None
    entered_from: str | None


def show_record(
    facts: Facts,
    item: Item,
    decision: Decision,
    timeliness: Timeliness | None = None,
    *,
    notified_on: date | None = None,
    entered_from: str | None = None,
) -> ShownRecord:
    """The record of `facts` as `decision` lets it be seen."""
    return ShownRecord(
        item=item.id,
        record=facts.key.record,
        title=item.title,
        title_en=item.title_en,
        category=item.category,
        provider=facts.provider,
        said_at=moment_of(facts.said) if facts.said else None,
        catalogue_version=facts.version,
        fields=decision.fields,
        masked=decision.masked,
        marks=decision.marks,
        severity=decision.classification.severity if decision.classification else None,
        period=_period(decision),
        ground=Ground(
            about=decision.reason.about,
            treatment=decision.reason.treatment,
            source=decision.reason.source,
            rulebook=decision.reason.rulebook,
        ),
        timeliness=timeliness,
        notified_on=notified_on,
        entered_from=entered_from,
    )


def _period(decision: Decision) -> DisclosurePeriod | None:
    period = decision.period
    if period is None:
        return None
    return DisclosurePeriod(
        span=period.span,
        start=period.start,
        minimum_until=period.minimum_until,
        last_day=period.last_day,
        reason=period.reason,
        source=period.source,
        rulebook=period.rulebook,
    )
