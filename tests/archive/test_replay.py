"""Replay: the past is what was registered by then, and adding later things never changes it."""

from datetime import UTC, date, datetime
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.facts import lay_open
from chalicelib.archive.fold import fold
from chalicelib.archive.replay import INSIDE, held_by, last_instant, restrict, words_today
from chalicelib.archive.statements import Assertion, Holding, Mark, MarkKind, Phase, Statement
from chalicelib.archive.visibility import Decision, Reason
from chalicelib.law.rules import Channel, Treatment
from chalicelib.runtime.clock import stamp
from tests.factories import (
    KEY,
    OTHER_PROVIDER,
    PROVIDER,
    any_assertion,
    any_mark,
    any_statement,
    holding,
)

assertions = st.builds(
    any_assertion, st.integers(1, 6), st.sampled_from(["20260101-AAAA", "20260102-BBBB"])
)
said = st.tuples(
    st.sampled_from([PROVIDER, OTHER_PROVIDER]), st.sampled_from(["甲", "乙", "丙"]), assertions
)
marks = st.builds(
    any_mark,
    st.sampled_from(MarkKind),
    st.sampled_from(Phase),
    day=st.integers(1, 6),
    mark_id=st.sampled_from(["1", "2"]),
    provider=st.sampled_from([PROVIDER, OTHER_PROVIDER]),
)
moments = st.integers(0, 7).map(lambda day: f"202601{day:02d}T000000.000Z")


def held(events: list[tuple[str, str, Assertion]], noted: list[Mark]) -> Holding:
    """What the table holds of these: each statement with its earliest assertion."""
    by_words: dict[tuple[str, str], set[Assertion]] = {}
    for provider, text, when in events:
        by_words.setdefault((provider, text), set()).add(when)
    statements: list[Statement] = []
    again: list[tuple[str, Assertion]] = []
    for (provider, text), times in by_words.items():
        first, *later = sorted(times)
        statements.append(any_statement(first, provider=provider, cf_nr=text))
        again += [(statements[-1].key, when) for when in later]
    by_key = {mark.key(KEY.item, KEY.record): mark for mark in reversed(noted)}
    return Holding(
        key=KEY,
        statements=tuple(statements),
        assertions=tuple(again),
        marks=tuple(by_key.values()),
    )


def parts(held: Holding) -> set[object]:
    """Everything in a holding, as one set."""
    return {
        *((statement.key, statement.first) for statement in held.statements),
        *held.assertions,
        *held.marks,
    }


holdings = st.builds(held, st.lists(said, max_size=8), st.lists(marks, max_size=4))


@given(holdings)
def test_replaying_at_the_last_stamp_gives_what_is_held(whole: Holding) -> None:
    stamps = [statement.first.registered for statement in whole.statements]
    stamps += [when.registered for _, when in whole.assertions]
    stamps += [mark.at for mark in whole.marks]

    assert held_by(whole, max(stamps, default="")) == whole


@given(holdings, moments, moments)
def test_a_later_replay_holds_all_of_an_earlier_one(whole: Holding, one: str, other: str) -> None:
    earlier, later = sorted((one, other))

    assert parts(held_by(whole, earlier)) <= parts(held_by(whole, later))
    assert held_by(held_by(whole, later), earlier) == held_by(whole, earlier)


@given(st.lists(said, max_size=8), st.lists(marks, max_size=4), moments, st.data())
def test_a_replay_does_not_depend_on_order(
    events: list[tuple[str, str, Assertion]], noted: list[Mark], moment: str, data: st.DataObject
) -> None:
    unique = list({mark.key("i", "r"): mark for mark in noted}.values())
    arrived = data.draw(st.permutations(events))

    one = fold(held_by(held(events, unique), moment))
    other = fold(held_by(held(arrived, unique[::-1]), moment))

    assert one == other


@given(st.lists(said, max_size=6), st.lists(said, max_size=4), moments, st.lists(marks, max_size=3))
def test_adding_later_things_never_changes_an_earlier_replay(
    events: list[tuple[str, str, Assertion]],
    more: list[tuple[str, str, Assertion]],
    moment: str,
    noted: list[Mark],
) -> None:
    later = [event for event in more if event[2].registered > moment]
    unique = {mark.key("i", "r"): mark for mark in noted if mark.at > moment}

    before = held_by(held(events, []), moment)
    after = held_by(held([*events, *later], list(unique.values())), moment)

    assert parts(after) == parts(before)


