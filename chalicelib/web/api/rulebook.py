"""The rules that decide here, for everyone to read (JS-37): each value with its article and day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.law.calendars import load_calendars
from chalicelib.law.listing import Listed, Standing, describe_which, list_rules, list_standings
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.settings import settings
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Input

api = Api(__name__, tag="rulebook")


class RulebookQuery(Input, frozen=True):
    """The day to stand on; today's in Asia/Shanghai where none is given."""

    on: date | None = None


class RulebookLayer(Struct, frozen=True, kw_only=True):
    """One rulebook of those that stand on one another; `edition` grows with every change to it.

    The article keys of its own texts begin with one of `texts`.
    """

    name: str
    title: str
    title_en: str
    edition: int
    texts: tuple[str, ...]


class RuledValue(Struct, frozen=True, kw_only=True):
    """A value of a rule, and where it comes from.

    `source` is an article (`JS-26`), `NAT` for national rules known from outside the texts that
    specify the system (`external`), `OWN` for a choice that no text decides. `effective` is the
    first day on which it holds, 0001-01-01 if it always did; `rulebook` the layer that says so.
    `standing` is how it stands on the day: `superseded` gives way to a newer value or a layer above.
    """

    value: Any
    source: str
    external: bool
    effective: date
    rulebook: str
    note: str
    standing: Standing


class RuleShown(Struct, frozen=True, kw_only=True):
    """One rule with all its values, the prevailing ones first.

    `records` names those that it is about (all that is named must fit), empty for all. Where several
    rules of one path are about a record, the topmost layer's prevails, then the one that names more
    (in the order item, sector, measure, severity, subject, group, span).
    """

    path: str
    records: Mapping[str, str]
    values: tuple[RuledValue, ...]


class CalendarYear(Struct, frozen=True, kw_only=True):
    """A year whose working days can be counted, and whose word that rests on: the notice's title
    and number, or the library that holds it."""

    year: int
    source: str


class RulebookShown(Struct, frozen=True, kw_only=True):
    """The rulebook of this service as it stands on a day, topmost layer first."""

    name: str
    title: str
    title_en: str
    version: str
    on: date
    layers: tuple[RulebookLayer, ...]
    rules: tuple[RuleShown, ...]
    calendars: tuple[CalendarYear, ...]


@api.endpoint(
    "GET",
    "/v1/rulebook",
    summary="规则 The rules in force",
    query=RulebookQuery,
    answers={200: RulebookShown},
    public=True,
    cached=True,
)
def show_rulebook(query: RulebookQuery, asked: Asked) -> RulebookShown:
    """Every period, class, deadline, retention and permission that decides here, and its article.

    Values that hold later are among them, with the day from which they do. `calendars` are the years
    in which working days can be counted.
    """
    rulebook = load_rulebook(settings().rulebook)
    day = query.on or lawful_day(asked.at)
    return RulebookShown(
        name=rulebook.name,
        title=rulebook.title,
        title_en=rulebook.title_en,
        version=rulebook.version,
        on=day,
        layers=tuple(RulebookLayer(**msgspec.structs.asdict(layer)) for layer in rulebook.layers),
        rules=tuple(_show(listed, day) for listed in list_rules(rulebook)),
        calendars=tuple(
            CalendarYear(year=year, source=source)
            for year, source in load_calendars().sources.items()
        ),
    )


def _show(listed: Listed, day: date) -> RuleShown:
    values = (
        RuledValue(
            value=msgspec.to_builtins(ruled.value),
            source=ruled.source,
            external=ruled.external,
            effective=ruled.effective,
            rulebook=ruled.rulebook,
            note=ruled.note,
            standing=standing,
        )
        for ruled, standing in list_standings(listed.rule, day)
    )
    records = describe_which(listed.which) if listed.which else {}
    return RuleShown(path=listed.path, records=records, values=tuple(values))
