"""JSON Lines: one object a line, its keys field codes or labels, as a converted file.

Its columns are all fields of the item in their order; nothing names them, so line 1 is row 1.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.conversion import BLANK, write_record
from chalicelib.collection.layout import Columns, find_prohibition
from chalicelib.collection.readers import MAX_RECORD, write_fault
from chalicelib.runtime.errors import Code, DomainError

_SHOWN: Final = 40
_REMEMBERED: Final = 1_000
_SEVERAL: Final = "；"


class _Unreadable(Exception):
    """A line that is no row; the argument is the code that says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.id)
        self.code = code


def columns_of(item: Item) -> Columns:
    """The columns of a converted file of JSON Lines."""
    return tuple(field.name for field in item.schema.fields)


def convert_lines(chunks: Iterable[bytes], encoding: str, item: Item) -> Iterator[bytes]:
    """The records of a file of JSON Lines; a line that is no object becomes a fault.

    Raises DomainError: `E-FILE-06`, `E-HEAD-06` and `E-HEAD-07` for a key that the item does not
    have, as a column would be (JS-7, NJ-20).
    """
    reader = _LineReader(item)
    for number, line in enumerate(_split_lines(chunks), 1):
        text = line.decode(encoding).removeprefix("\ufeff").strip()
        yield reader.convert(number, text) if text else BLANK


def _split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest, number = b"", 1
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield _bounded(line, number)
            number += 1
        _bounded(rest, number)
    if rest:
        yield rest


def _bounded(line: bytes, number: int) -> bytes:
    if len(line) > MAX_RECORD:
        raise DomainError(codes.FILE_RECORD, row=number, limit=MAX_RECORD)
    return line


class _LineReader:
    def __init__(self, item: Item) -> None:
        self._item = item
        self._names = [field.name for field in item.schema.fields]
        self._known: dict[str, str] = {}  # keys repeat on every line

    def convert(self, number: int, text: str) -> bytes:
        try:
            pairs = _read_pairs(text)
            fields = self._match(number, pairs)
        except _Unreadable as error:
            return write_fault(error.code)
        return write_record([fields.get(name, "") for name in self._names])

    def _match(self, number: int, pairs: Sequence[tuple[str, Any]]) -> Mapping[str, str]:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._learn(number, [key for key, _ in pairs if key not in self._known])
        fields: dict[str, str] = {}
        for key, value in pairs:
            name = self._known[key]
            if name in fields:
                raise _Unreadable(codes.ROW_KEYS)
            fields[name] = _text(value)
        return fields

    def _learn(self, number: int, keys: Iterable[str]) -> None:
        """Learn which fields `keys` mean; refuse what the item does not have."""
        unknown = []
        for key in keys:
            field = self._item.field_by_label(key)
            self._refuse_prohibited(number, key)
            if field is None:
                unknown.append(f"“{_printable(key)}”")
            else:
                self._known[key] = field.name
        if unknown:
            raise DomainError(
                codes.LINE_UNKNOWN, row=number, item=self._item.title, labels="、".join(unknown)
            )

    def _refuse_prohibited(self, number: int, key: str) -> None:
        prohibition = find_prohibition(self._item, key)
        if prohibition is not None:
            raise DomainError(
                codes.LINE_PROHIBITED,
                row=number,
                label=_printable(key),
                articles="、".join(prohibition.articles),
            )


def _printable(key: str) -> str:
    return key[:_SHOWN].encode("utf-8", "replace").decode()


def _refuse_constant(_: str) -> None:
    raise _Unreadable(codes.ROW_JSON)


class _Pairs(list[tuple[str, Any]]):
    """The keys and values of an object in order, repeated keys included."""


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=_refuse_constant
)


def _read_pairs(text: str) -> _Pairs:
    try:
        found = _DECODER.decode(text)
    except RecursionError:
        raise _Unreadable(codes.ROW_NESTED) from None
    except ValueError:
        raise _Unreadable(codes.ROW_JSON) from None
    if not isinstance(found, _Pairs):
        raise _Unreadable(codes.ROW_JSON)
    return found


def _text(value: Any) -> str:
    """A value as it would be typed; numbers keep the digits that they were sent with."""
    if isinstance(value, list) and not isinstance(value, _Pairs):
        if any(isinstance(each, list) for each in value):
            raise _Unreadable(codes.ROW_NESTED)
        return _SEVERAL.join(map(_text, value))
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case None:
            return ""
    raise _Unreadable(codes.ROW_NESTED)
