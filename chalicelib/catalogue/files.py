"""Item files: their structure, and the refusal of any that could not be trusted."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from chalicelib.catalogue import checks
from chalicelib.catalogue.codes import MALFORMED_ITEM, MISSING_LABEL, WRONG_CHOICES
from chalicelib.catalogue.model import (
    Category,
    Condition,
    Consent,
    Dates,
    Field,
    FieldType,
    Item,
    Labelled,
    Listing,
    Mention,
    Openness,
    Origin,
    ReportingWay,
    Retention,
    Rule,
    Schema,
    SubjectFields,
    UsePeriod,
    User,
)
from chalicelib.catalogue.places import with_line
from chalicelib.catalogue.register import Draft
from chalicelib.runtime.errors import DomainError

_TABLE_TYPES: Mapping[FieldType, tuple[str, ...]] = {
    "amount": ("number", "string"),
    "date": ("date",),
    "integer": ("integer",),
}
"""The Table Schema types under which each of our types may stand; all others are strings."""

_PLACE: Final = re.compile(r" - at `(?:key in )?\$(?P<path>.*)`$")
_Article = Annotated[str, Meta(pattern=r"^(NAT|OWN|[A-Z]{2,4}-[1-9][0-9]*)$")]
"""As in `law.rules`, which is not there where providers check their files."""
_STEP: Final = re.compile(r"\[(?P<index>\d+|\.\.\.)\]|\.(?P<name>\w+)")


class _Constraints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    required: bool = False
    max_length: Annotated[int, Meta(ge=1)] | None = None
    enum: tuple[str, ...] | None = None


class _Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Table Schema field; `rule` is our type where the table type does not say it all.

    A closed list of single values stands under `constraints.enum`; `choices` are the values where
    a tool that knows only Table Schema would wrongly refuse what is allowed.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
    type: Literal["string", "number", "integer", "date"]
    openness: Literal["public", "masked", "internal"]
    title: str = ""
    title_en: str = ""
    rule: FieldType | None = None
    format: Literal["any"] | None = None
    constraints: _Constraints = _Constraints()
    missing_values: tuple[str, ...] | None = msgspec.field(name="missingValues", default=None)
    aliases: tuple[str, ...] = ()
    required_when: Condition | None = None
    choices: tuple[str, ...] | None = None
    choice_aliases: dict[str, str] = {}
    open_choice: str | None = None
    unit: str | None = None
    lenient: bool = False


class _Schema(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    fields: tuple[dict[str, Any], ...]
    missing_values: tuple[str, ...] = msgspec.field(name="missingValues")


class _Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$")]  # it stands in sort keys
    category: Category
    origin: Origin
    version: Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$")]  # in file names
    adopted: date
    basis: Annotated[tuple[_Article, ...], Meta(min_length=1)]
    source: Annotated[str, Meta(min_length=1)]
    openness: Openness
    frequency_working_days: Annotated[int, Meta(ge=1)]
    channels: Annotated[tuple[ReportingWay, ...], Meta(min_length=1)]
    users: Annotated[tuple[User, ...], Meta(min_length=1)]
    use_period: UsePeriod
    retention: Retention
    subject: SubjectFields
    dates: Dates
    natural_keys: Annotated[
        tuple[Annotated[tuple[str, ...], Meta(min_length=1)], ...], Meta(min_length=1)
    ]
    weak_key: Annotated[tuple[str, ...], Meta(min_length=1)]
    table: _Schema = msgspec.field(name="schema")
    title: str = ""
    title_en: str = ""
    mentions: tuple[Mention, ...] = ()
    issuing_authority: str | None = None
    authority_name: str | None = None
    measures: str | None = None
    fine: str | None = None
    conduct: str | None = None
    labelled: Labelled | None = None
    consent: Consent | None = None
    listing: Listing | None = None
    reviewed_by: date | None = None
    rules: tuple[Rule, ...] = ()


class _Draft(_Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    comments_until: date


R = TypeVar("R", bound=_Item)


def read_item(file: str, content: bytes) -> Item:
    """The item in the file named `file`, checked.

    Raises:
        DomainError: `E-CAT-01` to `E-CAT-09`, `E-CAT-12`, `E-CAT-13`, `E-CAT-16`; the error names
            file, line, place and reason.
    """
    try:
        return _check(file, _decode(file, content, _Item))
    except DomainError as refused:
        raise with_line(refused, file, content) from refused


def read_draft(file: str, content: bytes) -> Draft:
    """The draft in the file named `file`, checked as if it were adopted.

    Raises:
        DomainError: as `read_item`.
    """
    try:
        raw = _decode(file, content, _Draft)
        return Draft(item=_check(file, raw), comments_until=raw.comments_until)
    except DomainError as refused:
        raise with_line(refused, file, content) from refused


def _decode(file: str, content: bytes, shape: type[R]) -> R:
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        raise _misfit(file, "", error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(file, content, error) from error


def _check(file: str, raw: _Item) -> Item:
    _require_labels(file, "", raw.title, raw.title_en)
    missing = raw.table.missing_values
    fields = tuple(
        _read_field(file, place, written, missing) for place, written in enumerate(raw.table.fields)
    )
    if raw.reviewed_by is not None and raw.reviewed_by < raw.adopted:
        reason = f"before the day of adoption, {raw.adopted}"
        raise DomainError(MALFORMED_ITEM, file=file, place="/reviewed_by", reason=reason)
    values = {name: getattr(raw, name) for name in _Item.__struct_fields__ if name != "table"}
    item = Item(**values, schema=Schema(fields=fields, missing_values=missing))
    checks.check_item(file, item)
    return item


def _read_field(
    file: str, place: int, written: dict[str, Any], missing_values: tuple[str, ...]
) -> Field:
    pointer = f"/schema/fields/{place}"
    try:
        raw = msgspec.convert(written, _Field)
    except msgspec.ValidationError as error:
        raise _misfit(file, f"{pointer} ({written.get('name', '?')})", error) from error
    _require_labels(file, f"{pointer} ({raw.name})", raw.title, raw.title_en)
    if raw.constraints.enum is not None and raw.choices is not None:
        raise DomainError(WRONG_CHOICES, pointer=pointer, file=file, field=raw.name, values="2")
    return Field(
        name=raw.name,
        title=raw.title,
        title_en=raw.title_en,
        type=_type_of(file, pointer, raw),
        openness=raw.openness,
        missing_values=missing_values if raw.missing_values is None else raw.missing_values,
        aliases=raw.aliases,
        required=raw.constraints.required,
        required_when=raw.required_when,
        max_length=raw.constraints.max_length,
        enum=raw.constraints.enum if raw.choices is None else raw.choices,
        choice_aliases=raw.choice_aliases,
        open_choice=raw.open_choice,
        unit=raw.unit,
        lenient=raw.lenient,
    )


def _type_of(file: str, pointer: str, raw: _Field) -> FieldType:
    plain: FieldType = "amount" if raw.type == "number" else raw.type
    rule = raw.rule or plain
    if raw.type not in _TABLE_TYPES.get(rule, ("string",)):
        reason = f"rule {rule} does not fit the Table Schema type {raw.type}"
        raise DomainError(
            MALFORMED_ITEM,
            pointer=pointer,
            file=file,
            place=f"{pointer} ({raw.name})",
            reason=reason,
        )
    return rule


def _require_labels(file: str, place: str, title: str, title_en: str) -> None:
    for label, text in (("title", title), ("title_en", title_en)):
        if not text.strip():
            raise DomainError(MISSING_LABEL, file=file, place=place or "/", label=label)


def _misfit(file: str, place: str, error: msgspec.ValidationError) -> DomainError:
    """What does not fit the structure: where it stands in the file, and why."""
    reason = str(error)
    found = _PLACE.search(reason)
    if found is not None:
        reason = reason[: found.start()]
        steps = (step["index"] or step["name"] for step in _STEP.finditer(found["path"]))
        place = "/".join([place, *steps])
    return DomainError(MALFORMED_ITEM, file=file, place=place or "/", reason=reason)


def _unreadable(file: str, content: bytes, error: Exception) -> DomainError:
    """Text that is no JSON: on which line, and why."""
    place, reason = "/", str(error)
    try:
        json.loads(content.decode())
    except json.JSONDecodeError as found:
        place, reason = f"line {found.lineno}, column {found.colno}", found.msg
    except UnicodeDecodeError as found:
        line = content.count(b"\n", 0, found.start) + 1
        place, reason = f"line {line}", f"not UTF-8: {found.reason}"
    return DomainError(MALFORMED_ITEM, file=file, place=place, reason=reason)
