"""Timeliness 及时性: whether a record was reported in time (SD-10, SZ-15, JS-7).

Late is accepted and counted 迟报, never refused. Days are those of the lawful clock; a year whose
calendar is not published is never guessed.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.workdays import add_workdays, workdays_between
from chalicelib.runtime.errors import DomainError

Verdict = Literal["on_time", "late", "calendar_not_published"]


class Timeliness(Struct, frozen=True, kw_only=True):
    """How a report stands to its deadline, and the rule that sets it.

    `limit`: working days after formation. `due`: the last day in time, None where the calendars do
    not reach it; `working_days`: how many had passed when it was registered, None likewise.
    `calendar_not_published`: nobody can say yet.
    """

    limit: int
    due: date | None
    working_days: int | None
    verdict: Verdict
    source: str
    effective: date
    rulebook: str


def judge_timeliness(
    rulebook: Rulebook, item_frequency: int, formed: date, registered: date
) -> Timeliness:
    """Whether what was `formed` on one day and `registered` on another was reported in time.

    The rules in force on the day of formation 形成之日 apply; `item_frequency`: the working days of
    the catalogue item's update frequency 更新频次, for rulebooks that leave it to the item.
    """
    rule = rulebook.timeliness_working_days.on(formed)
    limit = item_frequency if rule.value == "item_frequency" else rule.value
    due, working_days = _find_due(formed, limit), _count(formed, registered)
    return Timeliness(
        limit=limit,
        due=due,
        working_days=working_days,
        verdict=_decide(due, working_days, limit, registered),
        source=rule.source,
        effective=rule.effective,
        rulebook=rule.rulebook,
    )


def _find_due(formed: date, limit: int) -> date | None:
    try:
        return add_workdays(formed, limit)
    except DomainError:
        return None


def _count(formed: date, registered: date) -> int | None:
    try:
        return workdays_between(formed, registered)
    except DomainError:
        return None


def _decide(due: date | None, working_days: int | None, limit: int, registered: date) -> Verdict:
    """A deadline beyond the calendars is not over while fewer days than the limit have passed."""
    if due is not None:
        return "on_time" if registered <= due else "late"
    known = working_days is not None and working_days < limit
    return "on_time" if known else "calendar_not_published"
