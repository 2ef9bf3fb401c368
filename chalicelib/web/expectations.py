"""What a typed input expects, in words: the texts behind “this should be …”."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import inspect
from msgspec.inspect import (
    EnumType,
    IntType,
    ListType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    Type,
    UnionType,
    VarTupleType,
)

Words = tuple[str, str]

_PLAIN: Final[Mapping[type[Type], Words]] = {
    inspect.BoolType: ("true 或 false", "true or false"),
    inspect.DateType: ("日期（YYYY-MM-DD）", "a date (YYYY-MM-DD)"),
    inspect.DateTimeType: (
        "带时区的时间（RFC 3339，如 2026-11-22T09:00:00+08:00）",
        "a time with its zone (RFC 3339, such as 2026-11-22T09:00:00+08:00)",
    ),
    inspect.UUIDType: ("UUID", "a UUID"),
    inspect.BytesType: ("Base64 文本", "text in base64"),
    inspect.StructType: ("对象", "an object"),
    inspect.DictType: ("对象", "an object"),
    inspect.NoneType: ("null", "null"),
}

ONE_LINE: Final = r"^[^\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]*(?!\n)$"
"""The pattern of text in one line, without characters that steer how it is shown."""


def describe(shape: Any) -> Words:
    """What a value of the annotation `shape` must be, in Chinese and in English."""
    return _tell(msgspec.inspect.type_info(shape))


def _tell(info: Type) -> Words:
    if isinstance(info, Metadata):
        return _tell(info.type)
    teller = _TELLERS.get(type(info))
    if teller is not None:
        return teller(info)
    return _PLAIN.get(type(info), ("有效的值", "a valid value"))


def _tell_text(info: StrType) -> Words:
    zh, en = _tell_range(info.min_length, info.max_length)
    zh = f"{zh}个字符的文本" if zh else "文本"
    en = f"text of {en} characters" if en else "text"
    if info.pattern is None:
        return zh, en
    if info.pattern == ONE_LINE:
        return f"{zh}（一行，不含控制字符）", f"{en} (one line, no control characters)"
    pattern = info.pattern.replace(r"(?!\n)$", "$")
    return f"{zh}（格式 {pattern}）", f"{en} (pattern {pattern})"


def _tell_integer(info: IntType) -> Words:
    low = info.ge if info.gt is None else info.gt + 1
    high = info.le if info.lt is None else info.lt - 1
    zh, en = _tell_range(low, high)
    return (f"{zh}的整数", f"an integer, {en}") if zh else ("整数", "an integer")


def _tell_list(info: ListType | VarTupleType) -> Words:
    zh, en = _tell_range(info.min_length, info.max_length)
    return (f"{zh}项的列表", f"a list of {en} entries") if zh else ("列表", "a list")


def _tell_choice(info: EnumType | LiteralType) -> Words:
    values = (
        [member.value for member in info.cls] if isinstance(info, EnumType) else list(info.values)
    )
    told = "、".join(str(value) for value in values), ", ".join(str(value) for value in values)
    return f"下列值之一：{told[0]}", f"one of: {told[1]}"


def _tell_union(info: UnionType) -> Words:
    told = [_tell(each) for each in info.types if not isinstance(each, NoneType)]
    return "或".join(zh for zh, _ in told), " or ".join(en for _, en in told)


def _tell_range(low: float | None, high: float | None) -> Words:
    match low, high:
        case None, None:
            return "", ""
        case _, None:
            return f"至少 {low} ", f"at least {low}"
        case None, _:
            return f"至多 {high} ", f"at most {high}"
    return (f"{low} ", f"{low}") if low == high else (f"{low} 至 {high} ", f"{low} to {high}")


_TELLERS: Final[Mapping[type[Type], Callable[[Any], Words]]] = {
    StrType: _tell_text,
    IntType: _tell_integer,
    ListType: _tell_list,
    VarTupleType: _tell_list,
    EnumType: _tell_choice,
    LiteralType: _tell_choice,
    UnionType: _tell_union,
}
