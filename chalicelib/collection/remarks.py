"""Rows of a file that are no data, and what else a plan has to tell of a file that is read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from chalicelib.catalogue.model import Field, Item
from chalicelib.collection import codes
from chalicelib.collection.layout import Columns, column_letter
from chalicelib.collection.problems import Remark
from chalicelib.runtime.errors import Code
from chalicelib.subjects.texts import compact

_TOTALS: Final = ("合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计")
_NOTES: Final = (
    "注",
    "备注",
    "附注",
    "说明",
    "填表说明",
    "填报说明",
    "填写说明",
    "制表",
    "制表人",
    "制表单位",
    "制表日期",
    "制表时间",
    "填表",
    "填表人",
    "填表单位",
    "填表日期",
    "填报人",
    "填报单位",
    "填报日期",
    "填报时间",
    "报送人",
    "报送单位",
    "报送日期",
    "审核",
    "审核人",
    "复核人",
    "单位负责人",
    "部门负责人",
    "经办人",
    "联系人",
    "联系电话",
    "数据来源",
    "打印日期",
    "打印时间",
    "导出时间",
    "导出日期",
)
_ENDS: Final = ("以下空白", "以下无正文", "以下为空")
_TOTAL: Final = re.compile(rf"(?:{'|'.join(_TOTALS)})(?:数|行)?(?::.*|\(.*\)|\d+[条户家件笔个]?)?")
_NOTE: Final = re.compile(
    rf"(?:{'|'.join(_NOTES)})(?:\d{{1,2}}|[一二三四五六七八九十])?:.*|[-—(]*(?:{'|'.join(_ENDS)}).*",
    re.DOTALL,
)


def _first_bytes() -> re.Pattern[bytes]:
    """What a record may begin with that is a note or total, in every encoding that is split."""
    spaces = '(?:[ \t,;"\x01(（—-]|\u3000)*'
    words = "|".join(spaces.join(word[:2]) for word in {*_TOTALS, *_NOTES, *_ENDS})
    patterns = (f"{spaces}(?:{words})".encode(encoding) for encoding in ("utf-8", "gb18030"))
    return re.compile(b"|".join(pattern for pattern in patterns))


_MAY_BEGIN: Final = _first_bytes()


def may_be_left_out(record: bytes) -> bool:
    """Whether a record of unknown encoding begins as notes and totals do; a quick look."""
    return _MAY_BEGIN.match(record) is not None


def reason_to_leave_out(item: Item, columns: Columns, cells: Sequence[str]) -> Code | None:
    """Why a row is no data: a note or a total, about no subject. None where it is data."""
    held = [(name, cell) for name, cell in zip(columns, cells, strict=False) if cell.strip()]
    first = next((compact(cell) for cell in cells if cell.strip()), "")
    subject = item.subject
    telling = {subject.uscc, subject.paper_number, subject.registration_number} - {None}
    if any(name in telling and compact(cell) != first for name, cell in held):
        return None
    if _TOTAL.fullmatch(first):
        return codes.LEFT_TOTAL
    return codes.LEFT_NOTE if _NOTE.fullmatch(first) else None


def doubt_numbers(
    item: Item, columns: Columns, labels: Sequence[str], numbers: Mapping[int, int]
) -> Iterator[Remark]:
    """Columns of codes, or of what names a record, in which a sheet holds numbers, by first row."""
    keys = {name for key in item.natural_keys for name in key}
    for column, row in sorted(numbers.items()):
        name = columns[column] if column < len(columns) else None
        field = None if name is None else item.field(name)
        if field is None or not _loses_zeros(field, is_key=field.name in keys):
            continue
        values: dict[str, str | int] = {
            "column": column_letter(column),
            "label": labels[column].strip(),
            "row": row,
        }
        yield Remark(codes.SHEET_NUMBERS.id, values=values)


def _loses_zeros(field: Field, *, is_key: bool) -> bool:
    return field.type in {"code", "paper"} or (is_key and field.type == "string")


def left_out(remarks: Iterable[Remark]) -> frozenset[int]:
    """The numbers of the rows that remarks leave out."""
    return frozenset(remark.row for remark in remarks if remark.row)
