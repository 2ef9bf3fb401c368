"""The catalogue (目录): what may be collected, in which fields, and who may see it (JS-7, SZ-9).

An item's field rules follow Frictionless Table Schema; what the regulations ask for beside them
(openness, legal basis, keys, subjects) stands in attributes of our own.
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

import msgspec

from chalicelib.catalogue.codes import UNKNOWN_ITEM
from chalicelib.catalogue.labels import normalise_label
from chalicelib.runtime.errors import DomainError

FieldType = Literal[
    "string",
    "text",
    "date",
    "amount",
    "code",
    "uscc",
    "paper",
    "choice",
    "choices",
    "integer",
]
SubjectKind = Literal["organisation", "sole_trader", "person"]
Category = Literal["basic", "positive", "adverse", "other"]
Origin = Literal["national", "supplement"]
Openness = Literal["public", "authorised", "shared"]
UsePeriod = Literal["disclosure", "validity", "existence", "unlimited"]
"""使用期限: as long as a record is disclosed, its fact is valid, its subject exists, or no end."""
ReportingWay = Literal["file", "api", "form", "database"]
"""文件报送, 接口对接, 在线填报, 数据库对接 (JS-16)."""
User = Literal["public", "agency", "subject", "third_party", "judicial"]
"""社会公众, 各部门, 信用主体, 第三方机构或个人, 国家司法机关: who may use an item (SZ-9)."""
ListKind = Literal["dishonest", "abnormal", "red"]
"""严重失信主体名单 (NJ-40), 经营异常名录, 守信红名单 (SZ-27)."""
Retention = Literal["originals"]
"""保存期限: which of the kept things of the rulebook's `retention_years` a record is."""


class Condition(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"in_": "in"}
):
    """Another field's values on which something depends; exactly one of the tests is given.

    `in_`: its value is one of these. `contains`: one of its several values is one of these.
    `filled`: it has any value.
    """

    field: str
    in_: tuple[str, ...] | None = None
    contains: tuple[str, ...] | None = None
    filled: Literal[True] | None = None

    def holds(self, values: Collection[str]) -> bool:
        """Whether it holds for the field's `values` (empty where the field is blank)."""
        if self.filled:
            return bool(values)
        wanted = self.in_ or self.contains or ()
        for value in values:  # noqa: SIM110 - `any` takes several times as long, in every row
            if value in wanted:
                return True
        return False


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a value must be beside other values of its row; exactly one of the tests is given.

    `not_before`, `not_after`: another date. `at_most`: another amount. `above`: a decimal number.
    `definite`: a date that is not the 2099-12-31 of what has no end. `blank`: nothing. What is
    blank passes every test, and `when` says where alone the rule holds. A rule that only `tells`
    refuses no row.
    """

    field: str
    not_before: str | None = None
    not_after: str | None = None
    at_most: str | None = None
    above: str | None = None
    definite: Literal[True] | None = None
    blank: Literal[True] | None = None
    when: Condition | None = None
    tells: bool = False


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an item, named by its national code in lower case.

    `missing_values` are the texts that mean “no value” here. `choice_aliases` maps other spellings
    (the code list's numbers among them) to values of `enum`; `open_choice` is the value that may
    carry a remark (其他（需注明）). A `lenient` field keeps a value that cannot be understood and
    tells; others refuse the row. `openness` is the most that the public may ever see.
    """

    name: str
    title: str
    title_en: str
    type: FieldType
    openness: Literal["public", "masked", "internal"]
    missing_values: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    required: bool = False
    required_when: Condition | None = None
    max_length: int | None = None
    enum: tuple[str, ...] | None = None
    choice_aliases: Mapping[str, str] = {}
    open_choice: str | None = None
    unit: str | None = None
    lenient: bool = False


