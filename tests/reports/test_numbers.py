"""Report numbers: read back, and no slip of the pen goes unnoticed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reports.numbers import make_number, read_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WHEN = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)

numbers = st.binary(min_size=16, max_size=16).map(
    lambda random: make_number(WHEN, lambda size: random[:size])
)


@given(numbers)
def test_should_be_read_back_however_it_is_typed(number: str) -> None:
    assert number.startswith("PCI-20261123-")
    assert read_number(number) == number
    assert read_number(f" {number.lower()}\n") == number


@given(numbers, st.data())
def test_should_notice_one_wrong_letter(number: str, data: st.DataObject) -> None:
    places = [*range(4, 12), *range(13, len(number))]
    place = data.draw(st.sampled_from(places))
    alphabet = ALPHABET[:10] if place < 12 else ALPHABET
    wrong = data.draw(st.sampled_from(alphabet).filter(lambda letter: letter != number[place]))

    assert read_number(number[:place] + wrong + number[place + 1 :]) is None


@given(numbers, st.integers(13, 20))
def test_should_notice_swapped_neighbours(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert (read_number(swapped) is None) == (number[place] != number[place + 1])


@pytest.mark.parametrize(
    "text", ["", "PCI", "PCI-20261123-", "PCI-20261123-0000000000/../x", "报告"]
)
def test_should_not_take_what_cannot_be_one(text: str) -> None:
    assert read_number(text) is None


def test_should_differ_by_the_randomness() -> None:
    made = {make_number(WHEN, lambda size, n=n: bytes([n] * size)) for n in range(256)}  # type: ignore[misc]

    assert len(made) == 256
