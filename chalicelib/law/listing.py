"""Every rule of a rulebook, for people to read (JS-37): what holds, what is to come, what held."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Choice, Rule, Ruled, Which

Standing = Literal["in_force", "upcoming", "superseded"]
"""What holds on a day, what will from its own day on, and what gives way to either."""


class Listed(Struct, frozen=True):
    """One rule: its key path as in the files, the records that it is about if not all, its values."""

    path: str
    which: Which | None
    rule: Rule[Any]


def list_rules(rulebook: Rulebook) -> Iterator[Listed]:
    """The rules in the order of the files; of each choice, those of its own layer first."""
    yield from _list(msgspec.structs.asdict(rulebook), ())


def _list(value: Any, path: tuple[str, ...]) -> Iterator[Listed]:
    if isinstance(value, Rule):
        yield Listed(".".join(path), None, value)
    elif isinstance(value, Choice):
        for which in dict.fromkeys(which for which, _ in value.entries):
            entries = tuple(ruled for each, ruled in value.entries if each == which)
            yield Listed(".".join(path), which, Rule(entries))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _list(inner, (*path, name))


def list_standings(rule: Rule[Any], day: date) -> Iterator[tuple[Ruled[Any], Standing]]:
    """Each value of `rule` and how it stands on `day`."""
    holding = rule.find(day)
    for entry in rule.entries:
        if entry is holding:
            yield entry, "in_force"
        elif entry.effective > day and rule.find(entry.effective) is entry:
            yield entry, "upcoming"
        else:
            yield entry, "superseded"


def describe_which(which: Which) -> dict[str, str]:
    """What a rule names of the records that it is about; empty where it is about all of them."""
    named = msgspec.structs.asdict(which)
    return {name: value for name, value in named.items() if value is not None}
