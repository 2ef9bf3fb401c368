"""Following the archive's change stream: whatever changed, its views are brought up to date."""

from collections.abc import Sequence
from datetime import date

from chalicelib.archive.profile import REGISTRATION
from chalicelib.archive.statements import Holding, RecordKey, Statement
from chalicelib.archive.store import read_record, read_records, record_of
from chalicelib.archive.succession import successors_in
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.entries.pointers import are_entered, enter, enter_all
from chalicelib.disclosure.notices.outbox import are_sent, notify
from chalicelib.disclosure.publication.projection import project, project_holding
from chalicelib.disclosure.recipients.telling import tell_recipients
from chalicelib.disclosure.search.index import index_names
from chalicelib.law.rulebook import Rulebook


def update_views(key: RecordKey, day: date, rulebook: Rulebook) -> Holding:
    """Project one record, which is returned; a registration changes its subject's profile and
    postings too.

    Adverse information is entered for the responsible persons that it names, and its subject is
    told, where the rulebook says so. Whoever was given the record before is told what has changed.
    """
    item = load_catalogue(day).item_held(key.item)
    if key.item == REGISTRATION:
        registered = tuple(read_records(key.subject, f"{REGISTRATION}/"))
        found = (each for each in registered if each.key == key)
        holding = next(found, Holding(key=key))
        project_holding(holding, day, rulebook)
        index_names(key.subject, item, registered)
    else:
        holding = read_record(key)
        project_holding(holding, day, rulebook)
    if item.category == "adverse" and (are_entered(rulebook) or are_sent(rulebook)):
        enter(holding, item, rulebook)
        notify(holding, item, day, rulebook)
    tell_recipients(holding, item, day, rulebook)
    return holding


def refer_to(day: date, rulebook: Rulebook, item: Item, statements: Sequence[Statement]) -> None:
    """Refer to what a range adds, all of one item, from wherever a past day finds it: a public list,
    or the archive of a person who answers for it (NJ-43).

    Views follow the archive's stream, some time later. These stand before the range counts as
    merged, so whoever is told that a past day is final misses nothing on it.
    """
    if item.listing is not None:
        for key in sorted({each.record_key for each in statements}):
            project(key, day, rulebook)
    enter_all(statements, item, rulebook)


def follow(
    keys: dict[str, dict[str, str]], day: date, rulebook: Rulebook, done: set[RecordKey]
) -> None:
    """Handle one change, given the `Keys` of its stream record; changes of views say nothing.

    What changes on a record changes those that have replaced it: its marks have followed there.
    `done` are the records followed for other changes of the same batch, which was made before any of
    them was read; what this one has followed is added.
    """
    changed = record_of(keys)
    waiting = [] if changed is None else [changed]
    followed: set[RecordKey] = set()
    while waiting:
        key = waiting.pop()
        if key not in followed | done:
            waiting += successors_in(update_views(key, day, rulebook))
            followed.add(key)
    done |= followed
