"""The same table, however it is sent, is read as the same rows; untidy files say what was left."""

import csv
import io
import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import planning, plans, results
from chalicelib.collection.merging import read_range_rows
from chalicelib.collection.plans import Plan
from chalicelib.runtime import blobs
from tests.collection.files import (
    DAY,
    ORGANISATION,
    PROVIDER,
    merge_all,
    receipt_of,
    receive,
    registration,
    send,
    uscc,
)
from tests.collection.workbooks import workbook_of

pytestmark = pytest.mark.usefixtures("aws", "entitled")

ITEM = load_catalogue(DAY).item("registration")
NAMES = ("uni_social_crd_cd", "comp_nm", "est_dt", "opt_scop")
LABELS = [ITEM.field(name).title for name in NAMES]
ROW = [ORGANISATION, "清江市云帆商贸有限公司", "2018-01-06", "销售；服务"]

Table = Sequence[Sequence[str]]


def _plan(body: bytes, file_name: str = "表.csv", item: str = "registration") -> Plan:
    upload = receive(body, item, file_name=file_name)
    planning.plan_upload(upload)
    plan = plans.read_plan(upload)
    assert plan is not None, results.read_quarantine(upload)
    return plan


def _rows(plan: Plan) -> list[tuple[int, dict[str, str]]]:
    """Number and filled fields of every row."""
    found = [row for each in plan.ranges for row in read_range_rows(plan, each)]
    assert all(row.fault is None for row in found)
    assert len(found) == plan.rows
    return [
        (
            row.number,
            {n: cell for n, cell in zip(plan.columns, row.cells, strict=False) if n and cell},
        )
        for row in found
    ]


def _csv(table: Table, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """`table` with any delimiter; one of several bytes is put in by hand."""
    if len(delimiter.encode()) == 1:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(table)
        return out.getvalue().encode(encoding)
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in table]
    return "\n".join(delimiter.join(row) for row in quoted).encode(encoding)


def _reason(body: bytes, file_name: str) -> str:
    upload = receive(body, file_name=file_name)
    planning.plan_upload(upload)
    reason = results.read_quarantine(upload)
    assert reason is not None
    assert reason.text.zh
    assert list(blobs.list_keys("converted/")) == []
    return reason.code


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DELIMITERS = [",", "\t", ";", "|", "，", "；", "\x01", "^"]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_should_tell_delimiter_and_encoding_by_content(delimiter: str, encoding: str) -> None:
    # 丨 and 簗 hold the bytes of `|` and `^` in GB18030.
    row = [ORGANISATION, "清江市乺簗贸易公司", "2018-01-06", "甲,乙;丙|丁\t“戊”，己；庚^辛\n壬"]
    plan = _plan(_csv([LABELS, row, ROW], delimiter, encoding), "表.txt")
    expected = [(2, dict(zip(NAMES, row, strict=True))), (3, dict(zip(NAMES, ROW, strict=True)))]
    assert _rows(plan) == expected
    plain = delimiter in ",\t;\x01" and encoding != "utf-16"
    assert plan.converted is not plain


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_should_read_lines_that_end_with_a_return_alone(encoding: str) -> None:
    body = "\r".join((",".join(LABELS), ",".join(ROW), "", f'"{ORGANISATION}","甲\r乙"'))
    plan = _plan(f"{body},2018-01-06\r".encode(encoding))
    assert [number for number, _ in _rows(plan)] == [2, 4]
    assert _rows(plan)[1][1]["comp_nm"] == "甲\n乙"


