"""Which class a penalty is of: the national table (Order 36, NAT) and what it leaves open (OWN)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.law.classes import Classification, classify
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook

JS = load_rulebook("jiangsu")
DAY = date(2026, 11, 22)
KINDS = tuple(JS.kind_severity)


def of(*measures: str, summary: bool | None = None, item: str = "penalty") -> Classification:
    return classify(JS, item, measures, summary_procedure=summary, on=DAY)


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
    sources = [
        classify(JS, "penalty", ("警告",), summary_procedure=None, on=day).source
        for day in (date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert sources == ["OWN", "NAT"]


def test_another_rulebook_may_take_the_lightest_kind(tmp_path: Path) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    (tmp_path / "national.toml").write_text(national.replace('"heaviest"', '"lightest"'), "utf-8")
    found = classify(
        load_rulebook("national", tmp_path),
        "penalty",
        ("责令关闭", "警告"),
        summary_procedure=None,
        on=DAY,
    )
    assert found.severity == "minor"


RANK = ("minor", "unclassified", "general", "serious")
measures = st.lists(st.sampled_from((*KINDS, "责令改正")), max_size=5).map(tuple)


@given(measures, st.sampled_from(KINDS), st.booleans() | st.none())
def test_another_kind_never_makes_it_lighter(
    kinds: tuple[str, ...], further: str, summary: bool | None
) -> None:
    if kinds:
        before, after = of(*kinds, summary=summary), of(*kinds, further, summary=summary)
        assert RANK.index(after.severity) >= RANK.index(before.severity)


@given(measures, st.randoms(), st.booleans() | st.none())
def test_the_order_of_kinds_does_not_matter(
    kinds: tuple[str, ...], random: object, summary: bool | None
) -> None:
    shuffled = list(kinds)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert of(*kinds, summary=summary).severity == of(*shuffled, summary=summary).severity
