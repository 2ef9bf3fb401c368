"""Which class a penalty is of: the national table (Order 36, NAT) and what it leaves open (OWN)."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.law.classes import Classification, Conduct, classify, sector_of
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Severity

JS = load_rulebook("jiangsu")
DAY = date(2026, 11, 22)
KINDS = tuple(JS.kind_severity)


def of(
    *measures: str,
    summary: bool | None = None,
    item: str = "penalty",
    fine: int | None = None,
    sector: str | None = None,
    reported: Severity | None = None,
    rulebook: Rulebook = JS,
    on: date = DAY,
) -> Classification:
    conduct = Conduct(
        item=item,
        measures=measures,
        fine=fine,
        sector=sector,
        summary_procedure=summary,
        reported=reported,
    )
    return classify(rulebook, conduct, on)


@pytest.mark.parametrize(
    ("kind", "severity", "source"),
    [
        # named in Order 36
        ("警告", "minor", "NAT"),
        ("通报批评", "minor", "NAT"),
        ("没收违法所得、没收非法财物", "general", "NAT"),
        ("没收违法所得", "general", "NAT"),
        ("没收非法财物", "general", "NAT"),
        ("降低资质等级", "serious", "NAT"),
        ("吊销许可证件", "serious", "NAT"),
        ("限制开展生产经营活动", "serious", "NAT"),
        ("责令停产停业", "serious", "NAT"),
        ("责令关闭", "serious", "NAT"),
        ("限制从业", "serious", "NAT"),
        # not named
        ("暂扣许可证件", "general", "OWN"),
        ("罚款", "unclassified", "OWN"),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", "unclassified", "OWN"),
        ("行政拘留", "unclassified", "OWN"),
        ("其他", "unclassified", "OWN"),
    ],
)
def test_kinds_of_penalty(kind: str, severity: str, source: str) -> None:
    found = of(kind)
    assert (found.severity, found.source, found.reason, found.kind) == (
        severity, source, "kind", kind,
    )  # fmt: skip
    assert found.unclassified == ((kind,) if severity == "unclassified" else ())


def test_an_unknown_kind_is_visibly_unclassified() -> None:
    found = of("责令改正")
    assert (found.severity, found.reason, found.source) == ("unclassified", "unknown_kind", "OWN")
    assert found.unclassified == ("责令改正",)


def test_no_kind_is_visibly_unclassified() -> None:
    found = of()
    assert (found.severity, found.reason, found.unclassified) == ("unclassified", "no_kind", ())


@pytest.mark.parametrize(
    ("measures", "severity", "kind", "unclassified"),
    [
        (("警告", "责令停产停业"), "serious", "责令停产停业", ()),
        (("警告", "没收违法所得"), "general", "没收违法所得", ()),
        (("没收违法所得", "吊销许可证件", "通报批评"), "serious", "吊销许可证件", ()),
        (("警告", "罚款"), "unclassified", "罚款", ("罚款",)),
        (("罚款", "没收违法所得"), "general", "没收违法所得", ("罚款",)),
        (("罚款", "责令关闭"), "serious", "责令关闭", ("罚款",)),
        (("罚款", "责令改正"), "unclassified", "罚款", ("罚款", "责令改正")),
    ],
)
def test_the_heaviest_kind_decides(
    measures: tuple[str, ...], severity: str, kind: str, unclassified: tuple[str, ...]
) -> None:
    found = of(*measures)
    assert (found.severity, found.kind, found.unclassified) == (severity, kind, unclassified)


@pytest.mark.parametrize(
    ("measures", "severity", "reason"),
    [
        (("罚款",), "minor", "summary_procedure"),
        (("警告", "罚款"), "minor", "kind"),
        ((), "minor", "summary_procedure"),
        (("没收违法所得",), "general", "kind"),
        (("罚款", "吊销许可证件"), "serious", "kind"),
    ],
)
def test_summary_procedure_is_minor_but_lightens_no_heavier_kind(
    measures: tuple[str, ...], severity: str, reason: str
) -> None:
    """Order 36: 简易程序 is minor."""
    found = of(*measures, summary=True)
    assert (found.severity, found.reason, found.unclassified) == (severity, reason, ())


@pytest.mark.parametrize("summary", [None, False])
def test_a_fine_not_said_to_be_by_summary_procedure_stays_unclassified(
    summary: bool | None,
) -> None:
    assert of("罚款", summary=summary).severity == "unclassified"


def test_the_serious_dishonesty_list_is_serious() -> None:
    found = of(item="dishonesty")
    assert (found.severity, found.reason, found.source) == ("serious", "item", "NAT")


def test_the_table_is_national_from_order_36_on() -> None:
    sources = [of("警告", on=day).source for day in (date(2026, 3, 31), date(2026, 4, 1))]
    assert sources == ["OWN", "NAT"]


def test_another_rulebook_may_take_the_lightest_kind(tmp_path: Path) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    (tmp_path / "national.toml").write_text(national.replace('"heaviest"', '"lightest"'), "utf-8")
    found = of("责令关闭", "警告", rulebook=load_rulebook("national", tmp_path))
    assert found.severity == "minor"


def test_a_defaulter_on_a_judgment_is_serious_nj_40() -> None:
    """NJ-40 (3); the nation and the province leave it open."""
    found = of(item="court_default", rulebook=load_rulebook("nanjing"))
    assert (found.severity, found.reason, found.source) == ("serious", "item", "NJ-40")
    assert of(item="court_default").severity == "unclassified"


# ---- what the authority of a sector sets for itself (JS-14, NAT)


SECTORS = """
name = "qing"
title = "清"
title_en = "Qing"
edition = 1
beneath = "national"

