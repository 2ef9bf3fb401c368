"""A look at message types: everything that a type is made of."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.inspect import Field, Type, type_info


def list_parts(shape: Any) -> list[Type]:
    """The annotation `shape` and every type inside it, each once, as msgspec sees them."""
    parts: list[Type] = []
    waiting: list[Type] = [type_info(shape)]
    while waiting:
        info = waiting.pop()
        if not any(info is part for part in parts):
            parts.append(info)
            waiting += _list_children(info)
    return parts


def _list_children(info: Struct) -> Iterator[Type]:
    for name in info.__struct_fields__:
        value = getattr(info, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Type):
                yield each
            elif isinstance(each, Field):
                yield each.type
