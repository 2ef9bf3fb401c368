"""Reading one sheet of a workbook, in a process of its own: `python -m chalicelib.collection.sheets`.

The reader (python-calamine) holds a whole sheet in memory and is native code, so it is given a
bounded address space and bounded time; a file that it dies of takes nothing else with it. It is
told on standard input what to read, and answers on standard output: that it is ready, a line of
JSON, then records.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from chalicelib.catalogue.labels import normalise_label
from chalicelib.collection import codes
from chalicelib.collection.conversion import BLANK, write_records
from chalicelib.collection.formats import Format, misnamed, named_format
from chalicelib.collection.heads import SEARCHED, Head, find_head
from chalicelib.collection.problems import Remark
from chalicelib.collection.workbooks import Container, Errors, inspect_container, inspect_old
from chalicelib.runtime.errors import DomainError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_CELLS: Final = 10_000_000
"""Cells of the rectangle that a sheet's contents lie in."""

DAYS_TO_1904: Final = 1462
READY: Final = b"ready\n"

_EXACT: Final = 10**15  # from here on a spreadsheet's number has lost digits
_EXAMPLES: Final = ("示例", "样例", "样表", "说明", "字典", "代码表", "模板")
_BATCH: Final = 200

Cell = int | float | str | bool | time | date | datetime | timedelta
_NUMBERS: Final = (int, float)


class Order(msgspec.Struct, frozen=True):
    """What to read: a file, its format, the item's fields by normalised label, and the limits.

    `file_name` is what it was sent as.
    """

    path: str
    format: Format
    labels: Mapping[str, str]
    memory: int
    seconds: int
    file_name: str = ""


class Reading(msgspec.Struct, frozen=True):
    """What comes before the records: what was found, or why the file is refused.

    `numbers` are columns, from 0, with the first row under the header that holds a number there;
    looked for among the first rows only.
    """

    serial_offset: int = 0
    remarks: tuple[Remark, ...] = ()
    refused: Remark | None = None
    numbers: Mapping[int, int] = {}


class _Candidate(msgspec.Struct, frozen=True):
    sheet: "CalamineSheet"
    head: Head | None
    sample: list[tuple[int, list[Cell]]]  # the first rows that hold anything

    @property
    def found(self) -> int:
        """How many fields its header names."""
        return 0 if self.head is None else self.head.found

    @property
    def holds_data(self) -> bool:
        """Whether anything stands below its header."""
        end = self.sheet.end
        return self.head is not None and end is not None and end[0] > self.head.last

    @property
    def numbers(self) -> dict[int, int]:
        """The columns that hold numbers below the header, and the first row that does."""
        below = 0 if self.head is None else self.head.last + 1
        found: dict[int, int] = {}
        for row, cells in self.sample[below:]:
            for column, cell in enumerate(cells):
                if cell.__class__ in _NUMBERS:
                    found.setdefault(column, row)
        return found


def read_sheet(order: Order) -> tuple[Reading, Iterator[bytes]]:
    """The one sheet of a workbook that holds rows of the item.

    Raises DomainError `E-SHEET-01` to `E-SHEET-05`, `E-FILE-03`, `E-FILE-04`, `E-FILE-07`;
    `CalamineError`.
    """
    import python_calamine

    path = Path(order.path)
    old = order.format is Format.OLD_SHEET
    if old:
        inspect_old(path)
        if named_format(order.file_name) is Format.SHEET:
            raise misnamed(order.file_name, order.format)
    container = Container({}, from_1904=False) if old else inspect_container(path)
    try:
        book = python_calamine.load_workbook(path)
    except python_calamine.PasswordError as error:
        raise DomainError(codes.SHEET_ENCRYPTED) from error
    chosen, others = _choose(book, order.labels)
    sheet = chosen.sheet
    survey = container.sheets.get(sheet.name)
    remarks = []
    if others:
        values: dict[str, str | int] = {"sheet": sheet.name, "others": "、".join(others)}
        remarks.append(Remark(codes.SHEET_READ.id, values=values))
    if survey is not None and survey.hidden_rows:
        remarks.append(Remark(codes.SHEET_HIDDEN_ROWS.id, values={"count": survey.hidden_rows}))
    if old:
        remarks.append(Remark(codes.SHEET_OLD.id))
    offset = DAYS_TO_1904 if container.from_1904 else 0
    errors = {} if survey is None else survey.errors
    reading = Reading(offset, tuple(remarks), numbers=chosen.numbers)
    return reading, write_rows(sheet, errors)


