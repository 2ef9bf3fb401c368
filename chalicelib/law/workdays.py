"""Working days 工作日 by the statutory calendar, with its adjusted weekends (调休).

A year whose calendar is not published is refused, never guessed. A deadline of n working days is
the n-th working day after the day itself, which is not counted.
"""

from datetime import date, timedelta

from chinese_calendar.constants import holidays, workdays

from chalicelib.law.codes import CALENDAR_NOT_PUBLISHED
from chalicelib.runtime.errors import DomainError

ONE_DAY = timedelta(days=1)
SATURDAY = 5
PUBLISHED = frozenset(day.year for day in holidays)


def is_workday(day: date) -> bool:
    """Whether `day` is worked. Raises `DomainError` E-LAW-01 for a year without calendar."""
    _require_calendar(day.year)
    return day in workdays or (day.weekday() < SATURDAY and day not in holidays)


def _require_calendar(year: int) -> None:
    if year not in PUBLISHED:
        raise DomainError(
            CALENDAR_NOT_PUBLISHED, year=year, first=min(PUBLISHED), last=max(PUBLISHED)
        )


def add_workdays(start: date, count: int) -> date:
    """The `count`-th working day after `start`; `start` itself for 0.

    Raises `DomainError` E-LAW-01 when it starts in or reaches a year without calendar, and
    ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    _require_calendar(start.year)
    day = start
    while count:
        day += ONE_DAY
        count -= is_workday(day)
    return day


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative if `end` is earlier.

    Raises `DomainError` E-LAW-01 when a day to be counted lies in a year without calendar.
    """
    if end < start:
        return -workdays_between(end, start)
    days = (end - start).days
    return sum(is_workday(start + timedelta(days=offset)) for offset in range(1, days + 1))
