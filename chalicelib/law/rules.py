"""What a rule is: a value through time that carries its article, and the words that rules use."""

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

Severity = Literal["minor", "general", "serious", "unclassified"]
"""轻微, 一般, 严重, and 未分类 for what no text classifies: a visible state, not a class."""

Openness = Literal["public", "authorised", "shared"]
"""社会公开, 授权查询, 政务共享: how far the catalogue opens an item."""

Channel = Literal[
    "public", "own", "authorised", "ex_officio", "shared", "judicial", "special_report", "operator"
]
"""公示, 本人查询, 授权查询, 依职权查询, 政务共享, 司法查询, 专项信用报告, 工作机构."""

State = Literal[
    "person",
    "underage",
    "consent_over",
    "unpublished",
    "unclassified",
    "ended",
    "hidden",
    "repaired",
    "disputed",
    "verifying",
    "withdrawn",
    "replaced",
    "annulled",
    "deleted",
]
"""What may be true of a record and bear on showing it; several may be true at once."""

Treatment = Literal["shown", "marked", "withheld"]
"""Shown as it is, shown with the state marked on it, or not shown; the strictest prevails."""

Span = Literal["display", "query"]
"""公示期限 and 查询期限: the periods that a rulebook counts; it says which one rules a channel."""

SubjectKind = Literal["organisation", "sole_trader", "person"]
"""法人及非法人组织, 个体工商户, 自然人."""

DateRole = Literal["effective", "formed"]
"""决定生效之日 and 认定（作出）之日, as catalogue items name their date fields."""

Kept = Literal["ledger", "ledger_authorised", "ledger_agency", "originals"]
"""查询台账 by who asked (the rest, with authorisation, on duty), and files as received."""

Deadline = Literal[
    "dispute_mark",
    "dispute_decide",
    "verification_tell",
    "verification_answer",
    "annulment",
    "merit_hiding",
    "repair_accept",
    "repair_decide",
]
"""What must be done within working days 办理时限: a dispute 异议 marked and decided; a provider told
of wrong data and its answer 核查; an annulled act 撤销 and a merit that its subject hides processed;
a repair 信用修复 accepted and decided."""

AuthorisationWay = Literal["online", "window"]
"""How a third party proves a subject's authorisation 授权查询: 线上, 窗口."""

Watched = Literal["organisation", "staff"]
"""Whose queries are watched for anomalous volumes 查询流量: all of an organisation's, one account's."""

Measure = Literal["hour", "day", "subjects", "checked"]
"""Queries in an hour or a day, different subjects of them in a day, subjects of batch checks in a day."""

MonthEnd = Literal["clamp", "next_day"]
Months = Annotated[int, Meta(ge=1, le=1200)]
Years = Annotated[int, Meta(ge=1, le=100)]
WorkingDays = Annotated[int, Meta(ge=1, le=366)]
Words = Annotated[str, Meta(min_length=1)]
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

    def find(self, day: date) -> Ruled[T] | None:
        """The value in force on `day`; None where the rule did not exist yet."""
        for entry in self.entries:
            if entry.effective <= day:
                return entry
        return None

    def on(self, day: date) -> Ruled[T]:
        """The value in force on `day`, of a rule that has one from the first day of the calendar."""
        for entry in self.entries:
            if entry.effective <= day:
                return entry
        raise LookupError(day)


