"""Visibility: the one decision at the door (DESIGN §1).

Whatever leaves has passed `decide` for one record, one viewer, one channel and one day, and
carries the reason. It is a pure function of the facts and the rulebook.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.judging import Judgement, judge
from chalicelib.archive.statements import MarkKind, Value
from chalicelib.catalogue.model import Field, Item
from chalicelib.law.classes import Classification
from chalicelib.law.periods import Period
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel, Ruled, State, Treatment
from chalicelib.subjects.identifiers import is_person, mask_number
from chalicelib.subjects.names import mask_name

_OUTWARD: frozenset[Channel] = frozenset({"public", "authorised", "special_report"})
"""Channels whose answers reach the public or third parties: field by field, no more than openness
allows; ID numbers never in full (REQUIREMENTS §5)."""
_STRICTNESS: tuple[Treatment, ...] = ("shown", "marked", "withheld")
_NO_END = "~"
_MARKED: dict[MarkKind, State] = {
    MarkKind.ANNULLED: "annulled",
    MarkKind.DELETED: "deleted",
    MarkKind.HIDDEN: "hidden",
    MarkKind.REPAIRED: "repaired",
    MarkKind.DISPUTED: "disputed",
    MarkKind.VERIFYING: "verifying",
    MarkKind.REPLACED: "replaced",
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
    span = rulebook.span[channel].on(day).value
    judgement = judge(facts, item, rulebook, {"display", span})
    period = judgement.periods.get(span)
    reasons = [_opened(item, channel, day, rulebook)]
    if channel == "own" and viewer.subject != facts.key.subject:
        reasons.append(_own("not_own", "withheld"))
    if facts.erased and not facts.fields:
        reasons.append(_own("erased", "withheld"))
    for state in _states(facts, item, judgement, period, day):
        rule = rulebook.treatment[state][channel].on(day)
        reasons.append(_reason(state, rule))
    reasons.sort(key=lambda reason: -_STRICTNESS.index(reason.treatment))
    outcome = reasons[0].treatment
    if outcome == "withheld":
        return Decision(
            outcome=outcome,
            reasons=tuple(reasons),
            period=period,
            classification=judgement.classification,
        )
    fields, masked = _visible(facts.fields, item, channel)
    return Decision(
        outcome=outcome,
        reasons=tuple(reasons),
        fields=fields,
        masked=masked,
        marks=tuple(reason.about for reason in reasons if reason.treatment == "marked"),
        period=period,
        classification=judgement.classification,
    )


def _states(
    facts: Facts, item: Item, judgement: Judgement, period: Period | None, day: date
) -> list[State]:
    """What is true of the record and bears on showing it; `period` is the channel's."""
    states: list[State] = [_MARKED[mark.kind] for mark in facts.marks if mark.kind in _MARKED]
    if not facts.said and "replaced" not in states:
        states.append("withdrawn")
    if is_person(facts.key.subject):
        states.append("person")
    if judgement.underage:
        states.append("underage")
    if _consented_until(facts, item) < day.isoformat():
        states.append("consent_over")
    if judgement.classification and judgement.classification.severity == "unclassified":
        states.append("unclassified")
    display = judgement.periods.get("display")
    if display is not None and not display.published:
        states.append("unpublished")
    if period is not None and period.ended_on(day):
        states.append("ended")
    return list(dict.fromkeys(states))


def _consented_until(facts: Facts, item: Item) -> str:
    """The last day of the term that a person has agreed to; behind every day where none is said."""
    until = facts.fields.get(item.consent.until) if item.consent else None
    return until if isinstance(until, str) else _NO_END


def _visible(
    fields: Mapping[str, Value], item: Item, channel: Channel
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The fields that the channel carries; outward, no more than each field's openness."""
    if channel not in _OUTWARD:
        return dict(fields), ()
    open_fields = item.outward
    shown = {name: value for name, value in fields.items() if name in open_fields}
    masked = tuple(filter(item.masked.__contains__, shown))
    for name in masked:
        shown[name] = _mask(item.fields[name], shown[name])
    return shown, masked


def _mask(field: Field, value: Value) -> Value:
    hide = mask_number if field.type in {"paper", "code"} else mask_name
    return hide(value) if isinstance(value, str) else tuple(map(hide, value))


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
