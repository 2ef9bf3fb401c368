"""Merging one range of an upload: its rows become statements, and what became of each is kept.

Safe to run twice, at the same time, and to be killed anywhere: statements and assertions are keyed
by what they say, and the results object comes last, under a key and with a content of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from chalicelib.archive import store as archive
from chalicelib.archive.statements import Assertion, Statement
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.adapting import adapt_rows
from chalicelib.collection.corrections import Changes, make_changes, plan_changes
from chalicelib.collection.linking import Source, link_rows
from chalicelib.collection.operation_columns import with_operations
from chalicelib.collection.operations import Operated, OperationChecker
from chalicelib.collection.plans import Plan, read_plan, source_key
from chalicelib.collection.ranges import Range
from chalicelib.collection.readers import Row, read_rows
from chalicelib.collection.remarks import left_out
from chalicelib.collection.results import (
    RangeResult,
    RowResult,
    read_result,
    write_result,
)
from chalicelib.collection.store import RangeMessage
from chalicelib.collection.tallies import keep_block
from chalicelib.collection.wholes import forget_checked, take_checked
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log

Place = tuple[str, str]
"""A subject, and a statement's sort key in its archive."""

Refer = Callable[[Item, Sequence[Statement]], None]
"""Refers to what was added from elsewhere than its own archive: done before the range counts as
merged, and again where a range is merged again."""


def refer_nowhere(_item: Item, _added: Sequence[Statement]) -> None:
    """Leave all references to whoever follows the archive."""


def merge_from_message(body: str, refer: Refer = refer_nowhere) -> None:
    """Merge the range that a message of the ranges queue names."""
    message = msgspec.json.decode(body, type=RangeMessage)
    merge_range(message.upload, message.range, refer)


def merge_range(upload: str, index: int, refer: Refer = refer_nowhere) -> None:
    """Merge one planned range of an upload.

    A range that has its result is done: a receipt never changes. One of a whole upload is only
    checked as long as not all are. Raises DomainError `E-UPLOAD-07` where there is no such range.
    """
    plan = read_plan(upload)
    if plan is None or not 0 <= index < len(plan.ranges):
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=index)
    if read_result(upload, index) is None:
        _merge(plan, index, refer)
    elif plan.mode == "whole":  # whoever wrote it may have died before forgetting
        forget_checked(upload, index)


def _merge(plan: Plan, index: int, refer: Refer) -> None:
    item = load_catalogue(day_of(plan.registered)).item(plan.item)
    rows: Sequence[Operated]
    if plan.mode == "whole":
        check = partial(_check_rows, plan, plan.ranges[index], item)
        checkup = take_checked(plan, index, item.version, check)
        if checkup is None:
            return
        item, rows = msgspec.structs.replace(item, version=checkup.version), checkup.rows
    else:
        rows = _check_rows(plan, plan.ranges[index], item)
    _merge_rows(plan, index, item, rows, refer)


def _merge_rows(plan: Plan, index: int, item: Item, rows: Sequence[Operated], refer: Refer) -> None:
    upload = plan.upload
    source = Source(upload, plan.provider, plan.registered)
    statements = link_rows(item, source, [row.checked for row in rows])
    changes = plan_changes(item, source, rows, statements)
    make_changes(changes)
    added = [each for each in statements if each.first.row not in changes.withdrawals]
    _add_to_archive(added)
    refer(item, added)
    result = _tell(upload, index, item, rows, statements, changes)
    write_result(result)
    keep_block(plan, index)
    if plan.mode == "whole":
        forget_checked(upload, index)
    accepted = len(statements)
    log(
        LogCode.RANGE_MERGED,
        upload=upload,
        range=index,
        accepted=accepted,
        refused=len(rows) - accepted,
    )


def read_range_rows(plan: Plan, span: Range) -> Iterator[Row]:
    """The rows of one range, as they stand in the file."""
    rows = read_rows(
        blobs.read_range(source_key(plan), span.start, span.end),
        encoding=plan.encoding,
        first_row=span.first_row,
        skipped=left_out(plan.remarks),
        delimiter=plan.delimiter,
    )
    return adapt_rows(
        rows,
        with_operations(load_catalogue(day_of(plan.registered)).item(plan.item)),
        plan.columns,
        unread=plan.unread,
        serial_offset=plan.serial_offset,
    )


def _check_rows(plan: Plan, span: Range, item: Item) -> list[Operated]:
    checker = OperationChecker(item, plan.columns, day_of(plan.registered), lettered=plan.lettered)
    return [checker.check(row) for row in read_range_rows(plan, span)]


def _add_to_archive(statements: Sequence[Statement]) -> None:
    """Add statements; the same words said before, here or elsewhere, become assertions."""
    placed = [((statement.subject, statement.key), statement) for statement in statements]
    first: dict[Place, Statement] = {}
    for place, statement in placed:
        first.setdefault(place, statement)
    held = archive.probe_first_assertions(first)
    raced = archive.insert_statements(
        [statement for place, statement in first.items() if place not in held]
    )
    held |= archive.find_first_assertions(raced)
    said_again: list[tuple[str, str, Assertion]] = []
    for place, statement in placed:
        creator = held.get(place, first[place].first)
        if statement.first < creator:
            archive.note_earlier(*place, statement.first)
        elif statement.first != creator:
            said_again.append((*place, statement.first))
    archive.add_assertions(said_again)


def _tell(
    upload: str,
    index: int,
    item: Item,
    rows: Sequence[Operated],
    statements: Sequence[Statement],
    changes: Changes,
) -> RangeResult:
    linked = {statement.first.row: statement for statement in statements}
    return RangeResult(
        upload=upload,
        range=index,
        version=item.version,
        rows=tuple(_tell_row(row, linked.get(row.checked.row), changes) for row in rows),
    )


def _tell_row(operated: Operated, statement: Statement | None, changes: Changes) -> RowResult:
    row, operation = operated
    if statement is None:
        return RowResult(row=row.row, problems=row.problems)
    move = changes.moves.get(row.row)
    return RowResult(
        row=row.row,
        problems=row.problems,
        subject=statement.subject,
        record=statement.record,
        digest="" if row.row in changes.withdrawals else statement.digest,
        operation="" if operation is None else operation.kind,
        replaced="" if move is None else str(move.former),
    )
