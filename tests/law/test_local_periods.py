"""Periods of single places and records: NJ-56, SZ-24, SZ-25, and rules that name what they cover."""

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest

from chalicelib.law.periods import disclosure_period
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Severity, Span, SubjectKind
from tests.law.records import (
    JS,
    NATIONAL,
    NJ,
    SPANS,
    SZ,
    D,
    any_case,
    any_dates,
    period_of,
)

# ---- NJ-56: 一般一年, 严重三年, 自确认之日起; 延长至严重失信惩戒结束之日


@pytest.mark.parametrize(
    ("severity", "formed", "last_day", "source"),
    [
        ("general", "2026-05-10", "2027-05-10", "NJ-56"),
        ("serious", "2026-05-10", "2029-05-10", "NJ-56"),
        ("minor", "2026-05-10", "2027-05-10", "NJ-56"),
        ("unclassified", "2026-05-10", "2027-05-10", "OWN"),
        ("general", "2020-07-01", "2021-07-01", "NJ-56"),
        ("serious", "2024-02-29", "2027-02-28", "NJ-56"),
        # the day before the regulation: the display period serves
        ("general", "2020-06-30", "2021-06-30", "OWN"),
    ],
)
def test_queries_from_outside_nj_56(
    severity: Severity, formed: str, last_day: str, source: str
) -> None:
    period = period_of(NJ, severity, D(formed), "query")
    assert (period.last_day, period.source) == (D(last_day), source)
    assert period.rulebook == ("national" if formed < "2020-07-01" else "nanjing")


def test_queries_count_from_the_confirmation_nj_56_displays_from_the_effect_js_26() -> None:
    dates = any_dates("2026-05-01", "2026-06-09")
    query, display = (disclosure_period(NJ, any_case("general", span), dates) for span in SPANS)
    assert query is not None
    assert display is not None
    assert (query.start, query.source) == (D("2026-05-01"), "NJ-56")
    assert (display.start, display.rulebook) == (D("2026-06-09"), "national")


@pytest.mark.parametrize(
    ("severity", "until", "last_day", "reason"),
    [
        ("serious", "2030-01-01", "2030-01-01", "prolonged"),
        ("serious", "9999-12-31", None, "prolonged"),
        ("serious", "2029-05-10", "2029-05-10", "term"),
        ("serious", "2027-01-01", "2029-05-10", "term"),
        ("general", "2030-01-01", "2027-05-10", "term"),
    ],
)
def test_a_running_measure_prolongs_what_is_serious_nj_56(
    severity: Severity, until: str, last_day: str | None, reason: str
) -> None:
    period = period_of(NJ, severity, D("2026-05-10"), "query", {"measures_until": D(until)})
    assert (period.last_day, period.reason) == (D(last_day) if last_day else None, reason)
    assert period.source == "NJ-56"


@pytest.mark.parametrize("rulebook", [NATIONAL, JS], ids=lambda rulebook: rulebook.name)
def test_no_measure_prolongs_where_no_text_says_so(rulebook: Rulebook) -> None:
    for span in SPANS:
        dates = {"measures_until": D("2035-01-01")}
        period = period_of(rulebook, "serious", D("2026-05-10"), span, dates)
        assert period.last_day == D("2029-05-10")


# ---- SZ-24 披露期限, SZ-25 commitments


VALID = {"valid_until": D("2027-12-31")}


@pytest.mark.parametrize(
    ("subject", "group", "last_day", "reason"),
    [
        ("organisation", "basic", "2027-12-31", "validity"),
        ("organisation", "honour", "2027-12-31", "validity"),
        ("organisation", "finance", "2027-12-31", "validity"),
        ("organisation", "litigation", "2027-12-31", "validity"),
        ("organisation", "supervision", "2029-05-10", "term"),
        ("sole_trader", "supervision", "2029-05-10", "term"),
        ("sole_trader", "litigation", "2027-12-31", "validity"),
        ("person", "basic", "2027-12-31", "validity"),
        ("person", "honour", "2027-12-31", "validity"),
        ("person", "supervision", "2031-05-10", "term"),
        ("person", "litigation", "2031-05-10", "term"),
    ],
)
def test_disclosure_sz_24(subject: SubjectKind, group: str, last_day: str, reason: str) -> None:
    severity: Severity | None = "general" if group in {"supervision", "litigation"} else None
    period = period_of(SZ, severity, D("2026-05-10"), "query", VALID, subject=subject, group=group)
    assert (period.last_day, period.reason) == (D(last_day), reason)
    assert (period.source, period.rulebook) == ("SZ-24", "shenzhen")


def test_what_states_no_validity_is_valid_sz_24() -> None:
    period = period_of(SZ, None, D("2026-05-10"), group="basic", item="registration")
    assert (period.last_day, period.source) == (None, "SZ-24")


@pytest.mark.parametrize(
    ("severity", "last_day", "rulebook"),
    [("general", "2027-05-10", "national"), ("serious", "2029-05-10", "national")],
)
def test_the_public_is_shown_the_national_classes_within_sz_24(
    severity: Severity, last_day: str, rulebook: str
) -> None:
    period = period_of(SZ, severity, D("2026-05-10"), group="supervision")
    assert (period.last_day, period.rulebook) == (D(last_day), rulebook)


