"""Receipts: what became of an upload, folded from the results of its ranges, never counted up."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import islice
from typing import Final

import msgspec

from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.results import (
    Problem,
    Quarantine,
    RangeResult,
    list_merged,
    read_quarantine,
    read_result,
)
from chalicelib.collection.uploads import Registration, inbox_key
from chalicelib.runtime import blobs

MAX_PROBLEMS: Final = 100
_READERS: Final = 8


class State(StrEnum):
    """How far an upload has come."""

    REGISTERED = "registered"  # no file yet
    RECEIVED = "received"
    MERGING = "merging"
    DONE = "done"
    QUARANTINED = "quarantined"  # the file cannot be read


class RowProblem(msgspec.Struct, frozen=True):
    """A row's number and one of its problems."""

    row: int
    problem: Problem


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an upload so far; final when its state is `done` or `quarantined`.

    `received` rows are those the file has; `merged` of `ranges` ranges are counted in the rest:
    rows `accepted`, of which `warned` were told something, and rows `refused`. `codes` says how
    often each code was told, `problems` are the first hundred in the order of the rows.
    """

    registration: Registration
    state: State
    version: str = ""
    ranges: int = 0
    merged: int = 0
    received: int = 0
    accepted: int = 0
    refused: int = 0
    warned: int = 0
    codes: dict[str, int] = {}
    problems: tuple[RowProblem, ...] = ()
    reason: Quarantine | None = None


def fold_receipt(registration: Registration) -> Receipt:
    """The receipt of an upload."""
    upload = registration.upload
    plan = read_plan(upload)
    if plan is not None:
        return _fold(registration, plan, _read_results(upload, list_merged(upload)))
    reason = read_quarantine(upload)
    if reason is not None:
        return Receipt(registration=registration, state=State.QUARANTINED, reason=reason)
    received = inbox_key(upload) in blobs.list_keys(inbox_key(upload))
    state = State.RECEIVED if received else State.REGISTERED
    return Receipt(registration=registration, state=state)


def _read_results(upload: str, ranges: Iterable[int]) -> list[RangeResult]:
    with ThreadPoolExecutor(_READERS) as readers:
        found = readers.map(lambda index: read_result(upload, index), ranges)
        return [result for result in found if result is not None]


def _fold(registration: Registration, plan: Plan, results: list[RangeResult]) -> Receipt:
    rows = [row for result in results for row in result.rows]
    accepted = [row for row in rows if row.accepted]
    complete = len(results) == len(plan.ranges)
    return Receipt(
        registration=registration,
        state=State.DONE if complete else State.MERGING,
        version=results[0].version if results else plan.version,
        ranges=len(plan.ranges),
        merged=len(results),
        received=plan.rows,
        accepted=len(accepted),
        refused=len(rows) - len(accepted),
        warned=sum(1 for row in accepted if row.problems),
        codes=dict(sorted(Counter(p.problem.code for p in _list_problems(results)).items())),
        problems=tuple(islice(_list_problems(results), MAX_PROBLEMS)),
    )


def _list_problems(results: Iterable[RangeResult]) -> Iterator[RowProblem]:
    return (
        RowProblem(row.row, problem)
        for result in results
        for row in result.rows
        for problem in row.problems
    )
