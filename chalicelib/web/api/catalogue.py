"""The catalogue for everyone to read and to download (JS-7, SD-7, NJ-25): adopted or in draft."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeVar

from msgspec import Struct, field

from chalicelib.catalogue.codes import UNKNOWN_DRAFT
from chalicelib.catalogue.listing import HEADER, list_fields
from chalicelib.catalogue.loader import load_catalogue, load_register
from chalicelib.catalogue.model import (
    Catalogue,
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
    Retention,
    Rule,
    SubjectFields,
    UsePeriod,
)
from chalicelib.catalogue.register import Draft
from chalicelib.catalogue.table_schema import (
    Constraints,
    PlainSchema,
    TableType,
    constrain,
    is_closed,
    table_type,
    write_schema,
)
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.runtime.spreadsheets import write_csv
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.outputs import Csv

api = Api(__name__, tag="catalogue")

S = TypeVar("S", bound=Struct)


class CatalogueQuery(Input, frozen=True):
    """As of which day; today where none is given."""

    on: date | None = None


class ItemSummary(Struct, frozen=True, kw_only=True):
    """One catalogue item in the list."""

    id: str
    title: str
    title_en: str
    category: Category
    origin: Origin
    version: str
    adopted: date
    openness: Openness
    frequency_working_days: int


class VersionAhead(Struct, frozen=True, kw_only=True):
    """A version that is adopted but not yet in force on the day asked for."""

    id: str
    title: str
    title_en: str
    version: str
    adopted: date


class DraftSummary(Struct, frozen=True, kw_only=True):
    """A draft out for public comment up to and including `comments_until`; nothing goes by it."""

    id: str
    title: str
    title_en: str
    version: str
    comments_until: date


class CatalogueSummary(Struct, frozen=True, kw_only=True):
    """The catalogue in force on day `on`, what follows, and the drafts there are now."""

    version: str
    on: date
    items: tuple[ItemSummary, ...]
    ahead: tuple[VersionAhead, ...]
    drafts: tuple[DraftSummary, ...]


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


class ItemVersion(Struct, frozen=True, kw_only=True):
    """One adopted version: it holds from `adopted` until the next one does."""

    version: str
    adopted: date
    in_force: bool


class CatalogueItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item: whom it is about, in which fields, by what law, who may see it (JS-7, SZ-9).

    Of a draft, `adopted` is the day proposed and `comments_until` the end of public comment.
    """

    id: str
    title: str
    title_en: str
    category: Category
    origin: Origin
    version: str
    adopted: date
    basis: tuple[str, ...]
    source: str
    openness: Openness
    frequency_working_days: int
    channels: tuple[str, ...]
    users: tuple[str, ...]
    use_period: UsePeriod
    retention: Retention
    subject: SubjectFields
    dates: Dates
    natural_keys: tuple[tuple[str, ...], ...]
    weak_key: tuple[str, ...]
    table: TableSchema = field(name="schema")
    mentions: tuple[Mention, ...] = ()
    measures: str | None = None
    issuing_authority: str | None = None
    authority_name: str | None = None
    fine: str | None = None
    conduct: str | None = None
    labelled: Labelled | None = None
    consent: Consent | None = None
    listing: Listing | None = None
    rules: tuple[Rule, ...] = ()
    reviewed_by: date | None = None
    comments_until: date | None = None


class ItemShown(CatalogueItem, frozen=True, kw_only=True, omit_defaults=True):
    """An item with all its versions, the earliest first, and the draft of the next."""

    versions: tuple[ItemVersion, ...]
    draft: DraftSummary | None = None


class WholeCatalogue(Struct, frozen=True, kw_only=True):
    """Every item in force on day `on`, with all its fields."""

    version: str
    on: date
    items: tuple[CatalogueItem, ...]


@api.endpoint(
    "GET",
    "/v1/catalogue",
    summary="目录清单 The catalogue's items",
    query=CatalogueQuery,
    answers={200: CatalogueSummary},
    public=True,
    cached=True,
)
def list_catalogue(query: CatalogueQuery, asked: Asked) -> CatalogueSummary:
    """Every item of the catalogue in force on a day, today's unless another is asked for.

    Items that have no basis under the rulebook are not collected and not listed. The item's
    `version` is stored with every record checked against it.
    """
    day = _day(query, asked)
    catalogue, register = _load_local(day), load_register()
    texts = load_rulebook(settings().rulebook).texts
    adopted = (version.item for known in register.versions.values() for version in known)
    return CatalogueSummary(
        version=catalogue.version,
        on=day,
        items=tuple(_take(ItemSummary, item) for _, item in sorted(catalogue.items.items())),
        ahead=tuple(
            _take(VersionAhead, item)
            for item in adopted
            if item.adopted > day and item.has_basis_in(texts)
        ),
        drafts=tuple(_announce(draft) for _, draft in sorted(register.drafts.items())),
    )


