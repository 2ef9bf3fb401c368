"""REQUIREMENTS §3: what is reported is checked, linked and stored; nothing is lost or altered 归集."""

import json
from datetime import UTC, datetime
from functools import partial

import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.archive.timeliness import timeliness_of
from chalicelib.collection.code_issues import Place, list_code_issues
from chalicelib.collection.findings import find_in_range
from chalicelib.collection.merging import refer_nowhere
from chalicelib.collection.pushes import push_records
from chalicelib.collection.uploads import find_registration, inbox_key
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.notices.outbox import page_of
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.settings import settings
from tests.articles.scenes import (
    BOOKS,
    CATALOGUE,
    JS,
    NJ,
    OUTSIDE,
    SD,
    SZ,
    look,
    note,
    only_key,
    penalised,
    query,
    receipt,
    report,
    report_file,
    see,
    subject_of,
)
from tests.catalogue.rows import row_of
from tests.collection.archives import folded, held
from tests.collection.files import (
    DAY,
    NOW,
    ORGANISATION,
    OTHER_PROVIDER,
    PROVIDER,
    csv_of,
    penalty,
    person_penalty,
    receipt_of,
    registration,
)

pytestmark = pytest.mark.usefixtures("city")

LATER = NOW.replace(minute=30)


# -- 报送方式 ---------------------------------------------------------------------------------------


def test_a_file_says_the_same_in_every_form() -> None:
    """JS-16, SD-11: CSV in either encoding and JSON Lines make the same record 文件报送."""
    rows = [penalty()]
    json_lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    forms = {
        "utf8.csv": csv_of("penalty", rows),
        "gb18030.csv": csv_of("penalty", rows, encoding="gb18030"),
        "rows.jsonl": json_lines,
    }
    for minute, (name, body) in enumerate(forms.items()):
        report_file(body, "penalty", now=NOW.replace(minute=minute), file_name=name)

    [holding] = held().values()
    assert len(holding.statements) == 1
    assert len(holding.assertions) == len(forms) - 1


def test_records_come_in_through_the_interface_as_in_a_file() -> None:
    """JS-16, SD-11, SD-12: 接口对接; sending a push again, as one does without an answer, is safe."""
    push = partial(push_records, provider=PROVIDER, item="penalty", key="k-1", now=NOW)
    push = partial(push, refer=refer_nowhere)
    record = json.dumps(penalty(), ensure_ascii=False).encode()
    uploads = {push(records=[record]).upload for _ in range(2)}

    [upload] = uploads
    assert receipt_of(upload).accepted == 1
    report("penalty", penalty(), now=LATER)
    [holding] = held().values()
    assert (len(holding.statements), len(holding.assertions)) == (1, 1)


def test_the_same_file_sent_twice_changes_nothing() -> None:
    """JS-17: 减少重复报送; what was said before is known again, whoever sends it how often."""
    report("penalty", penalty())
    before = look(ORGANISATION, "operator")
    report("penalty", penalty(), now=LATER)

    assert look(ORGANISATION, "operator") == before
    assert len(held()) == 1


# -- 校验、关联、入库 ---------------------------------------------------------------------------------


def test_a_wrong_check_digit_refuses_the_row_and_no_other() -> None:
    """JS-18, JP-9: checked, linked, stored; bad rows come back with row, column, code and remedy."""
    wrong = ORGANISATION[:-1] + ("1" if ORGANISATION[-1] != "1" else "2")
    came_back = receipt("penalty", penalty(), penalty(cf_xdr_shxym=wrong, cf_wsh="2号"))

    [refused] = came_back.problems
    assert (came_back.received, came_back.accepted, came_back.refused) == (2, 1, 1)
    assert (refused.row, refused.problem.code) == (3, "E-USCC-03")
    assert refused.problem.column
    assert refused.problem.text.zh
    assert refused.problem.text.mend_zh
    assert len(held()) == 1