class Term(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long a record is disclosed, and whether at all.

    `runs`: for `maximum_months` from the start; as long as the fact itself is valid (有效期内), or its
    subject exists (存续期内); always. `minimum_months`: what must have passed before a repair may end it, where a text says so.
    `prolonged`: goes on while a measure of the serious list runs (惩戒期限). `by_law`: a law of its own
    sets it (另有规定的，从其规定: JS-26, SZ-24), so the limit for all records gives way to it.
    """

    runs: Literal["months", "validity", "existence", "always"] = "months"
    published: bool = True
    maximum_months: Months | None = None
    minimum_months: Months | None = None
    prolonged: bool = False
    by_law: bool = False

    def __post_init__(self) -> None:
        """Refuses months that are missing, out of place, or in the wrong order."""
        if (self.runs == "months") != (self.maximum_months is not None):
            raise ValueError("maximum_months belongs to what runs for months, and to nothing else")
        if self.minimum_months is not None and self.minimum_months > (self.maximum_months or 0):
            raise ValueError("minimum_months is longer than maximum_months")
        if self.prolonged and self.runs != "months":
            raise ValueError("prolonged belongs to what runs for months, and to nothing else")


class Which(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records a rule is about; what is not named does not matter.

    `group`: the rulebook's own category of the item. `measure`: one of the kinds of penalty.
    """

    item: str | None = None
    sector: str | None = None
    measure: str | None = None
    severity: Severity | None = None
    subject: SubjectKind | None = None
    group: str | None = None
    span: Span | None = None

    def covers(self, case: "Case") -> bool:
        """Whether the rule is about `case`."""
        return (
            self.item in (None, case.item)
            and self.sector in (None, case.sector)
            and (self.measure is None or self.measure in case.measures)
            and self.severity in (None, case.severity)
            and self.subject in (None, case.subject)
            and self.group in (None, case.group)
            and self.span in (None, case.span)
        )

    @property
    def exactness(self) -> tuple[bool, ...]:
        """What orders two rules that cover one record: the first thing that only one names."""
        return tuple(getattr(self, name) is not None for name in self.__struct_fields__)


class Case(Struct, frozen=True, kw_only=True):
    """What a record is, as far as rules tell records apart."""

    item: str
    group: str
    subject: SubjectKind
    span: Span
    sector: str | None = None
    measures: tuple[str, ...] = ()
    severity: Severity | None = None


class Choice(Struct, Generic[T], frozen=True):
    """Rules for particular records: those of the rulebook before those beneath it, and among those
    of one rulebook the more exact first.
    """

    entries: tuple[tuple[Which, Ruled[T]], ...]

    def on(self, case: Case, day: date) -> Ruled[T]:
        """The value for `case` in force on `day`."""
        for which, ruled in self.entries:
            if ruled.effective <= day and which.covers(case):
                return ruled
        raise LookupError(case)


class Sector(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field of government 领域 whose authority classifies for itself (NAT, JS-14).

    A record belongs to it where the name of the deciding authority holds one of `authorities`.
    """

    zh: Words
    en: Words
    authorities: Annotated[tuple[Words, ...], Meta(min_length=1)]


class Band(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fine of `yuan` or more is of this class, up to the next band."""

    yuan: Annotated[int, Meta(ge=0)]
    severity: Severity


_RISING: tuple[Severity, ...] = ("minor", "general", "serious")


class SeveralKinds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of a decision's several kinds of penalty classifies it; `order` is lightest first."""

    take: Literal["heaviest", "lightest"]
    order: tuple[Severity, Severity, Severity, Severity]

    def __post_init__(self) -> None:
        """Refuses an order that leaves a class out, or in which a heavier class is lighter."""
        if len(set(self.order)) != len(self.order):
            raise ValueError("order names a class twice and leaves another out")
        if [each for each in self.order if each != "unclassified"] != [*_RISING]:
            raise ValueError("order is not minor, general, serious")


class Threshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From how many on a volume of queries is noticed, and from how many it is stopped."""

    notice: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    stop: Annotated[int, Meta(ge=1, le=1_000_000_000)]

    def __post_init__(self) -> None:
        """Refuses a volume that would be stopped unnoticed."""
        if self.stop < self.notice:
            raise ValueError("stop is less than notice")


class Head(Struct, frozen=True, kw_only=True):
    """One rulebook file by itself; `edition` grows with every change to it.

    `texts` are what the article keys of its jurisdiction's own texts begin with (`JS`).
    """

    name: str
    title: str
    title_en: str
    edition: int
    texts: tuple[str, ...] = ()


class Label(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people read."""

    zh: Words
    en: Words
