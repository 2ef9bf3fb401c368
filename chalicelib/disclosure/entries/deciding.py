"""What of an organisation's record is to be seen in the archive of a person who answers for it.

The record is decided on anew each time, so that the entry follows it: repaired, annulled, ended. The
entry shows no more than the record itself does over the same channel, of its persons only the one
whose archive it is entered in, and nothing to the public.
"""

from collections.abc import Mapping
from datetime import date
from typing import get_args

import msgspec

from chalicelib.archive.facts import Facts, lay_open
from chalicelib.archive.fold import Record
from chalicelib.archive.judging import subject_kind
from chalicelib.archive.opening import open_words
from chalicelib.archive.visibility import Decision, Reason, Viewer, decide
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel, Ruled, Treatment

ENTERED = "entered"
"""What the mark and the reason are called that tell of an entry."""

_STRICTNESS: tuple[Treatment, ...] = get_args(Treatment)


def lay_open_for(person: str, record: Record, item: Item, keys: Mapping[str, bytes]) -> Facts:
    """The facts of an organisation's record without what is sealed for others than `person`.

    Without any words where the present ones do not name the person, by paper, as responsible.
    """
    own = {person: keys[person]} if person in keys else {}
    if not _answers(person, record, item, own):
        return Facts(key=record.key, marks=record.marks)
    return msgspec.structs.replace(lay_open(record, own), erased=False)


def decide_entry(
    person: str,
    facts: Facts,
    item: Item,
    viewer: Viewer,
    channel: Channel,
    day: date,
    rulebook: Rulebook,
) -> Decision:
    """What `viewer` sees over `channel` of a record in the archive of `person` (`lay_open_for`).

    A serious record of an organisation, as far as both it and a person's record may be shown.
    """
    organisation = Viewer(facts.key.subject if viewer.subject == person else None)
    decision = decide(facts, item, organisation, channel, day, rulebook)
    classification = decision.classification
    serious = classification is not None and classification.severity == "serious"
    rule = rulebook.entered_for_responsible.on(day)
    entered = (
        rule.value
        and serious
        and bool(facts.said)
        and subject_kind(facts, item) == "organisation"
        and channel != "public"
    )
    reasons = (
        _reason(ENTERED, rule.leading_to("marked" if entered else "withheld")),
        _reason("person", rulebook.treatment["person"][channel].on(day)),
        *decision.reasons,
    )
    return _limit(decision, reasons)


def _answers(person: str, record: Record, item: Item, own: Mapping[str, bytes]) -> bool:
    if record.current is None or not own:
        return False
    boxes = tuple(box for box in record.current.words.boxes if box.person == person)
    words = msgspec.structs.replace(record.current.words, fields={}, typed={}, boxes=boxes)
    told = open_words(words, record.key, own).fields
    papers = [each.paper_number for each in item.mentions if each.responsible]
    return any(paper is not None and told.get(paper) for paper in papers)


def _limit(decision: Decision, reasons: tuple[Reason, ...]) -> Decision:
    """`decision` under the strictest of `reasons`."""
    ordered = tuple(sorted(reasons, key=lambda reason: -_STRICTNESS.index(reason.treatment)))
    outcome = ordered[0].treatment
    if outcome == "withheld":
        return msgspec.structs.replace(
            decision, outcome=outcome, reasons=ordered, fields={}, masked=(), marks=()
        )
    return msgspec.structs.replace(
        decision,
        outcome=outcome,
        reasons=ordered,
        marks=tuple(reason.about for reason in ordered if reason.treatment == "marked"),
    )


def _reason(about: str, rule: Ruled[Treatment]) -> Reason:
    return Reason(
        about=about,
        treatment=rule.value,
        source=rule.source,
        rulebook=rule.rulebook,
        effective=rule.effective,
    )
