"""What a template says of an item and its fields, in the catalogue's own terms."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from chalicelib.catalogue.model import Condition, Field, Item
from chalicelib.collection.operation_columns import (
    FORMER_RECORD,
    OPERATION,
    REASON,
    with_operations,
)
from chalicelib.runtime.words import Language, Words


class Line(NamedTuple):
    """One line of the guide: what it is about, and what it says."""

    name: str
    text: str


_TYPES: Final = {
    "string": Words("文本", "text"),
    "text": Words("长文本", "long text"),
    "date": Words(
        "日期，如 2026-03-25；长期填 2099-12-31", "day, as 2026-03-25; no end: 2099-12-31"
    ),
    "amount": Words("金额，填写数字", "amount, a number"),
    "code": Words("代码或编号（文本格式）", "code or number (as text)"),
    "uscc": Words("18 位统一社会信用代码（文本格式）", "unified social credit code, 18 characters"),
    "paper": Words("证件号码（文本格式）", "number of a paper (as text)"),
    "choice": Words("单选", "one choice"),
    "choices": Words("多选，用分号“；”分隔", "several choices, separated by semicolons"),
    "integer": Words("整数", "whole number"),
}
_OPENNESS: Final = {
    "public": Words("公开", "public"),
    "masked": Words("脱敏后公开", "public, masked"),
    "internal": Words("不公开", "not public"),
}
_HOW: Final = Words(
    "第一行为字段名称（* 为必填），第二行为字段代码，从第三行起填写，每行一条。"
    "请勿改动前两行；可删除不用的选填列。身份证号、信用代码等列已设为文本格式，"
    "请用“选择性粘贴—数值”粘贴，以免被改成科学计数法。",
    "Row 1 holds the labels (* is required), row 2 the codes; fill in from row 3, a record a row."
    " Leave both rows as they are; optional columns may be removed. Columns of numbers such as"
    " identity numbers are text: paste values only, or a spreadsheet makes exponents of them.",
)
_OPERATIONS: Final = Words(
    "需要更正或撤销已报送的记录时，加“{operation}”列（{choices}）和“{reason}”列；"
    "更正了识别记录的字段时，再加“{record}”列，填回执中的记录编号。",
    "To correct or withdraw what was reported, add a column {operation} ({choices}) and a column"
    " {reason}; where fields that tell records apart change, also {record}, the record's name in the"
    " receipt.",
)


def describe_item(item: Item, language: Language) -> Sequence[Line]:
    """The head of the guide."""
    name = item.title if language == "zh" else f"{item.title} {item.title_en}"
    told = (
        (Words("目录项", "Item"), f"{name}（{item.id}）"),
        (Words("版本", "Version"), f"{item.version}（{item.adopted.isoformat()}）"),
        (Words("依据", "Basis"), "、".join(item.basis)),
        (Words("标准来源", "Standard"), item.source),
        (
            Words("报送时限", "Due"),
            Words("形成后 {days} 个工作日内", "within {days} working days").say(
                language, days=item.frequency_working_days
            ),
        ),
        (Words("填写方法", "How to"), _HOW.say(language)),
        (Words("更正与撤销", "Corrections"), _describe_operations(item, language)),
    )
    return [Line(label.say(language), text) for label, text in told]


def _describe_operations(item: Item, language: Language) -> str:
    fields = with_operations(item).fields
    return _OPERATIONS.say(
        language,
        operation=fields[OPERATION].title,
        choices="、".join(fields[OPERATION].enum or ()),
        reason=fields[REASON].title,
        record=fields[FORMER_RECORD].title,
    )


def describe_field(item: Item, field: Field, language: Language) -> Sequence[Line]:
    """All that a clerk needs to fill in a field."""
    told: list[tuple[Words, str]] = [
        (Words("代码", "Code"), field.name),
        (Words("填写要求", "Required"), need_of(item, field, language)),
        (Words("格式", "Format"), headline(field, language)),
    ]
    if language == "en":
        told.insert(0, (Words("名称", "Label"), field.title_en))
    if field.enum:
        told.append((Words("可选值", "Choices"), "；".join(field.enum)))
    blanks = "、".join(text for text in field.missing_values if text)
    if blanks:
        told.append((Words("视为空白的写法", "Taken as blank"), blanks))
    if field.aliases:
        told.append((Words("也可写作", "Also known as"), "、".join(field.aliases)))
    told.append((Words("公开范围", "Openness"), _OPENNESS[field.openness].say(language)))
    return [Line(label.say(language), text) for label, text in told]


def need_of(item: Item, field: Field, language: Language) -> str:
    """Whether a field must be filled, and when."""
    if field.required:
        return Words("必填", "required").say(language)
    if field.required_when is not None:
        return _describe(item, field.required_when, language)
    return Words("选填", "optional").say(language)


def headline(field: Field, language: Language) -> str:
    """What may stand in a cell: its type, unit and length."""
    parts = [_TYPES[field.type].say(language)]
    if field.unit:
        parts.append(Words("单位：{unit}", "unit: {unit}").say(language, unit=field.unit))
    if field.max_length:
        longest = Words("不超过 {limit} 字", "at most {limit} characters")
        parts.append(longest.say(language, limit=field.max_length))
    return ("，" if language == "zh" else ", ").join(parts)


def _describe(item: Item, condition: Condition, language: Language) -> str:
    other = item.field(condition.field).title
    values = "、".join(condition.in_ or condition.contains or ())
    if not values:
        filled = Words("填写“{other}”时必填", "required where “{other}” is filled")
        return filled.say(language, other=other)
    told = Words("“{other}”为 {values} 时必填", "required where “{other}” is {values}")
    if condition.contains:
        told = Words("“{other}”含 {values} 时必填", "required where “{other}” has {values}")
    return told.say(language, other=other, values=values)