LETTERS = st.characters(
    codec="gb18030", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufeff￾￿"
)
CELLS = st.one_of(
    st.sampled_from(["", "甲|乙", '说"明', "2018-01-06", "9.13205E+17", "001", "a,b;c\td"]),
    st.text(LETTERS, min_size=1, max_size=6).map(str.strip),
)
TABLES = st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=5)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=TABLES, delimiter=st.sampled_from(DELIMITERS), encoding=st.sampled_from(ENCODINGS))
def test_should_read_same_rows_whichever_way_a_table_is_sent(
    table: list[list[str]], delimiter: str, encoding: str
) -> None:
    filled = [[uscc(number), *cells[1:]] for number, cells in enumerate(table)]
    expected = [
        {name: cell for name, cell in zip(NAMES, row, strict=True) if cell} for row in filled
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in expected)

    as_text = _rows(_plan(_csv([LABELS, *filled], delimiter, encoding), "表.txt"))
    as_sheet = _rows(_plan(workbook_of([LABELS, *filled]), "表.xlsx"))
    as_lines = _rows(_plan(lines.encode(), "表.jsonl"))

    assert as_text == as_sheet == list(enumerate(expected, 2))
    assert as_lines == list(enumerate(expected, 1))


def test_should_make_the_same_archive_and_receipt_whichever_way_a_table_is_sent() -> None:
    bad = [*ROW[:2], "昨天", "无"]
    uploads = [
        send(body, file_name=name)
        for body, name in (
            (_csv([LABELS, ROW, bad]), "a.csv"),
            (_csv([LABELS, ROW, bad], "|", "gb18030"), "a.txt"),
            (workbook_of([LABELS, ROW, bad]), "a.xlsx"),
        )
    ]
    first, *others = map(receipt_of, uploads)
    assert (first.accepted, first.refused, first.codes) == (1, 1, {"E-DATE-01": 1})
    for receipt in others:
        assert receipt.problems == first.problems
        assert receipt.codes == first.codes
    kept = [results.read_result(upload, 0) for upload in uploads]
    assert [each and each.rows for each in kept] == [kept[0] and kept[0].rows] * 3


# -- the layout of untidy files --------------------------------------------------------------------

TITLE = ["清江市2026年3月登记信息表"]
UNTIDY: Mapping[str, tuple[Table, tuple[int, ...], dict[int, str], list[int]]] = {
    "titles above": (
        [TITLE, ["填报单位：某局", "", "单位：万元"], LABELS, ROW],
        (3,),
        {1: "W-FILE-01", 2: "W-FILE-01"},
        [4],
    ),
    "labels and codes": ([LABELS, list(NAMES), ROW], (1, 2), {}, [3]),
    "codes and labels": ([list(NAMES), LABELS, ROW], (1, 2), {}, [3]),
    "free labels above codes": (
        [["代码", "名", "日子", "范围"], list(NAMES), ROW],
        (2,),
        {1: "W-FILE-01"},
        [3],
    ),
    "header over two rows": (
        [
            TITLE,
            ["企业", "", "成立日期", "经营"],
            ["统一社会信用代码", "名称", "", "范围"],
            ROW,
        ],
        (2, 3),
        {1: "W-FILE-01"},
        [4],
    ),
    "notes below": (
        [
            LABELS,
            ROW,
            [],
            ["合  计", "1户"],
            ["注：本表由登记机关填写。"],
            ["制表人：甲", "", "审核人：乙"],
            ["填表说明：1. 如实填写"],
        ],
        (1,),
        {4: "W-FILE-03", 5: "W-FILE-02", 6: "W-FILE-02", 7: "W-FILE-02"},
        [2],
    ),
    "files put together": (
        [TITLE, LABELS, ROW, [], TITLE, LABELS, ROW],
        (2,),
        {1: "W-FILE-01", 5: "W-FILE-04", 6: "W-FILE-04"},
        [3, 7],
    ),
}


@pytest.mark.parametrize("form", ["csv", "gb18030", "xlsx"])
@pytest.mark.parametrize("what", UNTIDY)
def test_should_find_the_data_in_untidy_files(what: str, form: str) -> None:
    table, header_rows, left, numbers = UNTIDY[what]
    body = workbook_of(table) if form == "xlsx" else _csv(table, ",", form.replace("csv", "utf-8"))
    plan = _plan(body, "表.xlsx" if form == "xlsx" else "表.csv")
    assert plan.header_rows == header_rows
    assert {each.row: each.code for each in plan.remarks} == left
    assert _rows(plan) == [(number, dict(zip(NAMES, ROW, strict=True))) for number in numbers]


