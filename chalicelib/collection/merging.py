"""Merging one range of an upload: its rows become statements, and what became of each is kept.

Safe to run twice, at the same time, and to be killed anywhere: statements and assertions are keyed
by what they say, and the results object comes last, under a key and with a content of its own.
"""

from collections.abc import Iterator, Sequence

import msgspec

from chalicelib.archive import store as archive
from chalicelib.archive.statements import Assertion, Statement
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.checks import Checked, Checker
from chalicelib.collection.linking import Source, link_rows
from chalicelib.collection.plans import Plan, Range, read_plan
from chalicelib.collection.readers import Row, read_rows
from chalicelib.collection.results import RangeResult, RowResult, read_result, write_result
from chalicelib.collection.store import RangeMessage
from chalicelib.collection.uploads import inbox_key
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day, moment_of
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log

Place = tuple[str, str]
"""A subject, and a statement's sort key in its archive."""


def merge_from_message(body: str) -> None:
    """Merge the range that a message of the ranges queue names."""
    message = msgspec.json.decode(body, type=RangeMessage)
    merge_range(message.upload, message.range)


def merge_range(upload: str, index: int) -> None:
    """Merge one planned range of an upload.

    A range that has its result is done: a receipt never changes. Raises DomainError `E-UPLOAD-07`
    where there is no such range.
    """
    plan = read_plan(upload)
    if plan is None or not 0 <= index < len(plan.ranges):
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=index)
    if read_result(upload, index) is not None:
        return
    item = load_catalogue().item(plan.item)
    rows = _check_rows(plan, plan.ranges[index], item)
    statements = link_rows(item, Source(upload, plan.provider, plan.registered), rows)
    _add_to_archive(statements)
    result = _tell(upload, index, item, rows, statements)
    write_result(result)
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
    return read_rows(
        blobs.read_range(inbox_key(plan.upload), span.start, span.end),
        encoding=plan.encoding,
        first_row=span.first_row,
        skipped=plan.header_rows,
    )


def _check_rows(plan: Plan, span: Range, item: Item) -> list[Checked]:
    day = lawful_day(moment_of(plan.registered))
    checker = Checker(item, plan.columns, day)
    return [checker.check(row) for row in read_range_rows(plan, span)]


def _add_to_archive(statements: Sequence[Statement]) -> None:
    """Add statements; the same words said before, here or elsewhere, become assertions."""
    placed = [((statement.subject, statement.key), statement) for statement in statements]
    first: dict[Place, Statement] = {}
    for place, statement in placed:
        first.setdefault(place, statement)
    held = archive.find_first_assertions(first)
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
    rows: Sequence[Checked],
    statements: Sequence[Statement],
) -> RangeResult:
    linked = {statement.first.row: statement for statement in statements}
    return RangeResult(
        upload=upload,
        range=index,
        version=item.version,
        rows=tuple(_tell_row(row, linked.get(row.row)) for row in rows),
    )


def _tell_row(row: Checked, statement: Statement | None) -> RowResult:
    if statement is None:
        return RowResult(row=row.row, problems=row.problems)
    return RowResult(
        row=row.row,
        problems=row.problems,
        subject=statement.subject,
        record=statement.record,
        digest=statement.digest,
    )
