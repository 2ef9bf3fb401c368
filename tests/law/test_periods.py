"""How long a record is disclosed: JS-26, and the national standard before and from Order 36 on."""

from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.law.periods import Dates, Period, add_months, disclosure_period, start_day
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Case, MonthEnd, Rule, Severity, Span, SubjectKind
from tests.law.records import JS, NATIONAL, NJ, SZ, D, any_case, any_dates, period_of

BOOKS = (NATIONAL, JS, NJ, SZ, load_rulebook("shandong"))


def display_period(rulebook: Rulebook, severity: Severity, start: date) -> Period:
    return period_of(rulebook, severity, start)


@pytest.mark.parametrize(
    ("severity", "start", "published", "minimum_until", "last_day", "source", "effective"),
    [
        # Order 36, from its first day on
        ("minor", "2026-04-01", False, None, "2026-07-01", "NAT", "2026-04-01"),
        ("general", "2026-04-01", True, "2026-07-01", "2027-04-01", "NAT", "2026-04-01"),
        ("serious", "2026-04-01", True, "2027-04-01", "2029-04-01", "NAT", "2026-04-01"),
        ("unclassified", "2026-04-01", True, None, "2026-07-01", "OWN", "2026-04-01"),
        # the day before: Order 58
        ("minor", "2026-03-31", False, None, "2026-06-30", "OWN", "0001-01-01"),
        ("general", "2026-03-31", True, "2026-06-30", "2029-03-31", "NAT", "2023-05-01"),
        ("serious", "2026-03-31", True, "2026-06-30", "2029-03-31", "NAT", "2023-05-01"),
        ("unclassified", "2026-03-31", True, "2026-06-30", "2029-03-31", "NAT", "2023-05-01"),
        # Order 58's first day, and the day before
        ("general", "2023-05-01", True, "2023-08-01", "2026-05-01", "NAT", "2023-05-01"),
        ("general", "2023-04-30", True, "2023-07-30", "2024-04-30", "OWN", "0001-01-01"),
        ("serious", "2023-04-30", True, "2023-10-30", "2026-04-30", "OWN", "0001-01-01"),
        ("unclassified", "2023-04-30", True, None, "2024-04-30", "OWN", "0001-01-01"),
        # 29 February, ends of months
        ("general", "2028-02-29", True, "2028-05-29", "2029-02-28", "NAT", "2026-04-01"),
        ("serious", "2028-02-29", True, "2029-02-28", "2031-02-28", "NAT", "2026-04-01"),
        ("minor", "2026-11-30", False, None, "2027-02-28", "NAT", "2026-04-01"),
        ("minor", "2027-11-30", False, None, "2028-02-29", "NAT", "2026-04-01"),
        ("general", "2027-01-31", True, "2027-04-30", "2028-01-31", "NAT", "2026-04-01"),
    ],
)  # fmt: skip
def test_periods_by_class_and_day(
    severity: Severity,
    start: str,
    published: bool,
    minimum_until: str | None,
    last_day: str,
    source: str,
    effective: str,
) -> None:
    period = display_period(JS, severity, D(start))
    assert period.published is published
    assert period.minimum_until == (D(minimum_until) if minimum_until else None)
    assert period.last_day == D(last_day)
    assert (period.source, period.effective) == (source, D(effective))
    assert (period.rulebook, period.reason) == ("national", "term")


def test_the_last_day_is_still_shown_and_the_next_is_not() -> None:
    """What ends on 2026-11-22 is shown until that day's last minute."""
    period = display_period(JS, "unclassified", D("2026-08-22"))
    assert (period.last_day, period.hidden_from) == (D("2026-11-22"), D("2026-11-23"))
    assert not period.ended_on(D("2026-11-22"))
    assert period.ended_on(D("2026-11-23"))


def test_never_longer_than_three_years_js_26(tmp_path: Path) -> None:
    """A national class of four years would still end after three."""
    order_36 = 'maximum_months = {} }}, note = "Order 36"'
    for file in RULEBOOKS.glob("*.toml"):
        text = file.read_text("utf-8").replace(order_36.format(36), order_36.format(48))
        (tmp_path / file.name).write_text(text, "utf-8")
    period = display_period(load_rulebook("jiangsu", tmp_path), "serious", D("2026-04-01"))
    assert (period.last_day, period.reason) == (D("2029-04-01"), "overall_maximum")
    assert (period.source, period.rulebook) == ("JS-26", "jiangsu")
    assert period.effective == D("2026-02-01")