def test_should_tell_in_the_receipt_what_was_not_read() -> None:
    numbered = [["序号", *LABELS], ["1", *ROW], ["合计", "", "", "", "1"]]
    receipt = receipt_of(send(_csv(numbered)))
    assert (receipt.received, receipt.accepted) == (1, 1)
    told = [(each.row, each.problem.code) for each in receipt.remarks]
    assert told == [
        (0, "W-FILE-05"),
        (3, "W-FILE-03"),
    ]


def test_should_refuse_a_row_rather_than_leave_it_out_when_it_has_a_subject() -> None:
    rows = [[ORGANISATION, "合计", "2018-01-06", ""], ["注：", ORGANISATION, "", ""]]
    receipt = receipt_of(send(_csv([LABELS, *rows])))
    assert (receipt.received, receipt.accepted + receipt.refused) == (1, 1)
    assert [each.row for each in receipt.remarks] == [3]


def test_should_count_notes_as_rows_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chalicelib.collection.scanning.MAX_LEFT_OUT", 2)
    plan = _plan(_csv([LABELS, ["注：一"], ["注：二"], ["注：三"], ROW]))
    assert [each.row for each in plan.remarks] == [2, 3]
    assert [number for number, _ in _rows(plan)] == [4, 5]


def test_should_not_repeat_data_when_a_file_has_no_header() -> None:
    upload = receive(_csv([["张三", "甲"], ["名称", "李四"]]))
    planning.plan_upload(upload)
    reason = results.read_quarantine(upload)
    assert reason is not None
    assert reason.code == "E-HEAD-01"
    assert "李四" not in f"{reason.text}{reason.values}"


# -- JSON Lines ------------------------------------------------------------------------------------


def test_should_read_lines_by_code_or_label_when_they_are_objects() -> None:
    lines = [
        json.dumps(registration(reg_capt=200.5), ensure_ascii=False),  # type: ignore[arg-type]
        "",
        json.dumps({ITEM.field(name).title: value for name, value in registration().items()}),
    ]
    plan = _plan("\r\n".join(lines).encode(), "a.jsonl")
    first, second = _rows(plan)
    assert (first[0], first[1]["reg_capt"]) == (1, "200.5")
    assert (second[0], second[1]) == (3, registration())
    assert plan.header_rows == ()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "E-ROW-06"),
        ('{"comp_nm": NaN}', "E-ROW-06"),
        ('{"comp_nm": "a"} {}', "E-ROW-06"),
        ('["comp_nm"]', "E-ROW-06"),
        ("null", "E-ROW-06"),
        ('{"comp_nm": ' + "[" * 5000 + "]" * 5000 + "}", "E-ROW-07"),
        ('{"comp_nm": {"a": 1}}', "E-ROW-07"),
        ('{"comp_nm": [["a"]]}', "E-ROW-07"),
        ('{"comp_nm": "a", "企业名称": "b"}', "E-ROW-08"),
        ('{"comp_nm": "a\\u0000b"}', "E-ROW-04"),
        ('{"comp_nm": "\\ud800"}', "E-ROW-01"),
        ('{"comp_nm": "' + "长" * 400_000 + '"}', "E-FILE-06"),
        ('{"comp_nm": "' + "长" * 30_000 + '"}', "E-ROW-03"),
        ('{"comp_nm": "a"}', "E-REQUIRED-01"),
    ],
)
def test_should_refuse_a_line_for_its_reason_when_it_is_no_row(line: str, code: str) -> None:
    good = json.dumps(registration())
    upload = send(f"{good}\n{line}\n{good}".encode(), file_name="a.ndjson")
    receipt = receipt_of(upload)
    if code.startswith("E-FILE"):
        assert receipt.reason is not None
        assert receipt.reason.code == code
        return
    assert (receipt.received, receipt.accepted, receipt.refused) == (3, 2, 1)
    assert {each.problem.code for each in receipt.problems} == {code}
    assert {(each.row, each.problem.column) for each in receipt.problems} == {(2, "")}


