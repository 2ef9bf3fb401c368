"""What came of operations 操作, beside the archive as it is now: findings, which never refuse a row."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from chalicelib.archive import store as archive
from chalicelib.archive.fold import fold
from chalicelib.archive.statements import (
    Holding,
    MarkKind,
    RecordKey,
    parse_record_key,
)
from chalicelib.archive.succession import successors_in
from chalicelib.collection import codes
from chalicelib.collection.comparisons import assertion_of, record_of
from chalicelib.collection.plans import Plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import RowResult
from chalicelib.runtime.errors import Code

Found = tuple[int, Problem]


def find_operations(
    plan: Plan, rows: Iterable[RowResult], holdings: Mapping[RecordKey, Holding]
) -> Iterator[Found]:
    """Operations on what the provider had not said, or no longer says, before their row.

    Also words on a record that the provider has replaced: they do not count. `holdings` are those
    of the rows' records.
    """
    for row in rows:
        code = _look(plan, row, holdings[record_of(plan, row)]) if row.accepted else None
        if code is not None:
            yield row.row, Problem(code=code.id)


def _look(plan: Plan, row: RowResult, here: Holding) -> Code | None:
    if not row.operation:
        return codes.WORDS_MOVED if _is_moved(plan.provider, here) else None
    meant = archive.read_alone(parse_record_key(row.replaced)) if row.replaced else here
    before = _said_before(meant, plan, row)
    if not before.statements:
        plain = row.operation == "correct" and not row.replaced
        return codes.CORRECTION_NEW if plain else codes.OPERATION_UNKNOWN
    if fold(before).current is None and (row.operation == "withdraw" or row.replaced):
        return codes.OPERATION_AGAIN
    return None


def _is_moved(provider: str, holding: Holding) -> bool:
    if not successors_in(holding):
        return False
    own = _of_provider(holding, provider)
    marked = fold(own).marked(MarkKind.REPLACED)
    return marked is not None and bool(own.statements)


def _said_before(holding: Holding, plan: Plan, row: RowResult) -> Holding:
    """What the provider had said and taken back before the row, the only words that it may move."""
    own, place = _of_provider(holding, plan.provider), str(assertion_of(plan, row.row))
    return msgspec.structs.replace(
        own,
        statements=tuple(each for each in own.statements if str(each.first) < place),
        assertions=tuple(each for each in own.assertions if str(each[1]) < place),
        marks=tuple(each for each in own.marks if each.place < place),
    )


def _of_provider(holding: Holding, provider: str) -> Holding:
    return msgspec.structs.replace(
        holding,
        statements=tuple(each for each in holding.statements if each.provider == provider),
        marks=tuple(each for each in holding.marks if each.provider == provider),
    )
