"""Timeliness 及时性: whether a record was reported in time (SD-10, SZ-15, JS-7).

Late is accepted and counted 迟报, never refused. Days are those of the lawful clock; a year whose
calendar is not published is never guessed.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.workdays import add_workdays, bound_workdays, workdays_between
from chalicelib.runtime.errors import DomainError

Verdict = Literal["on_time", "late", "calendar_not_published"]


class Timeliness(Struct, frozen=True, kw_only=True):
    """How a report stands to its deadline, and the rule that sets it.

    `limit`: working days after formation. `due`: the last day in time, None where the calendars do
    not reach it; `working_days`: how many had passed when it was registered, None likewise.
    `calendar_not_published`: nobody can say until the calendar of the year `awaits` is loaded.
    """

    limit: int
    due: date | None
    working_days: int | None
    verdict: Verdict
    awaits: int | None
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
    due, awaits = _find_due(formed, limit)
    verdict = _decide(due, limit, formed, registered)
    return Timeliness(
        limit=limit,
        due=due,
        working_days=_count(formed, registered),
        verdict=verdict,
        awaits=awaits if verdict == "calendar_not_published" else None,
        source=rule.source,
        effective=rule.effective,
        rulebook=rule.rulebook,
    )


def _find_due(formed: date, limit: int) -> tuple[date | None, int | None]:
    """The last day in time; else the year whose calendar would tell."""
    try:
        return add_workdays(formed, limit), None
    except DomainError as refused:
        return None, int(refused.values["year"])


def _count(formed: date, registered: date) -> int | None:
    try:
        return workdays_between(formed, registered)
    except DomainError:
        return None


def _decide(due: date | None, limit: int, formed: date, registered: date) -> Verdict:
    """Where the calendars do not reach the deadline: what is certain however their days are worked."""
    if due is not None:
        return "on_time" if registered <= due else "late"
    fewest, most = bound_workdays(formed, registered)
    if most <= limit:
        return "on_time"
    return "late" if fewest > limit else "calendar_not_published"
