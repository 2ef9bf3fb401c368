"""Records as pages show them: under tabs, with labels, until when and by which article."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from msgspec import Struct

from chalicelib.archive.statements import Value, spoken
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Field, Item
from chalicelib.disclosure.showing import DisclosurePeriod, ShownRecord
from chalicelib.law.classes import Classification
from chalicelib.law.periods import Period
from chalicelib.runtime.clock import lawful_day
from chalicelib.web.portal.texts import load_texts, text_of
from chalicelib.web.portal.visits import Visit

NO_END: Final = date(2099, 12, 31)
_OWN_TABS: Final = frozenset({"licence", "penalty"})
_TABS: Final = ("basic", "licence", "penalty", "positive", "adverse", "other")
"""基础信息、行政许可、行政处罚、守信激励、失信惩戒、其他: by national category, two items apart."""
_BARS: Final[Mapping[str, str]] = {"disputed": "warn", "verifying": "warn", "unclassified": "warn"}


class Line(Struct, frozen=True, kw_only=True):
    """One field: what it is called, what it says, whether a part of it is hidden."""

    label: str
    text: str
    masked: bool


class Tag(Struct, frozen=True):
    """A word about a record, and how serious it looks."""

    text: str
    tone: str


class RecordView(Struct, frozen=True, kw_only=True):
    """One record; `first` are the fields that tell it from others, `more` all others."""

    item: str
    record: str
    title: str
    number: str
    tags: tuple[Tag, ...]
    first: tuple[Line, ...]
    more: tuple[Line, ...]
    period: str
    ground: str
    told: tuple[str, ...]


class Tab(Struct, frozen=True, kw_only=True):
    """A group of records, and its records."""

    name: str
    title: str
    here: bool
    records: tuple[ShownRecord, ...]


def arrange(visit: Visit, records: Iterable[ShownRecord], wanted: str) -> tuple[Tab, ...]:
    """The tabs that hold any records; the wanted one, or else the first, is chosen."""
    found: dict[str, list[ShownRecord]] = {name: [] for name in _TABS}
    for record in records:
        found[tab_of(record.item, record.category)].append(record)
    filled = [name for name in _TABS if found[name]]
    chosen = wanted if wanted in filled else next(iter(filled), "")
    return tuple(
        Tab(
            name=name,
            title=text_of(visit.language, f"tab.{name}"),
            here=name == chosen,
            records=tuple(found[name]),
        )
        for name in filled
    )


def tab_of(item: str, category: str) -> str:
    """The tab that records of an item stand under."""
    return item if item in _OWN_TABS else category


def view_record(record: ShownRecord, visit: Visit) -> RecordView:
    """A record in the visitor's language."""
    item = load_catalogue(lawful_day(visit.asked.at)).item_held(record.item)
    lines = {
        name: _line(name, value, item, record.masked, visit)
        for name, value in record.fields.items()
    }
    names = [name for name in item.fields if name in lines]
    names += [name for name in lines if name not in item.fields]
    numbered = _find_number(item, record.fields)
    first = [name for name in names if name in _list_telling(item)]
    return RecordView(
        item=record.item,
        record=record.record,
        title=visit.say(record.title, record.title_en),
        number=spoken(record.fields[numbered]) if numbered else "",
        tags=tuple(_list_tags(record, visit)),
        first=tuple(lines[name] for name in first if name != numbered),
        more=tuple(lines[name] for name in names if name not in first),
        period="" if record.period is None else say_period(record.period, visit),
        ground=say_ground(record, visit),
        told=tuple(_list_told(record, visit)),
    )


def say_article(source: str, visit: Visit) -> str:
    """An article's key (`JS-26`) as people cite it."""
    text, _, number = source.partition("-")
    name = text_of(visit.language, f"article.{text}")
    return text_of(visit.language, "record.article", name=name, number=number) if number else name


def say_basis(sources: Iterable[str], visit: Visit) -> str:
    """Several articles as people cite them, those of one text together."""
    numbers: dict[str, list[str]] = {}
    for source in sources:
        text, _, number = source.partition("-")
        numbers.setdefault(text, []).append(number)
    comma = visit.say("、", ", ")
    return comma.join(
        say_article(f"{text}-{comma.join(found)}" if any(found) else text, visit)
        for text, found in numbers.items()
    )


