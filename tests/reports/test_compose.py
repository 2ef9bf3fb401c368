"""The standard report: counts that agree with its body, the same bytes for the same facts."""

import json
from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.disclosure.entries.deciding import ENTERED
from chalicelib.law.rules import State
from chalicelib.reports.compose import compose_standard, encode
from chalicelib.reports.model import DisclosedRecord
from chalicelib.reports.texts import ANNOTATIONS
from chalicelib.runtime.errors import DomainError
from tests.reports.disclosed import CATALOGUE, JS, SUBJECT, WHEN, disclosed_records, penalty


def _bytes(records: list[DisclosedRecord]) -> bytes:
    return encode(
        compose_standard(
            SUBJECT,
            records,
            number="PCI-20261122-0000000000",
            generated=WHEN,
            as_of=WHEN,
            rulebook=JS,
            catalogue=CATALOGUE,
        )
    )


def _report(records: list[DisclosedRecord]) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(_bytes(records))
    return report


def _listed(report: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Chapter, category, item and record of everything in the body."""
    return [
        (chapter["id"], group["category"], group["item"], record["record"])
        for chapter in report["chapters"]
        for group in chapter["groups"]
        for record in group["records"]
    ]


@given(disclosed_records())
def test_should_count_what_it_lists_and_list_every_record(records: list[DisclosedRecord]) -> None:
    report = _report(records)
    listed = _listed(report)
    summary = report["summary"]

    assert sorted((item, record) for _, _, item, record in listed) == sorted(
        (record.item, record.record) for record in records
    )
    assert summary["total"] == len(listed)
    for place, name in enumerate(["chapters", "categories", "items"]):
        counted = {count["id"]: count["count"] for count in summary[name]}
        assert Counter(entry[place] for entry in listed) == Counter(counted)
    shared = {item.id for item in CATALOGUE.items.values() if item.openness == "shared"}
    persons = {item.id for item in CATALOGUE.items.values() if item.subject.possible == {"person"}}
    told = {count["id"] for count in summary["items"]}
    assert told == (CATALOGUE.items.keys() - shared - persons) | {each.item for each in records}
    used = {group["category"] for chapter in report["chapters"] for group in chapter["groups"]}
    categories = [count["id"] for count in summary["categories"]]
    assert categories == [name for name in JS.category if name in used]


@given(disclosed_records(), st.randoms())
def test_should_give_the_same_bytes_whatever_the_order(
    records: list[DisclosedRecord], random: Any
) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    turned = [
        replace(record, fields=dict(reversed(list(record.fields.items())))) for record in shuffled
    ]

    assert _bytes(turned) == _bytes(records)


@given(disclosed_records())
def test_should_say_so_exactly_where_nothing_was_found(records: list[DisclosedRecord]) -> None:
    for chapter in _report(records)["chapters"]:
        assert bool(chapter["note"]) == (not any(g["records"] for g in chapter["groups"]))
        for group in chapter["groups"]:
            assert bool(group["note"]) == (not group["records"])
            if group["note"]:
                assert "未查询到相关记录" in group["note"]["zh"]


def test_should_never_assert_innocence_or_score_anybody() -> None:
    text = _bytes([]).decode()

    for words in ("无违法", "没有违法", "信用良好", "信用等级为"):
        assert words not in text
    for chapter in _report([])["chapters"]:
        assert not {"score", "grade", "level"} & chapter.keys()
    assert "不含任何评分、评级" in text


def test_should_show_a_record_with_labels_period_and_annotation() -> None:
    report = _report([penalty()])
    (record,) = (
        record
        for chapter in report["chapters"]
        for group in chapter["groups"]
        for record in group["records"]
    )

    assert record == {
        "record": "AAAA",
        "provider": "113209000000000002",
        "said_at": "2026-11-22T11:55:07+08:00",
        "period": {"last_day": "2027-03-01", "article": "JS-26"},
        "annotations": [{"code": "disputed", "label": {"zh": "异议处理中", "en": "Under dispute"}}],
        "fields": record["fields"],
    }
    fields = {field["name"]: field for field in record["fields"]}
    assert list(fields) == [name for name in CATALOGUE.items["penalty"].fields if name in fields]
    assert "bz" not in fields
    assert fields["cf_cflb"]["value"] == ["罚款", "警告"]
    assert fields["cf_nr_fk"]["unit"] == "万元"
    assert fields["cf_wsh"]["label"]["zh"] == CATALOGUE.items["penalty"].fields["cf_wsh"].title


def test_should_keep_a_field_that_the_item_no_longer_has() -> None:
    record = replace(penalty(), fields={"cf_former": "x"})

    (chapter,) = (c for c in _report([record])["chapters"] if c["id"] == "administration")

    (shown,) = chapter["groups"][1]["records"]
    assert shown["fields"] == [
        {
            "name": "cf_former",
            "label": {"zh": "cf_former", "en": "cf_former"},
            "value": "x",
            "unit": None,
        }
    ]


def test_should_list_the_newest_act_first() -> None:
    dates = {"AAAA": "2025-01-01", "BBBB": "2026-02-01", "CCCC": "2026-02-01", "DDDD": "2024-01-01"}

    listed = _listed(_report([penalty(record, formed) for record, formed in dates.items()]))

    assert [record for *_, record in listed] == ["BBBB", "CCCC", "AAAA", "DDDD"]


def test_should_name_its_head() -> None:
    report = _report([])

    assert report["number"] == "PCI-20261122-0000000000"
    assert report["kind"] == "standard"
    assert report["title"]["zh"] == "公共信用信息报告（标准版）"
    assert report["subject"] == {"name": SUBJECT.name, "code": SUBJECT.code}
    assert report["generated"] == report["as_of"] == "2026-11-22T11:55:07+08:00"
    assert report["rules"]["name"] == "jiangsu"
    assert report["rules"]["version"] == JS.version
    assert report["catalogue"] == CATALOGUE.version
    assert [chapter["id"] for chapter in report["chapters"]] == [
        "registration",
        "administration",
        "honours",
        "serious_dishonesty",
        "abnormal_operation",
        "commitments",
        "judgments",
        "other",
    ]


def test_should_put_items_without_a_chapter_under_other() -> None:
    item = replace(CATALOGUE.items["honour"], id="novelty", category="other")
    wider = replace(CATALOGUE, items={"novelty": item})

    report = compose_standard(
        SUBJECT,
        [replace(penalty(), item="novelty")],
        number="n",
        generated=WHEN,
        as_of=WHEN,
        rulebook=JS,
        catalogue=wider,
    )

    (chapter,) = report.chapters
    assert chapter.id == "other"
    assert report.summary.total == 1


def test_should_refuse_a_record_of_an_unknown_item() -> None:
    with pytest.raises(DomainError) as refused:
        _report([replace(penalty(), item="rumour")])
    assert refused.value.code.id == "E-CAT-11"


def test_should_have_words_for_every_state_that_may_be_marked() -> None:
    assert ANNOTATIONS.keys() == {*get_args(State), ENTERED}
