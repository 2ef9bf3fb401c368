"""Disclosed records for reports: one by hand, and any that Hypothesis can think of."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import load_rulebook
from chalicelib.reports.model import DisclosedRecord, ReportSubject
from chalicelib.reports.texts import ANNOTATIONS
from tests.factories import DAY

CATALOGUE = load_catalogue(DAY)
JS = load_rulebook("jiangsu")
WHEN = datetime(2026, 11, 22, 3, 55, 7, 123000, tzinfo=UTC)
SUBJECT = ReportSubject("913209000000000001", "清江市宏远零部件有限公司", "913209000000000001")


def penalty(record: str = "AAAA", formed: str = "2026-03-01") -> DisclosedRecord:
    """A disputed penalty."""
    return DisclosedRecord(
        item="penalty",
        record=record,
        provider="113209000000000002",
        said_at=WHEN,
        fields={
            "cf_wsh": "清市监罚〔2026〕1号",
            "cf_cflb": ("罚款", "警告"),
            "cf_nr_fk": "1.2",
            "cf_jdrq": formed,
            "bz": "",
        },
        annotations=("disputed",),
        last_day=date(2027, 3, 1),
        article="JS-26",
    )


def _values(item: Item) -> st.SearchStrategy[dict[str, str | tuple[str, ...]]]:
    texts = st.text(max_size=8)
    values = st.one_of(texts, st.lists(texts, max_size=3).map(tuple))
    names = st.sampled_from([*item.fields, "no_longer_a_field"])
    days = st.dates().map(date.isoformat)
    others = st.dictionaries(names, values, max_size=6)
    return st.tuples(others, st.none() | days).map(
        lambda pair: {**pair[0], **({item.dates.formed: pair[1]} if pair[1] else {})}
    )


@st.composite
def _record(draw: st.DrawFn, key: tuple[str, str]) -> DisclosedRecord:
    item, record = key
    return DisclosedRecord(
        item=item,
        record=record,
        provider=draw(st.sampled_from(["113209000000000002", "113209000000000003"])),
        said_at=draw(st.integers(0, 4000).map(lambda hours: WHEN - timedelta(hours=hours))),
        fields=draw(_values(CATALOGUE.items[item])),
        annotations=tuple(draw(st.lists(st.sampled_from(sorted(ANNOTATIONS)), max_size=2))),
        last_day=draw(st.none() | st.dates()),
        article="JS-26",
    )


def disclosed_records() -> st.SearchStrategy[list[DisclosedRecord]]:
    """Records of any items of the catalogue, each record once."""
    keys = st.tuples(st.sampled_from(sorted(CATALOGUE.items)), st.text("ABCDE", min_size=1))
    unique = st.lists(keys, unique=True, max_size=12)
    return unique.flatmap(lambda found: st.tuples(*(_record(key) for key in found)).map(list))