[rules.sector]
food = [{ effective = 2026-06-01, source = "QJ-1", value = { zh = "食品药品", en = "Food and drugs", authorities = ["市场监督管理", "药品监督"] } }]
water = [{ effective = 2027-01-01, source = "QJ-1", value = { zh = "水务", en = "Water", authorities = ["水务"] } }]

[rules.sector_severity.food]
"警告" = [{ effective = 2026-06-01, source = "QJ-2", value = "general" }]

[rules.fine_severity.food]
"罚款" = [{ effective = 2026-06-01, source = "QJ-3", value = [{ yuan = 100000, severity = "serious" }, { yuan = 0, severity = "minor" }, { yuan = 5000, severity = "general" }] }]
"没收违法所得" = [{ effective = 2026-06-01, source = "QJ-3", value = [{ yuan = 50000, severity = "serious" }] }]
"""


@pytest.fixture(scope="module")
def qing(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    shelf = tmp_path_factory.mktemp("shelf")
    shutil.copy(RULEBOOKS / "national.toml", shelf)
    (shelf / "qing.toml").write_text(SECTORS, "utf-8")
    return load_rulebook("qing", shelf)


@pytest.mark.parametrize(
    ("authority", "day", "sector"),
    [
        ("清市市场监督管理局", "2026-06-01", "food"),
        ("清市药品监督管理局", "2026-06-01", "food"),
        ("清市市场监督管理局", "2026-05-31", None),
        ("清市水务局", "2026-12-31", None),
        ("清市水务局", "2027-01-01", "water"),
        ("清市公安局", "2027-01-01", None),
        ("", "2027-01-01", None),
    ],
)
def test_the_authoritys_name_tells_the_sector(
    qing: Rulebook, authority: str, day: str, sector: str | None
) -> None:
    assert sector_of(qing, authority, date.fromisoformat(day)) == sector


@pytest.mark.parametrize(
    ("kind", "fine", "severity", "reason", "source"),
    [
        ("罚款", 0, "minor", "fine", "QJ-3"),
        ("罚款", 4_999, "minor", "fine", "QJ-3"),
        ("罚款", 5_000, "general", "fine", "QJ-3"),
        ("罚款", 99_999, "general", "fine", "QJ-3"),
        ("罚款", 100_000, "serious", "fine", "QJ-3"),
        ("罚款", None, "unclassified", "kind", "OWN"),
        ("没收违法所得", 49_999, "general", "kind", "NAT"),
        ("没收违法所得", 50_000, "serious", "fine", "QJ-3"),
        ("警告", None, "general", "kind", "QJ-2"),
        ("责令关闭", None, "serious", "kind", "NAT"),
    ],
)
def test_a_sector_classifies_by_amount_then_by_its_kinds_then_as_everybody(
    qing: Rulebook, kind: str, fine: int | None, severity: str, reason: str, source: str
) -> None:
    found = of(kind, fine=fine, sector="food", rulebook=qing)
    assert (found.severity, found.reason, found.source) == (severity, reason, source)


@pytest.mark.parametrize("sector", [None, "water"])
def test_another_sectors_classes_are_not_borrowed(qing: Rulebook, sector: str | None) -> None:
    assert of("警告", sector=sector, rulebook=qing).severity == "minor"
    assert of("罚款", fine=10**6, sector=sector, rulebook=qing).severity == "unclassified"


def test_a_sectors_classes_begin_on_their_day(qing: Rulebook) -> None:
    before, after = (
        of("警告", sector="food", rulebook=qing, on=date(2026, *day)) for day in ((5, 31), (6, 1))
    )
    assert (before.severity, after.severity) == ("minor", "general")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_higher_fine_is_never_lighter(qing: Rulebook, a: int, b: int) -> None:
    lighter, heavier = (
        of("罚款", fine=fine, sector="food", rulebook=qing).severity for fine in sorted((a, b))
    )
    assert RANK.index(lighter) <= RANK.index(heavier)


# ---- what the provider itself labels 标注 (JS-14)


NATIONAL = load_rulebook("national")


@pytest.mark.parametrize(
    ("kinds", "label", "jiangsu", "national"),
    [
        # what no rule classifies is as its provider labels it
        (("罚款",), "minor", "minor reported", "minor reported"),
        (("罚款",), "serious", "serious reported", "serious reported"),
        ((), "general", "general reported", "general reported"),
        (("警告", "罚款"), "minor", "minor reported", "minor reported"),
        # never milder than the rules
        (("责令关闭",), "minor", "serious kind", "serious kind"),
        (("没收违法所得",), "minor", "general kind", "general kind"),
        (("没收违法所得", "罚款"), "minor", "general kind", "general kind"),
        # heavier: by the measures, or because a kind is open that may be heavier
        (("警告",), "general", "general reported", "minor kind"),
        (("没收违法所得",), "serious", "serious reported", "general kind"),
        (("没收违法所得", "罚款"), "serious", "serious reported", "serious reported"),
        # the same
        (("责令关闭",), "serious", "serious kind", "serious kind"),
        (("罚款",), None, "unclassified kind", "unclassified kind"),
    ],
)
def test_a_providers_label_settles_what_is_open_and_never_makes_milder(
    kinds: tuple[str, ...], label: Severity | None, jiangsu: str, national: str
) -> None:
    for rulebook, expected in ((JS, jiangsu), (NATIONAL, national)):
        found = of(*kinds, reported=label, rulebook=rulebook)
        assert f"{found.severity} {found.reason}" == expected
        if found.reason == "reported":
            source = ("JS-14", "jiangsu") if rulebook is JS else ("OWN", "national")
            assert (found.source, found.rulebook) == source


def test_a_label_counts_as_the_measures_have_it_from_their_first_day() -> None:
    before, after = (
        of("警告", reported="serious", on=day) for day in (date(2026, 1, 31), date(2026, 2, 1))
    )
    assert (before.severity, after.severity) == ("minor", "serious")


def test_the_serious_list_stays_serious_whatever_its_label() -> None:
    assert of(item="dishonesty", reported="minor").severity == "serious"
    assert of(item="court_default", reported="minor").severity == "minor"
    nanjing = load_rulebook("nanjing")
    assert of(item="court_default", reported="minor", rulebook=nanjing).severity == "serious"


RANK = ("minor", "unclassified", "general", "serious")
measures = st.lists(st.sampled_from((*KINDS, "责令改正")), max_size=5).map(tuple)


@given(measures, st.sampled_from(KINDS), st.booleans() | st.none())
def test_another_kind_never_makes_it_lighter(
    kinds: tuple[str, ...], further: str, summary: bool | None
) -> None:
    if kinds:
        before, after = of(*kinds, summary=summary), of(*kinds, further, summary=summary)
        assert RANK.index(after.severity) >= RANK.index(before.severity)


@given(measures, st.sampled_from(("minor", "general", "serious")), st.booleans() | st.none())
def test_no_label_makes_a_class_milder(
    kinds: tuple[str, ...], label: Severity, summary: bool | None
) -> None:
    for rulebook in (JS, NATIONAL):
        plain = of(*kinds, summary=summary, rulebook=rulebook)
        labelled = of(*kinds, summary=summary, reported=label, rulebook=rulebook)
        if plain.severity == "unclassified":
            assert labelled.severity == label
        else:
            assert RANK.index(labelled.severity) >= RANK.index(plain.severity)


@given(measures, st.randoms(), st.booleans() | st.none())
def test_the_order_of_kinds_does_not_matter(
    kinds: tuple[str, ...], random: object, summary: bool | None
) -> None:
    shuffled = list(kinds)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert of(*kinds, summary=summary).severity == of(*shuffled, summary=summary).severity
