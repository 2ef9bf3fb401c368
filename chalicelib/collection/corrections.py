"""Corrections 更正 and withdrawals 撤销 that a file brings, as marks on the records they concern.

Which marks is told by the rows alone, never by what the archive holds at the moment: so files may be
merged in any order, twice, or in parts. What came of an operation is a finding
(`operation_findings`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from chalicelib.archive import store as archive
from chalicelib.archive.statements import Mark, MarkKind, Phase, RecordKey, Statement
from chalicelib.catalogue.model import Item
from chalicelib.collection.linking import Source, link_rows
from chalicelib.collection.operations import Operated, Operation

Placed = tuple[RecordKey, Mark]


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """Words that a correction leads from one record to another."""

    statement: Statement
    former: RecordKey
    marks: tuple[Placed, Placed]


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of a range change beside adding statements, by row."""

    withdrawals: Mapping[int, Placed]
    moves: Mapping[int, Move]


def plan_changes(
    item: Item, source: Source, rows: Sequence[Operated], linked: Sequence[Statement]
) -> Changes:
    """What the operations of `rows` come to; `linked` are the statements of those accepted.

    Persons whom only a former key names are made, as if they had been reported: the file that
    reports them may come later. Raises `PersonErased`.
    """
    operations = {row.checked.row: row.operation for row in rows if row.operation is not None}
    if not operations:
        return Changes(withdrawals={}, moves={})
    formers = [each.former for each in operations.values() if each.former is not None]
    before = {each.first.row: each.record_key for each in link_rows(item, source, formers)}
    withdrawals: dict[int, Placed] = {}
    moves: dict[int, Move] = {}
    for statement in linked:
        row = statement.first.row
        operation, here = operations.get(row), statement.record_key
        if operation is None:
            continue
        if operation.kind == "withdraw":
            mark = _mark(MarkKind.WITHDRAWN, statement, operation)
            withdrawals[row] = (here, mark)
            continue
        former = before.get(row) or _named(operation.record, here)
        if former != here:
            moves[row] = _move(statement, operation, former, here)
    return Changes(withdrawals=withdrawals, moves=moves)


def make_changes(changes: Changes) -> None:
    """Set the marks, with the words that they move; doing it again changes nothing."""
    archive.add_marks(changes.withdrawals.values())
    for move in changes.moves.values():
        archive.move_words(move.statement, move.marks)


def _move(statement: Statement, operation: Operation, former: RecordKey, here: RecordKey) -> Move:
    replaced = _mark(MarkKind.REPLACED, statement, operation, str(here))
    replaces = _mark(MarkKind.REPLACES, statement, operation, str(former))
    return Move(statement=statement, former=former, marks=((former, replaced), (here, replaces)))


def _mark(kind: MarkKind, statement: Statement, operation: Operation, value: str = "") -> Mark:
    said = statement.first
    return Mark(
        kind=kind,
        id=f"{statement.provider}.{said.upload}-{said.row}",
        phase=Phase.OPEN,
        at=said.registered,
        by=statement.provider,
        basis=operation.reason,
        provider=statement.provider,
        value=value,
        order=str(said),
    )


def _named(record: str, here: RecordKey) -> RecordKey:
    """The record of the same item that a receipt names so; `here` where none is named."""
    subject, _, name = record.rpartition("/")
    return RecordKey(subject or here.subject, here.item, name or here.record)
