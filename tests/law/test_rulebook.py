"""What the rulebooks say, article by article."""

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.law.groups import group_of
from chalicelib.law.listing import list_rules
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import (
    Case,
    Channel,
    Deadline,
    Kept,
    Openness,
    Rule,
    Severity,
    Span,
    State,
    SubjectKind,
)

TODAY = date(2026, 11, 22)
JS = load_rulebook("jiangsu")
NATIONAL = load_rulebook("national")
NJ = load_rulebook("nanjing")
SZ = load_rulebook("shenzhen")
SD = load_rulebook("shandong")
BOOKS = (NATIONAL, JS, NJ, SZ, SD)


def test_head() -> None:
    assert (JS.name, JS.title) == ("jiangsu", "江苏省公共信用信息管理办法")
    assert JS.version == f"jiangsu-{JS.layers[0].edition}/{NATIONAL.version}"
    assert JS.edition == NATIONAL.edition + JS.layers[0].edition
    assert [layer.name for layer in NJ.layers] == ["nanjing", "jiangsu", "national"]
    assert [sorted(book.texts) for book in (NJ, JS, NATIONAL)] == [
        ["JP", "JS", "NJ"],
        ["JP", "JS"],
        [],
    ]
    assert load_rulebook("jiangsu") is JS


OPENNESS = {
    # public, own, authorised, ex_officio, shared, judicial, special_report, operator
    "jiangsu": {
        "public": "shown JS-20, shown JS-23, shown JS-24, shown JS-22, shown JS-21, shown OWN, shown JS-27, shown JS-5",
        "authorised": "withheld JS-20, shown JS-23, shown JS-24, withheld OWN, shown JS-21, withheld OWN, shown OWN, shown JS-5",
        "shared": "withheld JS-20, shown JS-23, withheld OWN, shown JS-21, shown JS-21, shown OWN, withheld OWN, shown JS-5",
    },
    "nanjing": {
        "public": "shown NJ-27, shown NJ-54, shown NJ-54, shown NJ-44, shown NJ-44, shown NJ-44, shown JS-27, shown NJ-7",
        "authorised": "withheld NJ-27, shown NJ-54, shown NJ-54, withheld OWN, shown JS-21, withheld OWN, shown OWN, shown NJ-7",
        "shared": "withheld NJ-27, shown NJ-54, withheld OWN, shown NJ-44, shown NJ-44, shown NJ-44, withheld OWN, shown NJ-7",
    },
    "shenzhen": {
        "public": "shown SZ-20, shown SZ-22, shown SZ-22, shown SZ-21, shown SZ-21, shown SZ-21, shown OWN, shown SZ-7",
        "authorised": "withheld SZ-9, shown SZ-22, shown SZ-22, withheld SZ-21, shown SZ-21, withheld SZ-21, shown OWN, shown SZ-7",
        "shared": "withheld OWN, shown OWN, withheld OWN, shown OWN, shown OWN, shown OWN, withheld OWN, shown OWN",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("rulebook", "lent"), [(JS, "jiangsu"), (NJ, "nanjing"), (SZ, "shenzhen"), (SD, "jiangsu")]
)
@pytest.mark.parametrize("openness", get_args(Openness))
def test_which_openness_each_channel_shows(
    rulebook: Rulebook, lent: str, openness: Openness
) -> None:
    cells = [rulebook.openness[openness][channel].on(TODAY) for channel in get_args(Channel)]
    told = ", ".join(f"{ruled.value} {ruled.source}" for ruled in cells)
    assert told == OPENNESS[lent][openness]


# public, own, authorised, ex_officio, shared, judicial, special_report, operator
JIANGSU = {
    "person": "withheld OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN",
    "underage": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "consent_over": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "unpublished": "withheld NAT, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown NAT, shown OWN",
    "unclassified": ", ".join(["marked OWN"] * 8),
    "ended": "withheld JS-26, marked OWN, withheld JS-36, marked OWN, withheld OWN, marked OWN, marked OWN, marked OWN",
    "hidden": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN, withheld OWN, marked OWN",
    "repaired": "withheld JS-35, marked OWN, withheld JS-36, withheld NAT, withheld NAT, marked OWN, marked NAT, marked OWN",
    "disputed": ", ".join(["marked JS-33"] * 8),
    "verifying": ", ".join(["marked OWN"] * 8),
    "withdrawn": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "replaced": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "annulled": "withheld NAT, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "deleted": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
}  # fmt: skip
NATIONAL_ONLY = {
    "ended": "withheld NAT, marked OWN, withheld OWN, marked OWN, withheld OWN, marked OWN, marked OWN, marked OWN",
    "repaired": "withheld NAT, marked OWN, withheld NAT, withheld NAT, withheld NAT, marked OWN, marked NAT, marked OWN",
    "disputed": ", ".join(["marked OWN"] * 8),
}  # fmt: skip
NANJING = {
    "underage": "withheld NJ-2, marked OWN, withheld NJ-2, withheld NJ-2, withheld NJ-2, withheld NJ-2, withheld NJ-2, marked OWN",
    "ended": "withheld JS-26, marked OWN, withheld NJ-56, withheld NJ-56, withheld NJ-56, withheld NJ-56, marked NJ-56, marked OWN",
    "hidden": "withheld NJ-61, marked OWN, withheld NJ-61, withheld NJ-61, withheld NJ-61, withheld NJ-61, withheld NJ-61, marked OWN",
    "repaired": "withheld NJ-60, marked OWN, withheld NJ-60, withheld NJ-60, withheld NJ-60, withheld NJ-60, marked NAT, marked OWN",
    "disputed": ", ".join(["marked NJ-58"] * 8),
    "withdrawn": "withheld NJ-59, marked OWN, withheld NJ-59, withheld NJ-59, withheld NJ-59, withheld NJ-59, withheld NJ-59, marked OWN",
    "annulled": "withheld NJ-59, marked OWN, withheld NJ-59, withheld NJ-59, withheld NJ-59, withheld NJ-59, withheld NJ-59, marked OWN",
    "deleted": "withheld NJ-58, marked OWN, withheld NJ-58, withheld NJ-58, withheld NJ-58, withheld NJ-58, withheld NJ-58, marked OWN",
}  # fmt: skip
SHENZHEN = {
    "person": "withheld SZ-9, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN",
    "ended": "withheld SZ-24, withheld SZ-24, withheld SZ-24, withheld SZ-24, withheld SZ-24, marked SZ-24, withheld SZ-24, marked OWN",
    "verifying": "withheld SZ-33, marked OWN, withheld SZ-33, withheld SZ-33, withheld SZ-33, withheld SZ-33, withheld SZ-33, marked OWN",
}  # fmt: skip
SHANDONG = {"disputed": ", ".join(["marked SD-18"] * 8)}

TREATMENTS = {
    "national": {**JIANGSU, **NATIONAL_ONLY},
    "jiangsu": JIANGSU,
    "nanjing": {**JIANGSU, **NANJING},
    "shenzhen": {**JIANGSU, **NATIONAL_ONLY, **SHENZHEN},
    "shandong": {**JIANGSU, **SHANDONG},
}


@pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)
@pytest.mark.parametrize("state", get_args(State))
def test_treatment_of_each_state_on_each_channel(rulebook: Rulebook, state: State) -> None:
    cells = [rulebook.treatment[state][channel].on(TODAY) for channel in get_args(Channel)]
    told = ", ".join(f"{ruled.value} {ruled.source}" for ruled in cells)
    assert told == TREATMENTS[rulebook.name][state]


