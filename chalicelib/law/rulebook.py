"""The law as data: one jurisdiction's rules, each value dated and carrying its article.

A rulebook is a TOML file. It may stand on another one (`beneath`): where it is silent on a day, the
other answers, and the answer says whose it is. A rule lists its values newest first; the lowest
rulebook gives every rule a value from the first day of the calendar, so there is always an answer;
only what names things of its own (items, kinds, sectors) may begin later.

Which day to ask about: classes, periods and starts by the day on which the record's period starts
(a record is judged by the rules in force for its dates); treatment, retention and precedence by the
day of the reading or of the purge.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin, get_type_hints

from msgspec import Meta, Struct

from chalicelib.law.reading import RulebookError, find_choice, read_layers, read_rules
from chalicelib.law.rules import (
    AuthorisationWay,
    Band,
    Channel,
    Choice,
    DateRole,
    Deadline,
    Head,
    Kept,
    Label,
    Measure,
    MonthEnd,
    Months,
    Openness,
    Rule,
    Ruled,
    Sector,
    SeveralKinds,
    Severity,
    Span,
    State,
    SubjectKind,
    Term,
    Threshold,
    Treatment,
    Watched,
    Which,
    WorkingDays,
    Years,
)

RULEBOOKS = Path(__file__).parent / "rulebooks"

_EDITION = 10_000  # more than the days on which values of one edition take effect


class Rulebook(Struct, frozen=True, kw_only=True, eq=False):
    """The rules of one jurisdiction over those beneath it.

    `layers` are its own file and those beneath it, down to the lowest. `edition` grows with every
    change to any of them, and `version` is its text for answers; `days` are those on which values
    take effect, in order. The rules are named as in the files; months, years and working days are
    whole numbers.
    """

    name: str
    title: str
    title_en: str
    layers: tuple[Head, ...]
    edition: int
    version: str
    days: tuple[date, ...]

    openness: Mapping[Openness, Mapping[Channel, Rule[Treatment]]]
    treatment: Mapping[State, Mapping[Channel, Rule[Treatment]]]

    group: Mapping[str, Rule[str]]
    category: Mapping[str, Rule[Label]]

    span: Mapping[Channel, Rule[Span]]
    term: Choice[Term]
    overall_maximum_months: Mapping[Span, Rule[Months | Literal["unlimited"]]]
    start: Mapping[Span, Rule[Annotated[tuple[DateRole, ...], Meta(min_length=1)]]]
    month_end: Rule[MonthEnd]
    end_day: Rule[Literal["inclusive", "exclusive"]]
    stated_end: Rule[Literal["shortens", "ignored"]]

    item_severity: Mapping[str, Rule[Severity]]
    kind_severity: Mapping[str, Rule[Severity]]
    sector: Mapping[str, Rule[Sector]]
    sector_severity: Mapping[str, Mapping[str, Rule[Severity]]]
    fine_severity: Mapping[str, Mapping[str, Rule[Annotated[tuple[Band, ...], Meta(min_length=1)]]]]
    unknown_kind: Rule[Severity]
    summary_procedure: Rule[Severity]
    several_kinds: Rule[SeveralKinds]
    reported_severity: Rule[Literal["completes", "raises"]]

    full_capacity_age: Rule[Annotated[int, Meta(ge=0, le=30)]]
    subject_notice: Mapping[SubjectKind, Rule[bool]]
    entered_for_responsible: Rule[bool]

    authorisation_ways: Rule[Annotated[tuple[AuthorisationWay, ...], Meta(min_length=1)]]
    authorisation_maximum_months: Rule[Months]
    sharing_needs_provider: Rule[bool]
    sharing_needs_agreement: Rule[bool]
    sharing_maximum_months: Rule[Months]

    query_volume: Mapping[Watched, Mapping[Measure, Rule[Threshold]]]

    deadline: Mapping[Deadline, Rule[WorkingDays | Literal["none"]]]
    check_result_days: Rule[Annotated[int, Meta(ge=1, le=366)]]
    watch_months: Rule[Months | Literal["none"]]
    repair_excluded_kinds: Rule[tuple[str, ...]]

    retention_years: Mapping[Kept, Rule[Years | Literal["unlimited"]]]
    retention_month_end: Rule[MonthEnd]

    timeliness_working_days: Rule[WorkingDays | Literal["item_frequency"]]
    precedence: Rule[
        Annotated[tuple[Literal["issuing_authority", "latest"], ...], Meta(min_length=1)]
    ]

    @property
    def texts(self) -> frozenset[str]:
        """What the article keys of all texts begin with that hold here, those beneath included."""
        return frozenset(text for layer in self.layers for text in layer.texts)

    @property
    def heeds_existence(self) -> bool:
        """Whether any record is disclosed only as long as its subject exists (SZ-25)."""
        return any(ruled.value.runs == "existence" for _, ruled in self.term.entries)

    def since(self, day: date) -> date:
        """The day since which every rule has stood as it does on `day`; what they say can be kept by it."""
        place = bisect_right(self.days, day)
        return self.days[place - 1] if place else date.min

    def edition_on(self, day: date) -> int:
        """Grows with every change of the files, and on every day on which a value takes effect."""
        return self.edition * _EDITION + bisect_right(self.days, day)


@cache
def load_rulebook(name: str, directory: Path = RULEBOOKS) -> Rulebook:
    """The rulebook `name` over what stands beneath it; read once in each process.

    Raises `RulebookError`, which names the file, the line or key path, and the reason.
    """
    layers = list(read_layers(name, directory))
    rules, days = read_rules(layers, _shapes(), directory)
    rulebook = Rulebook(
        name=layers[0].name,
        title=layers[0].title,
        title_en=layers[0].title_en,
        layers=tuple(layer.head for layer in layers),
        edition=sum(layer.edition for layer in layers),
        version="/".join(f"{layer.name}-{layer.edition}" for layer in layers),
        days=days,
        **rules,
    )
    for check in (_check_minimums, _check_terms, _check_names, _check_bands):
        check(rulebook, directory)
    return rulebook


def _shapes() -> dict[str, Any]:
    """The type of each rule by its name: everything in `Rulebook` that is not its head."""
    hints = get_type_hints(Rulebook, include_extras=True)
    return {
        name: shape for name, shape in hints.items() if get_origin(shape) in (Rule, Choice, Mapping)
    }


def _check_minimums(rulebook: Rulebook, directory: Path) -> None:
    """Refuses a minimum that is longer than the overall maximum of its period allows."""
    for which, ruled in rulebook.term.entries:
        shortest = 0 if ruled.value.by_law else ruled.value.minimum_months or 0
        for span, rule in rulebook.overall_maximum_months.items():
            limits = [entry.value for entry in rule.entries if entry.value != "unlimited"]
            if which.span in (None, span) and any(shortest > limit for limit in limits):
                reason = f"minimum_months is longer than overall_maximum_months.{span}"
                raise _refuse_term(which, ruled, reason, directory)


def _check_terms(rulebook: Rulebook, directory: Path) -> None:
    """Refuses a term for records that there are none of: a misspelt name would rule nothing."""
    for which, ruled in rulebook.term.entries:
        for named, known in (
            (which.sector, rulebook.sector),
            (which.group, rulebook.category),
            (which.measure, rulebook.kind_severity),
        ):
            if named is not None and named not in known:
                raise _refuse_term(which, ruled, _unknown(named, known), directory)


def _refuse_term(which: Which, ruled: Ruled[Term], reason: str, directory: Path) -> RulebookError:
    file = directory / f"{ruled.rulebook}.toml"
    return RulebookError(file, find_choice("term", which, file), reason)


def _check_names(rulebook: Rulebook, directory: Path) -> None:
    """Refuses names of categories, sectors and kinds that no rule knows."""
    for layer, keys, name, known in _list_names(rulebook):
        if name not in known:
            raise RulebookError(directory / f"{layer}.toml", keys, _unknown(name, known))


def _list_names(
    rulebook: Rulebook,
) -> Iterator[tuple[str, tuple[str, ...], str, Mapping[str, Any]]]:
    """What rules name: whose rule it is, its key path, the name, and all that are known."""
    for item, group in rulebook.group.items():
        for entry in group.entries:
            yield entry.rulebook, ("group", item), entry.value, rulebook.category
    tables: dict[str, Mapping[str, Mapping[str, Rule[Any]]]] = {
        "sector_severity": rulebook.sector_severity,
        "fine_severity": rulebook.fine_severity,
    }
    for table, by_sector in tables.items():
        for sector, by_kind in by_sector.items():
            for kind, rule in by_kind.items():
                layer, keys = rule.entries[0].rulebook, (table, sector, kind)
                yield layer, keys, sector, rulebook.sector
                yield layer, keys, kind, rulebook.kind_severity
    for excluded in rulebook.repair_excluded_kinds.entries:
        for kind in excluded.value:
            yield excluded.rulebook, ("repair_excluded_kinds",), kind, rulebook.kind_severity


def _check_bands(rulebook: Rulebook, directory: Path) -> None:
    """Refuses amounts that stand twice, and a higher fine that is lighter."""
    rules = (
        (("fine_severity", sector, kind), entry)
        for sector, by_kind in rulebook.fine_severity.items()
        for kind, rule in by_kind.items()
        for entry in rule.entries
    )
    for keys, entry in rules:
        order = rulebook.several_kinds.on(entry.effective).value.order
        bands = sorted(entry.value, key=lambda band: band.yuan)
        for lower, higher in pairwise(bands):
            if lower.yuan == higher.yuan:
                reason = f"{lower.yuan} yuan stands here twice"
            elif order.index(higher.severity) < order.index(lower.severity):
                reason = f"a fine of {higher.yuan} yuan is lighter than one of {lower.yuan}"
            else:
                continue
            raise RulebookError(directory / f"{entry.rulebook}.toml", keys, reason)


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    return f"“{name}” is unknown; known here: {', '.join(known) or 'none'}"
