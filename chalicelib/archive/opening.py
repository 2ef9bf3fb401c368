"""Sealing what is personal in a statement's words, and opening it again.

Pure: persons' keys are passed in. A value sealed under a key that has been destroyed is simply
gone; the person is named by subject key, so that an answer can say that something is missing.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from chalicelib.archive.statements import Box, RecordKey, Value, Words
from chalicelib.runtime.cipher import seal, unseal

V = TypeVar("V")


class Said(msgspec.Struct, frozen=True):
    """Fields as understood, and as typed where that differs."""

    fields: Mapping[str, Value]
    typed: Mapping[str, str]


class Personal(msgspec.Struct, frozen=True):
    """What is said about a person: their subject key, their data key, and the values."""

    person: str
    key: bytes
    said: Said


class Opened(msgspec.Struct, frozen=True):
    """Words with their boxes opened; the persons in `erased` have no key any more."""

    fields: Mapping[str, Value]
    typed: Mapping[str, str]
    erased: tuple[str, ...]


def seal_words(
    key: RecordKey, open_part: Said, personal: Iterable[Personal], *, version: str, normaliser: int
) -> Words:
    """The words of a statement on the record `key`: one box for each entry of `personal`.

    Sealing is deterministic, so the same words about the same persons give the same bytes.
    """
    return Words(
        fields=open_part.fields,
        typed=open_part.typed,
        boxes=tuple(_seal(key, each) for each in personal),
        version=version,
        normaliser=normaliser,
    )


def open_words(words: Words, key: RecordKey, keys: Mapping[str, bytes]) -> Opened:
    """`words` with every box opened whose person has a key in `keys`.

    Raises `cryptography.exceptions.InvalidTag` where a key or the record is not the right one.
    """
    if not words.boxes:
        return Opened(words.fields, words.typed, ())
    fields = dict(words.fields)
    typed = dict(words.typed)
    erased = []
    for box in words.boxes:
        opener = keys.get(box.person)
        if opener is None:
            erased.append(box.person)
            continue
        fields |= _open(opener, box.fields, key, dict[str, Value])
        if box.typed:
            typed |= _open(opener, box.typed, key, dict[str, str])
    return Opened(fields, typed, tuple(dict.fromkeys(erased)))


def _context(key: RecordKey) -> bytes:
    return f"{key.subject}/{key.item}/{key.record}".encode()


def _seal(key: RecordKey, personal: Personal) -> Box:
    context = _context(key)
    said = personal.said
    return Box(
        person=personal.person,
        fields=seal(personal.key, _pack(said.fields), context),
        typed=seal(personal.key, _pack(said.typed), context) if said.typed else b"",
    )


def _pack(values: Mapping[str, Value]) -> bytes:
    return msgspec.msgpack.encode(values, order="deterministic")


def _open(key: bytes, sealed: bytes, record: RecordKey, shape: type[V]) -> V:
    return msgspec.msgpack.decode(unseal(key, sealed, _context(record)), type=shape)