def test_should_join_several_choices_when_they_are_a_list() -> None:
    row = json.dumps({"cf_cflb": ["警告", "罚款"], "cf_nr_fk": 0.20})
    plan = _plan(row.encode(), "a.json", "penalty")
    assert _rows(plan)[0][1] == {"cf_cflb": "警告；罚款", "cf_nr_fk": "0.2"}


@pytest.mark.parametrize(
    ("body", "file_name", "code"),
    [
        (b'{"comp_nm": "a"}\n{"faith": 1}\n', "a.jsonl", "E-HEAD-07"),
        ('{"宗教信仰": 1}'.encode(), "a.jsonl", "E-HEAD-06"),
        (b'{\n"comp_nm": "a"}\n', "a.json", "E-FILE-03"),
        (b'[{"comp_nm": "a"}]', "a.json", "E-FILE-03"),
        (b'{"comp_nm": "a"}', "a.csv", "E-FILE-07"),
        (_csv([LABELS, ROW]), "a.xlsx", "E-FILE-07"),
        (_csv([LABELS, ROW]), "a.json", "E-FILE-07"),
        (_csv([LABELS, ROW], "\t", "utf-16"), "a.xls", "E-FILE-07"),
        (b"<html><table></table></html>", "a.xls", "E-FILE-03"),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", "E-FILE-03"),
        (b"%PDF-1.7", "a.csv", "E-FILE-03"),
        (b"PK\x05\x06" + bytes(18), "a.xlsx", "E-FILE-03"),
        (b"PK\x03\x04" + bytes(60), "a.xlsx", "E-SHEET-04"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "E-SHEET-04"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "E-SHEET-02"),
        (OLE, "a.xlsx", "E-FILE-07"),
        (OLE, "a.csv", "E-FILE-07"),
        (_csv([LABELS, ROW], "|")[:-1] + b'\n"open|', "a.csv", "E-FILE-05"),
        (_csv([LABELS, ROW], "|") + b"x" * (1 << 20) + b"x", "a.csv", "E-FILE-06"),
        (_csv([LABELS], "|"), "a.csv", "E-FILE-04"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "a.csv", "E-FILE-02"),
    ],
)
def test_should_quarantine_with_reason_and_keep_nothing_when_file_cannot_be_read(
    body: bytes, file_name: str, code: str
) -> None:
    assert _reason(body, file_name) == code


def test_should_give_a_row_its_fault_when_a_converted_record_cannot_be_one() -> None:
    wide = "|".join("宽" * 100 for _ in range(5000))
    body = b"\n".join(
        (
            _csv([LABELS], "|").strip(),
            b"a\0|b",
            b"a\rb|c",
            wide.encode()[:1_000_000],
            b"x" * 200_000,
        )
    )
    plan = _plan(body)
    found = [row for each in plan.ranges for row in read_range_rows(plan, each)]
    faults = [row.fault.id if row.fault else "" for row in found]
    assert faults == ["E-ROW-04", "E-ROW-01", "E-ROW-05", "E-ROW-03"]
    merge_all(plan.upload)
    receipt = receipt_of(plan.upload)
    assert (receipt.received, receipt.refused) == (4, 4)
    assert receipt.registration.provider == PROVIDER


def test_should_convert_to_the_same_bytes_whenever_it_is_done() -> None:
    upload = receive(_csv([LABELS, ROW], "|"))
    planning.plan_upload(upload)
    plan = plans.read_plan(upload)
    assert plan is not None
    first = blobs.read(plans.source_key(plan))
    blobs.delete(f"plans/{upload}.json")
    planning.plan_upload(upload)
    assert plans.read_plan(upload) == plan
    assert blobs.read(plans.source_key(plan)) == first