def any_case(severity: Severity, span: Span = "display") -> Case:
    return Case(
        item="penalty", group="adverse", subject="organisation", span=span, severity=severity
    )


def test_a_dispute_suspends_nothing_js_33() -> None:
    assert {rule.on(TODAY).value for rule in JS.treatment["disputed"].values()} == {"marked"}


def test_persons_are_off_the_public_channel_unless_a_law_opens_them() -> None:
    ruled = JS.treatment["person"]["public"].on(TODAY)
    assert (ruled.value, ruled.source, ruled.rulebook) == ("withheld", "OWN", "national")


@pytest.mark.parametrize(
    ("category", "label", "source"),
    [
        ("basic", "基础信息", "JS-12"),
        ("positive", "增信信息", "JS-13"),
        ("adverse", "失信信息", "JS-14"),
        ("other", "其他信息", "JS-15"),
    ],
)
def test_category_labels_js_11(category: str, label: str, source: str) -> None:
    ruled = JS.category[category].on(TODAY)
    assert (ruled.value.zh, ruled.source) == (label, source)


@pytest.mark.parametrize(
    ("rulebook", "categories"),
    [
        (NJ, {"basic": ("基础信息", "NJ-21"), "positive": ("良好信息", "NJ-22"), "adverse": ("失信信息", "NJ-23"), "other": ("其他信息", "NJ-24")}),
        (SZ, {"basic": ("基本信息", "SZ-10"), "finance": ("财务信息", "SZ-10"), "honour": ("荣誉信息", "SZ-10"), "litigation": ("涉诉信息", "SZ-10")}),
        (SD, {"positive": ("增信信息", "JS-13")}),
    ],
)  # fmt: skip
def test_each_text_cuts_and_names_its_categories(
    rulebook: Rulebook, categories: dict[str, tuple[str, str]]
) -> None:
    for category, expected in categories.items():
        ruled = rulebook.category[category].on(TODAY)
        assert (ruled.value.zh, ruled.source) == expected


