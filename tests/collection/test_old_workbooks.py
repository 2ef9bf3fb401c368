"""Old workbooks (XLS): read as the new ones are, where the reader can."""

from datetime import date, datetime
from pathlib import Path

import pytest

from chalicelib.collection.formats import Format
from chalicelib.collection.sheets import Order, read_sheet
from chalicelib.runtime.errors import DomainError
from tests.collection.files import ORGANISATION, receipt_of, send, uscc
from tests.collection.old_workbooks import Version, old_workbook_of

LABELS: list[object] = ["统一社会信用代码", "企业名称", "成立日期", "注册资本"]
LABELLED = {"统一社会信用代码": "uni_social_crd_cd", "企业名称": "comp_nm", "成立日期": "est_dt"}
LONG = "长" * 30_000


def _read(body: bytes, folder: Path) -> list[list[str]]:
    path = folder / "book"
    path.write_bytes(body)
    _, records = read_sheet(Order(str(path), Format.OLD_SHEET, LABELLED, 0, 0))
    return [line.split(",") for line in b"".join(records).decode().split("\n")[:-1]]


def test_should_read_what_the_cells_of_an_old_workbook_say(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        LABELS,
        [ORGANISATION, LONG, date(2018, 3, 5), 0.5],
        ["", "仝", datetime(2018, 3, 5, 8, 30), 200],  # noqa: DTZ001
        ["末", 12, 43164, "#REF!"],
    ]
    assert _read(old_workbook_of(rows), tmp_path) == [
        LABELS,
        [ORGANISATION, LONG, "2018-03-05", "0.5"],
        ["", "仝", "2018-03-05 08:30:00", "200"],
        ["末", "12", "43164", ""],
    ]


def test_should_read_many_texts_when_they_run_over_several_records(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [f"名称{number}" * (number % 40), "甲", "乙"] for number in range(1, 2_000)
    ]
    assert _read(old_workbook_of([LABELS, *rows]), tmp_path)[1:] == [[*row, ""] for row in rows]


@pytest.mark.parametrize(("version", "code"), [(5, "E-FILE-03")])
def test_should_say_so_when_a_workbook_is_older_than_can_be_read(
    version: Version, code: str, tmp_path: Path
) -> None:
    with pytest.raises(DomainError) as caught:
        _read(old_workbook_of([LABELS], version=version), tmp_path)
    assert caught.value.code.id == code
    assert "XLS 5.0/95" in caught.value.text.zh


@pytest.mark.usefixtures("aws", "entitled")
def test_should_accept_the_rows_of_an_old_workbook() -> None:
    rows: list[list[object]] = [
        ["登记信息"],
        LABELS,
        [ORGANISATION, "清江市云帆商贸有限公司", date(2018, 3, 5), 200],
        [uscc(9), "清江市远山商贸有限公司", 43164, "二百万"],
        [uscc(10), "清江市近水商贸有限公司", "2018年13月1日", ""],
    ]
    receipt = receipt_of(send(old_workbook_of(rows, sheet="一月"), file_name="登记.xls"))
    assert (receipt.received, receipt.accepted, receipt.refused) == (3, 2, 1)
    assert [(each.row, each.problem.column, each.problem.code) for each in receipt.problems] == [
        (4, "C", "W-DATE-01"),
        (5, "C", "E-DATE-01"),
    ]
    assert [each.problem.code for each in receipt.remarks] == [
        "W-ITEM-01",
        "W-SHEET-03",
        "W-FILE-01",
    ]
