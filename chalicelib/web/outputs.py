"""Answers as they are sent: JSON with moments in lawful time (RFC 3339, +08:00), CSV, or HTML."""

from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.inspect import AnyType, DateTimeType

from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.web.shapes import list_parts

JSON: Final = "application/json"
CSV: Final = "text/csv; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
SCRIPTS: Final = "application/json; charset=utf-8"
"""JSON for the portal's own scripts, errors too."""


class Csv(Struct, frozen=True):
    """An answer that is a table: `text` is sent as it is (RFC 4180)."""

    text: str


class Html(Struct, frozen=True):
    """An answer that is a page for people: `text` is sent as it is."""

    text: str


PLAIN: Final = {Csv: CSV, Html: HTML}
"""The media types of answers that are no JSON."""


def encode(body: Any) -> tuple[str, bytes]:
    """The media type of `body` and what is sent."""
    if isinstance(body, (Csv, Html)):
        return PLAIN[type(body)], body.text.encode()
    return JSON, msgspec.json.encode(localise(body))


def localise(value: Any) -> Any:
    """`value` with every moment in it in Asia/Shanghai.

    Looks only where a type says that a moment may be. Raises `TypeError` for a naive moment.
    """
    if isinstance(value, Struct):
        names = _list_timed_fields(type(value))
        changes = {name: localise(getattr(value, name)) for name in names}
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, dict):
        return {key: localise(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [localise(entry) for entry in value]
    return _localise_moment(value) if isinstance(value, datetime) else value


def _localise_moment(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise TypeError("a moment without its zone can't be answered")
    return moment.astimezone(LAWFUL_ZONE)


@cache
def _list_timed_fields(shape: type[Struct]) -> tuple[str, ...]:
    """The fields of `shape` in which a moment may be, however deep."""
    return tuple(
        field.name
        for field in msgspec.structs.fields(shape)
        if any(isinstance(part, (DateTimeType, AnyType)) for part in list_parts(field.type))
    )
