"""REQUIREMENTS §5: how long a record is disclosed, over each channel 公示期限、查询期限、披露期限."""

from datetime import date

import msgspec
import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import MarkKind
from tests.articles.scenes import (
    CATALOGUE,
    JS,
    NJ,
    ONE_DAY,
    SZ,
    about_person,
    any_mark_of,
    last_day,
    penalised,
    see,
    shown_over,
)
from tests.collection.files import DAY


@pytest.mark.parametrize(
    ("severity", "end"),
    [
        ("minor", "2026-08-10 NAT"),
        ("general", "2027-05-10 NAT"),
        ("serious", "2029-05-10 NAT"),
    ],
)
def test_display_runs_by_class_and_three_years_at_most(severity: str, end: str) -> None:
    """JS-26: 按照全国统一公示标准执行，最长不超过三年."""
    assert last_day(penalised(severity), "public", JS) == end
    limit = JS.overall_maximum_months["display"].on(DAY)
    assert (limit.value, limit.source) == (36, "JS-26")


def test_display_counts_from_the_decision_taking_effect() -> None:
    """JS-26: 自相关行政决定生效或者失信行为认定之日起计算."""
    ruled = JS.start["display"].on(DAY)
    assert (ruled.value, ruled.source) == (("effective", "formed"), "JS-26")


@pytest.mark.parametrize("formed", ["2026-05-10", "2027-02-28", "2028-02-29", "2026-12-31"])
def test_what_has_ended_is_hidden_from_the_first_moment_of_the_day(formed: str) -> None:
    """JS-26, JS-33: 超过公示期限 is not shown, whether or not any job has run."""
    facts = penalised("general", formed)
    period = see(facts, "public", JS, formed).period
    assert period is not None
    assert period.last_day is not None

    assert see(facts, "public", JS, period.last_day).shown
    assert not see(facts, "public", JS, period.last_day + ONE_DAY).shown


@pytest.mark.parametrize(
    ("severity", "end"), [("general", "2027-05-10 NJ-56"), ("serious", "2029-05-10 NJ-56")]
)
def test_outside_queries_run_one_year_or_three(severity: str, end: str) -> None:
    """NJ-56: 一般失信信息一年，严重失信信息三年，自确认之日起; then no outside query is answered."""
    for channel in ("authorised", "ex_officio", "judicial"):
        facts = penalised(severity)
        assert last_day(facts, channel, NJ) == end
        after = date.fromisoformat(end[:10]) + ONE_DAY
        assert not see(facts, channel, NJ, after).shown


def test_outside_queries_go_on_while_a_serious_penalty_runs() -> None:
    """NJ-56, NJ-40: 延长至严重失信惩戒结束之日; the general class is not prolonged."""
    running = any_mark_of(MarkKind.RUNNING, "2031-12-31")
    serious, general = (
        msgspec.structs.replace(penalised(severity), marks=(running,))
        for severity in ("serious", "general")
    )
    assert last_day(serious, "ex_officio", NJ) == "2031-12-31 NJ-56"
    assert last_day(general, "ex_officio", NJ) == "2027-05-10 NJ-56"


def test_supervision_records_run_three_years_and_persons_five() -> None:
    """SZ-24: 监管信息最长不得超过三年; 个人不良信息为5年."""
    facts = penalised("serious")
    assert last_day(facts, "ex_officio", SZ) == "2029-05-10 SZ-24"
    assert last_day(about_person(facts), "ex_officio", SZ) == "2031-05-10 SZ-24"


def test_what_is_valid_is_shown_while_it_is_valid() -> None:
    """SZ-24, SZ-10, SZ-11: basic information, honours, finance and litigation 在信息有效期内."""
    licence = Facts(
        key=penalised("minor").key,
        said="20260601T000000.000Z",
        fields={"xk_jdrq": "2026-05-10", "xk_yxqz": "2026-05-10", "xk_yxqzi": "2027-12-31"},
    )
    assert last_day(licence, "ex_officio", SZ, "licence") == "2027-12-31 SZ-24"


def test_what_has_ended_is_archived_for_the_judiciary_only() -> None:
    """SZ-24, SZ-19: 转为信用档案保存; 除国家司法机关执行公务需要查询外不得再披露."""
    over = shown_over(penalised("serious", "2020-05-10"), SZ)
    assert over - {"operator"} == {"judicial"}


def test_commitments_are_shown_while_the_organisation_exists() -> None:
    """SZ-25, NJ-31: 信用承诺……在存续期内披露; years later they still are, until its deregistration."""
    item = CATALOGUE.item("commitment")
    promised = Facts(
        key=penalised("minor").key,
        said="20180601T000000.000Z",
        fields={item.dates.formed: "2018-05-10"},
    )
    assert last_day(promised, "public", SZ, "commitment") == "- SZ-25"
    assert see(promised, "public", SZ, "2038-01-01", "commitment").shown

    over = msgspec.structs.replace(promised, ceased=date(2038, 1, 1))
    assert see(over, "public", SZ, "2038-01-01", "commitment").shown
    assert shown_over(over, SZ, "2038-01-02", "commitment") == {"judicial", "operator"}
