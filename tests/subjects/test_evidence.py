"""Evidence for candidates: what agrees is named, what contradicts rules out."""

import pytest

from chalicelib.subjects.evidence import Given, weigh
from chalicelib.subjects.names import Likeness
from tests.collection.files import uscc

CODE = uscc(7)
NAMES = ("清江市云帆商贸有限公司", "清江市风帆商贸有限公司")


def masked(start: int, end: int, stars: int | None = None) -> str:
    """The code with characters hidden, perhaps with fewer stars than that."""
    return CODE[:start] + "*" * (end - start if stars is None else stars) + CODE[end:]


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [(masked(10, 14), range(11, 15)), (masked(10, 14, 2), range(11, 15)), (CODE, ())],
)
def test_every_visible_character_is_named(shown: str, hidden: range) -> None:
    code, name = weigh(Given(name=NAMES[0], code=shown), CODE, NAMES)
    assert code.characters == tuple(place for place in range(1, 19) if place not in hidden)
    assert (name.kind, name.likeness) == ("name", Likeness.SAME)


@pytest.mark.parametrize(
    "given",
    [
        Given(name=NAMES[0], code="92" + masked(10, 14)[2:]),
        Given(name=NAMES[0], code=masked(10, 14)[:-1]),
        Given(name="清江市大河食品厂", code=masked(10, 14)),
        Given(name=NAMES[0], organisation_code="00000008-2"),
    ],
)
def test_nothing_speaks_for_a_contradicted_candidate(given: Given) -> None:
    assert weigh(given, CODE, NAMES) == ()


def test_older_codes_and_names_are_evidence_of_their_own() -> None:
    inner = CODE[8:17]
    given = Given(
        name="云帆商贸",
        organisation_code=f"{inner[:8]}-{inner[8]}",
        registration_number=f"{CODE[2:8]}600000010",
    )
    clues = weigh(given, CODE, NAMES)
    assert [clue.kind for clue in clues] == ["organisation_code", "registration_region", "name"]
    assert clues[0].characters == tuple(range(9, 18))
    assert clues[2].likeness is Likeness.ABBREVIATED


def test_a_former_name_is_told_as_one() -> None:
    (clue,) = weigh(Given(name=NAMES[1]), CODE, NAMES)
    assert (clue.kind, clue.name) == ("former_name", NAMES[1])
