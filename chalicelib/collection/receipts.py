"""Receipts: what became of an upload, folded from the results of its ranges, never counted up."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Catalogue
from chalicelib.collection import codes
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import (
    Quarantine,
    list_checked,
    read_quarantine,
)
from chalicelib.collection.suggesting import doubt_item, tell_suggested
from chalicelib.collection.tallies import RowProblem, count_ranges
from chalicelib.collection.uploads import Registration, inbox_key
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of


class State(StrEnum):
    """How far an upload has come."""

    REGISTERED = "registered"  # no file yet
    RECEIVED = "received"
    MERGING = "merging"
    DONE = "done"
    QUARANTINED = "quarantined"  # the file cannot be read


Outcome = Literal["", "accepted", "accepted_with_warnings", "partial", "rejected"]
"""What became of the whole, empty until that is final."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an upload so far; final when its state is `done` or `quarantined`.

    `received` rows are those the file has; `merged` of `ranges` ranges have results,
    and those of `counted` ranges (a moment later) are in the rest: rows `accepted`, of which `warned` were told something, rows `refused`, and rows `withheld`
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
    counted: int = 0
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


def fold_receipt(registration: Registration) -> Receipt:
    """The receipt of an upload."""
    upload = registration.upload
    plan = read_plan(upload)
    if plan is not None:
        return _fold(registration, plan)
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


def _fold(registration: Registration, plan: Plan) -> Receipt:
    ranges = len(plan.ranges)
    count = count_ranges(plan)
    tally = count.tally
    complete = tally.ranges == ranges
    doubts = (
        _withhold(plan, tally.refused) + _doubt(registration, plan, tally.refused)
        if complete
        else ()
    )
    return Receipt(
        registration=registration,
        state=State.DONE if complete else State.MERGING,
        version=tally.version or plan.version,
        ranges=ranges,
        merged=count.merged,
        counted=tally.ranges,
        received=plan.rows,
        accepted=tally.accepted,
        refused=tally.refused,
        withheld=tally.withheld,
        checked=_count_checked(plan, complete=complete),
        warned=tally.warned,
        codes=tally.codes,
        problems=tally.problems,
        remarks=(
            *doubts,
            *(
                RowProblem(remark.row, Problem(code=remark.code, values=remark.values))
                for remark in plan.remarks
            ),
        ),
    )


def _count_checked(plan: Plan, *, complete: bool) -> int:
    if plan.mode != "whole":
        return 0
    return len(plan.ranges) if complete else len(list_checked(plan.upload))


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
