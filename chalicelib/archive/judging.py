"""Judging a record: its class, and how long it is disclosed under the rules for its dates (JS-26)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Mark, MarkKind, Value
from chalicelib.catalogue.model import Item
from chalicelib.law.classes import Classification, Conduct, classify, sector_of, weighs_fines
from chalicelib.law.groups import group_of
from chalicelib.law.periods import Dates, Period, add_months, disclosure_period, start_day
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Case, Severity, Span, SubjectKind
from chalicelib.subjects.identifiers import birth_date, is_person

_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A record's class, if it is adverse and said, and its periods; what cannot be counted is absent.

    `underage`: it is about conduct of a person below the age of full civil capacity, and nobody has
    confirmed that it may be used (NJ-2).
    """

    classification: Classification | None
    periods: Mapping[Span, Period]
    underage: bool


def judge(
    facts: Facts, item: Item, rulebook: Rulebook, spans: Collection[Span] | None = None
) -> Judgement:
    """What the rules in force for the record's dates make of it.

    With `spans` only those periods are counted.
    """
    dates = _dates(facts, item)
    start = start_day(rulebook, "display", dates)
    on = date.max if start is None else start.value
    sector = sector_of(rulebook, _text(facts.fields, item.authority_name), on)
    measures = _several(facts.fields, item.measures)
    classification = None
    if item.category == "adverse" and facts.said:
        fine = _fine(facts.fields, item) if weighs_fines(rulebook, sector) else None
        conduct = Conduct(
            item=item.id,
            measures=measures,
            fine=fine,
            sector=sector,
            reported=_labelled(facts.fields, item),
        )
        classification = _decided(facts.marks) or classify(rulebook, conduct, on)
    periods = {
        span: disclosure_period(
            rulebook,
            Case(
                item=item.id,
                group=group_of(rulebook, item.id, item.category, on),
                subject=subject_kind(facts, item),
                span=span,
                sector=sector,
                measures=measures,
                severity=classification.severity if classification else None,
            ),
            dates,
        )
        for span in (rulebook.start if spans is None else spans)
    }
    return Judgement(
        classification=classification,
        periods={span: period for span, period in periods.items() if period is not None},
        underage=classification is not None and _underage(facts, item, rulebook),
    )


def _decided(marks: Iterable[Mark]) -> Classification | None:
    """The class that an operator gave last; the basis stands in the mark."""
    given = [mark for mark in marks if mark.kind is MarkKind.CLASSIFIED]
    if not given:
        return None
    return Classification(
        severity=cast("Severity", max(given, key=lambda mark: (mark.at, mark.id)).value),
        reason="decided",
        kind="",
        unclassified=(),
        source="OWN",
        effective=date.min,
        rulebook="",
    )


def _dates(facts: Facts, item: Item) -> Dates:
    fields, named = facts.fields, item.dates
    untils = [
        date.fromisoformat(mark.value) if mark.value else date.max
        for mark in facts.marks
        if mark.kind is MarkKind.RUNNING
    ]
    stated = _date(fields, named.measures_until)
    if stated is not None:
        left = _date(fields, item.listing.left) if item.listing else None
        untils.append(stated if left is None else min(stated, left))
    return Dates(
        formed=_date(fields, named.formed),
        effective=_date(fields, named.effective),
        valid_until=_date(fields, named.valid_until),
        stated_end=_date(fields, named.stated_end),
        measures_until=max(untils, default=None),
        ceased=facts.ceased,
    )


def _underage(facts: Facts, item: Item, rulebook: Rulebook) -> bool:
    if not is_person(facts.key.subject):
        return False
    born = birth_date(_text(facts.fields, item.subject.paper_number))
    acted = _date(facts.fields, item.conduct) or _date(facts.fields, item.dates.formed)
    confirmed = any(mark.kind is MarkKind.CONFIRMED for mark in facts.marks)
    if born is None or acted is None or confirmed:
        return False
    age = rulebook.full_capacity_age.on(acted).value
    return age > 0 and acted < add_months(born, 12 * age, "next_day")


def subject_kind(facts: Facts, item: Item) -> SubjectKind:
    """What the record of `facts` is about; an organisation where its own field does not tell."""
    if is_person(facts.key.subject):
        return "person"
    return item.subject.kind_of(_text(facts.fields, item.subject.kind)) or "organisation"


def _fine(fields: Mapping[str, Value], item: Item) -> int | None:
    """The fine in whole yuan, None where none is stated."""
    amount = _text(fields, item.fine)
    if item.fine is None or not amount:
        return None
    return int(Decimal(amount) * _YUAN[item.fields[item.fine].unit or "元"])


def _labelled(fields: Mapping[str, Value], item: Item) -> Severity | None:
    """The class that the provider of the words labels the record with (JS-14)."""
    if item.labelled is None:
        return None
    return item.labelled.classes.get(_text(fields, item.labelled.field))


def _several(fields: Mapping[str, Value], name: str | None) -> tuple[str, ...]:
    value = fields.get(name, ()) if name else ()
    return (value,) if isinstance(value, str) else value


def _text(fields: Mapping[str, Value], name: str | None) -> str:
    value = fields.get(name, "") if name else ""
    return value if isinstance(value, str) else ""


def _date(fields: Mapping[str, Value], name: str | None) -> date | None:
    if name is None:
        return None
    text = fields.get(name)
    return date.fromisoformat(text) if text and isinstance(text, str) else None
