"""What the public is shown of one organisation: rows of the view, each decided again."""

from collections.abc import Iterator
from datetime import date

from chalicelib.archive.facts import Facts
from chalicelib.archive.visibility import PUBLIC, Decision, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.publication import store
from chalicelib.disclosure.publication.projection import published_facts, read_anew
from chalicelib.law.rulebook import Rulebook


def read_published(
    subject: str, day: date, rulebook: Rulebook
) -> Iterator[tuple[Facts, Item, Decision]]:
    """A subject's records that the public may see on `day`, in the order of their keys.

    A row made under another edition of the rules is not believed: its record is read anew.
    """
    catalogue = load_catalogue()
    for row in store.read_subject(subject):
        if row.edition != rulebook.edition:
            facts = read_anew(row.subject, row.key, day, rulebook)
        elif row.body is not None:
            facts = published_facts(row)
        else:
            continue
        item = catalogue.item(facts.key.item)
        decision = decide(facts, item, PUBLIC, "public", day, rulebook)
        if decision.shown:
            yield facts, item, decision
