"""Candidates: a rulebook layer or a version of a catalogue item that is not deployed yet.

A candidate is laid beside copies of the deployed files and read as if it stood among them, so
whatever a deployment would refuse is refused here: `RulebookError` or `DomainError` name file,
place and reason.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from chalicelib.catalogue.files import read_item
from chalicelib.catalogue.loader import DRAFTS, ITEMS, load_catalogue, load_register, read_register
from chalicelib.catalogue.naming import check_items_named
from chalicelib.catalogue.register import Register
from chalicelib.jobs.archives import Law
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file by its name without folders, and its text."""

    name: str
    text: str


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """What is staged: one rulebook layer, one version of an item, or both."""

    rulebook: File | None = None
    item: File | None = None


class Staged(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate that has been read: the rulebook and the register as they would be."""

    rulebook: Rulebook
    register: Register
    effective: tuple[date, ...]

    def first_whole_day(self, today: date) -> date:
        """The day, from `today` on, on which the newest of what is new has taken effect."""
        return max((today, *self.effective))


def stage(candidate: Candidate, jurisdiction: str) -> Staged:
    """Read `candidate` over what is deployed for `jurisdiction`.

    Raises:
        RulebookError: the layer is refused, or `jurisdiction` does not stand on it.
        DomainError: the item is refused (`E-CAT-…`).
    """
    rulebook, days = load_rulebook(jurisdiction, RULEBOOKS), set[date]()
    register = load_register()
    if candidate.item is not None:
        register = _stage_item(candidate.item)
        days |= _adoptions(register) - _adoptions(load_register())
    if candidate.rulebook is not None:
        items = frozenset(register.versions)
        staged = _stage_rulebook(candidate.rulebook, jurisdiction, items)
        days |= set(staged.days) - set(rulebook.days)
        rulebook = staged
    return Staged(rulebook=rulebook, register=register, effective=tuple(sorted(days)))


def law_in_force(jurisdiction: str, day: date) -> Law:
    """What is deployed, as of `day`."""
    return Law(
        rulebook=load_rulebook(jurisdiction, RULEBOOKS), catalogue=load_catalogue(day), day=day
    )


def law_staged(staged: Staged, day: date) -> Law:
    """What would be, as of `day`."""
    return Law(rulebook=staged.rulebook, catalogue=staged.register.on(day), day=day)


def _adoptions(register: Register) -> set[date]:
    return {each.item.adopted for known in register.versions.values() for each in known}


@cache
def _stage_rulebook(file: File, jurisdiction: str, items: frozenset[str]) -> Rulebook:
    with _beside(RULEBOOKS.glob("*.toml"), file.name, file.text) as folder:
        name = load_rulebook(Path(file.name).stem, folder).name
        staged = load_rulebook(jurisdiction, folder)
        check_items_named(staged, items, folder)
        editions, deployed = _editions(staged), _editions(load_rulebook(jurisdiction, RULEBOOKS))
        place = folder / file.name
        if name not in editions:
            raise RulebookError(place, ("name",), f"“{jurisdiction}” does not stand on this one")
        changed = (RULEBOOKS / file.name).read_text("utf-8") != file.text
        if changed and editions[name] <= deployed.get(name, 0):
            reason = f"must be greater than {deployed[name]}, that of the deployed file"
            raise RulebookError(place, ("edition",), reason)
    return staged


def _editions(rulebook: Rulebook) -> dict[str, int]:
    """The edition of every layer."""
    return {layer.name: layer.edition for layer in rulebook.layers}


@cache
def _stage_item(file: File) -> Register:
    item = read_item(file.name, file.text.encode())
    known = load_register().versions.get(item.id, ())
    standing = {version.item.version: version.file for version in known}
    later = f"{item.id}@{item.version}.json" if known else f"{item.id}.json"
    name = standing.get(item.version, later)
    with _beside(ITEMS.glob("*.json"), name, file.text) as folder:
        return read_register(folder, DRAFTS)


@contextmanager
def _beside(deployed: Iterable[Path], name: str, text: str) -> Iterator[Path]:
    """A folder with copies of the deployed files, and with the candidate among them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "staged"
        folder.mkdir()
        for path in deployed:
            shutil.copy(path, folder)
        (folder / name).write_text(text, encoding="utf-8")
        yield folder