@api.endpoint(
    "GET",
    "/v1/catalogue.json",
    summary="下载目录（JSON） Download the catalogue",
    query=CatalogueQuery,
    answers={200: WholeCatalogue},
    public=True,
    cached=True,
)
def download_catalogue(query: CatalogueQuery, asked: Asked) -> Answer:
    """Every item with all its fields and rules, as one file."""
    day = _day(query, asked)
    catalogue = _load_local(day)
    whole = WholeCatalogue(
        version=catalogue.version,
        on=day,
        items=tuple(_show(CatalogueItem, item) for _, item in sorted(catalogue.items.items())),
    )
    return _attach(whole, f"catalogue-{catalogue.version}.json")


@api.endpoint(
    "GET",
    "/v1/catalogue.csv",
    summary="下载目录（CSV） Download the catalogue as a table",
    query=CatalogueQuery,
    answers={200: Csv},
    public=True,
    cached=True,
)
def download_catalogue_table(query: CatalogueQuery, asked: Asked) -> Answer:
    """A row for each field of each item; UTF-8 with byte order mark, for spreadsheets."""
    catalogue = _load_local(_day(query, asked))
    table = Csv(write_csv([HEADER, *list_fields(catalogue)]))
    return _attach(table, f"catalogue-{catalogue.version}.csv")


@api.endpoint(
    "GET",
    "/v1/catalogue/{item}",
    summary="目录项 One catalogue item",
    query=CatalogueQuery,
    answers={200: ItemShown},
    public=True,
    cached=True,
)
def show_catalogue_item(item: str, query: CatalogueQuery, asked: Asked) -> ItemShown:
    """One item with all its fields and rules, as in force on a day, and all its versions."""
    found = load_catalogue(_day(query, asked)).item(item)
    register = load_register()
    draft = register.drafts.get(item)
    versions = tuple(
        ItemVersion(
            version=each.item.version,
            adopted=each.item.adopted,
            in_force=each.item.version == found.version,
        )
        for each in register.versions[item]
    )
    return _show(ItemShown, found, versions=versions, draft=_announce(draft) if draft else None)


@api.endpoint(
    "GET",
    "/v1/catalogue/{item}/schema",
    summary="下载数据标准（Table Schema） Download an item's Table Schema",
    query=CatalogueQuery,
    answers={200: PlainSchema},
    public=True,
    cached=True,
)
def download_schema(item: str, query: CatalogueQuery, asked: Asked) -> Answer:
    """Frictionless Table Schema and nothing else, to check files with before they are sent."""
    found = load_catalogue(_day(query, asked)).item(item)
    return _attach(write_schema(found), f"{found.id}-{found.version}.schema.json")


@api.endpoint(
    "GET",
    "/v1/catalogue/{item}/draft",
    summary="征求意见稿 An item's draft",
    answers={200: CatalogueItem},
    public=True,
    cached=True,
)
def show_draft(item: str) -> CatalogueItem:
    """The draft of a new item or version that is out for public comment (NJ-25, SZ-8)."""
    draft = load_register().drafts.get(item)
    if draft is None:
        raise DomainError(UNKNOWN_DRAFT, item=item)
    return _show(CatalogueItem, draft.item, comments_until=draft.comments_until)


def _day(query: CatalogueQuery, asked: Asked) -> date:
    return query.on or lawful_day(asked.at)


def _attach(body: Struct, name: str) -> Answer:
    return Answer(body, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _announce(draft: Draft) -> DraftSummary:
    return _take(DraftSummary, draft.item, comments_until=draft.comments_until)


def _show(shape: type[S], found: Item, **more: object) -> S:
    table = TableSchema(
        fields=tuple(_describe_field(each) for each in found.schema.fields),
        missing_values=found.schema.missing_values,
    )
    return _take(shape, found, **{"comments_until": None, **more}, table=table)


def _describe_field(found: Field) -> TableField:
    closed = is_closed(found)
    return TableField(
        name=found.name,
        title=found.title,
        title_en=found.title_en,
        type=table_type(found),
        rule=found.type,
        openness=found.openness,
        constraints=constrain(found),
        missing_values=found.missing_values,
        aliases=found.aliases,
        required_when=found.required_when,
        choices=None if closed else found.enum,
        choice_aliases=found.choice_aliases,
        open_choice=found.open_choice,
        unit=found.unit,
        lenient=found.lenient,
    )


def _take(shape: type[S], item: Item, **more: object) -> S:
    """The attributes of `item` that `shape` has, and `more`."""
    names = (name for name in shape.__struct_fields__ if name not in more)
    return shape(**{name: getattr(item, name) for name in names}, **more)


def _load_local(day: date) -> Catalogue:
    """The catalogue of this place: what has no basis under its rulebook is not collected."""
    return load_catalogue(day).under(load_rulebook(settings().rulebook).texts)
