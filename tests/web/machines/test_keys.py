"""Signing keys of machines' tokens: none signs before it is known or is forgotten too soon."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.machines.keys import (
    PUBLISHED_BEFORE,
    ROTATED_AFTER,
    TOKEN_LIFE,
    TokenKey,
    choose_signing,
    is_due,
    list_published,
)
from chalicelib.web.signing_keys import OLDEST
from chalicelib.web.tokens import LEEWAY

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def any_keys(*minutes_ago: int, distrusted: int = -1) -> list[TokenKey]:
    """Keys made so many minutes ago, oldest first; one of them trusted no more."""
    return [
        TokenKey(
            kid=str(number),
            made=NOW - timedelta(minutes=ago),
            jwk={},
            distrusted="lost" if number == distrusted else "",
        )
        for number, ago in enumerate(sorted(minutes_ago, reverse=True))
    ]


def test_should_sign_with_the_only_key_at_once_when_there_is_no_other() -> None:
    keys = any_keys(0)
    assert choose_signing(keys, NOW) == keys[0]
    assert list_published(keys, NOW) == keys


def test_should_publish_nothing_when_there_is_no_key_to_trust() -> None:
    assert list_published([], NOW) == list_published(any_keys(5, distrusted=0), NOW) == []


def test_should_go_on_with_the_old_key_until_the_new_one_is_known() -> None:
    keys = any_keys(14, 50_000)
    assert choose_signing(keys, NOW) == keys[0]
    assert choose_signing(keys, NOW + timedelta(minutes=1)) == keys[1]
    assert list_published(keys, NOW) == keys


def test_should_make_a_new_key_when_the_month_is_over() -> None:
    month = int(ROTATED_AFTER.total_seconds()) // 60
    assert is_due([], NOW)
    assert not is_due(any_keys(month - 1), NOW)
    assert is_due(any_keys(month), NOW)
    assert not is_due(any_keys(0, month), NOW)
    assert is_due(any_keys(5, distrusted=0), NOW)


def test_should_neither_sign_with_nor_publish_a_key_that_is_distrusted() -> None:
    keys = any_keys(0, 100, 200, distrusted=1)
    assert choose_signing(keys, NOW) == keys[0]
    assert keys[1] not in list_published(keys, NOW)
    assert choose_signing(any_keys(0, 100, distrusted=0), NOW) == any_keys(0, 100)[1]


@given(
    ages=st.lists(st.integers(1, 400), min_size=1, max_size=5, unique=True),
    signed=st.integers(0, 400),
)
def test_should_be_published_for_as_long_as_any_token_of_it_holds(
    ages: list[int], signed: int
) -> None:
    at = NOW - timedelta(minutes=signed)
    keys = any_keys(*ages)
    known = [key for key in keys if key.made <= at]
    chosen = choose_signing(known, at)
    if chosen is None:
        return
    # Keys that are made later change nothing of what holds for a token signed now.
    for later in (timedelta(), TOKEN_LIFE, TOKEN_LIFE + LEEWAY):
        then = at + later
        assert chosen in list_published([key for key in keys if key.made <= then], then)
    assert len(known) == 1 or chosen.made + PUBLISHED_BEFORE <= at or chosen == known[0]


def test_should_be_published_for_longer_than_anybody_keeps_keys() -> None:
    assert PUBLISHED_BEFORE > OLDEST