def say_period(period: DisclosurePeriod | Period, visit: Visit) -> str:
    """Until when a record is disclosed and which rule says so, as a sentence."""
    say = partial(text_of, visit.language)
    span = say(f"span.{period.span}")
    start = period.start.isoformat() if period.start else ""
    cited = say(
        "record.because",
        reason=say(f"reason.{period.reason}"),
        article=say_article(period.source, visit),
    )
    if period.last_day is None or period.last_day >= NO_END:
        return say("record.endless", span=span) + cited
    said = say("record.until", span=span, start=start, last=period.last_day.isoformat())
    if period.minimum_until is not None:
        said += say("record.minimum", day=period.minimum_until.isoformat())
    return said + cited


def say_judged(found: Classification, visit: Visit) -> str:
    """How serious a record is and which rule says so."""
    return text_of(
        visit.language,
        "record.judged",
        severity=say_word("severity", found.severity, visit),
        article=say_article(found.source, visit),
    )


def say_ground(record: ShownRecord, visit: Visit) -> str:
    """The rule that decided how the record is shown."""
    return text_of(
        visit.language,
        "record.ground",
        about=say_word("about", record.ground.about, visit),
        article=say_article(record.ground.source, visit),
    )


def say_word(kind: str, word: str, visit: Visit) -> str:
    """A word of the rules in the visitor's language; one without a text stays as it is."""
    name = f"{kind}.{word}"
    return text_of(visit.language, name) if name in load_texts() else word


def say_value(value: Value, field: Field | None, visit: Visit) -> str:
    """A field's value with its unit; the day that stands for “no end” as such."""
    said = spoken(value)
    if field is not None and field.type == "date" and said == NO_END.isoformat():
        return text_of(visit.language, "record.long_term")
    if field is None or not field.unit or f"({field.unit})" in field.title:
        return said  # the label names the unit
    return f"{said} {say_word('unit', field.unit, visit)}"


def _list_telling(item: Item) -> frozenset[str]:
    """The fields that people look for first."""
    keys = item.natural_keys[0] if item.natural_keys else item.weak_key
    named = (item.authority_name, item.fine, item.dates.formed, item.dates.valid_until)
    measures = (item.measures, item.subject.name if item.id == "registration" else None)
    codes = {name for name, field in item.fields.items() if field.type == "uscc"}
    return frozenset(name for name in (*keys, *named, *measures) if name) - codes


def _find_number(item: Item, fields: Mapping[str, Value]) -> str:
    """The field with the document's number, where the item has one and the record shows it."""
    keys = item.natural_keys[0] if item.natural_keys else ()
    codes = [name for name in keys if item.fields[name].type == "code" or name.endswith("wsh")]
    return next((name for name in codes if name in fields), "")


def _line(name: str, value: Value, item: Item, masked: Sequence[str], visit: Visit) -> Line:
    field = item.fields.get(name)
    label = name if field is None else visit.say(field.title, field.title_en)
    return Line(label=label, text=say_value(value, field, visit), masked=name in masked)


def _list_tags(record: ShownRecord, visit: Visit) -> Iterable[Tag]:
    if record.severity is not None and record.severity != "unclassified":
        tone = "bad" if record.severity == "serious" else "plain"
        yield Tag(say_word("severity", record.severity, visit), tone)
    for mark in record.marks:
        yield Tag(say_word("about", mark, visit), _BARS.get(mark, "plain"))


def _list_told(record: ShownRecord, visit: Visit) -> Iterable[str]:
    """What only the subject and the operator are told."""
    timed = record.timeliness
    if timed is not None and timed.awaits is not None:
        yield text_of(visit.language, "record.untimed", year=str(timed.awaits))
    elif timed is not None and timed.verdict == "late" and timed.due is not None:
        yield text_of(visit.language, "record.late", due=timed.due.isoformat())
    if record.notified_on is not None:
        yield text_of(visit.language, "record.notified", day=record.notified_on.isoformat())
    if record.entered_from is not None:
        yield text_of(visit.language, "record.entered", code=record.entered_from)