@pytest.mark.parametrize(
    ("item", "category", "group"),
    [
        ("registration", "basic", "basic"),
        ("honour", "positive", "honour"),
        ("donation", "positive", "positive"),
        ("tax_paid", "other", "finance"),
        ("penalty", "adverse", "supervision"),
        ("criminal", "adverse", "litigation"),
        ("court_default", "adverse", "litigation"),
        ("inspection", "other", "other"),
    ],
)
def test_items_belong_to_the_categories_of_sz_10(item: str, category: str, group: str) -> None:
    assert group_of(SZ, item, category, TODAY) == group
    assert group_of(SZ, item, category, date(2017, 9, 30)) == category
    assert group_of(JS, item, category, TODAY) == category


DEADLINES: dict[str, dict[str, tuple[int | str, str]]] = {
    "national": {"annulment": (3, "NAT"), "repair_accept": (3, "NAT"), "repair_decide": (10, "NAT")},
    "jiangsu": {"dispute_decide": (5, "JP-15")},
    "nanjing": {
        "dispute_mark": (1, "NJ-58"),
        "dispute_decide": (15, "NJ-58"),
        "annulment": (3, "NJ-59"),
        "merit_hiding": (2, "NJ-61"),
    },
    "shenzhen": {
        "dispute_decide": (5, "SZ-35"),
        "verification_tell": (5, "SZ-33"),
        "verification_answer": (15, "SZ-33"),
    },
    "shandong": {
        "dispute_decide": (3, "SD-18"),
        "verification_tell": ("none", "SD-14"),
        "verification_answer": ("none", "SD-14"),
    },
}  # fmt: skip


@pytest.mark.parametrize("deadline", get_args(Deadline))
@pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)
def test_deadlines_in_working_days(rulebook: Rulebook, deadline: Deadline) -> None:
    """Each text's own; where it gives no number the next beneath it, and in the end none."""
    tables = [DEADLINES[layer.name] for layer in rulebook.layers]
    expected = next((table[deadline] for table in tables if deadline in table), ("none", "OWN"))
    ruled = rulebook.deadline[deadline].on(TODAY)
    assert (ruled.value, ruled.source) == expected


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("timeliness_working_days", ["item_frequency OWN", "item_frequency JS-7", "item_frequency NJ-20", "7 SZ-15", "7 SD-10"]),
        ("full_capacity_age", ["0 OWN", "0 OWN", "18 NJ-2", "0 OWN", "0 OWN"]),
        ("entered_for_responsible", ["False OWN", "False OWN", "True NJ-43", "False OWN", "False OWN"]),
        ("sharing_needs_provider", ["True OWN", "True OWN", "True OWN", "True SZ-21", "True OWN"]),
        ("sharing_needs_agreement", ["True OWN", "True OWN", "True NJ-27", "True OWN", "True OWN"]),
        ("authorisation_maximum_months", ["12 OWN"] * 5),
        ("sharing_maximum_months", ["12 OWN"] * 5),
        ("watch_months", ["none OWN", "none OWN", "3 NJ-37", "none OWN", "none OWN"]),
    ],
)  # fmt: skip
def test_single_values_of_each_rulebook(name: str, values: list[str]) -> None:
    rules: list[Rule[object]] = [getattr(rulebook, name) for rulebook in BOOKS]
    ruled = [rule.on(TODAY) for rule in rules]
    assert [f"{each.value} {each.source}" for each in ruled] == values


