"""What goes into a report and what comes out: plain values, the same as JSON."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from chalicelib.archive.statements import Value
from chalicelib.law.rules import Label


class ReportSubject(Struct, frozen=True):
    """Whom a report is about.

    `key` is the archive's subject key and stays inside; `code` is the unified social credit code or
    registration number, empty for a person.
    """

    key: str
    name: str
    code: str


class DisclosedRecord(Struct, frozen=True, kw_only=True):
    """One record that the subject's report may show, as the decision at the door left it.

    `annotations` are the states that the decision demands to be told (`law.rules.State`);
    `last_day` is the last of its disclosure period, None where it has none, and `article` the rule
    that says so.
    """

    item: str
    record: str
    provider: str
    said_at: datetime
    fields: Mapping[str, Value]
    annotations: tuple[str, ...] = ()
    last_day: date | None = None
    article: str = ""


class ReportField(Struct, frozen=True, kw_only=True):
    """One field with its national code, what people call it, and the unit of an amount."""

    name: str
    label: Label
    value: Value
    unit: str | None


class Annotation(Struct, frozen=True):
    """What is to be told with a record."""

    code: str
    label: Label


class DisclosurePeriod(Struct, frozen=True):
    """The last day of display, and the article that says so."""

    last_day: date
    article: str


class ReportRecord(Struct, frozen=True, kw_only=True):
    """One record as a report shows it; `said_at` is RFC 3339 with +08:00."""

    record: str
    provider: str
    said_at: str
    period: DisclosurePeriod | None
    annotations: tuple[Annotation, ...]
    fields: tuple[ReportField, ...]


class Group(Struct, frozen=True, kw_only=True):
    """The records of one catalogue item; `note` says so where there are none."""

    item: str
    title: Label
    category: str
    note: Label | None
    records: tuple[ReportRecord, ...]


class Chapter(Struct, frozen=True, kw_only=True):
    """One chapter of the national standard report (公共信用信息报告标准 2022)."""

    id: str
    title: Label
    note: Label | None
    groups: tuple[Group, ...]


class Count(Struct, frozen=True):
    """How many records the body holds of one chapter, item or category."""

    id: str
    title: Label
    count: int


class Summary(Struct, frozen=True, kw_only=True):
    """信用信息概要: counted from the body, so it always agrees with it."""

    total: int
    chapters: tuple[Count, ...]
    items: tuple[Count, ...]
    categories: tuple[Count, ...]


class Rules(Struct, frozen=True, kw_only=True):
    """The rulebook under which a report was made."""

    name: str
    title: Label
    version: str


class Whom(Struct, frozen=True):
    """The subject as the report names it."""

    name: str
    code: str


class StandardReport(Struct, frozen=True, kw_only=True):
    """公共信用信息报告（标准版）. Times are RFC 3339 with +08:00; `as_of` is the data's time."""

    number: str
    kind: str
    title: Label
    subject: Whom
    generated: str
    as_of: str
    rules: Rules
    catalogue: str
    summary: Summary
    chapters: tuple[Chapter, ...]
    explanation: tuple[Label, ...]
