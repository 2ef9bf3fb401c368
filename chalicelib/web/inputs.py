"""Strict reading of what a request brings: body, query, headers.

The fast path is one call of msgspec. Only a request that fails is read again, slowly, to find
every place that is wrong, so that a caller mends them all at once.
"""

import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qs

import msgspec
from msgspec import Meta, Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes, expectations
from chalicelib.web.problems import Part, RequestInvalid

FORM: Final = "application/x-www-form-urlencoded"
_MOST_FAULTS: Final = 50


Line = Annotated[str, Meta(min_length=1, max_length=500, pattern=expectations.ONE_LINE)]
"""What people write to be read by others: one line, nothing that turns its letters round (UAX #9)."""

OptionalLine = Annotated[str, Meta(max_length=500, pattern=expectations.ONE_LINE)]
"""The same, or nothing."""


Cursor = Annotated[str, Meta(max_length=2048)]
"""From where an answer before leads on (`web.cursors`), or nothing."""


class Input(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a request may bring. What is not a field is refused."""


class PageQuery(Input, frozen=True):
    """`cursor` from the page before."""

    cursor: Cursor = ""


class Nothing(Input, frozen=True):
    """The query of a route that has none."""


S = TypeVar("S", bound=Struct)


def read_body(raw: bytes, shape: type[S]) -> S:
    """The JSON document `raw` as a `shape`.

    Raises E-HTTP-01 where it is not JSON (RFC 8259: UTF-8, no NaN, no byte order mark), and
    `RequestInvalid` with a pointer for each fault where it is JSON of another shape.
    """
    try:
        return msgspec.json.decode(raw, type=shape)
    except (ValueError, RecursionError):
        loose = _read_loosely(raw)
    raise _invalid("body", _find_faults(loose, shape, "", strict=True))


def _read_loosely(raw: bytes) -> object:
    try:
        return msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        raise DomainError(codes.BODY_MALFORMED) from None


def read_form(raw: bytes, shape: type[S]) -> S:
    """The form `raw` (application/x-www-form-urlencoded) as a `shape`.

    Parameters that `shape` does not define are let be (RFC 6749 §3.2). Raises E-HTTP-01 where it is
    no form, `RequestInvalid` with a pointer for each fault.
    """
    try:
        given = parse_qs(
            raw.decode(),
            keep_blank_values=True,
            strict_parsing=bool(raw),
            errors="strict",
            max_num_fields=_MOST_FAULTS,
        )
    except ValueError:
        raise DomainError(codes.BODY_MALFORMED) from None
    known = {field.encode_name for field in msgspec.structs.fields(shape)}
    return _read_texts({n: texts for n, texts in given.items() if n in known}, shape, "body")


def read_query(given: Mapping[str, Sequence[str]], shape: type[S]) -> S:
    """Query parameters as a `shape`: numbers and dates from text, lists from repetition.

    Raises `RequestInvalid` with a pointer for each fault.
    """
    return _read_texts(given, shape, "query")


def _read_texts(given: Mapping[str, Sequence[str]], shape: type[S], part: Part) -> S:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    values: dict[str, Any] = {}
    repeated: list[DomainError] = []
    for name, texts in given.items():
        if name in fields and _is_list(fields[name].type):
            values[name] = list(texts)
        elif len(texts) > 1:
            repeated.append(DomainError(codes.INPUT_REPEATED, pointer=_below("", name)))
        else:
            values[name] = texts[-1]
    return _convert(values, shape, part, repeated)


def read_headers(given: Mapping[str, str], shape: type[S]) -> S:
    """The headers that `shape` names, case aside, as a `shape`; all others are let be.

    Raises `RequestInvalid` with a pointer for each fault.
    """
    names = [field.encode_name for field in msgspec.structs.fields(shape)]
    return _convert({name: given[name] for name in names if name in given}, shape, "header", [])


def _convert(values: dict[str, Any], shape: type[S], part: Part, known: list[DomainError]) -> S:
    known = [*known, *_find_nulls(values, shape)]
    if not known:
        try:
            return msgspec.convert(values, shape, strict=False)
        except msgspec.ValidationError:
            pass
    told = {fault.pointer for fault in known}
    found = _find_faults(values, shape, "", strict=False)
    raise _invalid(part, [*known, *(fault for fault in found if fault.pointer not in told)])


def _find_nulls(values: Mapping[str, Any], shape: type[Struct]) -> Iterator[DomainError]:
    """What is written `null` where no text is expected: msgspec would take it for left out."""
    for field in msgspec.structs.fields(shape):
        written = values.get(field.encode_name)
        null = isinstance(written, str) and written.lower() == "null"
        if null and _narrow(field.type) is not str:
            yield from _find_leaf_fault(
                written, _narrow(field.type), _below("", field.encode_name), strict=False
            )


def _invalid(part: Part, faults: Iterable[DomainError]) -> RequestInvalid:
    found = list(islice(faults, _MOST_FAULTS))
    return RequestInvalid(part, found or [_wrong("", "符合接口说明的值", "as the interface says")])


def _wrong(at: str, zh: str, en: str) -> DomainError:
    return DomainError(codes.INPUT_WRONG, pointer=at, expected_zh=zh, expected_en=en)


def _below(at: str, name: str) -> str:
    """The RFC 6901 pointer to the member `name` of what `at` points to."""
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"


def _find_faults(value: Any, shape: Any, at: str, *, strict: bool) -> Iterator[DomainError]:
    inner = _narrow(shape)
    if isinstance(inner, type) and issubclass(inner, Struct) and isinstance(value, dict):
        yield from _find_field_faults(value, inner, at, strict=strict)
        return
    entries: list[DomainError] = []
    if _is_list(inner) and isinstance(value, list):
        entry_shape = typing.get_args(inner)[0]
        for index, entry in enumerate(value):
            entries += _find_faults(entry, entry_shape, f"{at}/{index}", strict=strict)
    yield from entries or _find_leaf_fault(value, shape, at, strict=strict)


def _find_field_faults(
    value: dict[str, Any], shape: type[Struct], at: str, *, strict: bool
) -> Iterator[DomainError]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for name, field in fields.items():
        if name in value:
            yield from _find_faults(value[name], field.type, _below(at, name), strict=strict)
        elif field.required:
            yield DomainError(codes.INPUT_MISSING, pointer=_below(at, name))
    for name in value:
        if name not in fields:
            yield DomainError(codes.INPUT_UNKNOWN, pointer=_below(at, name))


def _find_leaf_fault(value: Any, shape: Any, at: str, *, strict: bool) -> Iterator[DomainError]:
    try:
        if strict:  # a body; what is kept as it was sent has only its JSON
            msgspec.json.decode(msgspec.json.encode(value), type=shape)
        else:
            msgspec.convert(value, shape, strict=False)
    except msgspec.ValidationError:
        yield _wrong(at, *expectations.describe(shape))


def _narrow(shape: Any) -> Any:
    """`shape` without Annotated, and without None where one other type is left."""
    origin = typing.get_origin(shape)
    if origin is typing.Annotated:
        return _narrow(typing.get_args(shape)[0])
    if origin in (typing.Union, UnionType):
        rest = [each for each in typing.get_args(shape) if each is not type(None)]
        return _narrow(rest[0]) if len(rest) == 1 else shape
    return shape


def _is_list(shape: Any) -> bool:
    """Whether `shape` is a list, or a tuple of any length."""
    inner = _narrow(shape)
    return typing.get_origin(inner) is list or typing.get_args(inner)[1:] == (Ellipsis,)
