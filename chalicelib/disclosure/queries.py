"""Queries of one archive (查询): every record laid open, and decided on for whoever asks."""

from collections.abc import Iterator
from datetime import date

import msgspec

from chalicelib.archive.facts import Facts, lay_open, people_in, precedence_of
from chalicelib.archive.fold import Record, fold
from chalicelib.archive.store import read_records
from chalicelib.archive.visibility import Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.subjects.identities import find_by_subject


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """One record that may be shown, with the decision that says so."""

    item: Item
    facts: Facts
    decision: Decision
    record: Record


def read_archive(
    subject: str, viewer: Viewer, channel: Channel, day: date, rulebook: Rulebook, item: str = ""
) -> list[Disclosed]:
    """What `viewer` may see of a subject's records, of one item or of all, on `day`.

    The caller writes the ledger entry first.
    """
    catalogue = load_catalogue()
    records = []
    for holding in read_records(subject, f"{item}/" if item else ""):
        precedence = precedence_of(catalogue.item(holding.key.item), rulebook, day)
        records.append(fold(holding, precedence))
    keys = _keys(records)
    return list(_shown(records, keys, viewer, channel, day, rulebook))


def _keys(records: list[Record]) -> dict[str, bytes]:
    people = {person for record in records for person in people_in(record)}
    found = find_by_subject(people) if people else {}
    return {subject: person.key for subject, person in found.items() if person.key is not None}


def _shown(
    records: list[Record],
    keys: dict[str, bytes],
    viewer: Viewer,
    channel: Channel,
    day: date,
    rulebook: Rulebook,
) -> Iterator[Disclosed]:
    catalogue = load_catalogue()
    for record in records:
        item = catalogue.item(record.key.item)
        facts = lay_open(record, keys)
        decision = decide(facts, item, viewer, channel, day, rulebook)
        if decision.shown:
            yield Disclosed(item=item, facts=facts, decision=decision, record=record)