@pytest.mark.parametrize("subject", ["organisation", "sole_trader"])
@pytest.mark.parametrize("span", get_args(Span))
def test_commitments_are_shown_as_long_as_the_organisation_exists_sz_25(
    subject: SubjectKind, span: Span
) -> None:
    for item in ("commitment", "commitment_limited"):
        about = {"item": item, "group": "other", "subject": subject}
        period = period_of(SZ, None, D("2018-05-10"), span, VALID, **about)
        assert (period.last_day, period.reason, period.source) == (None, "existence", "SZ-25")
        over = period_of(SZ, None, D("2018-05-10"), span, {"ceased": D("2026-11-20")}, **about)
        assert (over.last_day, over.hidden_from) == (D("2026-11-20"), D("2026-11-21"))


@pytest.mark.parametrize("rulebook", [NATIONAL, JS, NJ], ids=lambda rulebook: rulebook.name)
def test_nothing_ends_with_its_subject_where_no_text_says_so(rulebook: Rulebook) -> None:
    ceased = {"ceased": D("2020-01-01")}
    period = period_of(
        rulebook, None, D("2018-05-10"), dates=ceased, item="commitment", group="other"
    )
    assert period.last_day is None
    assert not rulebook.heeds_existence


# ---- rules for particular records


TERMS = """
name = "qing"
title = "清"
title_en = "Qing"
edition = 1
beneath = "national"

[rules.sector]
food = [{ effective = 2026-06-01, source = "QJ-1", value = { zh = "食品", en = "Food", authorities = ["市场监督"] } }]

[[rules.term]]
for = { sector = "food" }
values = [{ effective = 2026-06-01, source = "QJ-4", value = { maximum_months = 24 } }]

[[rules.term]]
for = { severity = "serious", span = "display" }
values = [
  { effective = 2027-01-01, source = "QJ-5", value = { maximum_months = 30 } },
  { effective = 2026-06-01, source = "QJ-5", value = { maximum_months = 18 } },
]

[[rules.term]]
for = { measure = "责令关闭" }
values = [{ effective = 2026-06-01, source = "QJ-6", value = { maximum_months = 60 } }]
"""


@pytest.mark.parametrize(
    ("formed", "said", "last_day", "source"),
    [
        ("2026-06-10", {"sector": "food"}, "2028-06-10", "QJ-4"),
        ("2026-06-10", {}, "2027-12-10", "QJ-5"),
        ("2027-01-10", {}, "2029-07-10", "QJ-5"),
        ("2026-06-10", {"measures": ("警告", "责令关闭")}, "2031-06-10", "QJ-6"),
        # sector before measure before severity
        ("2026-06-10", {"sector": "food", "measures": ("责令关闭",)}, "2028-06-10", "QJ-4"),
        # not yet in force: what stands beneath
        ("2026-05-31", {"sector": "food"}, "2029-05-31", "NAT"),
    ],
)
def test_the_more_exact_rule_in_force_prevails(
    tmp_path: Path, formed: str, said: dict[str, Any], last_day: str, source: str
) -> None:
    shutil.copy(RULEBOOKS / "national.toml", tmp_path)
    (tmp_path / "qing.toml").write_text(TERMS, "utf-8")
    period = period_of(load_rulebook("qing", tmp_path), "serious", D(formed), **said)
    assert (period.last_day, period.source) == (D(last_day), source)


def test_an_upper_rulebooks_wider_rule_prevails_over_a_more_exact_one_beneath() -> None:
    """SZ-24's term for supervision records stands before the national ones for single classes."""
    period = period_of(SZ, "general", D("2026-05-10"), "query", group="supervision")
    assert period.last_day == D("2029-05-10")


OTHER_LAW = """
name = "qing"
title = "清"
title_en = "Qing"
edition = 1
texts = ["QJ"]
beneath = "jiangsu"

[[rules.term]]
for = { measure = "责令关闭", span = "display" }
values = [{ effective = 2026-06-01, source = "QJ-7", value = { minimum_months = 48, maximum_months = 60, by_law = BY_LAW } }]
"""


def test_another_law_comes_before_the_limit_of_three_years_js_26(tmp_path: Path) -> None:
    """JS-26: 法律、法规、规章……另有规定的，从其规定."""
    for file in RULEBOOKS.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "qing.toml").write_text(OTHER_LAW.replace("BY_LAW", "true"), "utf-8")
    rulebook = load_rulebook("qing", tmp_path)

    closed = period_of(rulebook, "serious", D("2026-06-10"), measures=("责令关闭",))
    assert (closed.last_day, closed.reason, closed.source) == (D("2031-06-10"), "term", "QJ-7")
    assert closed.minimum_until == D("2030-06-10")
    others = period_of(rulebook, "serious", D("2026-06-10"))
    assert others.last_day == D("2029-06-10")


def test_without_a_law_of_its_own_no_term_passes_the_limit(tmp_path: Path) -> None:
    for file in RULEBOOKS.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "qing.toml").write_text(OTHER_LAW.replace("BY_LAW", "false"), "utf-8")
    with pytest.raises(RulebookError, match="longer than overall_maximum_months"):
        load_rulebook("qing", tmp_path)
