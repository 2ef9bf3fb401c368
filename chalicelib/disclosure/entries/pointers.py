"""Whose archives point to an organisation's record (NJ-43), and reading the records pointed to.

A pointer is made for everybody whom any words on the record name, so that it depends on nothing but
what is held: not on the order of deliveries, the class, the marks or the day. Whether it is an entry
is decided when it is read (`entries.deciding`).
"""

from collections.abc import Iterable, Iterator

from chalicelib.archive.statements import Holding, RecordKey, Statement
from chalicelib.archive.store import read_record
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.entries import store
from chalicelib.law.rulebook import Rulebook
from chalicelib.subjects.identifiers import is_person


def are_entered(rulebook: Rulebook) -> bool:
    """Whether the rulebook enters records for responsible persons on any day."""
    return any(entry.value for entry in rulebook.entered_for_responsible.entries)


def enter(holding: Holding, item: Item, rulebook: Rulebook) -> None:
    """Point to an adverse record from the archive of everybody whom it names."""
    for person, key in sorted(_pointers(holding.statements, item, rulebook)):
        store.insert(person, key)


def enter_all(statements: Iterable[Statement], item: Item, rulebook: Rulebook) -> None:
    """The same for whoever is named in some statements of one item, in few requests.

    Raises:
        TableBusy: some pointers may stand.
    """
    store.insert_all(_pointers(statements, item, rulebook))


def read_entered(person: str, item: str, rulebook: Rulebook, after: str = "") -> Iterator[Holding]:
    """The records of organisations that a person's archive points to, of one item or (empty) all.

    In the order of their keys, and those behind the key `after` (its text) only.
    """
    if not is_person(person) or not are_entered(rulebook):
        return
    for key in store.read(person):
        if item in ("", key.item) and str(key) > after:
            holding = read_record(key)
            if holding.size:
                yield holding


def _pointers(
    statements: Iterable[Statement], item: Item, rulebook: Rulebook
) -> set[tuple[str, RecordKey]]:
    if not are_entered(rulebook) or not _names_any(item):
        return set()
    return {
        (box.person, statement.record_key)
        for statement in statements
        if not is_person(statement.subject)
        for box in statement.words.boxes
    }


def _names_any(item: Item) -> bool:
    """Whether records of the item name somebody by paper who answers for what they say."""
    by_paper = any(each.responsible and each.paper_number for each in item.mentions)
    return item.category == "adverse" and by_paper