@pytest.mark.parametrize(
    ("rulebook", "ways", "source"),
    [
        (JS, ("online", "window"), "JS-24"),
        (NJ, ("online", "window"), "NJ-54"),
        (SZ, ("window",), "SZ-22"),
        (SD, ("online", "window"), "JS-24"),
    ],
)
def test_how_authorisation_is_proven(
    rulebook: Rulebook, ways: tuple[str, ...], source: str
) -> None:
    ruled = rulebook.authorisation_ways.on(TODAY)
    assert (ruled.value, ruled.source) == (ways, source)


def test_kinds_that_are_never_repaired_nj_60() -> None:
    excluded = NJ.repair_excluded_kinds.on(TODAY)
    assert (excluded.value, excluded.source) == (("责令停产停业", "吊销许可证件"), "NJ-60")
    assert JS.repair_excluded_kinds.on(TODAY).value == ()


@pytest.mark.parametrize(
    ("rulebook", "kept", "years", "source"),
    [
        (NJ, "ledger_agency", "unlimited", "NJ-52"),
        (NJ, "ledger", 3, "JS-25"),
        (SZ, "ledger_authorised", 5, "SZ-23"),
        (SZ, "ledger", "unlimited", "OWN"),
        (SD, "originals", "unlimited", "SD-17"),
        (SD, "ledger_authorised", 3, "JS-25"),
    ],
)
def test_how_long_things_are_kept(
    rulebook: Rulebook, kept: Kept, years: int | str, source: str
) -> None:
    ruled = rulebook.retention_years[kept].on(TODAY)
    assert (ruled.value, ruled.source) == (years, source)


@pytest.mark.parametrize("subject", get_args(SubjectKind))
def test_who_is_told_of_adverse_reports(subject: SubjectKind) -> None:
    """NJ-57: every subject; SZ-16: persons."""
    told = [book.subject_notice[subject].on(TODAY) for book in (JS, NJ, SZ)]
    assert [each.value for each in told] == [False, True, subject == "person"]
    assert [each.source for each in told[1:]] == ["NJ-57", "SZ-16" if told[2].value else "OWN"]


def test_the_query_period_rules_the_channels_outside_nj_56_sz_24() -> None:
    channels = get_args(Channel)
    by_query = {
        book.name: {each for each in channels if book.span[each].on(TODAY).value == "query"}
        for book in BOOKS
    }
    outside = {"authorised", "ex_officio", "shared", "judicial", "special_report"}
    assert by_query["nanjing"] == outside
    assert by_query["shenzhen"] == set(channels) - {"public"}
    assert not by_query["national"] | by_query["jiangsu"] | by_query["shandong"]


def test_special_reports_answered_nothing_that_had_ended_before_no_565() -> None:
    """NJ-56 excepts what the nation rules otherwise: No. 565, nation-wide from October 2025."""
    rule = NJ.treatment["ended"]["special_report"]
    values = [rule.on(day).value for day in (date(2025, 9, 30), date(2025, 10, 1))]
    assert values == ["withheld", "marked"]


def test_each_layer_speaks_from_its_own_first_day_on() -> None:
    days = {
        "nanjing": date(2020, 7, 1),
        "shenzhen": date(2017, 10, 1),
        "shandong": date(2021, 1, 1),
    }
    for name, first in days.items():
        rulebook = load_rulebook(name)
        own = [
            entry
            for listed in list_rules(rulebook)
            for entry in listed.rule.entries
            if entry.rulebook == name
        ]
        assert min(entry.effective for entry in own) == first
        assert all(entry.source[:2] in {name_of(rulebook), "OW"} for entry in own)


def name_of(rulebook: Rulebook) -> str:
    return {"nanjing": "NJ", "shenzhen": "SZ", "shandong": "SD"}[rulebook.name]


