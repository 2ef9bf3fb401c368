"""Rules that every route's contract keeps; checked where the interface is described."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec.inspect import (
    AnyType,
    DateTimeType,
    DecimalType,
    FloatType,
    IntType,
    StrType,
    StructType,
    Type,
)

from chalicelib.web.endpoints import Endpoint
from chalicelib.web.shapes import list_parts

_SLACK_PATTERN: Final = re.compile(r"\\[dws]|(?<!\(\?!\\n\))\$$")


def list_faults(endpoints: Iterable[Endpoint]) -> list[str]:
    """What is wrong with these contracts, one line a fault; empty if all is well.

    Inputs refuse unknown fields at every depth, bound their integers, and take money as text
    (msgspec would read NaN into a Decimal). Their patterns mean the same here as in JSON Schema:
    `$` alone would let a line feed pass, so they end in `(?!\\n)$`, and name their characters.
    Nothing is ever a float. Names and routes are unique, and every handler says in its docstring
    what it is for.
    """
    faults: list[str] = []
    seen: set[str] = set()
    for endpoint in endpoints:
        route = f"{endpoint.method} {endpoint.path}"
        faults += (f"{name} is declared twice" for name in {route, endpoint.name} & seen)
        seen |= {route, endpoint.name}
        faults += (f"{endpoint.name}: {fault}" for fault in _list_own_faults(endpoint))
    return faults


def _list_own_faults(endpoint: Endpoint) -> Iterator[str]:
    if not endpoint.handler.__doc__:
        yield "the handler has no docstring"
    for shape in (endpoint.request, endpoint.query, endpoint.headers):
        if shape is not None:
            yield from _list_input_faults(shape)
    for shape in (each for status in endpoint.answers for each in endpoint.shapes(status)):
        if any(isinstance(part, FloatType) for part in list_parts(shape)):
            yield f"{shape} answers a float"


def _list_input_faults(shape: Any) -> Iterator[str]:
    for part in list_parts(shape):
        if isinstance(part, StructType) and not part.forbid_unknown_fields:
            yield f"{part.cls.__name__} takes unknown fields"
        elif _is_loose(part):
            yield f"{shape.__name__} takes a loose {type(part).__name__}"
        elif isinstance(part, StrType) and _SLACK_PATTERN.search(part.pattern or ""):
            yield f"{shape.__name__} takes a slack pattern {part.pattern}"


def _is_loose(part: Type) -> bool:
    if isinstance(part, IntType):
        return (part.ge is None and part.gt is None) or (part.le is None and part.lt is None)
    if isinstance(part, DateTimeType):
        return part.tz is not True
    return isinstance(part, (AnyType, FloatType, DecimalType))
