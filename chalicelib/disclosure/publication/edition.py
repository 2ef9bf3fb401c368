"""Which rules and which catalogue are in force on a day: what a publication row was made under."""

from datetime import date
from functools import lru_cache

from msgspec import Struct

from chalicelib.catalogue.loader import load_catalogue, load_register
from chalicelib.law.rulebook import Rulebook

_VERSIONS = 100_000  # more than the catalogue will ever have


class Edition(Struct, frozen=True):
    """`text` tells one edition from every other.

    `number` grows with every change of the rulebook's files, on every day on which one of their
    values takes effect, and with every adopted version of a catalogue item.
    """

    number: int
    text: str


@lru_cache(maxsize=16)
def edition_on(day: date, rulebook: Rulebook) -> Edition:
    """The edition of rules and catalogue in force on the lawful day `day`.

    Raises:
        DomainError: as `load_catalogue`.
    """
    rules = rulebook.edition_on(day)
    known = load_register().versions.values()
    adopted = sum(each.item.adopted <= day for versions in known for each in versions)
    return Edition(
        number=rules * _VERSIONS + adopted,
        text=f"{rulebook.version}:{rules}+{load_catalogue(day).version}",
    )
