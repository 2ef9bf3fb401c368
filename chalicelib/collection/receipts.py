"""Receipts: what became of an upload, folded from the results of its ranges, never counted up."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import chain, islice
from typing import Final, Literal

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Catalogue
from chalicelib.collection import codes
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import (
    Quarantine,
    list_checked,
    list_merged,
    read_quarantine,
    read_result,
)
from chalicelib.collection.suggesting import doubt_item, tell_suggested
from chalicelib.collection.uploads import Registration, inbox_key
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of

MAX_PROBLEMS: Final = 100
_READERS: Final = 8


class State(StrEnum):
    """How far an upload has come."""

    REGISTERED = "registered"  # no file yet
    RECEIVED = "received"
    MERGING = "merging"
    DONE = "done"
    QUARANTINED = "quarantined"  # the file cannot be read


Outcome = Literal["", "accepted", "accepted_with_warnings", "partial", "rejected"]
"""What became of the whole, empty until that is final."""


class RowProblem(msgspec.Struct, frozen=True):
    """A row's number and one of its problems."""

    row: int
    problem: Problem


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an upload so far; final when its state is `done` or `quarantined`.

    `received` rows are those the file has; `merged` of `ranges` ranges are counted in the rest:
    rows `accepted`, of which `warned` were told something, rows `refused`, and rows `withheld`
    because others of a whole upload were refused; of one that is not merged yet, so many ranges are
    `checked`. `codes` says how
    often each code was told, `problems` are the first hundred in the order of the rows. `remarks`
    tell what in the file was not read as data, by row, or of the file (row 0).
    """

    registration: Registration
    state: State
    version: str = ""
    ranges: int = 0
    merged: int = 0
    received: int = 0
    accepted: int = 0
    refused: int = 0
    withheld: int = 0
    checked: int = 0
    warned: int = 0
    codes: dict[str, int] = {}
    problems: tuple[RowProblem, ...] = ()
    remarks: tuple[RowProblem, ...] = ()
    reason: Quarantine | None = None

    @property
    def outcome(self) -> Outcome:
        """What became of the whole upload."""
        if self.state is State.QUARANTINED:
            return "rejected"
        if self.state is not State.DONE:
            return ""
        if not self.accepted:
            return "rejected"
        if self.refused:
            return "partial"
        return "accepted_with_warnings" if self.warned else "accepted"


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt needs of one range; the rows themselves are many."""

    version: str
    accepted: int
    refused: int
    withheld: int
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
        return Receipt(
            registration=registration,
            state=State.QUARANTINED,
            reason=reason,
            remarks=_of_file(tell_suggested(_catalogue(registration), reason.suggests)),
        )
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
    withheld = sum(row.withheld for row in result.rows)
    return _Part(
        version=result.version,
        accepted=len(accepted),
        refused=len(result.rows) - len(accepted) - withheld,
        withheld=withheld,
        warned=sum(bool(row.problems) for row in accepted),
        codes=Counter(each.problem.code for each in problems),
        problems=tuple(problems[:MAX_PROBLEMS]),
    )


def _fold(registration: Registration, plan: Plan, parts: list[_Part]) -> Receipt:
    complete = len(parts) == len(plan.ranges)
    told: Counter[str] = sum((part.codes for part in parts), Counter())
    refused = sum(part.refused for part in parts)
    doubts = _withhold(plan, refused) + _doubt(registration, plan, refused) if complete else ()
    return Receipt(
        registration=registration,
        state=State.DONE if complete else State.MERGING,
        version=parts[0].version if parts else plan.version,
        ranges=len(plan.ranges),
        merged=len(parts),
        received=plan.rows,
        accepted=sum(part.accepted for part in parts),
        refused=refused,
        withheld=sum(part.withheld for part in parts),
        checked=len(list_checked(plan.upload)) if plan.mode == "whole" else 0,
        warned=sum(part.warned for part in parts),
        codes=dict(sorted(told.items())),
        problems=tuple(islice(chain.from_iterable(p.problems for p in parts), MAX_PROBLEMS)),
        remarks=(
            *doubts,
            *(
                RowProblem(remark.row, Problem(code=remark.code, values=remark.values))
                for remark in plan.remarks
            ),
        ),
    )


def _withhold(plan: Plan, refused: int) -> tuple[RowProblem, ...]:
    """That nothing was merged, where rows of a whole upload are refused."""
    if plan.mode != "whole" or not refused:
        return ()
    values: dict[str, str | int] = {"refused": refused, "received": plan.rows}
    return (RowProblem(0, Problem(code=codes.WITHHELD.id, values=values)),)


def _doubt(registration: Registration, plan: Plan, refused: int) -> tuple[RowProblem, ...]:
    catalogue = _catalogue(registration)
    return _of_file(doubt_item(catalogue, plan.suggests, refused=refused, received=plan.rows))


def _catalogue(registration: Registration) -> Catalogue:
    return load_catalogue(day_of(registration.registered))


def _of_file(problems: Iterable[Problem]) -> tuple[RowProblem, ...]:
    return tuple(RowProblem(0, problem) for problem in problems)
