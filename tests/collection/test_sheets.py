"""Workbooks: which sheet is read, what its cells say, and which files are refused for what."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import labels_of
from chalicelib.collection import isolation, planning, plans, results, sheets, workbooks
from chalicelib.collection.formats import Format
from chalicelib.collection.merging import read_range_rows
from chalicelib.collection.sheets import Order, Reading, read_sheet, spell
from chalicelib.runtime.errors import DomainError
from tests.collection.files import DAY, ORGANISATION, penalty, receipt_of, receive, send, uscc
from tests.collection.workbooks import part_of, with_part, workbook_of, workbook_of_sheets

ITEM = load_catalogue(DAY).item("registration")
NAMES = ("uni_social_crd_cd", "comp_nm", "est_dt", "reg_capt")
LABELS = [ITEM.field(name).title for name in NAMES]
ROW = [ORGANISATION, "清江市云帆商贸有限公司", "2018-01-06", "200"]
TABLE = [LABELS, ROW]
GOOD = workbook_of(TABLE)
SHEET = "xl/worksheets/sheet1.xml"


def _read(body: bytes, folder: Path, form: Format = Format.SHEET) -> tuple[Reading, list[str]]:
    """In this process: what is told, and the lines of the converted file."""
    reading, records = read_sheet(_order(body, folder, form))
    return reading, b"".join(records).decode().split("\n")[:-1]


def _order(body: bytes, folder: Path, form: Format = Format.SHEET) -> Order:
    path = folder / "book"
    path.write_bytes(body)
    labels = {label: field.name for field in ITEM.schema.fields for label in labels_of(field)}
    return Order(str(path), form, labels, 0, 0)


def _code(body: bytes, folder: Path, form: Format = Format.SHEET) -> str:
    with pytest.raises(DomainError) as caught:
        _read(body, folder, form)
    assert caught.value.text.zh
    return caught.value.code.id


# -- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (0.00001, "0.00001"),
        (-1.5, "-1.5"),
        (999999999999999.0, "999999999999999"),
        (329900198001010031.0, "3.2990019800101E+17"),
        (1e15, "1E+15"),
        (True, "TRUE"),
        (date(2018, 3, 2), "2018-03-02"),
        (datetime(2018, 3, 2, 8, 30, tzinfo=UTC).replace(tzinfo=None), "2018-03-02 08:30:00"),
        (time(8, 30), "08:30:00"),
        (timedelta(days=1, hours=6), "1 day, 6:00:00"),
        ("文", "文"),
    ],
)
def test_should_spell_cells_as_people_see_them(cell: sheets.Cell, text: str) -> None:
    assert spell(cell) == text


@given(number=st.floats(-1e300, 1e300))
def test_should_spell_every_number_without_failing(number: float) -> None:
    assert float(spell(number)) == pytest.approx(number, rel=1e-13, abs=1e-19)


def test_should_keep_rows_and_columns_of_the_sheet_when_it_begins_elsewhere(tmp_path: Path) -> None:
    _, lines = _read(workbook_of([[], [], ["", "", *LABELS], ["", "", *ROW]]), tmp_path)
    assert lines[:2] == ["", ""]
    assert lines[2].split(",") == ["", "", *LABELS]
    assert lines[3].split(",") == ["", "", *ROW]


def test_should_tell_in_which_columns_the_first_rows_hold_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[2026, "登记"], LABELS, ROW, [ROW[0], 12, True, 200], [3, 4, "", 0.5]]
    reading, _ = _read(workbook_of(rows), tmp_path)
    assert reading.numbers == {0: 5, 1: 4, 3: 4}


def test_should_show_errors_where_formulas_failed(tmp_path: Path) -> None:
    table = [LABELS, [*ROW[:3], "#REF!"], ["#N/A", *ROW[1:]], [*ROW, "#VALUE!"], [], ["#DIV/0!"]]
    _, lines = _read(workbook_of(table), tmp_path)
    assert [line.rstrip(",").split(",") for line in lines] == [
        LABELS,
        [*ROW[:3], "#REF!"],
        ["#N/A", *ROW[1:]],
        [*ROW, "#VALUE!"],
        [""],
        ["#DIV/0!"],
    ]


ERRORS = st.sampled_from([None, "#REF!", "#N/A"])


@pytest.mark.parametrize("size", [1, 7, 100, 1 << 20])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_should_find_errors_and_hidden_rows_however_a_part_is_cut(size: int, prefix: str) -> None:
    cell = f'<{prefix}c r="{{}}" t="e"><{prefix}f>1/0</{prefix}f><{prefix}v>{{}}</{prefix}v></{prefix}c>'
    plain = f'<{prefix}c r="C1" t="s"><{prefix}v>1</{prefix}v></{prefix}c>'
    body = "".join(
        (
            f'<{prefix}row r="1" hidden="1">',
            cell.format("A1", "#DIV/0!"),
            plain,
            f'<{prefix}c r="D1" s="3" t="e"/>',
            plain,
            f'</{prefix}row><{prefix}row r="12" spans="1:3" hidden="true">',
            cell.format("AB12", "#N/A"),
            f'</{prefix}row><{prefix}row r="13" hidden="0"></{prefix}row>',
        )
    ).encode()
    survey = workbooks._Survey()
    for start in range(0, len(body), size):
        survey.add(body[start : start + size])
    assert survey.finish() == (2, {0: {0: "#DIV/0!"}, 11: {27: "#N/A"}})


def test_should_tell_hidden_rows_and_read_them(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True

    reading, lines = _read(workbook_of(TABLE, change=hide), tmp_path)
    assert [(each.code, each.values) for each in reading.remarks] == [("W-SHEET-02", {"count": 1})]
    assert lines[1].split(",") == ROW


# -- sheets ----------------------------------------------------------------------------------------


def test_should_read_the_sheet_that_names_the_items_fields(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book["旧"].sheet_state = "hidden"

    books = {"封面": [["登记信息"]], "一月": TABLE, "空": [], "填报示例": TABLE, "旧": TABLE}
    reading, lines = _read(workbook_of_sheets(books, prepare=hide), tmp_path)
    values = {"sheet": "一月", "others": "封面、填报示例、旧"}
    assert [(each.code, each.values) for each in reading.remarks] == [("W-SHEET-01", values)]
    assert len(lines) == 2


def test_should_refuse_a_workbook_when_several_sheets_hold_rows(tmp_path: Path) -> None:
    assert _code(workbook_of_sheets({"一月": TABLE, "二月": TABLE}), tmp_path) == "E-SHEET-05"
    reading, _ = _read(workbook_of_sheets({"一月": TABLE, "二月": [LABELS]}), tmp_path)
    assert reading.remarks[0].values["others"] == "二月"


def test_should_refuse_a_workbook_when_it_is_empty(tmp_path: Path) -> None:
    assert _code(workbook_of([]), tmp_path) == "E-FILE-04"


# -- what is refused before anything opens it ------------------------------------------------------


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def _many_parts() -> bytes:
    return _zip({"xl/workbook.xml": b"", **{f"{n}.png": b"" for n in range(10_001)}})


def _lying() -> bytes:
    """A part that inflates to more than its header says."""
    body = bytearray(with_part(GOOD, "xl/more.xml", b" " * 50_000))
    size = (50_000).to_bytes(4, "little")
    assert size in body
    return bytes(body.replace(size, (50).to_bytes(4, "little")))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (with_part(GOOD, "xl/vbaProject.bin", b"x"), "E-SHEET-01"),
        (with_part(GOOD, "xl/macrosheets/sheet1.xml", b"x"), "E-SHEET-01"),
        (_many_parts(), "E-SHEET-03"),
        (_lying(), "E-SHEET-04"),
        (GOOD[: len(GOOD) // 2], "E-SHEET-04"),
        (with_part(GOOD, "xl/workbook.xml", b"<not xml"), "E-SHEET-04"),
        (_zip({"word/document.xml": b""}), "E-FILE-03"),
        (_zip({"xl/workbook.bin": b""}), "E-FILE-03"),
        (_zip({"content.xml": b""}), "E-FILE-03"),
        (_zip({"a.csv": b""}), "E-FILE-03"),
    ],
)
def test_should_refuse_a_container_for_its_reason(body: bytes, code: str, tmp_path: Path) -> None:
    assert _code(body, tmp_path) == code


def test_should_refuse_a_bomb_by_its_header_and_by_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = with_part(GOOD, "xl/more.xml", b" " * 5_000_000)
    assert len(body) < 30_000
    monkeypatch.setattr(workbooks, "MAX_INFLATED", 4_000_000)
    assert _code(body, tmp_path) == "E-SHEET-03"
    monkeypatch.setattr(workbooks, "_refuse_sizes", lambda file: None)
    assert _code(body, tmp_path) == "E-SHEET-03"


def test_should_refuse_a_sheet_when_it_has_too_many_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MAX_CELLS", 7)
    _, records = read_sheet(_order(GOOD, tmp_path))
    with pytest.raises(DomainError) as caught:
        next(records)
    assert caught.value.code.id == "E-SHEET-03"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("EncryptedPackage", "E-SHEET-02"),
        ("WordDocument", "E-FILE-03"),
        ("_VBA_PROJECT", "E-SHEET-01"),
    ],
)
def test_should_refuse_an_old_container_for_its_reason(
    inside: str, code: str, tmp_path: Path
) -> None:
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + inside.encode("utf-16-le")
    assert _code(body, tmp_path, Format.OLD_SHEET) == code


# -- in a process of its own -----------------------------------------------------------------------

_STORED = pytest.mark.usefixtures("aws", "entitled")


def _plan(body: bytes) -> plans.Plan:
    upload = receive(body, file_name="表.xlsx")
    planning.plan_upload(upload)
    plan = plans.read_plan(upload)
    assert plan is not None, results.read_quarantine(upload)
    return plan


def _reason(body: bytes, file_name: str = "表.xlsx") -> results.Quarantine:
    upload = receive(body, file_name=file_name)
    planning.plan_upload(upload)
    reason = results.read_quarantine(upload)
    assert reason is not None
    return reason


@_STORED
def test_should_place_problems_where_the_clerk_sees_them() -> None:
    rows: list[list[Any]] = [
        ["登记信息"],
        ["", *LABELS],
        [],
        ["", *ROW],
        ["", uscc(9), "甲", "#REF!", ""],
    ]
    rows.append(["", 329900198001010031, "乙公司", 43164, 3])
    receipt = receipt_of(send(workbook_of(rows), file_name="表.xlsx"))
    assert (receipt.received, receipt.accepted, receipt.refused) == (3, 1, 2)
    assert [(each.row, each.problem.column, each.problem.code) for each in receipt.problems] == [
        (5, "D", "E-CELL-01"),
        (6, "B", "E-USCC-05"),
        (6, "D", "W-DATE-01"),
    ]


@_STORED
def test_should_tell_that_zeros_may_be_lost_when_codes_are_numbers() -> None:
    row = {**penalty(cf_xdr_gszc="329901600000010"), "cf_wsh": 17, "cf_nr_fk": 0.2}
    row |= {"cf_xdr_zjhm": 123, "cf_xdr_zzjg": 1234567}
    receipt = receipt_of(
        send(workbook_of([[*row], [*row.values()]]), "penalty", file_name="表.xlsx")
    )
    told = [each.problem for each in receipt.remarks if each.problem.code == "W-SHEET-04"]
    assert [each.values for each in told] == [
        {"column": "E", "label": "cf_wsh", "row": 2},
        {"column": "R", "label": "cf_xdr_zjhm", "row": 2},
        {"column": "S", "label": "cf_xdr_zzjg", "row": 2},
    ]
    assert "开头如有 0" in told[0].text.zh


@_STORED
def test_should_count_serial_days_from_1904_when_the_workbook_does() -> None:
    def prepare(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    rows: list[list[Any]] = [LABELS, [*ROW[:2], 41702, 41702], [*ROW[:2], date(2018, 3, 5), ""]]
    plan = _plan(workbook_of_sheets({"数据": rows}, prepare=prepare))
    found = [row.cells for row in read_range_rows(plan, plan.ranges[0])]
    assert [cells[2] for cells in found] == ["43164", "2018-03-05"]
    assert found[0][3] == "41702"


@_STORED
def test_should_live_on_when_the_reader_dies_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    # Two cells in opposite corners: the reader holds everything between them.
    corners = part_of(GOOD, SHEET).replace(
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    reason = _reason(with_part(GOOD, SHEET, corners))
    assert (reason.code, reason.values["limit"]) == ("E-SHEET-03", isolation.MAX_MEMORY)
    monkeypatch.setattr(isolation, "MAX_MEMORY", 300 << 20)
    text = "长" * 30_000
    amplified = workbook_of([LABELS, *([uscc(n), text, "2018-01-06"] for n in range(4000))])
    assert len(amplified) < 1_000_000
    assert _reason(amplified).code == "E-SHEET-03"


@_STORED
def test_should_refuse_a_workbook_before_keeping_it_when_it_is_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(isolation, "MAX_SIZE", 1000)
    assert _reason(GOOD).code == "E-SHEET-03"


@_STORED
def test_should_not_blame_the_file_when_the_reader_cannot_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/true")
    upload = receive(GOOD, file_name="表.xlsx")
    with pytest.raises((isolation.ReaderBroken, BrokenPipeError)):
        planning.plan_upload(upload)
    assert results.read_quarantine(upload) is None
    monkeypatch.undo()


@_STORED
@pytest.mark.parametrize("place", range(0, len(GOOD), max(1, len(GOOD) // 12)))
def test_should_plan_or_refuse_a_damaged_workbook_but_never_fail(place: int) -> None:
    body = bytearray(GOOD)
    body[place] ^= 0xFF
    upload = receive(bytes(body), file_name="表.xlsx")
    planning.plan_upload(upload)
    assert (plans.read_plan(upload) is None) is (results.read_quarantine(upload) is not None)
