"""What may be purged: the query ledger after three years (JS-25), and never early."""

from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.law.retention import LEDGER_KINDS, kept_as, purgeable_before
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from chalicelib.law.rules import Channel, Kept

JS = load_rulebook("jiangsu")
NATIONAL = load_rulebook("national")
D = date.fromisoformat
UNLIMITED = '\nledger = [{ effective = 0001-01-01, source = "OWN", value = "unlimited" }]'


def goes(created: str, day: str) -> bool:
    cut_off = purgeable_before(JS, "ledger", D(day))
    return cut_off is not None and D(created) < cut_off.value


@pytest.mark.parametrize(
    ("created", "kept", "gone"),
    [
        ("2026-11-22", "2029-11-22", "2029-11-23"),
        ("2026-12-31", "2029-12-31", "2030-01-01"),
        ("2024-03-01", "2027-03-01", "2027-03-02"),
        ("2024-02-28", "2027-02-28", "2027-03-01"),
        ("2024-02-29", "2027-03-01", "2027-03-02"),  # has no anniversary in 2027
        ("2025-02-28", "2028-02-28", "2028-02-29"),
        ("2025-03-01", "2028-03-01", "2028-03-02"),
    ],
)
def test_three_years_must_have_passed_in_full_js_25(created: str, kept: str, gone: str) -> None:
    assert not goes(created, kept)
    assert goes(created, gone)


def test_the_cut_off_names_its_article() -> None:
    cut_off = purgeable_before(JS, "ledger", D("2029-11-23"))
    assert cut_off is not None
    assert (cut_off.value, cut_off.source) == (D("2026-11-23"), "JS-25")


@pytest.mark.parametrize("day", ["2026-11-22", "2060-01-01"])
def test_nothing_is_purged_until_a_term_is_fixed(day: str) -> None:
    assert purgeable_before(JS, "originals", D(day)) is None
    for kept in get_args(Kept):
        assert purgeable_before(NATIONAL, kept, D(day)) is None


@pytest.mark.parametrize("kept", LEDGER_KINDS)
def test_no_term_before_the_measures_were_in_force(kept: Kept) -> None:
    assert purgeable_before(JS, kept, D("2026-01-31")) is None
    cut_off = purgeable_before(JS, kept, D("2026-02-01"))
    assert cut_off is not None
    assert cut_off.source == "JS-25"


@pytest.mark.parametrize(
    ("channel", "kept"),
    [
        ("own", "ledger"),
        ("special_report", "ledger"),
        ("authorised", "ledger_authorised"),  # SZ-23
        ("ex_officio", "ledger_agency"),  # NJ-52
        ("judicial", "ledger_agency"),
        ("operator", "ledger_agency"),
    ],
)
def test_who_asked_decides_what_an_entry_is_kept_as(channel: Channel, kept: Kept) -> None:
    assert kept_as(channel) == kept


@pytest.mark.parametrize(
    ("place", "kept", "gone", "source"),
    [
        ("shenzhen", "ledger_authorised", "2031-11-23", "SZ-23"),
        ("nanjing", "ledger", "2029-11-23", "JS-25"),
        ("nanjing", "ledger_authorised", "2029-11-23", "JS-25"),
        ("nanjing", "ledger_agency", None, "NJ-52"),  # 长期保存
        ("shandong", "originals", None, "SD-17"),
    ],
)
def test_each_place_keeps_what_its_text_names(
    place: str, kept: Kept, gone: str | None, source: str
) -> None:
    rulebook = load_rulebook(place)
    assert rulebook.retention_years[kept].on(D("2026-11-22")).source == source
    if gone is None:
        assert purgeable_before(rulebook, kept, D("2999-01-01")) is None
    else:
        cut_offs = [
            purgeable_before(rulebook, kept, day) for day in (D(gone) - timedelta(days=1), D(gone))
        ]
        assert [ruled and ruled.value for ruled in cut_offs] == [D("2026-11-22"), D("2026-11-23")]


def test_every_kind_of_entry_is_one_that_rulebooks_know() -> None:
    assert {kept_as(channel) for channel in get_args(Channel)} == set(LEDGER_KINDS)
    assert set(get_args(Kept)) == {*LEDGER_KINDS, "originals"}


def test_a_term_that_reaches_before_the_calendar_purges_nothing(tmp_path: Path) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    (tmp_path / "national.toml").write_text(
        national.replace(UNLIMITED, UNLIMITED.replace('"unlimited"', "100")), "utf-8"
    )
    cut_off = purgeable_before(load_rulebook("national", tmp_path), "ledger", D("0050-01-01"))
    assert cut_off is not None
    assert cut_off.value == date.min


def have_passed(created: date, day: date) -> bool:
    """Whether three years lie wholly before `day`, by the numbers of year, month and day alone."""
    return (day.year - 3, day.month, day.day) > (created.year, created.month, created.day)


@given(st.dates(min_value=D("2026-02-01"), max_value=D("2200-12-31")))
def test_nothing_goes_early_and_nothing_stays_longer_than_a_leap_day(day: date) -> None:
    cut_off = purgeable_before(JS, "ledger", day)
    assert cut_off is not None
    assert have_passed(cut_off.value - timedelta(days=1), day)
    assert not have_passed(cut_off.value, day - timedelta(days=1))


@given(
    st.dates(min_value=D("2026-02-01"), max_value=D("2200-12-31")),
    st.integers(0, 800).map(lambda days: timedelta(days=days)),
)
def test_a_later_purge_takes_at_least_as_much(day: date, later: timedelta) -> None:
    first, second = (purgeable_before(JS, "ledger", when) for when in (day, day + later))
    assert first is not None
    assert second is not None
    assert first.value <= second.value