def test_what_is_registered_at_the_moment_itself_is_held() -> None:
    whole = holding(any_statement(any_assertion(3)), marks=(any_mark(day=3),))

    assert held_by(whole, "20260103T000000.000Z") == whole
    assert held_by(whole, "20260102T235959.999Z").size == 0


def test_a_statement_is_held_from_its_first_assertion_and_current_by_its_last() -> None:
    first = any_statement(any_assertion(1), cf_nr="甲")
    second = any_statement(any_assertion(2), cf_nr="乙")
    whole = holding(first, second, again=((first, any_assertion(3)),))

    assert fold(whole).current == first
    assert fold(held_by(whole, "20260102T120000.000Z")).current == second


@pytest.mark.parametrize(
    ("day", "stamped"),
    [
        (date(2026, 6, 30), "20260630T155959.999Z"),
        (date(2024, 2, 29), "20240229T155959.999Z"),
        (date(999, 1, 1), "09990101T155416.999Z"),  # before there were zones
    ],
)
def test_a_day_ends_where_the_law_applies(day: date, stamped: str) -> None:
    assert stamp(last_instant(day)) == stamped
    assert stamp(datetime(2026, 6, 30, 16, tzinfo=UTC)) > stamp(last_instant(date(2026, 6, 30)))


# -- what may be told of it ------------------------------------------------------------------------


def test_every_channel_that_is_not_known_to_lead_inside_is_limited() -> None:
    outward: set[Channel] = {"public", "authorised", "ex_officio", "special_report"}

    assert set(get_args(Channel)) - INSIDE >= outward


def test_words_taken_back_since_are_nobodys() -> None:
    own = any_statement(any_assertion(1), cf_nr="甲")
    other = any_statement(any_assertion(1), provider=OTHER_PROVIDER, cf_nr="乙")
    taken_back = any_mark(MarkKind.WITHDRAWN, day=4, provider=OTHER_PROVIDER)
    whole = holding(own, other, marks=(taken_back,))
    then = lay_open(fold(held_by(whole, any_assertion(2).registered)), {})
    now = lay_open(fold(whole), {})
    assert (then.provider, now.provider) == (OTHER_PROVIDER, PROVIDER)

    assert not words_today(then, now, whole).said
    assert words_today(now, now, whole) == now


def test_words_corrected_since_stand_under_the_marks_of_today() -> None:
    wrong = any_statement(any_assertion(1), cf_nr="甲")
    right = any_statement(any_assertion(3), cf_nr="乙")
    whole = holding(wrong, right, marks=(any_mark(MarkKind.DISPUTED, day=4),))
    then = lay_open(fold(held_by(whole, any_assertion(2).registered)), {})
    now = lay_open(fold(whole), {})

    words = words_today(then, now, whole)

    assert (words.fields["cf_nr"], words.said) == ("甲", then.said)
    assert words.marks == now.marks


def reason(treatment: Treatment, about: str = "disputed") -> Reason:
    return Reason(
        about=about,
        treatment=treatment,
        source="JS-33",
        rulebook="jiangsu",
        effective=date(2026, 1, 1),
    )


def decision(treatment: Treatment, *masked: str, **fields: str) -> Decision:
    return Decision(
        outcome=treatment,
        reasons=(reason(treatment),),
        fields=fields if treatment != "withheld" else {},
        masked=masked,
        marks=("disputed",) if treatment == "marked" else (),
    )


treatments = st.sampled_from(get_args(Treatment))


@given(treatments, treatments, treatments)
def test_the_strictest_of_then_and_now_prevails(
    then: Treatment, now: Treatment, words: Treatment
) -> None:
    limited = restrict(*(decision(each, cf_nr="甲") for each in (then, now, words)))

    order = list(get_args(Treatment))
    assert limited.outcome == limited.reason.treatment
    assert order.index(limited.outcome) == max(map(order.index, (then, now, words)))
    assert bool(limited.fields) == limited.shown
    assert limited.marks == (("disputed",) if limited.outcome == "marked" else ())


def test_a_field_shows_the_least_of_then_and_now() -> None:
    then = decision("shown", "a", "b", a="张**", b="李**", c="王五", d="internal since")
    words = decision("shown", "a", "c", a="张**", b="李四", c="王*")

    limited = restrict(then, decision("shown", z="another's"), words)

    assert limited.fields == {"a": "张**", "b": "李**", "c": "王*"}
    assert limited.masked == ("a", "b", "c")


def test_nothing_is_changed_where_today_says_the_same() -> None:
    then = decision("marked", cf_nr="甲")

    assert restrict(then, then, then) == then
    assert msgspec.json.encode(restrict(then, then, then)) == msgspec.json.encode(then)
