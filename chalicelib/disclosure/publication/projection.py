"""Making publication rows from the archive: the same `project` for every cause (DESIGN §4)."""

from datetime import date
from typing import Final

import msgspec

from chalicelib.archive.facts import Facts, lay_open, precedence_of
from chalicelib.archive.fold import fold
from chalicelib.archive.statements import OF_WORDS, Holding, Mark, RecordKey
from chalicelib.archive.store import mark_write, read_alone, read_record
from chalicelib.archive.succession import all_successors, follow_marks
from chalicelib.archive.visibility import PUBLIC, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.publication import store
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.retries import tries
from chalicelib.runtime.tables import Conflict, TableBusy, write_together
from chalicelib.subjects.identifiers import is_person


def project(key: RecordKey, day: date, rulebook: Rulebook) -> bool:
    """Bring a record's publication row up to what the archive and the rules say on `day`.

    Reads that record only. False where a row made from more, or later, stands there already.
    """
    return project_holding(read_record(key), day, rulebook)


def project_holding(holding: Holding, day: date, rulebook: Rulebook) -> bool:
    """The same, for a record that has just been read."""
    key = holding.key
    if not holding.size or (is_person(key.subject) and not _persons_published(day, rulebook)):
        return False
    return store.write(_row(holding, load_catalogue(day).item_held(key.item), day, rulebook))


def read_facts(body: bytes) -> Facts:
    """The facts that a row was made from, as far as the public may see them."""
    return _decode(body)


_decode: Final = msgspec.msgpack.Decoder(Facts).decode


def read_anew(subject: str, path: str, day: date, rulebook: Rulebook) -> Facts:
    """A record's public facts straight from the archive."""
    item_id, record = path.split("/")
    item = load_catalogue(day).item_held(item_id)
    holding = read_record(RecordKey(subject, item_id, record))
    return _public_facts(holding, item, day, rulebook)


def set_mark(key: RecordKey, mark: Mark, day: date, rulebook: Rulebook) -> bool:
    """Set `mark` on a record and its publication row, as the mark leaves it, in one transaction.

    So the public never sees a record for longer than the mark allows. The rows of the records that
    have replaced it are written too, for the mark reaches them. False where the same mark was set
    before.

    Raises:
        TableBusy: others were faster every time, or the archive holds less than its views know.
    """
    for _ in tries():
        holding = read_record(key)
        if mark.key(key.item, key.record) in {m.key(key.item, key.record) for m in holding.marks}:
            return False
        parts = [mark_write(key, mark)]
        for marked in _as_marked(holding, mark):
            if not is_person(marked.key.subject) or _persons_published(day, rulebook):
                item = load_catalogue(day).item_held(key.item)
                parts.append(store.row_write(_row(marked, item, day, rulebook)))
        try:
            write_together(parts)
        except Conflict:
            continue
        return True
    raise TableBusy


def _as_marked(holding: Holding, mark: Mark) -> list[Holding]:
    """The record, and those that have replaced it, as `mark` leaves them."""
    marked = msgspec.structs.replace(holding, marks=(*holding.marks, mark))

    def read(key: RecordKey) -> Holding:
        return marked if key == holding.key else read_alone(key)

    successors = () if mark.kind in OF_WORDS else all_successors(marked, read)
    reached = (follow_marks(read(key), read) for key in successors)
    return [marked, *(each for each in reached if mark in {one.mark for one in each.followed})]


def _persons_published(day: date, rulebook: Rulebook) -> bool:
    """Whether persons may be published at all; if not, they leave no row, not even an empty one."""
    return rulebook.treatment["person"]["public"].on(day).value != "withheld"


def _public_facts(holding: Holding, item: Item, day: date, rulebook: Rulebook) -> Facts:
    """The facts without whatever no rule can ever open to the public."""
    facts = lay_open(fold(holding, precedence_of(item, rulebook, day)), {})
    fields = {name: value for name, value in facts.fields.items() if name in item.outward}
    return msgspec.structs.replace(facts, fields=fields, typed={})


def _row(holding: Holding, item: Item, day: date, rulebook: Rulebook) -> store.Publication:
    facts = _public_facts(holding, item, day, rulebook)
    decision = decide(facts, item, PUBLIC, "public", day, rulebook)
    edition = edition_on(day, rulebook)
    row = store.Publication(
        holding.key.subject,
        holding.key.path,
        size=holding.size,
        marks=holding.noted,
        edition=edition.number,
        rules=edition.text,
        day=day.isoformat(),
    )
    if item.listing is not None and holding.statements and not is_person(row.subject):
        first = min(statement.first for statement in holding.statements)
        row.listed = store.list_shard_of(item.id, row.subject)
        row.since = store.list_place(first.registered, row.subject, row.key)
    if decision.shown:
        row.body = msgspec.msgpack.encode(facts)
        hidden_from = decision.period.hidden_from if decision.period else None
        row.ends = hidden_from.isoformat() if hidden_from else None
    return row
