"""Calendars of years that the library does not hold yet: one file a year, checked before it counts.

The arrangements here are made up: none of them was ever published.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from chalicelib.law import calendars
from chalicelib.law.calendars import load_calendars, read_calendars
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.timeliness import judge_timeliness
from chalicelib.law.workdays import add_workdays, workdays_between
from chalicelib.runtime.errors import DomainError

D = date.fromisoformat
JS = load_rulebook("jiangsu")
NOTICE = "（虚构）关于{}年部分节假日安排的通知"
OFF = ("01-01", "01-02", "01-03", *(f"02-{day:02d}" for day in range(5, 12)), "05-01", "05-02",
       *(f"10-{day:02d}" for day in range(1, 8)))  # fmt: skip


def arrangement(year: int = 2027, *, off: str = "", worked: str = "") -> str:
    """A file of an invented arrangement, an entry a line; `off` and `worked` are added to it."""
    days = "".join(f"  {year}-{day},\n" for day in OFF)
    return (
        f'year = {year}\nsource = "{NOTICE.format(year)}"\nholidays = [\n{days}{off}]\n'
        f"workdays = [\n  {year}-02-13,\n{worked}]\n"
    )


@pytest.fixture
def supply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a year's file where this deployment looks for it."""
    monkeypatch.setattr(calendars, "CALENDARS", tmp_path)

    def write(text: str) -> Path:
        file = tmp_path / f"{text.partition('year = ')[2][:4]}.toml"
        file.write_text(text, "utf-8")
        read_calendars.cache_clear()
        return file

    return write


def test_no_year_is_shipped_as_published_that_is_not() -> None:
    assert load_calendars().last == 2026
    assert set(load_calendars().sources.values()) == {"chinesecalendar"}


def test_an_operator_adds_a_year_by_one_file(supply: Callable[[str], Path]) -> None:
    with pytest.raises(DomainError):
        add_workdays(D("2026-12-30"), 7)

    supply(arrangement())

    assert add_workdays(D("2026-12-30"), 7) == D("2027-01-11")
    assert add_workdays(D("2027-02-04"), 1) == D("2027-02-12")
    assert add_workdays(D("2027-02-12"), 1) == D("2027-02-13")  # a Saturday that is worked
    assert workdays_between(D("2026-12-31"), D("2027-12-31")) == 261 - 11 + 1
    assert load_calendars().sources[2027] == NOTICE.format(2027)
    assert load_calendars().sources[2026] == "chinesecalendar"


@pytest.mark.parametrize(
    ("formed", "registered", "before", "after"),
    [
        ("2026-12-28", "2027-01-04", "on_time", "on_time"),  # seven days, however they are worked
        ("2026-12-28", "2027-01-08", "calendar_not_published", "late"),
        ("2026-12-30", "2027-01-11", "calendar_not_published", "on_time"),
        ("2026-12-30", "2027-01-12", "calendar_not_published", "late"),
        ("2027-02-04", "2027-02-19", "calendar_not_published", "on_time"),
        ("2026-12-01", "2027-01-05", "late", "late"),
    ],
)
def test_what_waited_for_the_year_is_decided_once_it_is_there(
    supply: Callable[[str], Path], formed: str, registered: str, before: str, after: str
) -> None:
    waiting = judge_timeliness(JS, 7, D(formed), D(registered))
    supply(arrangement())
    told = judge_timeliness(JS, 7, D(formed), D(registered))

    assert (waiting.verdict, told.verdict) == (before, after)
    assert waiting.awaits == (2027 if before == "calendar_not_published" else None)
    assert told.awaits is None


def test_a_file_stands_before_the_library(supply: Callable[[str], Path]) -> None:
    assert workdays_between(D("2026-02-13"), D("2026-02-14")) == 1

    supply(arrangement(2026, worked="  2026-03-07,\n").replace("2026-02-13", "2026-02-28"))

    assert workdays_between(D("2026-02-13"), D("2026-02-14")) == 0
    assert workdays_between(D("2026-03-06"), D("2026-03-07")) == 1
    assert workdays_between(D("2025-01-25"), D("2025-01-26")) == 1  # other years stay as they were


def test_a_notice_may_name_days_of_the_december_before(supply: Callable[[str], Path]) -> None:
    supply(arrangement(off="  2026-12-31,\n", worked="  2026-12-27,\n"))
    assert workdays_between(D("2026-12-26"), D("2026-12-27")) == 1
    assert workdays_between(D("2026-12-30"), D("2026-12-31")) == 0


@pytest.mark.parametrize(
    ("text", "line", "place", "reason"),
    [
        (arrangement().replace("year = 2027", 'year = "2027"'), 1, "year", "Expected `int`"),
        (arrangement().replace("source = ", "sauce = "), None, "", "unknown field `sauce`"),
        (arrangement().replace(NOTICE.format(2027), ""), 2, "source", "length >= 1"),
        (arrangement(off='  "2027-06-09",\n'), 3, "holidays[19]", "Expected `date`, got `str`"),
        (arrangement(off="  2027-02-30,\n"), 23, "", "Invalid date"),
        (arrangement(off="  2027-05-01,\n"), 3, "holidays", "2027-05-01: twice"),
        (arrangement(off="  2028-01-01,\n"), 3, "holidays", "2028-01-01: another year"),
        (arrangement(off="  2026-11-30,\n"), 3, "holidays", "2026-11-30: another year"),
        (arrangement(worked="  2027-05-01,\n"), 24, "workdays", "2027-05-01: a day off too"),
        (arrangement(worked="  2027-05-10,\n"), 24, "workdays", "no Saturday or Sunday"),
        (arrangement().replace("  2027-10-03,\n", ""), 3, "holidays", "2027-10-03: missing"),
        (arrangement().replace("  2027-02-", "# 2027-02-"), 3, "holidays", "fewer than the 13"),
        (arrangement(2029).replace("02-13", "02-17"), 1, "year", "the calendar of 2028 is needed before that of 2029"),
    ],
)  # fmt: skip
def test_a_malformed_calendar_is_refused_with_line_and_reason(
    supply: Callable[[str], Path], text: str, line: int | None, place: str, reason: str
) -> None:
    name = "2029" if text.startswith("year = 2029") else "2027"
    supply(text).rename(calendars.CALENDARS / f"{name}.toml")
    with pytest.raises(RulebookError) as refused:
        load_calendars()
    assert (refused.value.line, refused.value.place) == (line, place)
    assert reason in refused.value.reason


def test_a_file_is_called_as_its_year(supply: Callable[[str], Path]) -> None:
    file = supply(arrangement())
    file.rename(file.with_name("2028.toml"))
    with pytest.raises(RulebookError, match="2027 is not what the file is called"):
        load_calendars()


def test_years_are_loaded_whatever_the_order_of_their_files(
    supply: Callable[[str], Path],
) -> None:
    supply(arrangement(2028, worked="").replace("2028-02-13", "2028-02-12"))
    supply(arrangement())
    assert load_calendars().last == 2028
    assert add_workdays(D("2027-12-31"), 1) == D("2027-12-31") + timedelta(days=4)
