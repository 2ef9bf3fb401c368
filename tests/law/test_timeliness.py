"""In time or late 迟报: seven working days from formation (SD-10, SZ-15), or as the item says."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.timeliness import judge_timeliness
from chalicelib.law.workdays import add_workdays

JS = load_rulebook("jiangsu")
D = date.fromisoformat


@pytest.fixture
def seven(tmp_path: Path) -> Rulebook:
    """A province that sets seven working days for every item, from 2026 on."""
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    (tmp_path / "national.toml").write_text(national, "utf-8")
    (tmp_path / "lu.toml").write_text(
        'name = "lu"\ntitle = "鲁"\ntitle_en = "Lu"\nedition = 1\nbeneath = "national"\n[rules]\n'
        'timeliness_working_days = [{ effective = 2026-01-01, source = "SD-10", value = 7 }]\n',
        "utf-8",
    )
    return load_rulebook("lu", tmp_path)


@pytest.mark.parametrize(
    ("formed", "due", "days"),
    [
        ("2026-11-16", "2026-11-25", 7),
        ("2026-02-05", "2026-02-14", 7),  # 14 February is a Saturday that is worked
        ("2026-02-14", "2026-03-03", 7),  # holiday 15 to 23; 28 (Sat) is worked
        ("2026-02-17", "2026-03-03", 7),  # formed on a holiday
        ("2026-09-29", "2026-10-14", 7),  # holiday 1 to 7; 10 October (Sat) is worked
        ("2026-10-09", "2026-10-19", 7),
        ("2026-11-21", "2026-12-01", 7),  # formed on a Saturday
        ("2026-12-22", "2026-12-31", 7),
    ],
)
def test_the_last_day_in_time_and_the_first_that_is_late(formed: str, due: str, days: int) -> None:
    last = judge_timeliness(JS, 7, D(formed), D(due))
    following = D(due).replace(day=D(due).day + 1) if due != "2026-12-31" else D("2027-01-01")
    late = judge_timeliness(JS, 7, D(formed), following)

    assert (last.verdict, last.due, last.working_days) == ("on_time", D(due), days)
    assert (late.verdict, late.due) == ("late", D(due))


@pytest.mark.parametrize("day", ["2026-11-16", "2026-11-21", "2026-02-17", "2026-12-31"])
def test_what_is_reported_on_the_day_itself_is_in_time(day: str) -> None:
    judged = judge_timeliness(JS, 7, D(day), D(day))
    assert (judged.verdict, judged.working_days) == ("on_time", 0)


def test_a_weekend_after_the_deadline_is_late_though_no_working_day_has_passed() -> None:
    judged = judge_timeliness(JS, 7, D("2026-11-11"), D("2026-11-21"))
    assert (judged.verdict, judged.due, judged.working_days) == ("late", D("2026-11-20"), 7)


@pytest.mark.parametrize(
    ("formed", "registered", "due", "days", "verdict"),
    [
        # the deadline lies in 2027, but by the end of 2026 it cannot have passed
        ("2026-12-28", "2026-12-30", None, 2, "on_time"),
        # seven days later it cannot have passed either, however 2027 is worked
        ("2026-12-28", "2027-01-04", None, None, "on_time"),
        ("2026-12-31", "2027-01-07", None, None, "on_time"),
        ("2027-01-04", "2027-01-11", None, None, "on_time"),
        ("2026-12-28", "2027-01-05", None, None, "calendar_not_published"),
        ("2026-12-31", "2027-01-08", None, None, "calendar_not_published"),
        ("2027-01-04", "2027-01-12", None, None, "calendar_not_published"),
        # the deadline passed in 2026, however 2027 is worked
        ("2026-12-01", "2027-01-04", "2026-12-10", None, "late"),
        # before the first calendar: late by the years that are known
        ("1998-05-05", "2026-11-22", None, None, "late"),
        ("1998-05-05", "1998-05-20", None, None, "calendar_not_published"),
        ("9999-09-09", "2026-11-22", None, None, "on_time"),
    ],
)
def test_a_year_without_calendar_is_never_guessed(
    formed: str, registered: str, due: str | None, days: int | None, verdict: str
) -> None:
    judged = judge_timeliness(JS, 7, D(formed), D(registered))
    assert (judged.due, judged.working_days) == (due and D(due), days)
    assert judged.verdict == verdict
    assert (judged.awaits is not None) == (verdict == "calendar_not_published")


def test_jiangsu_leaves_the_limit_to_the_item() -> None:
    judged = judge_timeliness(JS, 3, D("2026-11-16"), D("2026-11-20"))
    assert (judged.limit, judged.due, judged.verdict) == (3, D("2026-11-19"), "late")
    assert (judged.source, judged.effective) == ("JS-7", D("2026-02-01"))


def test_a_limit_of_the_rulebook_outranks_the_items(seven: Rulebook) -> None:
    judged = judge_timeliness(seven, 3, D("2026-11-16"), D("2026-11-20"))
    assert (judged.limit, judged.verdict) == (7, "on_time")
    assert (judged.source, judged.rulebook) == ("SD-10", "lu")


def test_the_rules_of_the_day_of_formation_apply(seven: Rulebook) -> None:
    judged = judge_timeliness(seven, 3, D("2025-12-31"), D("2026-01-08"))
    assert (judged.limit, judged.source, judged.rulebook) == (3, "OWN", "national")


@given(
    st.dates(min_value=D("2004-01-01"), max_value=D("2026-11-01")),
    st.integers(0, 30),
    st.dates(min_value=D("2004-01-01"), max_value=D("2026-12-31")),
)
def test_in_time_is_up_to_the_deadline(formed: date, limit: int, registered: date) -> None:
    judged = judge_timeliness(JS, limit, formed, registered)
    assert (judged.verdict == "on_time") == (registered <= add_workdays(formed, limit))
