"""What comes back to a provider: files that say everything and can be mended and sent again."""

import csv
import io

import pytest
from openpyxl import load_workbook

from chalicelib.collection import returning, scanning
from chalicelib.collection.layout import EXPLANATION, ORIGINAL_ROW
from chalicelib.collection.returning import Returned, forget_returned
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError
from tests.collection.files import csv_of, penalty, person_penalty, receipt_of, send
from tests.collection.workbooks import workbook_of

pytestmark = pytest.mark.usefixtures("aws", "entitled")

FORMULA = '=HYPERLINK("http://example.test")'
ROWS = [
    penalty(),
    penalty(cf_jdrq="2026-02-30", cf_wsh=""),
    person_penalty(1, cf_nr_fk="很多", bz="@SUM(1)"),
    penalty(cf_wsh="清市监处罚〔2026〕2号", cf_sy=FORMULA, cf_cflb="批评"),
]
MENDED = {
    "处罚决定日期": "2026-02-28",
    "行政处罚决定书文号": "清市监处罚〔2026〕3号",
    "罚款金额(万元)": "0.3",
    "处罚类别": "罚款",
    "违法事实": "作引人误解的商业宣传",
    "备注": "",
}


def _body(returned: Returned, upload: str) -> bytes:
    assert returned.url.startswith("http")
    return blobs.read(f"returned/{upload}/{returned.file_name}") or b""


def _table(upload: str, first: int = 0) -> list[list[str]]:
    returned = returning.return_results(upload, first)
    text = _body(returned, upload).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_should_tell_every_row_when_results_are_fetched() -> None:
    upload = send(csv_of("penalty", ROWS), "penalty")
    head, *lines = _table(upload)
    assert head[0] == "行号 row"
    assert [(line[0], line[1], line[4]) for line in lines] == [
        ("2", "accepted", ""),
        ("3", "refused", "E-REQUIRED-01"),
        ("3", "refused", "E-DATE-01"),
        ("4", "refused", "E-AMOUNT-01"),
        ("4", "refused", "E-CELL-04"),
        ("5", "refused", "E-CELL-04"),
        ("5", "refused", "E-CHOICE-01"),
    ]
    assert all(len(line) == len(head) for line in lines)


def test_should_take_no_text_for_a_formula_when_results_are_opened() -> None:
    upload = send(csv_of("penalty", [penalty(cf_jdrq="-2026.2")]), "penalty")
    assert _table(upload)[1][8] == "'-2026.2"


def test_should_accept_everything_when_refused_rows_are_mended_and_sent_again() -> None:
    upload = send(csv_of("penalty", ROWS), "penalty")
    returned = returning.return_refused(upload, 0)
    assert (returned.rows, returned.following) == (3, None)

    book = load_workbook(io.BytesIO(_body(returned, upload)))
    sheet = book.active
    assert sheet is not None
    labels = [cell.value for cell in sheet[1]]
    assert labels[:2] == [ORIGINAL_ROW, EXPLANATION]
    assert [sheet.cell(row, 1).value for row in (3, 4, 5)] == [3, 4, 5]
    red = [cell for row in sheet.iter_rows(min_row=3) for cell in row if cell.comment]
    assert len(red) == 6
    facts = sheet.cell(5, labels.index("违法事实") + 1)
    assert (facts.value, facts.data_type) == (FORMULA, "s")
    for cell in red:
        assert cell.fill.start_color.rgb == "FFFFC7CE"
        cell.value = MENDED[labels[cell.column - 1]]
    out = io.BytesIO()
    book.save(out)

    again = receipt_of(send(out.getvalue(), "penalty", file_name="更正.xlsx"))
    assert (again.received, again.accepted, again.refused) == (3, 3, 0)
    assert again.outcome == "accepted"
    assert again.codes == {}


def test_should_write_texts_as_texts_when_they_look_like_formulas() -> None:
    upload = send(csv_of("penalty", ROWS), "penalty")
    body = _body(returning.return_refused(upload, 0), upload)
    assert b"<f>" not in _sheet_xml(body)


def _sheet_xml(body: bytes) -> bytes:
    from tests.collection.workbooks import part_of

    return part_of(body, "xl/worksheets/sheet1.xml")


def test_should_go_on_with_the_next_file_when_there_are_too_many_ranges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 2)
    monkeypatch.setattr(returning, "MAX_RANGES", 2)
    monkeypatch.setattr(returning, "MAX_REFUSED", 2)
    upload = send(csv_of("penalty", ROWS), "penalty")
    first = returning.return_refused(upload, 0)
    assert (first.rows, first.following) == (1, 1)
    second = returning.return_refused(upload, 1)
    assert (second.rows, second.following) == (2, None)
    monkeypatch.setattr(returning, "MAX_RANGES", 1)
    halves = [returning.return_results(upload, index) for index in (0, 1)]
    assert [(half.rows, half.following) for half in halves] == [(2, 1), (2, None)]


def test_should_list_rows_apart_when_no_spreadsheet_can_hold_them() -> None:
    upload = send(csv_of("penalty", [penalty(cf_sy="长" * 20_000, cf_wsh="")]), "penalty")
    assert receipt_of(upload).refused == 1
    long = penalty(cf_sy="x" * 33_000, cf_wsh="")
    upload = send(csv_of("penalty", [long]), "penalty")
    book = load_workbook(io.BytesIO(_body(returning.return_refused(upload, 0), upload)))
    assert [sheet.title for sheet in book.worksheets] == [returning.SHEET, returning.UNREADABLE]
    assert book[returning.UNREADABLE].cell(1, 1).value == 2


def test_should_leave_out_the_numbers_of_rows_when_refused_rows_of_a_sheet_come_back() -> None:
    row = penalty(cf_wsh="", cf_nr_fk="")
    body = workbook_of([["序号", *row], [1, *row.values()]])
    upload = send(body, "penalty", file_name="a.xlsx")
    book = load_workbook(io.BytesIO(_body(returning.return_refused(upload, 0), upload)))
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][2:] == list(row)


def test_should_refuse_when_the_range_has_no_result() -> None:
    upload = send(csv_of("penalty", ROWS), "penalty")
    for make in (returning.return_results, returning.return_refused):
        with pytest.raises(DomainError) as caught:
            make(upload, 1)
        assert caught.value.code.id == "E-UPLOAD-07"


def test_should_keep_nothing_when_what_was_made_is_forgotten() -> None:
    upload = send(csv_of("penalty", ROWS), "penalty")
    returning.return_refused(upload, 0)
    forget_returned(upload)
    assert list(blobs.list_keys("returned/")) == []
