"""Receipts: what became of an upload, folded from the results of its ranges, never counted up."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import chain, islice
from typing import Final

import msgspec

from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.results import (
    Problem,
    Quarantine,
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


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt needs of one range; the rows themselves are many."""

    version: str
    accepted: int
    refused: int
    warned: int
    codes: Counter[str]
    problems: tuple[RowProblem, ...]


def fold_receipt(registration: Registration) -> Receipt:
    """The receipt of an upload."""
    upload = registration.upload
    plan = read_plan(upload)
    if plan is not None:
        return _fold(registration, plan, _read_parts(upload, list_merged(upload)))
    reason = read_quarantine(upload)
    if reason is not None:
        return Receipt(registration=registration, state=State.QUARANTINED, reason=reason)
    received = inbox_key(upload) in blobs.list_keys(inbox_key(upload))
    state = State.RECEIVED if received else State.REGISTERED
    return Receipt(registration=registration, state=state)


def _read_parts(upload: str, ranges: Iterable[int]) -> list[_Part]:
    with ThreadPoolExecutor(_READERS) as readers:
        found = readers.map(lambda index: _read_part(upload, index), ranges)
        return [part for part in found if part is not None]


def _read_part(upload: str, index: int) -> _Part | None:
    result = read_result(upload, index)
    if result is None:
        return None
    problems = [RowProblem(row.row, each) for row in result.rows for each in row.problems]
    accepted = [row for row in result.rows if row.accepted]
    return _Part(
        version=result.version,
        accepted=len(accepted),
        refused=len(result.rows) - len(accepted),
        warned=sum(bool(row.problems) for row in accepted),
        codes=Counter(each.problem.code for each in problems),
        problems=tuple(problems[:MAX_PROBLEMS]),
    )


def _fold(registration: Registration, plan: Plan, parts: list[_Part]) -> Receipt:
    complete = len(parts) == len(plan.ranges)
    codes: Counter[str] = sum((part.codes for part in parts), Counter())
    return Receipt(
        registration=registration,
        state=State.DONE if complete else State.MERGING,
        version=parts[0].version if parts else plan.version,
        ranges=len(plan.ranges),
        merged=len(parts),
        received=plan.rows,
        accepted=sum(part.accepted for part in parts),
        refused=sum(part.refused for part in parts),
        warned=sum(part.warned for part in parts),
        codes=dict(sorted(codes.items())),
        problems=tuple(islice(chain.from_iterable(p.problems for p in parts), MAX_PROBLEMS)),
    )