def test_a_person_is_known_by_a_checked_number() -> None:
    """JS-18, JS-12: GB 11643-1999; a number that fails its check digit names nobody."""
    number = person_penalty()["cf_xdr_zjhm"]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")

    came_back = receipt("penalty", person_penalty(cf_xdr_zjhm=wrong))

    assert [each.problem.code for each in came_back.problems] == ["E-PAPER-02"]
    assert held() == {}


def test_a_name_that_is_not_the_registered_one_is_found() -> None:
    """JS-5, JS-18: code and name are compared with the registration 加强赋码数据校核."""
    report("registration", registration())
    update_views(only_key("registration"), DAY, JS)
    upload = report("penalty", penalty(cf_xdr_mc="清江市另一家商贸有限公司"))

    found = {each.finding.code for each in find_in_range(upload, 0)}
    assert found & {"F-NAME-01", "F-NAME-02"}
    assert receipt_of(upload).accepted == 1


def test_a_code_that_two_organisations_have_is_reported_to_its_authority() -> None:
    """JS-5: 强化重错码治理; what is wrong, mismatched or given twice, by day of registration."""
    wrong = ORGANISATION[:-1] + ("1" if ORGANISATION[-1] != "1" else "2")
    report("registration", registration())
    report("penalty", penalty(cf_xdr_shxym=wrong), now=LATER)
    twin = registration(comp_nm="大河食品厂", est_dt="2020-02-02")
    report("registration", twin, now=LATER.replace(minute=40))

    issues, following = list_code_issues(DAY, Place())
    assert following is None
    assert {(each.kind, each.problem.code) for each in issues} == {
        ("wrong", "E-USCC-03"),
        ("duplicate", "F-CODE-01"),
    }


# -- 同一行为 ---------------------------------------------------------------------------------------


def test_what_city_and_province_both_report_is_one_record() -> None:
    """SD-13, JS-17: 省级统一推送 and 同级推送 without double reporting; who decided is believed."""
    report("penalty", penalty(cf_nr="罚款二千元"), provider=PROVIDER)
    report("penalty", penalty(cf_nr="罚款贰仟元整"), provider=OTHER_PROVIDER, now=LATER)

    [disclosed] = query(ORGANISATION, "operator", SD)
    assert penalty()["cf_cfjgdm"] == PROVIDER
    assert disclosed.facts.provider == PROVIDER
    assert disclosed.decision.fields["cf_nr"] == "罚款二千元"
    assert disclosed.facts.disagreeing == (OTHER_PROVIDER,)


def test_what_only_looks_alike_is_not_one_record() -> None:
    """SD-13: without the number of the decision, nobody's records are merged with another's."""
    honour = row_of(CATALOGUE.item("honour"), "organisation")
    for provider in (PROVIDER, OTHER_PROVIDER):
        unnumbered = {**honour, "identification_no": "空", "comment_year": ""}
        report("honour", unnumbered, provider=provider)

    assert len(held()) == 2


# -- 及时性 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rulebook", "formed", "late"),
    [
        ("shandong", "2026-11-11", ["F-LATE-01"]),
        ("shandong", "2026-11-12", []),  # the seventh working day is 23 November
        ("shenzhen", "2026-11-11", ["F-LATE-01"]),
        ("shenzhen", "2026-11-12", []),
        ("jiangsu", "2026-10-09", ["F-LATE-01"]),  # by the item's own frequency
    ],
)
def test_what_comes_late_is_stored_and_told(
    monkeypatch: pytest.MonkeyPatch, rulebook: str, formed: str, late: list[str]
) -> None:
    """SD-10, SZ-15, JS-7, NJ-20: seven working days, or the item's frequency; late is accepted."""
    monkeypatch.setenv("RULEBOOK", rulebook)
    settings.cache_clear()
    upload = report("penalty", penalty(cf_jdrq=formed))

    assert [each.finding.code for each in find_in_range(upload, 0)] == late
    assert receipt_of(upload).accepted == 1


