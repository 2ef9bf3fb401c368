"""Facts: one record laid open for the decision who may see it."""

from collections.abc import Mapping
from datetime import date

import msgspec

from chalicelib.archive.fold import Precedence, Record
from chalicelib.archive.opening import open_words
from chalicelib.archive.statements import Assertion, Mark, RecordKey, Statement, Value
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import Rulebook


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """A record's current words and what is noted on it.

    `said` is the registration time of the words (`stamp` text), empty where nothing is said (any
    more), `first_said` that of anybody's first words on the record; `erased` tells that values of a person are gone because their key was destroyed.
    `ceased` is the day on which the subject ceased to exist, which its registration tells.
    """

    key: RecordKey
    provider: str = ""
    said: str = ""
    first_said: str = ""
    version: str = ""
    fields: Mapping[str, Value] = {}
    typed: Mapping[str, str] = {}
    erased: bool = False
    ceased: date | None = None
    marks: tuple[Mark, ...] = ()
    disagreeing: tuple[str, ...] = ()


def lay_open(record: Record, keys: Mapping[str, bytes], ceased: date | None = None) -> Facts:
    """The facts of `record`, as far as the persons' `keys` open them."""
    if record.current is None or record.said is None:
        return Facts(key=record.key, marks=record.marks, ceased=ceased)
    opened = open_words(record.current.words, record.key, keys)
    return Facts(
        key=record.key,
        provider=record.current.provider,
        said=record.said.registered,
        first_said=next(version.at for version in record.history if version.digest),
        version=record.current.words.version,
        fields=opened.fields,
        typed=opened.typed,
        erased=bool(opened.erased),
        ceased=ceased,
        marks=record.marks,
        disagreeing=record.disagreeing,
    )


def people_in(record: Record) -> set[str]:
    """The persons whose keys are needed to lay `record` open."""
    return set() if record.current is None else {box.person for box in record.current.words.boxes}


def precedence_of(item: Item, rulebook: Rulebook, day: date) -> Precedence:
    """Whose words stand where providers of one record disagree, as the rulebook ranks them."""

    def rank(statement: Statement, said: Assertion) -> tuple[int, Assertion]:
        first = rulebook.precedence.on(day).value[0]
        authority = item.issuing_authority
        issued = authority and statement.words.fields.get(authority) == statement.provider
        return (int(first == "issuing_authority" and bool(issued)), said)

    return rank