def test_another_rulebook_may_end_the_day_before(tmp_path: Path) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    (tmp_path / "national.toml").write_text(
        national.replace('value = "inclusive"', 'value = "exclusive"').replace(
            'value = "clamp"', 'value = "next_day"'
        ),
        "utf-8",
    )
    period = display_period(load_rulebook("national", tmp_path), "minor", D("2026-11-30"))
    assert (period.last_day, period.hidden_from) == (D("2027-02-28"), D("2027-03-01"))


@pytest.mark.parametrize(
    ("rulebook", "formed", "effective", "start", "source"),
    [
        (JS, "2026-05-01", "2026-05-09", "2026-05-09", "JS-26"),
        (JS, "2026-05-01", None, "2026-05-01", "JS-26"),
        (JS, None, "2026-05-09", "2026-05-09", "JS-26"),
        (JS, "2026-01-31", "2026-05-09", "2026-01-31", "OWN"),
        (NATIONAL, "2026-05-01", "2026-05-09", "2026-05-01", "NAT"),
        (NATIONAL, None, "2026-05-09", "2026-05-09", "NAT"),
    ],
)
def test_the_period_starts_with_the_effect_or_the_finding_js_26(
    rulebook: Rulebook, formed: str | None, effective: str | None, start: str, source: str
) -> None:
    ruled = start_day(rulebook, "display", any_dates(formed, effective))
    assert ruled is not None
    assert (ruled.value, ruled.source) == (D(start), source)


def test_without_a_date_there_is_no_start() -> None:
    assert start_day(JS, "display", Dates()) is None
    assert disclosure_period(JS, any_case("serious"), Dates()) is None


@pytest.mark.parametrize(
    ("day", "months", "clamped", "next_day"),
    [
        ("2026-01-31", 1, "2026-02-28", "2026-03-01"),
        ("2028-01-31", 1, "2028-02-29", "2028-03-01"),
        ("2026-01-30", 1, "2026-02-28", "2026-03-01"),
        ("2026-01-28", 1, "2026-02-28", "2026-02-28"),
        ("2026-03-31", 3, "2026-06-30", "2026-07-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29", "2028-02-29"),
        ("2026-12-31", 12, "2027-12-31", "2027-12-31"),
        ("9998-12-31", 12, "9999-12-31", "9999-12-31"),
        ("9999-09-09", 36, "9999-12-31", "9999-12-31"),
    ],
)
def test_months(day: str, months: int, clamped: str, next_day: str) -> None:
    assert add_months(D(day), months, "clamp") == D(clamped)
    assert add_months(D(day), months, "next_day") == D(next_day)


def test_dates_at_the_end_of_the_calendar_do_not_fail() -> None:
    period = display_period(JS, "serious", date.max)
    assert period.last_day == period.hidden_from == date.max


# ---- what is not counted in months


@pytest.mark.parametrize("formed", [None, "2026-05-10"])
def test_what_is_not_adverse_is_disclosed_without_end(formed: str | None) -> None:
    period = period_of(JS, None, D(formed) if formed else None, item="honour", group="positive")
    assert (period.last_day, period.hidden_from, period.reason) == (None, None, "always")
    assert not period.ended_on(date.max)
    assert period.source == "OWN"


# ---- what a provider states itself


@pytest.mark.parametrize(
    ("stated", "last_day", "reason"),
    [
        ("2027-03-01", "2027-03-01", "stated_end"),
        ("2026-08-10", "2026-08-10", "stated_end"),
        ("2026-08-09", "2026-08-10", "stated_end"),  # not before the minimum of three months
        ("2000-01-01", "2026-08-10", "stated_end"),
        ("2027-05-10", "2027-05-10", "term"),
        ("2099-12-31", "2027-05-10", "term"),
    ],
)
def test_a_stated_end_shortens_within_the_minimum(stated: str, last_day: str, reason: str) -> None:
    period = period_of(JS, "general", D("2026-05-10"), "display", {"stated_end": D(stated)})
    assert (period.last_day, period.reason) == (D(last_day), reason)


