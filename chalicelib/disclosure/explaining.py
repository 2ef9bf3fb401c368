"""Explaining one record (为什么): its class, its periods, and what each channel makes of it."""

from collections.abc import Mapping
from datetime import date
from typing import get_args

import msgspec

from chalicelib.archive.facts import Facts, lay_open, people_in, precedence_of
from chalicelib.archive.fold import fold
from chalicelib.archive.judging import Judgement, judge
from chalicelib.archive.profile import read_profiles
from chalicelib.archive.statements import RecordKey
from chalicelib.archive.store import read_record
from chalicelib.archive.visibility import Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.subjects.identities import find_by_subject


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A record, how the rules judge it, and the decision on every channel."""

    item: Item
    facts: Facts
    judgement: Judgement
    decisions: Mapping[Channel, Decision]


def explain(key: RecordKey, day: date, rulebook: Rulebook) -> Explanation | None:
    """What the rules in force on `day` make of a record; None where nothing is held of it.

    The caller writes the ledger entry first, and shows no more than its own channel shows.
    """
    holding = read_record(key)
    if not holding.size:
        return None
    item = load_catalogue(day).item_held(key.item)
    record = fold(holding, precedence_of(item, rulebook, day))
    people = people_in(record)
    found = find_by_subject(people) if people else {}
    keys = {person.subject: person.key for person in found.values() if person.key is not None}
    known = read_profiles([key.subject]).get(key.subject) if rulebook.heeds_existence else None
    facts = lay_open(record, keys, known.ceased if known else None)
    own = Viewer(key.subject)
    return Explanation(
        item=item,
        facts=facts,
        judgement=judge(facts, item, rulebook),
        decisions={
            channel: decide(facts, item, own, channel, day, rulebook)
            for channel in get_args(Channel)
        },
    )
