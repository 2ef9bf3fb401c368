"""Invented natural persons."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from infra.local.demo import words
from infra.local.demo.identifiers import make_id_number

_OLDEST = date(1953, 1, 1)
_YOUNGEST = date(1984, 12, 31)


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person with an ID card 居民身份证."""

    name: str
    id_number: str


def make_people(rng: Random, count: int) -> tuple[Person, ...]:
    """`count` adults; names may repeat, as names do, ID numbers do not."""
    found: dict[str, Person] = {}
    while len(found) < count:
        person = _make_person(rng)
        found[person.id_number] = person
    return tuple(found.values())


def _make_person(rng: Random) -> Person:
    female = rng.random() < 0.4
    given = words.GIVEN_FEMALE if female else words.GIVEN_MALE
    syllables = "".join(rng.sample(given, rng.choices((1, 2), weights=(1, 3))[0]))
    born = _OLDEST + timedelta(days=rng.randrange((_YOUNGEST - _OLDEST).days))
    return Person(rng.choice(words.SURNAMES) + syllables, make_id_number(rng, born, female=female))