def _choose(book: "CalamineWorkbook", labels: Mapping[str, str]) -> tuple[_Candidate, list[str]]:
    """The visible sheet whose header names the most fields, and the names of what is not read.

    Raises DomainError `E-FILE-04` where all are empty, `E-SHEET-05` where another one holds rows
    under a header of the same item.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    unseen, candidates = [], []
    for told in book.sheets_metadata:
        shown = told.visible is SheetVisibleEnum.Visible and told.typ is SheetTypeEnum.WorkSheet
        sheet = book.get_sheet_by_name(told.name) if shown else None
        if sheet is None:
            unseen.append(told.name)
        elif sheet.end is not None:
            candidates.append(_survey(sheet, labels))
    if not candidates:
        raise DomainError(codes.FILE_EMPTY)
    best = max(candidates, key=lambda each: each.found)
    others = [each for each in candidates if each is not best]
    rivals = [each.sheet.name for each in others if _is_rival(each, best)]
    if rivals:
        names = "、".join((best.sheet.name, *rivals))
        raise DomainError(codes.SHEET_SEVERAL, sheets=names)
    return best, [*(each.sheet.name for each in others), *unseen]


def _is_rival(each: _Candidate, best: _Candidate) -> bool:
    is_example = any(word in each.sheet.name for word in _EXAMPLES)
    return each.holds_data and not is_example and each.found > 1 and 2 * each.found >= best.found


def _survey(sheet: "CalamineSheet", labels: Mapping[str, str]) -> _Candidate:
    rows: list[list[str]] = []
    sample = []
    cells: list[Cell]
    for row, cells in enumerate(sheet.to_python(skip_empty_area=False, nrows=10 * SEARCHED), 1):
        texts = [spell(cell) for cell in cells]
        if any(texts):
            rows.append(texts)
            sample.append((row, cells))
        if len(rows) == SEARCHED:
            break
    head = find_head(rows, lambda text: labels.get(normalise_label(text)))
    return _Candidate(sheet, head, sample)


def write_rows(sheet: "CalamineSheet", errors: Errors) -> Iterator[bytes]:
    """The records of a sheet from its first row on, errors in their cells.

    Raises DomainError `E-SHEET-03` where it is too large.
    """
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return
    if (end[0] + 1) * (end[1] + 1 - start[1]) > MAX_CELLS:
        raise DomainError(codes.SHEET_SIZE, what="单元格数", what_en="cells", limit=MAX_CELLS)
    left = [""] * start[1]
    row = -1
    batch = []
    for row, cells in enumerate(sheet.iter_rows()):
        texts = [cell if cell.__class__ is str else spell(cell) for cell in cells]
        if left:
            texts = left + texts
        if row in errors:
            texts = _with_errors(texts, errors[row])
        batch.append(texts if any(texts) else [])
        if len(batch) == _BATCH:
            yield write_records(batch)
            batch.clear()
    below = range(row + 1, max(errors, default=-1) + 1)
    batch.extend(_with_errors([], errors.get(number, {})) for number in below)
    yield write_records(batch)


def _with_errors(texts: list[str], errors: Mapping[int, str]) -> list[str]:
    for column, error in errors.items():
        texts.extend([""] * (column + 1 - len(texts)))
        texts[column] = error
    return texts


def spell(cell: Cell) -> str:
    """A cell as text: numbers as a spreadsheet shows them, days as ISO 8601.

    A number of 16 digits or more is no longer the one that was typed, and is spelled as what a
    spreadsheet has made of it (`9.13205E+17`), so that nobody takes it for a code.
    """
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return _spell_number(cell)
        case datetime():
            return cell.isoformat(" ", "seconds")
    return str(cell)


def _spell_number(number: float) -> str:
    if abs(number) >= _EXACT:
        digits, _, exponent = f"{number:.14E}".partition("E")
        return f"{digits.rstrip('0').rstrip('.')}E{exponent}"
    if number == int(number):
        return str(int(number))
    return f"{number:.15g}" if abs(number) >= 1e-4 else f"{number:.20f}".rstrip("0")  # noqa: PLR2004


def main() -> int:
    """The process: exit code 0 with an answer; whatever it dies of once ready is the file's."""
    import python_calamine

    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    _bound(order)
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    try:
        reading, records = read_sheet(order)
        first = next(records, BLANK)
        _answer(reading)
        out.write(first)
        out.writelines(records)
    except DomainError as error:
        _answer(Reading(refused=Remark(error.code.id, values=error.values)))
    except python_calamine.CalamineError:
        _answer(Reading(refused=Remark(codes.SHEET_DAMAGED.id)))
    out.flush()
    return 0


def _bound(order: Order) -> None:
    """Keep to the order's limits; Windows, where only `creditctl check` reads, has none to set."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (order.memory, order.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (order.seconds, order.seconds + 1))


def _answer(reading: Reading) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(reading) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
