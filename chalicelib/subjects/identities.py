"""Who is behind a key: pseudonyms for persons, and the keys that seal what is personal.

A person's subject key is random. A paper number leads to it only through a keyed hash, and every
personal value is sealed under the person's own key: destroying that key erases the person
everywhere (JS-30, NJ-51; DESIGN §4).
"""

import base64
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

import msgspec

from chalicelib.runtime import cipher
from chalicelib.runtime.batches import batched
from chalicelib.subjects import store
from chalicelib.subjects.identifiers import Paper

_MADE_TOGETHER: Final = 25
"""A transaction takes 100 items, and conflicts with whoever meets one of its persons."""

Randomness = Callable[[int], bytes]


class Person(msgspec.Struct, frozen=True):
    """A person's subject key, and the key that opens their values (None once destroyed)."""

    subject: str
    key: bytes | None


class Keyring(msgspec.Struct, frozen=True):
    """The system's own keys for pseudonyms and for wrapping persons' keys."""

    hashing: bytes
    wrapping: bytes
    sessions: bytes


@cache
def keyring() -> Keyring:
    """The keyring of this process."""
    master = store.load_master_key()
    return Keyring(
        hashing=cipher.derive(master, "papers"),
        wrapping=cipher.derive(master, "persons"),
        sessions=cipher.derive(master, "cursors"),
    )


def _paper_key(paper: Paper) -> str:
    return "paper." + cipher.keyed_hash(keyring().hashing, f"{paper.kind}|{paper.number}")


def _person(item: store.Entry) -> Person:
    key = None if item.wrapped is None else cipher.unwrap(keyring().wrapping, item.wrapped)
    return Person(item.key, key)


def find_people(papers: Iterable[Paper]) -> dict[Paper, Person]:
    """The persons known under `papers`; papers nobody is known under are left out."""
    keys = {paper: _paper_key(paper) for paper in papers}
    links = store.find_many(keys.values())
    items = store.find_many({link.person for link in links.values() if link.person})
    return {
        paper: _person(items[link.person])
        for paper, key in keys.items()
        if (link := links.get(key)) is not None and link.person in items
    }


def find_or_add_people(
    papers: Iterable[Paper], *, since: str, randomness: Randomness = os.urandom
) -> dict[Paper, Person]:
    """The persons behind `papers`, each of them made where nobody is known yet."""
    wanted = set(papers)
    people = find_people(wanted)
    for batch in batched(sorted(wanted - people.keys()), _MADE_TOGETHER):
        made = _make_people(batch, since, randomness)
        if made is not None:
            people |= made
            continue
        for paper in batch:  # somebody has just met one of them
            alone = _make_people([paper], since, randomness)
            people |= find_people([paper]) if alone is None else alone
    return people


def _make_people(
    papers: Iterable[Paper], since: str, randomness: Randomness
) -> dict[Paper, Person] | None:
    """New persons, one a paper; None where one of the papers is known."""
    people: dict[Paper, Person] = {}
    entries = []
    for paper in papers:
        subject = "P" + base64.b32encode(randomness(16)).decode().rstrip("=")
        key = randomness(cipher.KEY_BYTES)
        wrapped = cipher.wrap(keyring().wrapping, key)
        people[paper] = Person(subject, key)
        entries.append(store.NewPerson(subject, wrapped, _paper_key(paper)))
    return people if store.add_people(entries, since) else None


def find_by_subject(subjects: Iterable[str]) -> Mapping[str, Person]:
    """The persons with these subject keys; unknown ones are left out."""
    return {key: _person(item) for key, item in store.find_many(subjects).items()}


def destroy_person(subject: str, *, when: str) -> bool:
    """Destroy a person's key and papers. False where there was nothing left to destroy."""
    item = store.find(subject)
    if item is None or item.erased is not None:
        return False
    store.destroy(subject, item.papers, when)
    return True
