"""The law as data: one jurisdiction's rules, each value dated and carrying its article.

A rulebook is a TOML file. It may stand on another one (`beneath`): where it is silent on a day, the
other answers, and the answer says whose it is. A rule lists its values newest first; the lowest
rulebook gives every rule a value from the first day of the calendar, so there is always an answer.

Which day to ask about: classes, periods and starts by the day on which the record's period starts
(a record is judged by the rules in force for its dates); treatment, retention and precedence by the
day of the reading or of the purge.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from chalicelib.law.rules import (
    Category,
    Channel,
    DateRole,
    Disclosure,
    Kept,
    Label,
    MonthEnd,
    Months,
    Openness,
    Rule,
    Ruled,
    SeveralKinds,
    Severity,
    State,
    Treatment,
    WorkingDays,
    Years,
)

RULEBOOKS = Path(__file__).parent / "rulebooks"

Keys = tuple[str, ...]
Entries = tuple[Ruled[Any], ...]


class RulebookError(Exception):
    """A rulebook cannot be used: which file, where in it (key path), and why."""

    def __init__(self, file: Path, keys: Keys, reason: str) -> None:
        self.file = f"{file.parent.name}/{file.name}"
        self.place = ".".join(keys)
        self.reason = reason
        super().__init__(": ".join(part for part in (self.file, self.place, reason) if part))


class Rulebook(Struct, frozen=True, kw_only=True, eq=False):
    """The rules of one jurisdiction over those beneath it.

    `edition` grows with every change to any of the files involved, and `version` is its text for
    answers. The rules are named as in the files; months, years and working days are whole numbers.
    """

    name: str
    title: str
    title_en: str
    edition: int
    version: str

    openness: Mapping[Openness, Mapping[Channel, Rule[Treatment]]]
    treatment: Mapping[State, Mapping[Channel, Rule[Treatment]]]

    disclosure: Mapping[Severity, Rule[Disclosure]]
    overall_maximum_months: Rule[Months | Literal["unlimited"]]
    start: Rule[Annotated[tuple[DateRole, ...], Meta(min_length=1)]]
    month_end: Rule[MonthEnd]
    end_day: Rule[Literal["inclusive", "exclusive"]]

    item_severity: Mapping[str, Rule[Severity]]
    kind_severity: Mapping[str, Rule[Severity]]
    unknown_kind: Rule[Severity]
    summary_procedure: Rule[Severity]
    several_kinds: Rule[SeveralKinds]

    retention_years: Mapping[Kept, Rule[Years | Literal["unlimited"]]]
    retention_month_end: Rule[MonthEnd]

    timeliness_working_days: Rule[WorkingDays | Literal["item_frequency"]]
    precedence: Rule[
        Annotated[tuple[Literal["issuing_authority", "latest"], ...], Meta(min_length=1)]
    ]
    category: Mapping[Category, Rule[Label]]


class Layer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rulebook file as written."""

    name: str
    title: str
    title_en: str
    edition: Annotated[int, Meta(ge=1)]
    rules: dict[str, Any]
    beneath: str | None = None


@cache
def load_rulebook(name: str, directory: Path = RULEBOOKS) -> Rulebook:
    """The rulebook `name` over what stands beneath it; read once in each process.

    Raises `RulebookError`, which names the file, the line or key path, and the reason.
    """
    layers = list(_layers(name, directory))
    top, lowest = layers[0], directory / f"{layers[-1].name}.toml"
    shapes = _shapes()
    found: dict[Keys, Entries] = {}
    for layer in layers:
        file = directory / f"{layer.name}.toml"
        for keys, entries in _read_table(layer.rules, shapes, (), file):
            found[keys] = (*found.get(keys, ()), *entries)
    rules = {key: _assemble(shape, found, (key,), lowest) for key, shape in shapes.items()}
    rulebook = Rulebook(
        name=top.name,
        title=top.title,
        title_en=top.title_en,
        edition=sum(layer.edition for layer in layers),
        version="/".join(f"{layer.name}-{layer.edition}" for layer in layers),
        **rules,
    )
    _check_minimums(rulebook, directory)
    return rulebook


def _layers(name: str, directory: Path) -> Iterator[Layer]:
    """The rulebook `name`, then what stands beneath it, down to the lowest."""
    seen: list[str] = []
    below: str | None = name
    while below is not None:
        file = directory / f"{below}.toml"
        if below in seen:
            raise RulebookError(file, ("beneath",), "rulebooks stand on one another in a circle")
        seen.append(below)
        layer = _read_layer(file)
        yield layer
        below = layer.beneath


