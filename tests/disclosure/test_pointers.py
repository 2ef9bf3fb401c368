"""Whose archives point to a record: a union over all that was ever said, whatever the order."""

from random import Random
from unittest.mock import patch

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.statements import Box, Holding, RecordKey
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.entries import pointers, store
from chalicelib.law.rulebook import Rulebook, load_rulebook
from tests.disclosure.archives import JIANGSU, TODAY
from tests.factories import KEY, any_assertion, any_mark, any_statement, holding

NANJING = load_rulebook("nanjing")
PEOPLE = [f"P{letter * 26}" for letter in "ABC"]
NAMED = st.lists(st.lists(st.sampled_from(PEOPLE), max_size=3), max_size=4)


def hold(named: list[list[str]], key: RecordKey = KEY) -> Holding:
    """A statement for each list of the persons whom it names."""
    statements = []
    for day, people in enumerate(named, 1):
        statement = any_statement(any_assertion(day), key=key, cf_wsh=f"{day}号")
        boxes = tuple(Box(person, b"", b"") for person in people)
        words = msgspec.structs.replace(statement.words, boxes=boxes)
        statements.append(msgspec.structs.replace(statement, words=words))
    return holding(*statements, marks=(any_mark(),))


def pointed(*holdings: Holding, item: str = "penalty", rulebook: Rulebook = NANJING) -> set[str]:
    """Whose archives point to the record when each of these was held, one after the other."""
    found: set[tuple[str, RecordKey]] = set()
    with patch.object(store, "insert", lambda *pointer: found.add(pointer)):
        for each in holdings:
            pointers.enter(each, load_catalogue(TODAY).item(item), rulebook)
    return {person for person, _ in found}


@given(named=NAMED, order=st.randoms())
def test_the_pointers_are_those_of_all_that_was_said(named: list[list[str]], order: Random) -> None:
    whole = hold(named)
    shuffled = sorted(whole.statements, key=lambda _: order.random())
    growing = [
        msgspec.structs.replace(whole, statements=tuple(shuffled[:count]))
        for count in range(len(shuffled) + 1)
    ]

    assert pointed(whole) == pointed(*growing) == {each for people in named for each in people}


def test_only_adverse_records_that_name_the_responsible_are_pointed_to() -> None:
    held = hold([PEOPLE])

    assert pointed(held, item="honour") == set()
    assert pointed(held, item="compulsory") == set()
    assert pointed(held, rulebook=JIANGSU) == set()


def test_a_persons_own_record_is_not_pointed_to() -> None:
    own = msgspec.structs.replace(KEY, subject=PEOPLE[0])

    assert pointed(msgspec.structs.replace(hold([PEOPLE], own), key=own)) == set()
