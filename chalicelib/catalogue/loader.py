"""The catalogue in force on a day, from the item files of this deployment."""

import hashlib
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from chalicelib.catalogue.codes import MISNAMED_ITEM, VERSION_ORDER
from chalicelib.catalogue.files import read_draft, read_item
from chalicelib.catalogue.model import Catalogue, Item
from chalicelib.catalogue.register import Draft, Register, Version
from chalicelib.runtime.errors import DomainError

ITEMS = Path(__file__).parent / "items"
DRAFTS = Path(__file__).parent / "drafts"


def load_catalogue(on: date) -> Catalogue:
    """The catalogue in force on the lawful day `on`; files are read once.

    Raises:
        DomainError: a file is refused; the error names file, place and reason.
    """
    return _load_as_adopted(load_register().last_adoption(on))


@cache
def load_register() -> Register:
    """Every version and draft of this deployment, read and checked once.

    Raises:
        DomainError: as `load_catalogue`.
    """
    return read_register(ITEMS, DRAFTS)


@cache
def _load_as_adopted(day: date) -> Catalogue:
    return load_register().on(day)


def read_register(items: Path, drafts: Path) -> Register:
    """The register that the files in two folders make up.

    The first version of an item stands in `<id>.json`, each later one in `<id>@<version>.json`.

    Raises:
        DomainError: as `load_catalogue`.
    """
    versions: dict[str, list[Version]] = {}
    for path in sorted(items.glob("*.json")):
        version = _read_version(path)
        versions.setdefault(version.item.id, []).append(version)
    register = Register(
        versions={name: _in_order(known) for name, known in versions.items()},
        drafts={draft.item.id: draft for draft in map(_read_draft, sorted(drafts.glob("*.json")))},
    )
    for draft in register.drafts.values():
        for known in register.versions.get(draft.item.id, ()):
            if draft.item.version == known.item.version:
                raise _out_of_order(f"drafts/{draft.item.id}.json", draft.item, known.item)
    return register


def _read_version(path: Path) -> Version:
    content = path.read_bytes()
    item = read_item(path.name, content)
    if path.stem not in (item.id, f"{item.id}@{item.version}"):
        raise _misnamed(path, item)
    return Version(item=item, file=path.name, digest=hashlib.sha256(content).hexdigest())


def _read_draft(path: Path) -> Draft:
    draft = read_draft(path.name, path.read_bytes())
    if path.stem != draft.item.id:
        raise _misnamed(path, draft.item)
    return draft


def _misnamed(path: Path, item: Item) -> DomainError:
    return DomainError(MISNAMED_ITEM, file=path.name, item=item.id, version=item.version)


def _in_order(known: list[Version]) -> tuple[Version, ...]:
    """Versions of one item by adoption, the first of them in the file that names no version."""
    ordered = sorted(known, key=lambda each: (each.item.adopted, each.file))
    names = [each.item.version for each in ordered]
    for earlier, later in pairwise(ordered):
        follows = earlier.item.adopted < later.item.adopted and "@" in later.file
        if not follows or names.count(later.item.version) > 1:
            raise _out_of_order(later.file, later.item, earlier.item)
    if "@" in ordered[0].file:
        raise _misnamed(Path(ordered[0].file), ordered[0].item)
    return tuple(ordered)


def _out_of_order(file: str, item: Item, other: Item) -> DomainError:
    return DomainError(
        VERSION_ORDER,
        file=file,
        version=item.version,
        adopted=item.adopted.isoformat(),
        other=other.version,
        since=other.adopted.isoformat(),
    )
