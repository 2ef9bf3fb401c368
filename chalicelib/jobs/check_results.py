"""The result of a batch check as a file: CSV and XLSX for people, JSON Lines for machines.

A document of its day: it says what could be seen when the check was answered. Each row says what was
asked, what came of it and how many records of each category may be seen; each record says until
when it may be seen, and by which rule.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import msgspec

from chalicelib.archive.statements import Value
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.identifying import missing
from chalicelib.disclosure.checks.registering import find_check
from chalicelib.disclosure.checks.running import find_keys
from chalicelib.disclosure.checks.values import Answer, Asked, Check, Format, Plan
from chalicelib.disclosure.showing import ShownRecord
from chalicelib.runtime.clock import LAWFUL_ZONE, day_of, moment_of
from chalicelib.runtime.spreadsheets import write_csv

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MAX_LINES: Final = 1_000_000
"""Lines of a sheet; spreadsheets have 1,048,576."""

SUBJECTS: Final = "核查结果"
RECORDS: Final = "信用记录"
_CHUNK: Final = 1 << 20
_LONGEST_CELL: Final = 32_767
_ROW_COLUMNS: Final = (
    "行号 row",
    "核查对象 asked",
    "结果 status",
    "信用主体 subject",
    "名称 name",
    "查询渠道 channel",
    "基础信息 basic",
    "守信信息 positive",
    "失信信息 adverse",
    "其他信息 other",
    "候选代码 candidates",
    "代码 code",
    "说明 detail",
    "处理 mend",
    "detail_en",
)
_RECORD_COLUMNS: Final = (
    "信息项 item",
    "名称 title",
    "类别 category",
    "记录 record",
    "内容 fields",
    "标注 marks",
    "程度 severity",
    "期限起 start",
    "期限止 last_day",
    "期限说明 reason",
    "期限依据 source",
    "展示依据 ground",
    "信息提供单位 provider",
)
_CATEGORIES: Final = ("basic", "positive", "adverse", "other")
_ROW_KEYS: Final = 5
"""Columns that a sheet of records repeats."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first line of JSON Lines: what was checked, by which rules of the channel, and when."""

    check: str
    at: datetime
    purpose: str
    basis: str
    rows: int


def make_result(check_id: str, form: Format) -> None:
    """Make the result of a check that is answered, in a format; it is the same whenever it is made."""
    check, plan = find_check(check_id), objects.read_plan(check_id)
    if check is None or plan is None or len(objects.list_answered(check_id)) < plan.parts:
        return
    keys = Keys()
    objects.write_file(check_id, form, _WRITERS[form](check, plan, keys))
    if not keys.still_stand():  # whoever erases removes results after the key; one sees the other
        objects.forget_file(check_id, form)


class Keys:
    """Finds the keys of persons, and remembers who had one."""

    def __init__(self) -> None:
        self._had: set[str] = set()

    def find(self, people: Iterable[str]) -> Mapping[str, bytes]:
        """The keys of those who have one."""
        found = find_keys(people)
        self._had |= found.keys()
        return found

    def still_stand(self) -> bool:
        """Whether nobody was erased since."""
        return find_keys(self._had).keys() == self._had


def _answers(plan: Plan, keys: Keys) -> Iterator[Answer]:
    for part in range(plan.parts):
        for each in objects.read_answers(plan.check, part, keys.find):
            yield each if isinstance(each, Answer) else _erased(each)


def _erased(row: int) -> Answer:
    """What is told of somebody who was erased since: the same as of nobody."""
    target = missing(Asked(row=row))
    return Answer(row=row, status=target.status, told=target.told)


# -- JSON Lines ------------------------------------------------------------------------------------


def write_lines(check: Check, plan: Plan, keys: Keys) -> Iterator[bytes]:
    """The result as JSON Lines: first what was checked, then an answer a line."""
    head = Line(
        check=check.id,
        at=moment_of(plan.at).astimezone(LAWFUL_ZONE),
        purpose=check.purpose,
        basis=check.basis,
        rows=plan.rows,
    )
    for line in chain([head], map(_localise, _answers(plan, keys))):
        yield msgspec.json.encode(line) + b"\n"


