"""Working days by the statutory calendar of 2026 and its six adjusted weekends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.law.codes import CALENDAR_NOT_PUBLISHED
from chalicelib.law.workdays import ONE_DAY, add_workdays, bound_workdays, workdays_between
from chalicelib.runtime.errors import DomainError

D = date.fromisoformat


def is_worked(day: date) -> bool:
    return workdays_between(day - ONE_DAY, day) == 1


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_adjusted_weekends_of_2026_are_worked(day: str) -> None:
    assert D(day).weekday() >= 5
    assert is_worked(D(day))


@pytest.mark.parametrize(
    "day", ["2026-01-01", "2026-02-15", "2026-02-23", "2026-10-01", "2026-11-22"]
)
def test_holidays_and_plain_weekends_are_not(day: str) -> None:
    assert not is_worked(D(day))


@pytest.mark.parametrize(
    ("start", "count", "deadline"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),  # the day itself is not counted
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-21", 1, "2026-11-23"),  # from a Saturday
        ("2026-11-16", 7, "2026-11-25"),
        ("2026-02-12", 7, "2026-02-28"),  # 13, 14 (Sat), holiday 15 to 23; 24 to 28 (Sat)
        ("2026-09-30", 7, "2026-10-15"),  # holiday 1 to 7; 8, 9, 10 (Sat), 12 to 15
        ("2026-12-22", 7, "2026-12-31"),
        ("2025-12-31", 1, "2026-01-04"),  # a Sunday that is worked
    ],
)
def test_deadlines(start: str, count: int, deadline: str) -> None:
    assert add_workdays(D(start), count) == D(deadline)
    assert workdays_between(D(start), D(deadline)) == count


@pytest.mark.parametrize(
    ("year", "ask"),
    [
        (2027, lambda: add_workdays(D("2026-12-31"), 1)),
        (2027, lambda: add_workdays(D("2026-12-23"), 7)),
        (2027, lambda: workdays_between(D("2026-12-31"), D("2027-01-01"))),
        (2027, lambda: workdays_between(D("2027-01-01"), D("2026-12-31"))),
        (2003, lambda: workdays_between(D("2003-12-30"), D("2004-01-05"))),
        (9999, lambda: add_workdays(date.max, 1)),
        (9999, lambda: workdays_between(D("9999-12-30"), date.max)),
    ],
)
def test_an_unpublished_year_is_refused(year: int, ask: object) -> None:
    with pytest.raises(DomainError) as refused:
        ask()  # type: ignore[operator]
    assert refused.value.code is CALENDAR_NOT_PUBLISHED
    assert refused.value.values["year"] == year
    assert str(year) in refused.value.text.zh
    assert str(year) in refused.value.text.en


def test_working_days_are_counted_forwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_workdays(D("2026-11-22"), -1)


days = st.dates(min_value=D("2004-01-01"), max_value=D("2026-12-31"))
starts = st.dates(min_value=D("2004-01-02"), max_value=D("2026-06-30"))


@given(starts, st.integers(0, 100))
def test_adding_and_counting_are_inverse(start: date, count: int) -> None:
    deadline = add_workdays(start, count)
    assert workdays_between(start, deadline) == count
    assert count == 0 or is_worked(deadline)


@given(starts, st.integers(0, 60), st.integers(0, 30))
def test_adding_in_steps_is_adding_at_once(start: date, first: int, second: int) -> None:
    assert add_workdays(add_workdays(start, first), second) == add_workdays(start, first + second)


@given(days, days, days)
def test_counts_add_up(a: date, b: date, c: date) -> None:
    assert workdays_between(a, b) + workdays_between(b, c) == workdays_between(a, c)


@given(starts)
def test_a_later_start_never_has_an_earlier_deadline(start: date) -> None:
    assert add_workdays(start, 7) <= add_workdays(start + timedelta(days=1), 7)


def test_counting_agrees_with_walking_day_by_day() -> None:
    start = D("2026-01-25")
    walked = 0
    for offset in range(1, 300):
        day = start + timedelta(days=offset)
        walked += is_worked(day)
        assert workdays_between(start, day) == walked


def test_a_span_over_several_unpublished_years_names_the_first() -> None:
    with pytest.raises(DomainError) as refused:
        workdays_between(D("2026-06-01"), D("2031-01-01"))
    assert refused.value.values["year"] == 2027


def test_no_day_is_counted_from_a_day_to_itself() -> None:
    assert workdays_between(date.max, date.max) == 0


@pytest.mark.parametrize(
    ("start", "end", "fewest", "most"),
    [
        ("2026-12-28", "2026-12-31", 3, 3),
        ("2026-12-28", "2027-01-04", 3, 7),
        ("2027-01-04", "2027-01-11", 0, 7),
        ("2003-12-29", "2004-01-05", 2, 4),  # 2 (Fri) and 5 January 2004; 30 and 31 are unknown
        ("1998-05-05", "1998-05-05", 0, 0),
        ("2027-01-04", "2026-12-28", 0, 0),
    ],
)
def test_what_is_certain_of_a_year_without_calendar(
    start: str, end: str, fewest: int, most: int
) -> None:
    assert bound_workdays(D(start), D(end)) == (fewest, most)


@given(days, days)
def test_the_bounds_meet_where_every_calendar_is_known(a: date, b: date) -> None:
    start, end = sorted((a, b))
    assert bound_workdays(start, end) == (workdays_between(start, end),) * 2
