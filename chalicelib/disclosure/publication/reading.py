"""What the public is shown of one organisation: rows of the view, each decided again."""

from collections.abc import Iterator
from datetime import date

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.profile import read_profiles
from chalicelib.archive.visibility import PUBLIC, Decision, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.publication import store
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.disclosure.publication.projection import read_anew, read_facts
from chalicelib.law.rulebook import Rulebook

Shown = tuple[Facts, Item, Decision]
"""A record that the public may see, its item, and the decision that says so."""


def read_published(
    subject: str, day: date, rulebook: Rulebook, *, item: str = "", after: str = ""
) -> Iterator[Shown]:
    """A subject's records that the public may see on `day`, in the order of their keys.

    All of them, those of one `item`, or those behind the record of the path `after`.
    A row made under other rules or another catalogue is not believed: its record is read anew.
    """
    known = read_profiles([subject]).get(subject) if rulebook.heeds_existence else None
    for row in store.read_subject(subject, item, after):
        shown = read_row(row, day, rulebook, known.ceased if known else None)
        if shown is not None:
            yield shown


def read_row(
    row: store.Row, day: date, rulebook: Rulebook, ceased: date | None = None
) -> Shown | None:
    """The record of one row, as `read_published` reads it; None where it is withheld on `day`.

    `ceased` matters to what is disclosed only as long as its subject exists; rows do not hold it.
    """
    if row.rules != edition_on(day, rulebook).text:
        facts = read_anew(row.subject, row.key, day, rulebook)
    elif row.body is not None:
        facts = read_facts(row.body)
    else:
        return None
    item = load_catalogue(day).item_held(facts.key.item)
    if ceased is not None:
        facts = msgspec.structs.replace(facts, ceased=ceased)
    decision = decide(facts, item, PUBLIC, "public", day, rulebook)
    return (facts, item, decision) if decision.shown else None
