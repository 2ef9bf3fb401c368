"""Record keys: which of a subject's records a row is about (JS-17, SD-13, DESIGN §4)."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from chalicelib.archive.statements import Value, spoken
from chalicelib.catalogue.model import Item
from chalicelib.collection.normalising import NORMALISER
from chalicelib.runtime.cipher import short_hash
from chalicelib.subjects.names import normalise_name

_BLANK: Final = frozenset(
    ("", "空", "无", "暂无", "N/A", "NA", "NULL", "NONE", "\\N", "/", "-", "--", "—", "——")
)


def name_record(item: Item, provider: str, fields: Mapping[str, Value]) -> str:
    """The record's name inside its archive, made from the first natural key that is filled.

    Spaces, widths and shapes of brackets do not matter. A blank part, the data standard's literal
    “空” included, leaves the next key; the last is the weak one, which holds the provider and so
    never merges what two providers say.
    """
    for tier, names in enumerate(item.natural_keys, 1):
        parts = _parts(names, fields)
        if all(parts):
            return f"{tier}{_hash(tier, parts)}"
    return f"w{_hash(0, [provider, *_parts(item.weak_key, fields)])}"


def has_natural_key(item: Item, fields: Mapping[str, Value]) -> bool:
    """Whether `fields` fill a natural key of `item`, so that the weak one does not count."""
    return any(all(_parts(names, fields)) for names in item.natural_keys)


def _parts(names: Iterable[str], fields: Mapping[str, Value]) -> list[str]:
    parts = [normalise_name(spoken(fields.get(name, ""))) for name in names]
    return ["" if part in _BLANK else part for part in parts]


def _hash(tier: int, parts: list[str]) -> str:
    return short_hash(msgspec.msgpack.encode((NORMALISER, tier, parts)))
