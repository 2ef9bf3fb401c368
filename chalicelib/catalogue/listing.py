"""The catalogue as one table, a row for each field of each item."""

from collections.abc import Iterator
from typing import Final

from chalicelib.catalogue.model import Catalogue, Condition, Field, Item

HEADER: Final = (
    "目录项 item",
    "名称 title",
    "title_en",
    "类别 category",
    "来源 origin",
    "版本 version",
    "施行日期 adopted",
    "开放属性 openness",
    "依据 basis",
    "标准 source",
    "更新频率（工作日） frequency_working_days",
    "归集方式 channels",
    "使用对象 users",
    "使用期限 use_period",
    "保存期限 retention",
    "字段 field",
    "字段名称 title",
    "title_en",
    "类型 type",
    "必填 required",
    "条件必填 required_when",
    "字段开放属性 openness",
    "最大长度 max_length",
    "单位 unit",
    "取值 choices",
    "别名 aliases",
    "空值 missing_values",
)


def list_fields(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """Every field of `catalogue`, items by id and fields in their order, under `HEADER`."""
    for _, item in sorted(catalogue.items.items()):
        for field in item.schema.fields:
            yield (*_tell_item(item), *_tell_field(field))


def _tell_item(item: Item) -> tuple[str, ...]:
    return (
        item.id,
        item.title,
        item.title_en,
        item.category,
        item.origin,
        item.version,
        item.adopted.isoformat(),
        item.openness,
        " ".join(item.basis),
        item.source,
        str(item.frequency_working_days),
        " ".join(item.channels),
        " ".join(item.users),
        item.use_period,
        item.retention,
    )


def _tell_field(field: Field) -> tuple[str, ...]:
    return (
        field.name,
        field.title,
        field.title_en,
        field.type,
        "yes" if field.required else "",
        _tell_condition(field.required_when),
        field.openness,
        str(field.max_length or ""),
        field.unit or "",
        " | ".join(field.enum or ()),
        " | ".join(field.aliases),
        " | ".join(filter(None, field.missing_values)),
    )


def _tell_condition(condition: Condition | None) -> str:
    if condition is None:
        return ""
    if condition.filled:
        return f"{condition.field} filled"
    if condition.in_:
        return f"{condition.field} in {' | '.join(condition.in_)}"
    return f"{condition.field} contains {' | '.join(condition.contains or ())}"
