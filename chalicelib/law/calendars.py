"""Calendars 放假安排: which days are worked, as the State Council publishes it every November.

`chinesecalendar` holds the years up to its last release. A year that it does not hold, or holds
wrongly, is a file of its own, `calendars/<year>.toml`, which stands before the library:

    year = 2027
    source = "<title and number of the notice>"
    holidays = [<every day off, weekends within holidays too>]
    workdays = [<every Saturday and Sunday that is worked 调休上班>]

A notice may name days of the December before: there it stands before the earlier year's calendar.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from chinese_calendar import constants
from msgspec import Meta, Struct

from chalicelib.law.reading import RulebookError, read_file

CALENDARS = Path(__file__).parent / "calendars"

SATURDAY: Final = 5
_LIBRARY: Final = "chinesecalendar"
_DATED: Final = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Days off whose date is the same every year (全国年节及纪念日放假办法)."""
_STATUTORY: Final = 13
"""How many statutory days off a year has (the same, as of 2025): no notice names fewer."""

Found = tuple[str, str]
"""Which list of a file cannot be used, and why."""


class Notice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One year's arrangement as written: every day off, every weekend day that is worked."""

    year: Annotated[int, Meta(ge=2004, le=9998)]
    source: Annotated[str, Meta(min_length=1)]
    holidays: tuple[date, ...]
    workdays: tuple[date, ...]


class Calendars(Struct, frozen=True, kw_only=True, eq=False):
    """The calendars of all years from `first` to `last`.

    `worked` are their working days as ordinals, in order; `sources` say whose each year is.
    """

    first: int
    last: int
    worked: tuple[int, ...]
    sources: Mapping[int, str]


def load_calendars() -> Calendars:
    """Those of this deployment; files are read once.

    Raises `RulebookError`, which names the file, the line and the reason.
    """
    return read_calendars(CALENDARS)


@cache
def read_calendars(directory: Path) -> Calendars:
    """The library's years, and before them those of the files in `directory`."""
    sources = dict.fromkeys(sorted({day.year for day in constants.holidays}), _LIBRARY)
    off, on = set(constants.holidays), set(constants.workdays)
    for file, notice in sorted(_read_notices(directory), key=lambda read: read[1].year):
        if notice.year - 1 not in sources:
            reason = f"the calendar of {notice.year - 1} is needed before that of {notice.year}"
            raise RulebookError(file, ("year",), reason)
        named = {*notice.holidays, *notice.workdays}
        off = {day for day in off - named if day.year != notice.year} | set(notice.holidays)
        on = {day for day in on - named if day.year != notice.year} | set(notice.workdays)
        sources[notice.year] = notice.source
    first, last = min(sources), max(sources)
    return Calendars(
        first=first,
        last=last,
        worked=tuple(_list_worked(date(first, 1, 1), date(last, 12, 31), off, on)),
        sources=sources,
    )


def _read_notices(directory: Path) -> Iterator[tuple[Path, Notice]]:
    for file in directory.glob("*.toml"):
        notice = read_file(file, Notice)
        if file.stem != str(notice.year):
            raise RulebookError(file, ("year",), f"{notice.year} is not what the file is called")
        for name, reason in _find_wrong(notice):
            raise RulebookError(file, (name,), reason)
        yield file, notice


def _find_wrong(notice: Notice) -> Iterator[Found]:
    """What no arrangement of a year can say."""
    for name, days in (("holidays", notice.holidays), ("workdays", notice.workdays)):
        yield from _tell(name, (day for day, times in Counter(days).items() if times > 1), "twice")
        yield from _tell(name, (day for day in days if not _may_name(notice, day)), "another year")
    both = set(notice.holidays) & set(notice.workdays)
    yield from _tell("workdays", both, "a day off too")
    weekdays = (day for day in notice.workdays if day.weekday() < SATURDAY)
    yield from _tell("workdays", weekdays, "no Saturday or Sunday")
    dated = {date(notice.year, *day) for day in _DATED}
    yield from _tell("holidays", dated - set(notice.holidays), "missing, a day off every year")
    if sum(day.year == notice.year for day in notice.holidays) < _STATUTORY:
        yield "holidays", f"fewer than the {_STATUTORY} statutory days off"


def _tell(name: str, days: Iterable[date], what: str) -> Iterator[Found]:
    return ((name, f"{day}: {what}") for day in sorted(days))


def _may_name(notice: Notice, day: date) -> bool:
    return day.year == notice.year or (day.year, day.month) == (notice.year - 1, 12)


def _list_worked(first: date, last: date, off: set[date], on: set[date]) -> Iterator[int]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day in on or (day.weekday() < SATURDAY and day not in off):
            yield ordinal
