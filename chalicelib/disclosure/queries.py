"""Queries of one archive (查询): every record laid open, and decided on for whoever asks."""

from collections.abc import Iterator, Mapping
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


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a query may show, and the keys of the persons whose values are laid open in it."""

    disclosed: tuple[Disclosed, ...]
    keys: Mapping[str, bytes]


def read_archive(
    subject: str, viewer: Viewer, channel: Channel, day: date, rulebook: Rulebook, item: str = ""
) -> Reading:
    """What `viewer` may see of a subject's records, of one item or of all, on `day`.

    The caller writes the ledger entry first.
    """
    records = list(_fold_records(subject, item, day, rulebook))
    people = {person for record in records for person in people_in(record)}
    found = find_by_subject(people) if people else {}
    keys = {person.subject: person.key for person in found.values() if person.key is not None}
    disclosed = []
    for record in records:
        definition = load_catalogue().item(record.key.item)
        facts = lay_open(record, keys)
        decision = decide(facts, definition, viewer, channel, day, rulebook)
        if decision.shown:
            disclosed.append(Disclosed(item=definition, facts=facts, decision=decision))
    return Reading(disclosed=tuple(disclosed), keys=keys)


def _fold_records(subject: str, item: str, day: date, rulebook: Rulebook) -> Iterator[Record]:
    catalogue = load_catalogue()
    for holding in read_records(subject, f"{item}/" if item else ""):
        precedence = precedence_of(catalogue.item(holding.key.item), rulebook, day)
        yield fold(holding, precedence)
