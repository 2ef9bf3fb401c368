"""Composing the standard report 公共信用信息报告（标准版） from disclosed records (JS-23, JS-27).

Pure: the same input in any order gives the same bytes. Counts are taken from the body itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import msgspec

from chalicelib.catalogue.model import Catalogue, Item
from chalicelib.law.groups import group_of
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Label
from chalicelib.reports.model import (
    Annotation,
    Chapter,
    Count,
    DisclosedRecord,
    DisclosurePeriod,
    Group,
    ReportField,
    ReportRecord,
    ReportSubject,
    Rules,
    StandardReport,
    Summary,
    Whom,
)
from chalicelib.reports.texts import (
    ANNOTATIONS,
    CHAPTERS,
    EXPLANATION,
    NOT_FOUND,
    OTHER_CHAPTER,
    TITLE,
)
from chalicelib.runtime.clock import LAWFUL_ZONE, lawful_day
from chalicelib.subjects.identifiers import is_person

STANDARD = "standard"

_EACH_TIME = frozenset({"number", "generated"})


def compose_standard(
    subject: ReportSubject,
    records: Iterable[DisclosedRecord],
    *,
    number: str,
    generated: datetime,
    as_of: datetime,
    rulebook: Rulebook,
    catalogue: Catalogue,
) -> StandardReport:
    """The standard report `number` on `subject`, made at `generated` from data of `as_of`.

    Raises:
        DomainError: `E-CAT-11` for a record of an item that the catalogue does not have.
    """
    day = lawful_day(as_of)
    by_item: dict[str, list[DisclosedRecord]] = {
        item.id: []
        for item in catalogue.items.values()
        if _may_be_found(item, subject.key, rulebook, day)
    }
    for record in records:
        by_item.setdefault(catalogue.item(record.item).id, []).append(record)
    categories = {
        item.id: group_of(rulebook, item.id, item.category, day)
        for item in catalogue.items.values()
    }
    chapters = tuple(_chapters(by_item, catalogue, categories))
    return StandardReport(
        number=number,
        kind=STANDARD,
        title=TITLE,
        subject=Whom(subject.name, subject.code),
        generated=lawful_text(generated),
        as_of=lawful_text(as_of),
        rules=Rules(
            name=rulebook.name,
            title=Label(zh=rulebook.title, en=rulebook.title_en),
            version=rulebook.version,
        ),
        catalogue=catalogue.version,
        summary=_summary(chapters, rulebook, day),
        chapters=chapters,
        explanation=EXPLANATION,
    )


def encode(report: StandardReport) -> bytes:
    """The report's JSON: what is handed over, kept and digested."""
    return msgspec.json.encode(report)


def encode_content(report: StandardReport) -> bytes:
    """The report's JSON without `number` and `generated`, which differ each time it is issued."""
    names = [name for name in report.__struct_fields__ if name not in _EACH_TIME]
    return msgspec.json.encode({name: getattr(report, name) for name in names})


def lawful_text(moment: datetime) -> str:
    """`moment` to the second as RFC 3339 with the offset of the lawful clock, +08:00."""
    return moment.astimezone(LAWFUL_ZONE).isoformat(timespec="seconds")


def _may_be_found(item: Item, subject: str, rulebook: Rulebook, day: date) -> bool:
    """Whether the item is about such subjects, and ever shown to third parties."""
    kinds = item.subject.possible
    fitting = "person" in kinds if is_person(subject) else kinds != {"person"}
    opened = rulebook.openness[item.openness]["authorised"].on(day).value
    return fitting and opened != "withheld"


def _chapters(
    by_item: Mapping[str, list[DisclosedRecord]],
    catalogue: Catalogue,
    categories: Mapping[str, str],
) -> Iterator[Chapter]:
    placed = {name for _, _, names in CHAPTERS for name in names}
    rest = tuple(sorted(by_item.keys() - placed))
    for chapter, title, names in (*CHAPTERS, ("other", OTHER_CHAPTER, rest)):
        groups = tuple(
            _group(catalogue.item(name), categories[name], by_item[name])
            for name in names
            if name in by_item
        )
        if groups:
            found = any(group.records for group in groups)
            yield Chapter(id=chapter, title=title, note=None if found else NOT_FOUND, groups=groups)


def _group(item: Item, category: str, records: list[DisclosedRecord]) -> Group:
    by_key = sorted(records, key=lambda record: record.record)
    newest_first = sorted(by_key, key=lambda record: _formed(record, item), reverse=True)
    return Group(
        item=item.id,
        title=Label(zh=item.title, en=item.title_en),
        category=category,
        note=None if records else NOT_FOUND,
        records=tuple(_record(record, item) for record in newest_first),
    )


def _formed(record: DisclosedRecord, item: Item) -> str:
    """The day of the act as text that sorts; empty where none is shown."""
    return str(record.fields.get(item.dates.formed, ""))


def _record(record: DisclosedRecord, item: Item) -> ReportRecord:
    period = None if record.last_day is None else DisclosurePeriod(record.last_day, record.article)
    return ReportRecord(
        record=record.record,
        provider=record.provider,
        said_at=lawful_text(record.said_at),
        period=period,
        annotations=tuple(Annotation(code, ANNOTATIONS[code]) for code in record.annotations),
        fields=tuple(_fields(record, item)),
    )


def _fields(record: DisclosedRecord, item: Item) -> Iterator[ReportField]:
    """The filled fields as the item orders them, then those that it does not have any more."""
    former = sorted(record.fields.keys() - item.fields.keys())
    for name in (*item.fields, *former):
        value = record.fields.get(name)
        if value:
            field = item.fields.get(name)
            label = Label(zh=field.title, en=field.title_en) if field else Label(zh=name, en=name)
            yield ReportField(
                name=name, label=label, value=value, unit=field.unit if field else None
            )


def _summary(chapters: tuple[Chapter, ...], rulebook: Rulebook, day: date) -> Summary:
    groups = [group for chapter in chapters for group in chapter.groups]
    used = {group.category for group in groups}
    return Summary(
        total=_count(groups),
        chapters=tuple(
            Count(chapter.id, chapter.title, _count(chapter.groups)) for chapter in chapters
        ),
        items=tuple(Count(group.item, group.title, _count([group])) for group in groups),
        categories=tuple(
            Count(
                category,
                rulebook.category[category].on(day).value,
                _count(group for group in groups if group.category == category),
            )
            for category in rulebook.category
            if category in used
        ),
    )


def _count(groups: Iterable[Group]) -> int:
    return sum(len(group.records) for group in groups)