def _localise(answer: Answer) -> Answer:
    """`answer` with its moments in lawful time, as the API answers them."""
    return msgspec.structs.replace(answer, records=tuple(map(_localise_record, answer.records)))


def _localise_record(record: ShownRecord) -> ShownRecord:
    said = record.said_at and record.said_at.astimezone(LAWFUL_ZONE)
    return msgspec.structs.replace(record, said_at=said)


# -- CSV -------------------------------------------------------------------------------------------


def _write_table(_: Check, plan: Plan, keys: Keys) -> Iterator[bytes]:
    """A line for each record, and one for each row that has none."""
    spell = _speller(plan)
    yield write_csv([(*_ROW_COLUMNS, *_RECORD_COLUMNS)]).encode()
    for answer in _answers(plan, keys):
        row = _row_cells(answer)
        records = [spell(record) for record in answer.records] or [[""] * len(_RECORD_COLUMNS)]
        lines = ([*row, *record] for record in records)
        yield write_csv(lines, marked=False).encode()


# -- XLSX ------------------------------------------------------------------------------------------


def _write_book(check: Check, plan: Plan, keys: Keys) -> Iterator[bytes]:
    """Two sheets: a line a row, and a line a record as far as a sheet reaches.

    It is written to disk row by row; texts are written as texts, so nothing is ever a formula.
    """
    from xlsxwriter.workbook import Workbook

    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        with Workbook(str(path), {"constant_memory": True, "tmpdir": folder}) as book:
            created = moment_of(plan.at).replace(tzinfo=None)
            book.set_properties({"title": check.id, "created": created})
            _fill(book.add_worksheet(SUBJECTS), book.add_worksheet(RECORDS), plan, keys)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _fill(subjects: "Worksheet", records: "Worksheet", plan: Plan, keys: Keys) -> None:
    spell = _speller(plan)
    _write_line(subjects, 0, _ROW_COLUMNS)
    _write_line(records, 0, (*_ROW_COLUMNS[:_ROW_KEYS], *_RECORD_COLUMNS))
    below = 1
    for number, answer in enumerate(_answers(plan, keys), 1):
        row = _row_cells(answer)
        _write_line(subjects, number, row)
        for record in answer.records[: MAX_LINES - below]:
            _write_line(records, below, [*row[:_ROW_KEYS], *spell(record)])
            below += 1


def _write_line(sheet: "Worksheet", line: int, cells: Iterable[str]) -> None:
    for column, cell in enumerate(cells):
        if cell:
            sheet.write_string(line, column, cell[:_LONGEST_CELL])


# -- cells -----------------------------------------------------------------------------------------


def _row_cells(answer: Answer) -> list[str]:
    told = answer.told
    found = answer.status == "found"
    return [
        str(answer.row),
        answer.asked,
        answer.status,
        answer.subject,
        answer.name,
        answer.channel,
        *(str(answer.counts.get(each, 0)) if found else "" for each in _CATEGORIES),
        "、".join(answer.candidates),
        *((told.code, told.zh, told.mend_zh, told.en) if told else ("", "", "", "")),
    ]


def _speller(plan: Plan) -> Callable[[ShownRecord], Sequence[str]]:
    """How a record is spelled as cells; labels are those of the catalogue on the day of the check."""
    catalogue = load_catalogue(day_of(plan.at))

    def spell(record: ShownRecord) -> Sequence[str]:
        period = record.period
        item = catalogue.item_held(record.item)
        return [
            record.item,
            record.title,
            record.category,
            record.record,
            _spell_fields(record.fields, item),
            "、".join(record.marks),
            record.severity or "",
            str(period.start or "") if period else "",
            str(period.last_day or "") if period else "",
            period.reason if period else "",
            period.source if period else "",
            f"{record.ground.about} {record.ground.source}",
            record.provider,
        ]

    return spell


def _spell_fields(fields: Mapping[str, Value], item: Item) -> str:
    labels = {field.name: field.title for field in item.schema.fields}
    return "；".join(
        f"{labels.get(name, name)}：{value if isinstance(value, str) else '、'.join(value)}"
        for name, value in fields.items()
    )


_WRITERS: Final[Mapping[Format, Callable[[Check, Plan, Keys], Iterator[bytes]]]] = {
    "csv": _write_table,
    "xlsx": _write_book,
    "jsonl": write_lines,
}
