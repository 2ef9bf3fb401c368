"""How far a check has come: folded from what stands of it, never counted up."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.values import Check, Counts, Remark, Told
from chalicelib.runtime.clock import day_of


class State(StrEnum):
    """How far a check has come."""

    REGISTERED = "registered"  # its file has not come, or is being read
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # its file cannot be read
    EXPIRED = "expired"  # the term of its results is over


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a check has come; `counts` are of the parts that are answered."""

    state: State
    rows: int = 0
    parts: int = 0
    answered: int = 0
    counts: Counts = Counts()
    remarks: tuple[Remark, ...] = ()
    refused: Told | None = None

    @property
    def final(self) -> bool:
        """Whether nothing more will come of it by itself."""
        return self.state in {State.DONE, State.REFUSED, State.EXPIRED}


def read_progress(check: Check, day: date, result_days: int) -> Progress:
    """How far `check` has come on the lawful day `day`, where results stand for so many days."""
    if day > last_day(check, result_days):
        return Progress(state=State.EXPIRED)
    plan = objects.read_plan(check.id)
    if plan is None:
        return Progress(state=State.REGISTERED)
    if plan.refused is not None:
        return Progress(state=State.REFUSED, refused=plan.refused)
    answered = objects.list_answered(check.id)
    return Progress(
        state=State.DONE if len(answered) == plan.parts else State.RUNNING,
        rows=plan.rows,
        parts=plan.parts,
        answered=len(answered),
        counts=_add_up(answered.values()),
        remarks=plan.remarks,
    )


def _add_up(counts: Iterable[Counts]) -> Counts:
    return Counts(*map(sum, zip(*map(msgspec.structs.astuple, counts), strict=True)))


def last_day(check: Check, result_days: int) -> date:
    """The last lawful day on which the results of `check` stand."""
    return day_of(check.registered) + timedelta(days=result_days)