def test_a_year_without_calendar_stops_nothing_and_is_told() -> None:
    """SD-10, JS-7: what is certain is told, of the rest which year's calendar is awaited."""
    january = datetime(2027, 1, 20, tzinfo=UTC)
    upload = report(
        "penalty",
        penalty(cf_wsh="1号", cf_jdrq="2026-12-21"),
        penalty(cf_wsh="2号", cf_jdrq="2027-01-04"),
        penalty(cf_wsh="3号", cf_jdrq="2027-01-14"),
        now=january,
    )

    late, waiting = find_in_range(upload, 0)
    assert [(each.row, each.finding.code) for each in (late, waiting)] == [
        (2, "F-LATE-01"),
        (3, "F-LATE-02"),
    ]
    assert "2027" in waiting.finding.text.zh
    assert receipt_of(upload).accepted == 3
    shown = query(ORGANISATION, "operator", day=january.date())
    timed = [timeliness_of(each.facts, each.item, JS) for each in shown]
    assert sorted((each.verdict, each.awaits) for each in timed if each) == [
        ("calendar_not_published", 2027),
        ("late", None),
        ("on_time", None),
    ]


# -- 分类标注 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "typed", "severity", "source"),
    [
        ("失信信息分类", "严重", "serious", "JS-14"),
        ("失信严重程度", "3", "serious", "JS-14"),  # as the standard of 2016 writes it
        ("cf_sxyzcd", "较重", "general", "JS-14"),
        ("cf_sxyzcd", "轻微", "minor", "JS-14"),
        ("cf_sxyzcd", "0", "unclassified", "OWN"),  # 未定
        ("cf_sxyzcd", "", "unclassified", "OWN"),
    ],
)
def test_a_provider_labels_what_it_reports(
    column: str, typed: str, severity: str, source: str
) -> None:
    """JS-14: 信息提供单位按照国家行业主管部门失信信息分类标准，对失信信息进行标注."""
    body = csv_of("penalty", [penalty(cf_cflb="罚款", cf_sxyzcd=typed)])
    upload = report_file(body.replace("失信信息分类".encode(), column.encode()), "penalty")

    assert receipt_of(upload).accepted == 1
    [shown] = query(ORGANISATION, "operator")
    classification = shown.decision.classification
    assert classification is not None
    assert (classification.severity, classification.source) == (severity, source)


# -- 原始性 -----------------------------------------------------------------------------------------


def test_a_correction_adds_a_version_and_removes_none() -> None:
    """SZ-18, SD-17, NJ-53, NJ-58, SD-14: 不得擅自更改; the provider corrects, the past is kept."""
    report("penalty", penalty(cf_nr="罚款二千元"))
    report("penalty", penalty(cf_nr="罚款三千元"), now=LATER)

    [record] = folded().values()
    [holding] = held().values()
    assert record.current is not None
    assert record.current.words.fields["cf_nr"] == "罚款三千元"
    assert len(holding.statements) == len(record.history) == 2


def test_the_file_is_kept_as_it_was_received() -> None:
    """SZ-18, SD-17: 保持信息内容的原始性; whoever has the digest can tell that it is the same."""
    body = csv_of("penalty", [penalty()])
    upload = report_file(body, "penalty")

    assert blobs.read(inbox_key(upload)) == body
    assert find_registration(upload).size == len(body)


def test_what_cannot_be_read_is_refused_with_its_reason_and_kept() -> None:
    """JS-19, SZ-18: the provider learns why 反馈报送情况; the original stays."""
    body = b"\xff\xfe\x00 neither text nor table"
    upload = report_file(body, "penalty")

    reason = receipt_of(upload).reason
    assert reason is not None
    assert reason.text.zh
    assert blobs.read(inbox_key(upload)) == body