def _read_layer(file: Path) -> Layer:
    try:
        layer = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Layer)
    except FileNotFoundError:
        raise RulebookError(file, (), "there is no such rulebook") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as unreadable:
        raise RulebookError(file, (), str(unreadable)) from unreadable
    except msgspec.ValidationError as invalid:
        raise _refusal(file, (), invalid) from invalid
    if layer.name != file.stem:
        raise RulebookError(file, ("name",), f"“{layer.name}” is not what the file is called")
    return layer


def _refusal(file: Path, keys: Keys, invalid: msgspec.ValidationError) -> RulebookError:
    """What msgspec found below `keys`, with its place moved into the key path."""
    reason, _, place = str(invalid).partition(" - at `$")
    inner = tuple(place.rstrip("`").removeprefix(".").split(".")) if place else ()
    return RulebookError(file, (*keys, *inner), reason)


def _shapes() -> dict[str, Any]:
    """The type of each rule by its name: everything in `Rulebook` that is not its head."""
    hints = get_type_hints(Rulebook, include_extras=True)
    return {name: shape for name, shape in hints.items() if get_origin(shape) in (Rule, Mapping)}


def _read_table(
    table: Any, shapes: Mapping[str, Any], keys: Keys, file: Path
) -> Iterator[tuple[Keys, Entries]]:
    """The rules in `table`, whose keys and their types are `shapes`."""
    if not isinstance(table, dict):
        raise RulebookError(file, keys, "expected a table")
    for key, raw in table.items():
        here = (*keys, key)
        if key not in shapes:
            raise RulebookError(file, here, f"unknown; known here: {', '.join(shapes)}")
        yield from _read(raw, shapes[key], here, file)


def _read(raw: Any, shape: Any, keys: Keys, file: Path) -> Iterator[tuple[Keys, Entries]]:
    if get_origin(shape) is Rule:
        yield keys, _read_entries(raw, shape, keys, file)
        return
    keyed_by, inner = get_args(shape)
    names = get_args(keyed_by) or (tuple(raw) if isinstance(raw, dict) else ())
    yield from _read_table(raw, dict.fromkeys(names, inner), keys, file)


def _read_entries(raw: Any, shape: Any, keys: Keys, file: Path) -> Entries:
    """One rule's dated values, newest first."""
    if not (isinstance(raw, list) and raw and all(isinstance(entry, dict) for entry in raw)):
        raise RulebookError(file, keys, "expected a list of values with effective and source")
    entry_type = _entry_type(shape)
    entries = []
    for index, entry in enumerate(raw):
        here = (*keys[:-1], f"{keys[-1]}[{index}]")
        try:
            entries.append(msgspec.convert({**entry, "rulebook": file.stem}, entry_type))
        except msgspec.ValidationError as invalid:
            raise _refusal(file, here, invalid) from invalid
    if any(later.effective <= earlier.effective for later, earlier in pairwise(entries)):
        raise RulebookError(file, keys, "values must stand newest first, one for each day")
    return tuple(entries)


def _entry_type(shape: Any) -> Any:
    """`Ruled[T]` for the shape `Rule[T]`."""
    generic: Any = Ruled
    return generic[get_args(shape)]


def _assemble(shape: Any, found: Mapping[Keys, Entries], keys: Keys, lowest: Path) -> Any:
    """The rule or table of rules at `keys`; `lowest` is the file that must be complete."""
    if get_origin(shape) is Rule:
        entries = found.get(keys, ())
        if not entries or entries[-1].effective != date.min:
            raise RulebookError(lowest, keys, f"has no value from {date.min} on")
        return Rule(entries)
    keyed_by, inner = get_args(shape)
    depth = len(keys)
    named = dict.fromkeys(path[depth] for path in found if path[:depth] == keys)
    return {
        name: _assemble(inner, found, (*keys, name), lowest) for name in get_args(keyed_by) or named
    }


def _check_minimums(rulebook: Rulebook, directory: Path) -> None:
    """Refuses a class whose minimum is longer than the overall maximum allows."""
    limits = [
        entry.value
        for entry in rulebook.overall_maximum_months.entries
        if entry.value != "unlimited"
    ]
    for severity, rule in rulebook.disclosure.items():
        for entry in rule.entries:
            shortest = entry.value.minimum_months or 0
            if any(shortest > limit for limit in limits):
                file = directory / f"{entry.rulebook}.toml"
                reason = "minimum_months is longer than overall_maximum_months"
                raise RulebookError(file, ("disclosure", severity), reason)
