"""A rulebook's own cut of the categories (JS-11, NJ-20, SZ-10): which one an item belongs to."""

from datetime import date
from functools import lru_cache

from chalicelib.law.rulebook import Rulebook


def group_of(rulebook: Rulebook, item: str, category: str, on: date) -> str:
    """The rulebook's category of `item`.

    What it says of the item itself prevails over what it says of the item's national `category`,
    which stays where it does not cut differently.
    """
    return _group_since(rulebook, item, category, rulebook.since(on))


@lru_cache(maxsize=1024)
def _group_since(rulebook: Rulebook, item: str, category: str, since: date) -> str:
    for name in (item, category):
        ruled = rulebook.group[name].find(since) if name in rulebook.group else None
        if ruled is not None:
            return ruled.value
    return category
