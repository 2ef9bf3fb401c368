"""Items that rulebooks name: a misspelt one would rule nothing, and nobody would notice."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import get_args

from chalicelib.catalogue.model import Category
from chalicelib.law.reading import RulebookError, find_choice
from chalicelib.law.rulebook import Rulebook

Named = tuple[str, tuple[str, ...], str]
"""Whose rule it is, its key path, and the name that is not known."""


def check_items_named(rulebook: Rulebook, items: Collection[str], directory: Path) -> None:
    """Refuse rules for items that are not among `items`, the ids of every version.

    Raises:
        RulebookError: names the file in `directory`, the line and the unknown name.
    """
    for layer, keys, name in _find_unknown(rulebook, items, directory):
        raise RulebookError(
            directory / f"{layer}.toml", keys, f"the catalogue has no item “{name}”"
        )


def _find_unknown(rulebook: Rulebook, items: Collection[str], directory: Path) -> Iterator[Named]:
    for name, severity in rulebook.item_severity.items():
        if name not in items:
            yield severity.entries[0].rulebook, ("item_severity", name), name
    for name, group in rulebook.group.items():
        if name not in {*items, *get_args(Category)}:
            yield group.entries[0].rulebook, ("group", name), name
    for which, ruled in rulebook.term.entries:
        if which.item is not None and which.item not in items:
            file = directory / f"{ruled.rulebook}.toml"
            yield ruled.rulebook, find_choice("term", which, file), which.item
