"""The register of the catalogue: every version of every item, adopted or in draft (NJ-25, SZ-8).

A version holds from the day of its adoption until the next one's. Drafts are out for public comment
and never used for checking.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

import msgspec

from chalicelib.catalogue.codes import UNKNOWN_ITEM
from chalicelib.catalogue.model import Catalogue, Item
from chalicelib.runtime.errors import DomainError


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One adopted version of an item, the file it stands in and that file's SHA-256 in hex."""

    item: Item
    file: str
    digest: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A version out for comment 征求意见, up to the day `comments_until`; `adopted` is proposed."""

    item: Item
    comments_until: date


class Register(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All versions by item, the earliest adopted first, and the drafts by item."""

    versions: Mapping[str, tuple[Version, ...]]
    drafts: Mapping[str, Draft]

    @cached_property
    def _adoptions(self) -> list[date]:
        return sorted({each.item.adopted for known in self.versions.values() for each in known})

    def last_adoption(self, day: date) -> date:
        """The last day up to `day` on which anything was adopted; `date.min` before the first."""
        place = bisect_right(self._adoptions, day)
        return self._adoptions[place - 1] if place else date.min

    def on(self, day: date) -> Catalogue:
        """The catalogue in force on `day`: of each item the version adopted last."""
        held = [
            found
            for known in self.versions.values()
            if (found := _in_force(known, day)) is not None
        ]
        newest = max((each.item.adopted for each in held), default=date.min)
        lines = "".join(f"{each.file}:{each.digest}\n" for each in sorted(held, key=_file))
        return Catalogue(
            version=f"{newest}.{hashlib.sha256(lines.encode()).hexdigest()[:8]}",
            items={each.item.id: each.item for each in held},
            ahead={
                name: known[0].item
                for name, known in self.versions.items()
                if known[0].item.adopted > day
            },
        )

    def versions_of(self, item_id: str) -> tuple[Version, ...]:
        """Every adopted version of an item, the earliest first.

        Raises:
            DomainError: `E-CAT-11`, no such item was ever adopted.
        """
        found = self.versions.get(item_id)
        if found is None:
            raise DomainError(UNKNOWN_ITEM, item=item_id)
        return found


def _in_force(versions: Iterable[Version], day: date) -> Version | None:
    held = [each for each in versions if each.item.adopted <= day]
    return held[-1] if held else None


def _file(version: Version) -> str:
    return version.file
