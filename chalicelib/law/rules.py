"""What a rule is: a value through time that carries its article, and the words that rules use."""

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

Severity = Literal["minor", "general", "serious", "unclassified"]
"""轻微, 一般, 严重, and 未分类 for what no text classifies: a visible state, not a class."""

Openness = Literal["public", "authorised", "shared"]
"""社会公开, 授权查询, 政务共享: how far the catalogue opens an item."""

Channel = Literal[
    "public", "own", "authorised", "ex_officio", "judicial", "special_report", "operator"
]
"""公示, 本人查询, 授权查询, 依职权查询, 司法查询, 专项信用报告, 工作机构."""

State = Literal[
    "person",
    "unpublished",
    "unclassified",
    "ended",
    "repaired",
    "disputed",
    "verifying",
    "withdrawn",
    "annulled",
    "deleted",
]
"""What may be true of a record and bear on showing it; several may be true at once."""

Treatment = Literal["shown", "marked", "withheld"]
"""Shown as it is, shown with the state marked on it, or not shown; the strictest prevails."""

DateRole = Literal["effective", "formed"]
"""决定生效之日 and 认定（作出）之日, as catalogue items name their date fields."""

Category = Literal["basic", "positive", "adverse", "other"]
Kept = Literal["ledger", "originals"]
MonthEnd = Literal["clamp", "next_day"]
Months = Annotated[int, Meta(ge=1, le=1200)]
Years = Annotated[int, Meta(ge=1, le=100)]
WorkingDays = Annotated[int, Meta(ge=1, le=366)]
Article = Annotated[str, Meta(pattern=r"^(NAT|OWN|[A-Z]{2,4}-[1-9][0-9]*)$")]

T = TypeVar("T")
U = TypeVar("U")


class Ruled(Struct, Generic[T], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value and where it comes from.

    `source`: article key (`JS-26`), `NAT` for national rules known from elsewhere, `OWN` for a
    choice that no text decides. `effective`: the first day on which it holds. `rulebook`: the name
    of the rulebook that says so. `note`: why, for people.
    """

    value: T
    source: Article
    effective: date
    rulebook: str
    note: str = ""

    @property
    def external(self) -> bool:
        """Whether the rule is national, known from outside the texts that specify the system."""
        return self.source == "NAT"

    def leading_to(self, value: U) -> "Ruled[U]":
        """`value`, which follows from this rule, with this rule's origin."""
        return Ruled(
            value=value,
            source=self.source,
            effective=self.effective,
            rulebook=self.rulebook,
            note=self.note,
        )


class Rule(Struct, Generic[T], frozen=True):
    """One rule through time: the rulebook's own values newest first, then those beneath it."""

    entries: tuple[Ruled[T], ...]

    def on(self, day: date) -> Ruled[T]:
        """The value in force on `day`."""
        return next(entry for entry in self.entries if entry.effective <= day)


class Disclosure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one class is disclosed 公示, in months; without a minimum where the text sets none."""

    published: bool
    maximum_months: Months
    minimum_months: Months | None = None

    def __post_init__(self) -> None:
        """Refuses a minimum that is longer than the maximum."""
        if self.minimum_months is not None and self.minimum_months > self.maximum_months:
            raise ValueError("minimum_months is longer than maximum_months")


class SeveralKinds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of a decision's several kinds of penalty classifies it; `order` is lightest first."""

    take: Literal["heaviest", "lightest"]
    order: tuple[Severity, Severity, Severity, Severity]

    def __post_init__(self) -> None:
        """Refuses an order that leaves a class out."""
        if len(set(self.order)) != len(self.order):
            raise ValueError("order names a class twice and leaves another out")


class Label(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people read."""

    zh: str
    en: str