class SubjectFields(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Which fields say whom a row is about.

    Where there is no `kind` field, every row is about the one kind `only`; otherwise `kinds` tells
    what each value of that field means. An item about persons only has no `uscc`.
    """

    name: str
    uscc: str | None = None
    only: SubjectKind = "organisation"
    kind: str | None = None
    kinds: Mapping[str, SubjectKind] = {}
    registration_number: str | None = None
    organisation_code: str | None = None
    paper_kind: str | None = None
    paper_number: str | None = None

    @property
    def possible(self) -> frozenset[SubjectKind]:
        """Every kind of subject that a row may be about."""
        return frozenset(self.kinds.values()) if self.kind else frozenset((self.only,))

    def kind_of(self, value: str) -> SubjectKind | None:
        """What a row is about whose `kind` field says `value`; None where that says nothing."""
        return self.kinds.get(value) if self.kind else self.only


class Mention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A natural person whom a row names beside its subject, such as a representative 法定代表人.

    `responsible` persons answer for what an adverse record says (NJ-43): 法定代表人, 实际控制人,
    主要负责人, 直接责任人.
    """

    name: str
    paper_kind: str | None = None
    paper_number: str | None = None
    responsible: bool = False


class Dates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields for when the fact was formed 形成, took effect, and when what ends.

    `valid_until` is the end of the fact's own validity (of a licence, a title), `stated_end` the end
    of its disclosure as the provider states it (公示截止期), `measures_until` the last day of the
    measures that hang on it (惩戒期限).
    """

    formed: str
    effective: str
    valid_until: str | None = None
    stated_end: str | None = None
    measures_until: str | None = None


class Labelled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The field in which a provider labels an adverse record 分类标注 (JS-14), and the class that
    each of its values means."""

    field: str
    classes: Mapping[str, Literal["minor", "general", "serious"]]


class Listing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That records of the item make up a public list 名单, and of what kind.

    `left` is the field with the day on which a subject left it 移出, from which it is not on it.
    """

    kind: ListKind
    left: str | None = None


class Consent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The required fields that record why a person's income, property or taxes may be collected.

    SZ-12, NJ-29: `notice` that the adverse consequences were told, `agreement` in writing, the
    agreed `purpose`, and `until` when it may be used.
    """

    notice: str
    agreement: str
    purpose: str
    until: str


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """The item's fields in order, and the texts that mean “no value” unless a field says else."""

    fields: tuple[Field, ...]
    missing_values: tuple[str, ...]


class Item(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One kind of information that may be collected, with everything that JS-7 and SZ-9 ask of it.

    `natural_keys` name the fields that tell one record from another, strongest first and without
    the subject; `weak_key` those that do where no natural key is filled. `measures` is the field
    that says what kind of measure an adverse record is, `issuing_authority` and `authority_name`
    those with the code and the name of whoever decided it, `fine` the amount of a fine,
    `conduct` the day of the unlawful conduct where that is not the day on which the fact was
    formed; `labelled` says how its provider classifies it. `basis` holds article keys (`JS-14`). `adopted` is the first day on which this version holds, `reviewed_by` the day
    by which it is to be reviewed (NJ-25, SZ-8). `listing` says that its records make up a list.
    `rules` compare the fields of a row with each other, beyond what `dates` and the fields say.
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
    channels: tuple[ReportingWay, ...]
    users: tuple[User, ...]
    use_period: UsePeriod
    retention: Retention
    subject: SubjectFields
    dates: Dates
    natural_keys: tuple[tuple[str, ...], ...]
    weak_key: tuple[str, ...]
    schema: Schema
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

    @property
    def admits_consented(self) -> bool:
        """Whether what needs a person's consent may be collected here (SZ-12, NJ-29).

        It may about organisations, whom the prohibition does not protect, and where consent is
        recorded.
        """
        return self.consent is not None or (
            self.subject.kind is None and self.subject.only == "organisation"
        )

    def has_basis_in(self, texts: Collection[str]) -> bool:
        """Whether it may be collected where the texts of these article keys hold (`JS`).

        What the national catalogue has may everywhere; what supplements it where one of the texts
        is its basis (JS-7, SZ-9, SD-7).
        """
        return self.origin == "national" or any(
            article.partition("-")[0] in texts for article in self.basis
        )

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.schema.fields}

    @cached_property
    def outward(self) -> frozenset[str]:
        """The names of the fields that may leave outward at all, be it in part."""
        return frozenset(self.fields.keys() - self._open_as("internal"))

    @cached_property
    def masked(self) -> frozenset[str]:
        """Those of them of which a part is hidden."""
        return self._open_as("masked")

    def _open_as(self, openness: str) -> frozenset[str]:
        return frozenset(name for name, field in self.fields.items() if field.openness == openness)

    @cached_property
    def _labels(self) -> Mapping[str, Field]:
        return {label: field for field in self.schema.fields for label in labels_of(field)}

    def field(self, name: str) -> Field:
        """The field with this name; KeyError where the item has none."""
        return self.fields[name]

    def field_by_label(self, text: str) -> Field | None:
        """The field that a header cell means by its code, title or an alias."""
        return self._labels.get(normalise_label(text))


def labels_of(field: Field) -> set[str]:
    """Every normalised label under which a header may name `field`."""
    return {normalise_label(text) for text in (field.name, field.title, *field.aliases)}


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """The items in force on a day; `version` is the newest adoption with a digest of their files.

    `ahead`: the first versions of items that are not in force yet.
    """

    version: str
    items: Mapping[str, Item]
    ahead: Mapping[str, Item] = {}

    def under(self, texts: Collection[str]) -> "Catalogue":
        """The catalogue of a place where these texts hold: without items that have no basis there."""
        items = {name: item for name, item in self.items.items() if item.has_basis_in(texts)}
        return msgspec.structs.replace(self, items=items)

    def item(self, item_id: str) -> Item:
        """The item with this id.

        Raises:
            DomainError: `E-CAT-11`, the catalogue has no such item.
        """
        found = self.items.get(item_id)
        if found is None:
            raise DomainError(UNKNOWN_ITEM, item=item_id)
        return found

    def item_held(self, item_id: str) -> Item:
        """The item by which a record that is held is read, also on a day before its first version.

        Raises:
            DomainError: `E-CAT-11`, no version has this id.
        """
        return self.ahead[item_id] if item_id in self.ahead else self.item(item_id)
