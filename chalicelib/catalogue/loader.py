"""Reads the item files into a catalogue, and refuses any that could not be trusted."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from chalicelib.catalogue import checks
from chalicelib.catalogue.codes import (
    MALFORMED_ITEM,
    MISNAMED_ITEM,
    MISSING_LABEL,
    WRONG_CHOICES,
)
from chalicelib.catalogue.model import (
    Catalogue,
    Condition,
    Dates,
    Field,
    FieldType,
    Item,
    Mention,
    Schema,
    SubjectFields,
)
from chalicelib.runtime.errors import DomainError

ITEMS = Path(__file__).parent / "items"

_TABLE_TYPES: Mapping[FieldType, tuple[str, ...]] = {
    "amount": ("number", "string"),
    "date": ("date",),
    "integer": ("integer",),
}
"""The Table Schema types under which each of our types may stand; all others are strings."""


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
    category: Literal["basic", "positive", "adverse", "other"]
    origin: Literal["national", "supplement"]
    version: Annotated[str, Meta(min_length=1)]
    adopted: date
    basis: Annotated[tuple[str, ...], Meta(min_length=1)]
    source: Annotated[str, Meta(min_length=1)]
    openness: Literal["public", "authorised", "shared"]
    frequency_working_days: Annotated[int, Meta(ge=1)]
    channels: Annotated[tuple[str, ...], Meta(min_length=1)]
    users: Annotated[tuple[str, ...], Meta(min_length=1)]
    use_period: Annotated[str, Meta(min_length=1)]
    retention: Annotated[str, Meta(min_length=1)]
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
    measures: str | None = None


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of this deployment, read and checked once.

    Raises:
        DomainError: an item file is refused; the error names file, place and reason.
    """
    return read_catalogue(ITEMS)


def read_catalogue(folder: Path) -> Catalogue:
    """The catalogue that the item files in `folder` make up.

    Raises:
        DomainError: as `load_catalogue`.
    """
    digest = hashlib.sha256()
    items = {}
    for path in sorted(folder.glob("*.json")):
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
        item = read_item(path.name, content)
        items[item.id] = item
    newest = max((item.adopted for item in items.values()), default=date.min)
    return Catalogue(version=f"{newest}.{digest.hexdigest()[:8]}", items=items)


def read_item(file: str, content: bytes) -> Item:
    """The item in the file named `file`, checked.

    Raises:
        DomainError: as `load_catalogue`.
    """
    try:
        raw = msgspec.json.decode(content, type=_Item)
    except msgspec.DecodeError as error:
        raise _malformed(file, "", error) from error
    if f"{raw.id}.json" != file:
        raise DomainError(MISNAMED_ITEM, file=file, item=raw.id)
    _require_labels(file, "", raw.title, raw.title_en)
    missing = raw.table.missing_values
    fields = tuple(
        _read_field(file, place, written, missing) for place, written in enumerate(raw.table.fields)
    )
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
        raise _malformed(file, f"{pointer} ({written.get('name', '?')})", error) from error
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


def _malformed(file: str, place: str, error: msgspec.DecodeError) -> DomainError:
    return DomainError(MALFORMED_ITEM, file=file, place=place or "/", reason=str(error))
