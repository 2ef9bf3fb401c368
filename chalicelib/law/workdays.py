"""Working days 工作日 by the statutory calendar, with its adjusted weekends (调休).

A year whose calendar is not published is refused, never guessed. A deadline of n working days is
the n-th working day after the day itself, which is not counted.
"""

from bisect import bisect_right
from datetime import date, timedelta

from chalicelib.law.calendars import Calendars, load_calendars
from chalicelib.law.codes import CALENDAR_NOT_PUBLISHED
from chalicelib.runtime.errors import DomainError

ONE_DAY = timedelta(days=1)


def _require_calendar(calendars: Calendars, year: int) -> None:
    if not calendars.first <= year <= calendars.last:
        raise DomainError(
            CALENDAR_NOT_PUBLISHED, year=year, first=calendars.first, last=calendars.last
        )


def add_workdays(start: date, count: int) -> date:
    """The `count`-th working day after `start`; `start` itself for 0.

    Raises `DomainError` E-LAW-01 when it starts in or reaches a year without calendar, and
    ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    calendars = load_calendars()
    _require_calendar(calendars, start.year)
    if not count:
        return start
    place = bisect_right(calendars.worked, start.toordinal()) + count - 1
    if place >= len(calendars.worked):
        _require_calendar(calendars, calendars.last + 1)
    return date.fromordinal(calendars.worked[place])


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative if `end` is earlier.

    Raises `DomainError` E-LAW-01 when a day to be counted lies in a year without calendar.
    """
    if end < start:
        return -workdays_between(end, start)
    if end == start:
        return 0
    calendars = load_calendars()
    _require_calendar(calendars, (start + ONE_DAY).year)
    _require_calendar(calendars, min(end.year, calendars.last + 1))
    return _count_worked(calendars, start, end)


def bound_workdays(start: date, end: date) -> tuple[int, int]:
    """How many lie after `start`, up to and with `end`, at least and at most.

    Of the years without calendar no day is worked, or every one.
    """
    if end <= start:
        return 0, 0
    calendars = load_calendars()
    before, last = date(calendars.first - 1, 12, 31), date(calendars.last, 12, 31)
    known = max((min(end, last) - max(start, before)).days, 0)
    fewest = _count_worked(calendars, start, end)
    return fewest, fewest + (end - start).days - known


def _count_worked(calendars: Calendars, start: date, end: date) -> int:
    first, last = (bisect_right(calendars.worked, day.toordinal()) for day in (start, end))
    return last - first