# -- 核查 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)
def test_what_is_being_verified_is_suspended_only_where_the_text_says_so(
    rulebook: Rulebook,
) -> None:
    """SZ-33: 核查期间暂停披露; SD-14 and the others ask the provider, and the record is annotated."""
    asked = penalised("serious", "2026-05-10", MarkKind.VERIFYING)

    for channel in OUTSIDE:
        decision = see(asked, channel, rulebook)
        if rulebook is SZ:
            assert not decision.shown
            assert "SZ-33" in {reason.source for reason in decision.reasons}
        else:
            assert decision.marks == ("verifying",)


def test_a_verification_has_its_deadlines() -> None:
    """SZ-33: told within 5 working days, answered within 15."""
    told, answered = (
        SZ.deadline[what].on(DAY) for what in ("verification_tell", "verification_answer")
    )
    assert (told.value, answered.value) == (5, 15)
    assert {told.source, answered.source} == {"SZ-33"}


# -- 撤销 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [MarkKind.ANNULLED, MarkKind.WITHDRAWN])
def test_what_is_annulled_or_withdrawn_is_gone_and_stays_gone(kind: MarkKind) -> None:
    """NJ-59: 被撤销: gone from every outside query at once; saying an annulled act again is vain."""
    report("penalty", penalty(cf_cflb="责令停产停业"))
    key = only_key("penalty")
    assert look(ORGANISATION, "public", NJ)
    note(key, kind, NJ)

    for channel in OUTSIDE:
        assert look(ORGANISATION, channel, NJ) == {}
    assert kind.value in look(ORGANISATION, "own", NJ)["penalty"].marks
    if kind is MarkKind.ANNULLED:
        report("penalty", penalty(cf_cflb="责令停产停业"), now=NOW.replace(hour=5))
        assert look(ORGANISATION, "public", NJ) == {}


def test_an_annulment_has_its_deadline() -> None:
    """NJ-59: processed within 3 working days of the notice."""
    assert (NJ.deadline["annulment"].on(DAY).value, NJ.deadline["annulment"].on(DAY).source) == (
        3,
        "NJ-59",
    )


# -- 告知 -------------------------------------------------------------------------------------------


def told(subject: str, rulebook: Rulebook) -> list[tuple[str, str]]:
    for key in held():
        update_views(key, DAY, rulebook)
    return [(each.what, each.source) for each in page_of(subject, None, 10).notices]


def test_a_subject_is_told_of_adverse_information_on_it() -> None:
    """NJ-57: 报送失信信息时应当告知; merits are reported without."""
    report("penalty", penalty())
    report("honour", row_of(CATALOGUE.item("honour"), "organisation"))

    assert told(ORGANISATION, NJ) == [("reported", "NJ-57")]


def test_persons_are_told_where_only_persons_must_be() -> None:
    """SZ-16: 提供个人不良信息的，应当告知信息主体本人; JS has no such duty."""
    report("penalty", penalty(), person_penalty(1, cf_wsh="2号"))

    assert told(subject_of(1), JS) == []
    assert told(ORGANISATION, SZ) == []
    assert told(subject_of(1), SZ) == [("reported", "SZ-16")]


# -- 直接责任人 -------------------------------------------------------------------------------------


def test_serious_dishonesty_is_entered_for_the_persons_who_answer_for_it() -> None:
    """NJ-43: 同步记入负有责任的法定代表人…信用档案; in no other place's archives."""
    report("dishonesty", row_of(CATALOGUE.item("dishonesty"), "organisation"))
    update_views(only_key("dishonesty"), DAY, NJ)
    representative = subject_of(2)

    [entered] = query(representative, "own", NJ)
    assert entered.entered_from == ORGANISATION
    assert entered.decision.reason.source == "NJ-43"
    assert query(representative, "own", JS) == []
    note(only_key("dishonesty"), MarkKind.REPAIRED, NJ)
    assert look(representative, "ex_officio", NJ) == {}
