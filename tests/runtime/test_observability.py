"""Log lines are watched for ID numbers in every run of the tests; so it is seen that this works."""

import logging

import pytest

from tests.numbers import Watch, find_numbers

NUMBER = "110101199003077758"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f'{{"paper":"{NUMBER}"}}', {NUMBER}),
        (f"/v1/people/{NUMBER}?x", {NUMBER}),
        ("110101199003077759", set()),  # its check digit is wrong
        ("91329900MA1UUP366X 113299000099000482", set()),
        (f"0{NUMBER}", set()),
    ],
)
def test_should_find_numbers_when_they_are_whole_and_right(text: str, found: set[str]) -> None:
    assert find_numbers(text) == found


def test_should_keep_a_line_when_a_value_beside_its_message_is_a_number() -> None:
    watch, logger = Watch(), logging.getLogger("watched")
    logger.addHandler(watch)
    logger.warning("SOMETHING", extra={"values": {"paper": NUMBER}})
    logger.warning("SOMETHING", extra={"values": {"count": 1}})
    assert len(watch.found) == 1
