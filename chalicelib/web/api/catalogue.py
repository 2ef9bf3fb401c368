"""The catalogue for everyone to read (JS-7, SD-7): fields as a Frictionless Table Schema."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeVar

from msgspec import Struct, field

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import (
    Condition,
    Dates,
    Field,
    FieldType,
    Item,
    Mention,
    SubjectFields,
)
from chalicelib.web.endpoints import Api

api = Api(__name__, tag="catalogue")

S = TypeVar("S", bound=Struct)

TableType = Literal["string", "number", "integer", "date"]


class ItemSummary(Struct, frozen=True, kw_only=True):
    """One catalogue item in the list."""

    id: str
    title: str
    title_en: str
    category: Literal["basic", "positive", "adverse", "other"]
    origin: Literal["national", "supplement"]
    version: str
    adopted: date
    openness: Literal["public", "authorised", "shared"]
    frequency_working_days: int


class CatalogueSummary(Struct, frozen=True, kw_only=True):
    """The catalogue in force. `version` is stored with every record checked against it."""

    version: str
    items: tuple[ItemSummary, ...]


class Constraints(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Table Schema constraints. `enum` stands here only where no other spelling is taken."""

    required: bool = False
    max_length: int | None = None
    enum: tuple[str, ...] | None = None


class TableField(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field in Table Schema terms; `rule` says more exactly how it is read.

    `choices` are the values where `choice_aliases`, several at once, or a remark on `open_choice`
    are taken too. `openness` is the most that the public may ever see.
    """

    name: str
    title: str
    title_en: str
    type: TableType
    rule: FieldType
    openness: Literal["public", "masked", "internal"]
    constraints: Constraints
    missing_values: tuple[str, ...] = field(name="missingValues")
    aliases: tuple[str, ...] = ()
    required_when: Condition | None = None
    choices: tuple[str, ...] | None = None
    choice_aliases: Mapping[str, str] = {}
    open_choice: str | None = None
    unit: str | None = None
    lenient: bool = False


class TableSchema(Struct, frozen=True, kw_only=True):
    """A Table Schema."""

    fields: tuple[TableField, ...]
    missing_values: tuple[str, ...] = field(name="missingValues")


class CatalogueItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item: whom it is about, in which fields, by what law, who may see it (JS-7, SZ-9)."""

    id: str
    title: str
    title_en: str
    category: Literal["basic", "positive", "adverse", "other"]
    origin: Literal["national", "supplement"]
    version: str
    adopted: date
    basis: tuple[str, ...]
    source: str
    openness: Literal["public", "authorised", "shared"]
    frequency_working_days: int
    channels: tuple[str, ...]
    users: tuple[str, ...]
    use_period: str
    retention: str
    subject: SubjectFields
    dates: Dates
    natural_keys: tuple[tuple[str, ...], ...]
    weak_key: tuple[str, ...]
    table: TableSchema = field(name="schema")
    mentions: tuple[Mention, ...] = ()
    measures: str | None = None
    issuing_authority: str | None = None


@api.endpoint(
    "GET",
    "/v1/catalogue",
    summary="目录清单 The catalogue's items",
    answers={200: CatalogueSummary},
    public=True,
    cached=True,
)
def list_catalogue() -> CatalogueSummary:
    """Every item of the catalogue in force."""
    catalogue = load_catalogue()
    items = tuple(_take(ItemSummary, item) for _, item in sorted(catalogue.items.items()))
    return CatalogueSummary(version=catalogue.version, items=items)


@api.endpoint(
    "GET",
    "/v1/catalogue/{item}",
    summary="目录项 One catalogue item",
    answers={200: CatalogueItem},
    public=True,
    cached=True,
)
def show_catalogue_item(item: str) -> CatalogueItem:
    """One item with all its fields and rules."""
    found = load_catalogue().item(item)
    table = TableSchema(
        fields=tuple(_describe_field(each) for each in found.schema.fields),
        missing_values=found.schema.missing_values,
    )
    return _take(CatalogueItem, found, table=table)


def _describe_field(found: Field) -> TableField:
    closed = found.type == "choice" and not found.choice_aliases and found.open_choice is None
    return TableField(
        name=found.name,
        title=found.title,
        title_en=found.title_en,
        type=_table_type(found),
        rule=found.type,
        openness=found.openness,
        constraints=Constraints(
            required=found.required,
            max_length=found.max_length,
            enum=found.enum if closed else None,
        ),
        missing_values=found.missing_values,
        aliases=found.aliases,
        required_when=found.required_when,
        choices=None if closed else found.enum,
        choice_aliases=found.choice_aliases,
        open_choice=found.open_choice,
        unit=found.unit,
        lenient=found.lenient,
    )


def _table_type(found: Field) -> TableType:
    """The narrowest Table Schema type that takes whatever the field takes."""
    match found.type:
        case "date" | "integer" as plain:
            return plain
        case "amount" if not found.lenient:
            return "number"
    return "string"


def _take(shape: type[S], item: Item, **more: object) -> S:
    """The attributes of `item` that `shape` has, and `more`."""
    names = (name for name in shape.__struct_fields__ if name not in more)
    return shape(**{name: getattr(item, name) for name in names}, **more)