def test_a_rulebook_may_ignore_what_providers_state(tmp_path: Path) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    (tmp_path / "national.toml").write_text(national.replace('"shortens"', '"ignored"'), "utf-8")
    rulebook = load_rulebook("national", tmp_path)
    period = period_of(rulebook, "general", D("2026-05-10"), dates={"stated_end": D("2026-10-01")})
    assert (period.last_day, period.reason) == (D("2027-05-10"), "term")


days = st.dates(min_value=D("1980-01-01"), max_value=D("2150-12-31"))
months = st.integers(0, 1200)


@given(days, st.sampled_from(get_args(Severity)))
def test_nothing_is_hidden_before_its_minimum_nor_shown_beyond_three_years(
    start: date, severity: Severity
) -> None:
    period = display_period(JS, severity, start)
    assert period.last_day is not None
    assert period.hidden_from == period.last_day + timedelta(days=1)
    assert period.last_day <= add_months(start, 36, "clamp")
    if period.minimum_until is not None:
        assert start < period.minimum_until <= period.last_day
        assert not period.ended_on(period.minimum_until)


@given(days, days, months, st.sampled_from(get_args(MonthEnd)))
def test_months_keep_the_order_of_days(a: date, b: date, count: int, month_end: MonthEnd) -> None:
    earlier, later = sorted((a, b))
    assert add_months(earlier, count, month_end) <= add_months(later, count, month_end)


@given(days, months)
def test_clamping_stays_in_the_month_and_never_passes_the_other_reading(
    day: date, count: int
) -> None:
    clamped, following = (add_months(day, count, end) for end in get_args(MonthEnd))
    assert (clamped.year * 12 + clamped.month) - (day.year * 12 + day.month) == count
    assert clamped.day == day.day or (clamped + timedelta(days=1)).day == 1
    assert timedelta(0) <= following - clamped <= timedelta(days=1)


books = st.sampled_from(BOOKS)
spans = st.sampled_from(get_args(Span))
severities = st.sampled_from(get_args(Severity))
subjects = st.sampled_from(get_args(SubjectKind))
groups = st.sampled_from(["adverse", "supervision", "litigation"])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rulebook, Case]:
    said = {"subject": draw(subjects), "group": draw(groups)}
    return draw(books), any_case(draw(severities), draw(spans), **said)


def last_day(rulebook: Rulebook, case: Case, dates: Dates) -> date:
    """The last day; the calendar's where nothing ends the period."""
    period = disclosure_period(rulebook, case, dates)
    assert period is not None
    return period.last_day or date.max


@given(cases(), days, days)
def test_a_stated_end_never_lengthens_nor_ends_before_the_minimum(
    about: tuple[Rulebook, Case], formed: date, stated: date
) -> None:
    plain, ended = Dates(formed=formed), Dates(formed=formed, stated_end=stated)
    assert last_day(*about, ended) <= last_day(*about, plain)
    period = disclosure_period(*about, ended)
    assert period is not None
    assert period.last_day is None or period.last_day >= (period.minimum_until or formed)


@given(cases(), days, days)
def test_a_running_measure_never_shortens(
    about: tuple[Rulebook, Case], formed: date, until: date
) -> None:
    plain, running = Dates(formed=formed), Dates(formed=formed, measures_until=until)
    assert last_day(*about, running) >= last_day(*about, plain)


@given(cases(), days, st.integers(1, 1200))
def test_an_overall_maximum_never_lengthens(
    about: tuple[Rulebook, Case], formed: date, limit: int
) -> None:
    rulebook, case = about
    limited = limit_periods(rulebook, case.span, limit)
    dates = Dates(formed=formed)
    assert last_day(limited, case, dates) <= last_day(rulebook, case, dates)
    if disclosure_period(limited, case, dates).reason in {"term", "overall_maximum"}:  # type: ignore[union-attr]
        assert last_day(limited, case, dates) <= add_months(formed, limit, "clamp")


def limit_periods(rulebook: Rulebook, span: Span, limit: int) -> Rulebook:
    """The same rules with a limit of so many months, or their own where it is stricter."""
    own = rulebook.overall_maximum_months
    entries = tuple(
        msgspec.structs.replace(
            entry, value=limit if entry.value == "unlimited" else min(limit, entry.value)
        )
        for entry in own[span].entries
    )
    return msgspec.structs.replace(rulebook, overall_maximum_months={**own, span: Rule(entries)})