def test_single_values_name_their_article() -> None:
    ledger, *_, originals = (JS.retention_years[what].on(TODAY) for what in get_args(Kept))
    assert (ledger.value, ledger.source) == (3, "JS-25")
    assert (originals.value, originals.source) == ("unlimited", "OWN")
    longest = JS.overall_maximum_months["display"].on(TODAY)
    start = JS.start["display"].on(TODAY)
    assert (longest.value, longest.source) == (36, "JS-26")
    assert (start.value, start.source) == (("effective", "formed"), "JS-26")
    timeliness, precedence = JS.timeliness_working_days.on(TODAY), JS.precedence.on(TODAY)
    assert (timeliness.value, timeliness.source) == ("item_frequency", "JS-7")
    assert (precedence.value, precedence.source) == (("issuing_authority", "latest"), "OWN")


def test_what_no_text_decides_is_our_own_setting() -> None:
    assert (JS.month_end.on(TODAY).value, JS.month_end.on(TODAY).source) == ("clamp", "OWN")
    assert (JS.end_day.on(TODAY).value, JS.end_day.on(TODAY).source) == ("inclusive", "OWN")
    several = JS.several_kinds.on(TODAY)
    assert (several.value.take, several.source) == ("heaviest", "OWN")
    assert JS.unknown_kind.on(TODAY).value == "unclassified"


def test_rules_are_dated() -> None:
    rule = JS.overall_maximum_months["display"]
    assert rule.on(date(2026, 1, 31)).value == "unlimited"
    assert rule.on(date(2026, 2, 1)).value == 36


def test_silence_falls_back_to_what_stands_beneath_and_says_so() -> None:
    ruled = JS.term.on(any_case("general"), date(2026, 4, 1))
    assert (ruled.rulebook, ruled.source, ruled.external) == ("national", "NAT", True)
    assert not JS.retention_years["ledger"].on(TODAY).external


def test_a_rulebook_prevails_over_later_values_beneath_it() -> None:
    """National rules of April 2026 do not displace an article of February 2026."""
    ruled = JS.treatment["ended"]["public"].on(date(2026, 4, 1))
    assert (ruled.source, ruled.rulebook) == ("JS-26", "jiangsu")


@pytest.mark.parametrize("day", [date.min, date(1949, 10, 1), TODAY, date.max])
@pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)
def test_every_rule_answers_on_every_day(rulebook: Rulebook, day: date) -> None:
    for severity, span in product(get_args(Severity), get_args(Span)):
        assert rulebook.term.on(any_case(severity, span), day).source
    for kind in rulebook.kind_severity.values():
        assert kind.on(day).source
    for deadline in rulebook.deadline.values():
        assert deadline.on(day).source
    for by_channel in (*rulebook.openness.values(), *rulebook.treatment.values()):
        for channel in get_args(Channel):
            assert by_channel[channel].on(day).source


def test_edges_of_the_national_rules_are_one_day_apart() -> None:
    """Order 36 holds from 2026-04-01; the day before, Order 58 still does."""
    edge = date(2026, 4, 1)
    before, after = (
        NATIONAL.term.on(any_case("general"), day) for day in (edge - timedelta(days=1), edge)
    )
    assert (before.value.maximum_months, after.value.maximum_months) == (36, 12)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: str(book.name))
def test_every_rule_stands_from_one_of_the_days_to_the_next(book: Rulebook) -> None:
    for day in (each + timedelta(days=shift) for each in book.days for shift in (-1, 0, 1)):
        assert book.since(day) == max((each for each in book.days if each <= day), default=date.min)
    assert book.since(date.min) == date.min


def test_no_place_is_named_in_code() -> None:
    """Rules ask the rulebook; which places there are is known from the files alone."""
    code = Path(__file__).parents[2] / "chalicelib"
    names = {"nanjing", "shenzhen", "shandong", "南京", "深圳", "山东"}
    for file in RULEBOOKS.glob("*.toml"):
        if "\nbeneath = " in file.read_text("utf-8"):
            names |= {file.stem, load_rulebook(file.stem).title[:2]}
    assert {"jiangsu", "江苏"} <= names
    pattern = re.compile("|".join(names), re.IGNORECASE)
    named = [
        f"{file.relative_to(code)}: {line.strip()}"
        for file in code.rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if pattern.search(line)
    ]
    assert not named
