"""Cursors: only what was given comes back, and only to where it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes
from chalicelib.web.cursors import read_cursor, write_cursor

KEY = b"k" * 32


def refuses(cursor: str, *, key: bytes = KEY, scope: str = "records") -> bool:
    """Whether the cursor is refused."""
    with pytest.raises(DomainError) as refusal:
        read_cursor(cursor, key=key, scope=scope)
    return refusal.value.code is codes.CURSOR_REFUSED


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=40), max_size=4), st.text())
def test_should_come_back_as_it_was_when_nobody_touched_it(
    position: dict[str, str], scope: str
) -> None:
    cursor = write_cursor(position, key=KEY, scope=scope)
    assert cursor.isascii()
    assert read_cursor(cursor, key=KEY, scope=scope) == position


def test_should_be_refused_when_used_elsewhere() -> None:
    cursor = write_cursor({"key": "a"}, key=KEY, scope="records")
    assert refuses(cursor, key=b"o" * 32)
    assert refuses(cursor, scope="recordset")
    assert refuses(cursor, scope="record")


def test_should_be_refused_when_one_letter_is_another() -> None:
    cursor = write_cursor({"key": "a"}, key=KEY, scope="records")
    for place in range(len(cursor) - 1):
        other = "A" if cursor[place] != "A" else "B"
        assert refuses(cursor[:place] + other + cursor[place + 1 :])


@given(st.text())
def test_should_be_refused_when_it_is_invented(cursor: str) -> None:
    assert refuses(cursor)


def test_should_be_refused_when_it_is_too_long() -> None:
    assert refuses(write_cursor({"key": "a" * 2000}, key=KEY, scope="records"))
