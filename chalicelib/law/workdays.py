"""Working days 工作日 by the statutory calendar, with its adjusted weekends (调休).

A year whose calendar is not published is refused, never guessed. A deadline of n working days is
the n-th working day after the day itself, which is not counted.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import holidays, workdays

from chalicelib.law.codes import CALENDAR_NOT_PUBLISHED
from chalicelib.runtime.errors import DomainError

ONE_DAY = timedelta(days=1)
SATURDAY = 5
PUBLISHED = frozenset(day.year for day in holidays)


def is_workday(day: date) -> bool:
    """Whether `day` is worked. Raises `DomainError` E-LAW-01 for a year without calendar."""
    _require_calendar(day.year)
    return _is_worked(day)


def _is_worked(day: date) -> bool:
    return day in workdays or (day.weekday() < SATURDAY and day not in holidays)


def _require_calendar(year: int) -> None:
    if year not in PUBLISHED:
        raise DomainError(
            CALENDAR_NOT_PUBLISHED, year=year, first=min(PUBLISHED), last=max(PUBLISHED)
        )


@cache
def _worked() -> tuple[int, ...]:
    """Every working day of the calendars, as ordinals: counting is a look-up, not a walk."""
    first, last = date(min(PUBLISHED), 1, 1), date(max(PUBLISHED), 12, 31)
    days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    return tuple(day.toordinal() for day in days if _is_worked(day))


def add_workdays(start: date, count: int) -> date:
    """The `count`-th working day after `start`; `start` itself for 0.

    Raises `DomainError` E-LAW-01 when it starts in or reaches a year without calendar, and
    ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    _require_calendar(start.year)
    if not count:
        return start
    worked = _worked()
    place = bisect_right(worked, start.toordinal()) + count - 1
    if place >= len(worked):
        _require_calendar(max(PUBLISHED) + 1)
    return date.fromordinal(worked[place])


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative if `end` is earlier.

    Raises `DomainError` E-LAW-01 when a day to be counted lies in a year without calendar.
    """
    if end < start:
        return -workdays_between(end, start)
    if end == start:
        return 0
    _require_calendar((start + ONE_DAY).year)
    _require_calendar(min(end.year, max(PUBLISHED) + 1))
    worked = _worked()
    return bisect_right(worked, end.toordinal()) - bisect_right(worked, start.toordinal())
