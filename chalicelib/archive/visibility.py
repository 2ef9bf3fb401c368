"""Visibility: the one decision at the door (DESIGN §1).

Whatever leaves has passed `decide` for one record, one viewer, one channel and one day, and
carries the reason. It is a pure function of the facts and the rulebook.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import MarkKind, Value
from chalicelib.catalogue.model import Field, Item
from chalicelib.law.classes import Classification, classify
from chalicelib.law.periods import Period, display_period, start_day
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel, DateRole, Ruled, State, Treatment
from chalicelib.subjects.identifiers import is_person, mask_number
from chalicelib.subjects.names import mask_name

_OUTWARD: frozenset[Channel] = frozenset({"public", "authorised", "special_report"})
"""Channels whose answers reach the public or third parties: field by field, no more than openness
allows; ID numbers never in full (REQUIREMENTS §5)."""
_STRICTNESS: tuple[Treatment, ...] = ("shown", "marked", "withheld")
_MARKED: dict[MarkKind, State] = {
    MarkKind.ANNULLED: "annulled",
    MarkKind.DELETED: "deleted",
    MarkKind.REPAIRED: "repaired",
    MarkKind.DISPUTED: "disputed",
    MarkKind.VERIFYING: "verifying",
}


class Viewer(msgspec.Struct, frozen=True):
    """Who looks; `subject` is the archive that a real-name sign-in proves to be the viewer's."""

    subject: str | None = None


PUBLIC = Viewer()


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that bore on a decision: what it is about, what it demands, where it stands."""

    about: str
    treatment: Treatment
    source: str
    rulebook: str
    effective: date


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What one viewer sees of one record, and why.

    `reasons` holds every rule consulted, the strictest first; `marks` the states to be told with a
    record that is shown; `masked` the fields of which a part is hidden.
    """

    outcome: Treatment
    reasons: tuple[Reason, ...]
    fields: Mapping[str, Value] = {}
    masked: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    period: Period | None = None
    classification: Classification | None = None

    @property
    def shown(self) -> bool:
        """Whether anything may leave."""
        return self.outcome != "withheld"

    @property
    def reason(self) -> Reason:
        """The strictest rule."""
        return self.reasons[0]


def decide(
    facts: Facts, item: Item, viewer: Viewer, channel: Channel, day: date, rulebook: Rulebook
) -> Decision:
    """What `viewer` sees of a record over `channel` on `day` under `rulebook`.

    `day` is a day of the lawful clock (Asia/Shanghai).
    """
    classification, period = judge(facts, item, rulebook)
    reasons = [_opened(item, channel, day, rulebook)]
    if channel == "own" and viewer.subject != facts.key.subject:
        reasons.append(_own("not_own", "withheld"))
    if facts.erased and not facts.fields:
        reasons.append(_own("erased", "withheld"))
    for state in _states(facts, classification, period, day):
        rule = rulebook.treatment[state][channel].on(day)
        reasons.append(_reason(state, rule))
    reasons.sort(key=lambda reason: -_STRICTNESS.index(reason.treatment))
    outcome = reasons[0].treatment
    if outcome == "withheld":
        return Decision(
            outcome=outcome,
            reasons=tuple(reasons),
            period=period,
            classification=classification,
        )
    fields, masked = _visible(facts.fields, item, channel)
    return Decision(
        outcome=outcome,
        reasons=tuple(reasons),
        fields=fields,
        masked=masked,
        marks=tuple(reason.about for reason in reasons if reason.treatment == "marked"),
        period=period,
        classification=classification,
    )


def judge(
    facts: Facts, item: Item, rulebook: Rulebook
) -> tuple[Classification | None, Period | None]:
    """The class and period of an adverse record (JS-14, JS-26); neither for other records.

    A record without any date has a class but no period.
    """
    if item.category != "adverse":
        return None, None
    measures = facts.fields.get(item.measures or "", ())
    kinds = (measures,) if isinstance(measures, str) else measures
    dates: dict[DateRole, date | None] = {
        "formed": _date(facts.fields, item.dates.formed),
        "effective": _date(facts.fields, item.dates.effective),
    }
    start = start_day(rulebook, dates)
    on = start.value if start else date.max
    classification = classify(rulebook, item.id, kinds, summary_procedure=None, on=on)
    period = display_period(rulebook, classification.severity, start.value) if start else None
    return classification, period


def _states(
    facts: Facts, classification: Classification | None, period: Period | None, day: date
) -> list[State]:
    """What is true of the record and bears on showing it."""
    states: list[State] = [_MARKED[mark.kind] for mark in facts.marks if mark.kind in _MARKED]
    if not facts.said:
        states.append("withdrawn")
    if is_person(facts.key.subject):
        states.append("person")
    if classification is not None and classification.severity == "unclassified":
        states.append("unclassified")
    if period is not None and not period.published:
        states.append("unpublished")
    if period is not None and period.ended_on(day):
        states.append("ended")
    return list(dict.fromkeys(states))


def _visible(
    fields: Mapping[str, Value], item: Item, channel: Channel
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The fields that the channel carries; outward, no more than each field's openness."""
    if channel not in _OUTWARD:
        return dict(fields), ()
    shown: dict[str, Value] = {}
    masked: list[str] = []
    for name, value in fields.items():
        field = item.fields.get(name)
        if field is None or field.openness == "internal":
            continue
        if field.openness == "masked":
            masked.append(name)
            shown[name] = _mask(field, value)
        else:
            shown[name] = value
    return shown, tuple(masked)


def _mask(field: Field, value: Value) -> Value:
    hide = mask_number if field.type in {"paper", "code"} else mask_name
    return hide(value) if isinstance(value, str) else tuple(map(hide, value))


def _date(fields: Mapping[str, Value], name: str) -> date | None:
    value = fields.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None


def _opened(item: Item, channel: Channel, day: date, rulebook: Rulebook) -> Reason:
    return _reason(f"openness_{item.openness}", rulebook.openness[item.openness][channel].on(day))


def _reason(about: str, rule: Ruled[Treatment]) -> Reason:
    return Reason(
        about=about,
        treatment=rule.value,
        source=rule.source,
        rulebook=rule.rulebook,
        effective=rule.effective,
    )


def _own(about: str, treatment: Treatment) -> Reason:
    """A reason that lies in how the system works, not in a rulebook (OWN)."""
    return Reason(about=about, treatment=treatment, source="OWN", rulebook="", effective=date.min)
