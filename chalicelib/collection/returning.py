"""What goes back to a provider as files: every row's result, and refused rows to mend and resend.

They are made when asked for, from results and received rows, under keys of their own; what they
hold can be made again, so they are kept for a day only.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.layout import EXPLANATION, ORIGINAL_ROW
from chalicelib.collection.operation_columns import with_operations
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.readers import Row
from chalicelib.collection.results import RowResult, read_result
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of, moment_of
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.spreadsheets import write_csv

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

MAX_REFUSED: Final = 10_000
MAX_RANGES: Final = 50
"""So many ranges one file tells of, and so many refused rows are in one."""

VALID: Final = timedelta(minutes=15)
SHEET: Final = "需更正的行"
UNREADABLE: Final = "不能列出的行"

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_CELL: Final = 32_767  # characters, as spreadsheets have them
_OWN_COLUMNS: Final = 2
_HEADER_ROWS: Final = 2
_HEADER: Final = (
    "行号 row",
    "结果 result",
    "信用主体 subject",
    "记录 record",
    "代码 code",
    "列 column",
    "字段 field",
    "字段名称 label",
    "内容 value",
    "问题 detail",
    "处理 mend",
    "detail_en",
    "mend_en",
)


class Returned(NamedTuple):
    """A file that can be fetched from `url` for as long as `VALID`.

    It tells of `rows` rows; ranges from `following` on are in the next one, None where there are
    none.
    """

    url: str
    file_name: str
    rows: int
    following: int | None


def return_results(upload: str, first: int) -> Returned:
    """What became of each row, from range `first` on, as CSV: a line for each problem of a row.

    Raises DomainError `E-UPLOAD-07` where that range is not merged (yet).
    """
    plan = _find_plan(upload, first)
    lines: list[Sequence[str]] = [_HEADER]
    rows = 0
    following = None
    for index in range(first, min(first + MAX_RANGES, len(plan.ranges))):
        result = read_result(upload, index)
        if result is None:
            following = index
            break
        rows += len(result.rows)
        lines += (line for row in result.rows for line in _tell_row(row))
    else:
        following = _after(plan, first + MAX_RANGES)
    name = f"{upload}-results-{first:06d}.csv"
    return _keep(upload, name, write_csv(lines).encode(), "text/csv", rows, following)


def return_refused(upload: str, first: int) -> Returned:
    """The refused rows from range `first` on, as XLSX: wrong cells red, with what is wrong.

    Mended there, the file can be sent again as it is. Rows that no spreadsheet can hold stand in a
    sheet of their own. Raises DomainError `E-UPLOAD-07`.
    """
    plan = _find_plan(upload, first)
    refused: list[tuple[Row, RowResult]] = []
    following = None
    for index in range(first, min(first + MAX_RANGES, len(plan.ranges))):
        found = _read_refused(plan, index)
        if found is None or len(refused) + len(found) > MAX_REFUSED:
            following = index
            break
        refused += found
    else:
        following = _after(plan, first + MAX_RANGES)
    name = f"{upload}-refused-{first:06d}.xlsx"
    return _keep(upload, name, _write_refused(plan, refused), _XLSX, len(refused), following)


def forget_returned(upload: str) -> None:
    """Remove every file that was made of an upload: a person in it is to be erased."""
    for key in blobs.list_keys(_prefix(upload)):
        blobs.delete(key)


def _find_plan(upload: str, first: int) -> Plan:
    plan = read_plan(upload)
    if plan is None or read_result(upload, first) is None:
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=first)
    return plan


def _after(plan: Plan, index: int) -> int | None:
    return index if index < len(plan.ranges) else None


def _keep(
    upload: str, name: str, body: bytes, media_type: str, rows: int, following: int | None
) -> Returned:
    key = f"{_prefix(upload)}{name}"
    blobs.write(key, body, media_type)
    url = blobs.presign_download(key, name=name, seconds=int(VALID.total_seconds()))
    return Returned(url, name, rows, following)


def _prefix(upload: str) -> str:
    return f"returned/{upload}/"


# -- results --------------------------------------------------------------------------------------


def _tell_row(row: RowResult) -> Iterator[tuple[str, ...]]:
    result = "accepted" if row.accepted else "withheld" if row.withheld else "refused"
    told = (str(row.row), result, row.subject, row.record)
    if not row.problems:
        yield (*told, *[""] * (len(_HEADER) - len(told)))
    for problem in row.problems:
        text = problem.text
        place = (problem.code, problem.column, problem.field, problem.label)
        value = str(problem.values.get("value", ""))
        yield (*told, *place, value, text.zh, text.mend_zh, text.en, text.mend_en)


# -- refused rows ---------------------------------------------------------------------------------


def _read_refused(plan: Plan, index: int) -> list[tuple[Row, RowResult]] | None:
    """The refused rows of a range as they were sent, None while it is not merged."""
    from chalicelib.collection.merging import read_range_rows

    result = read_result(plan.upload, index)
    if result is None:
        return None
    wrong = {row.row: row for row in result.rows if not row.accepted}
    if not wrong:
        return []
    rows = read_range_rows(plan, plan.ranges[index])
    return [(row, wrong[row.number]) for row in rows if row.number in wrong]


def _write_refused(plan: Plan, refused: Sequence[tuple[Row, RowResult]]) -> bytes:
    """The workbook; texts are written as texts, so nothing in it is ever a formula."""
    from xlsxwriter.workbook import Workbook

    item = with_operations(load_catalogue(day_of(plan.registered)).item(plan.item))
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    created = moment_of(plan.registered).replace(tzinfo=None)
    book.set_properties({"title": item.title, "created": created})
    sheet = _Sheet(plan, item, book)
    unlisted = [each for each in refused if not sheet.add(*each)]
    if unlisted:
        other = book.add_worksheet(UNREADABLE)
        for line, (row, result) in enumerate(unlisted):
            other.write_row(line, 0, [row.number])
            other.write_string(line, 1, _explain(result.problems))
    book.close()
    return out.getvalue()


class _Sheet:
    """The sheet of rows to mend: their number and what is wrong, then the columns as sent."""

    def __init__(self, plan: Plan, item: Item, book: "Workbook") -> None:
        self._text = book.add_format({"num_format": "@"})
        self._wrong = book.add_format({"num_format": "@", "bg_color": "#FFC7CE"})
        self._head = book.add_format({"bold": True, "num_format": "@"})
        self._kept = [index for index in range(len(plan.columns)) if index not in plan.unread]
        self._names = [plan.columns[index] for index in self._kept]
        self._width = len(plan.columns)
        self._sheet = book.add_worksheet(SHEET)
        self._lines = count(_HEADER_ROWS)
        self._write_header(item)

    def _write_header(self, item: Item) -> None:
        sheet = self._sheet
        titles = ("" if name is None else item.field(name).title for name in self._names)
        labels = [ORIGINAL_ROW, EXPLANATION, *titles]
        names = ["", "", *(name or "" for name in self._names)]
        for line, texts in enumerate((labels, names)):
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text, self._head)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 60)
        sheet.set_column(_OWN_COLUMNS, _OWN_COLUMNS + len(self._names), 20, self._text)
        sheet.freeze_panes(_HEADER_ROWS, _OWN_COLUMNS)

    def add(self, row: Row, result: RowResult) -> bool:
        """Write one row; False where a spreadsheet cannot hold it."""
        if row.fault is not None or any(len(cell) > _LONGEST_CELL for cell in row.cells):
            return False
        line = next(self._lines)
        self._sheet.write_number(line, 0, row.number)
        self._sheet.write_string(line, 1, _explain(result.problems)[:_LONGEST_CELL])
        kept = [row.cells[index] for index in self._kept if index < len(row.cells)]
        for column, cell in enumerate([*kept, *row.cells[self._width :]], _OWN_COLUMNS):
            if cell:
                self._sheet.write_string(line, column, cell, self._text)
        for column, name in enumerate(self._names, _OWN_COLUMNS):
            self._mark(line, column, row, [each for each in result.problems if each.field == name])
        return True

    def _mark(self, line: int, column: int, row: Row, problems: Sequence[Problem]) -> None:
        if not problems:
            return
        index = self._kept[column - _OWN_COLUMNS]
        cell = row.cells[index] if index < len(row.cells) else ""
        if cell:
            self._sheet.write_string(line, column, cell, self._wrong)
        else:
            self._sheet.write_blank(line, column, None, self._wrong)
        self._sheet.write_comment(line, column, _explain(problems), {"x_scale": 2})


def _explain(problems: Sequence[Problem]) -> str:
    return "\n".join(
        f"{each.code} {_place(each)}{each.text.zh}{each.text.mend_zh}" for each in problems
    )


def _place(problem: Problem) -> str:
    return f"【{problem.label}】" if problem.label else ""
