"""The fold: what was said adds up to the same record, whatever the order of arrival (DESIGN §4)."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.fold import fold, latest
from chalicelib.archive.statements import (
    Assertion,
    Holding,
    Mark,
    MarkKind,
    Phase,
    Statement,
    parse_assertion,
)
from tests.factories import (
    KEY,
    OTHER_PROVIDER,
    PROVIDER,
    any_assertion,
    any_mark,
    any_statement,
    holding,
)


def test_words_said_again_after_other_words_are_current_again() -> None:
    first = any_statement(any_assertion(1), cf_nr="甲")
    second = any_statement(any_assertion(2), cf_nr="乙")

    record = fold(holding(first, second, again=((first, any_assertion(3)),)))

    assert record.current == first
    assert record.said == any_assertion(3)
    assert [version.digest for version in record.history] == [
        first.digest,
        second.digest,
        first.digest,
    ]


def test_a_withdrawal_ends_a_providers_words_until_they_are_said_again() -> None:
    said = any_statement(any_assertion(1))
    withdrawn = any_mark(MarkKind.WITHDRAWN, day=2, provider=PROVIDER)

    assert fold(holding(said, marks=(withdrawn,))).current is None
    again = fold(holding(said, again=((said, any_assertion(3)),), marks=(withdrawn,)))
    assert again.current == said


def test_a_withdrawal_leaves_another_providers_words_standing() -> None:
    own = any_statement(any_assertion(1))
    other = any_statement(any_assertion(1), provider=OTHER_PROVIDER)

    record = fold(
        holding(own, other, marks=(any_mark(MarkKind.WITHDRAWN, day=2, provider=PROVIDER),))
    )

    assert record.current == other


def test_annulment_sticks_whatever_is_said_later() -> None:
    said = any_statement(any_assertion(1))

    record = fold(holding(said, again=((said, any_assertion(9)),), marks=(any_mark(day=5),)))

    assert record.marked(MarkKind.ANNULLED) is not None


def test_only_a_closing_mark_of_the_same_kind_and_id_lifts_a_mark() -> None:
    opened = any_mark(mark_id="case-1")
    other = any_mark(phase=Phase.CLOSE, mark_id="case-2")
    closed = any_mark(phase=Phase.CLOSE, mark_id="case-1")

    assert fold(holding(marks=(opened, other))).marks == (opened,)
    assert fold(holding(marks=(closed, opened))).marks == ()


def test_a_mark_may_arrive_before_what_it_concerns() -> None:
    record = fold(holding(marks=(any_mark(),)))

    assert record.current is None
    assert record.marked(MarkKind.ANNULLED) is not None


def test_an_assertion_waits_for_its_statement() -> None:
    said = any_statement(any_assertion(2))

    assert fold(holding(again=((said, any_assertion(1)),))).current is None
    assert fold(holding(said, again=((said, any_assertion(1)),))).current == said


def test_disagreeing_providers_are_named_and_precedence_decides() -> None:
    own = any_statement(any_assertion(1), cf_nr="甲")
    other = any_statement(any_assertion(2), provider=OTHER_PROVIDER, cf_nr="乙")
    record = fold(holding(own, other))

    assert record.current == other
    assert record.disagreeing == (PROVIDER,)
    favoured = fold(
        holding(own, other), lambda statement, said: (int(statement.provider == PROVIDER), said)
    )
    assert favoured.current == own
    assert favoured.disagreeing == (OTHER_PROVIDER,)


def test_an_assertion_survives_its_text() -> None:
    said = Assertion("20260101T000000.123Z", "20260101-ABCDEFGHJKLM", 48)

    assert parse_assertion(str(said)) == said


assertions = st.builds(
    any_assertion,
    st.integers(1, 6),
    st.sampled_from(["20260101-AAAA", "20260102-BBBB"]),
    st.integers(2, 4),
)
statements = st.builds(
    lambda said, provider, text: any_statement(said, provider=provider, cf_nr=text),
    assertions,
    st.sampled_from([PROVIDER, OTHER_PROVIDER]),
    st.sampled_from(["甲", "乙", "丙"]),
)
marks = st.builds(
    any_mark,
    st.sampled_from(MarkKind),
    st.sampled_from(Phase),
    day=st.integers(1, 6),
    mark_id=st.sampled_from(["1", "2"]),
    provider=st.sampled_from([PROVIDER, OTHER_PROVIDER]),
)


def _held(
    said: list[Statement], again: list[tuple[Statement, Assertion]], marked: list[Mark]
) -> Holding:
    """What the table holds of these, each key once, as its conditional inserts leave it."""
    statements_by_key: dict[str, Statement] = {}
    repeats: set[tuple[str, Assertion]] = set()
    for statement in said:
        if statement.key in statements_by_key:
            repeats.add((statement.key, statement.first))
        else:
            statements_by_key[statement.key] = statement
    repeats |= {(s.key, a) for s, a in again if s.key in statements_by_key}
    by_key = {mark.key(KEY.item, KEY.record): mark for mark in reversed(marked)}
    return Holding(
        key=KEY,
        statements=tuple(statements_by_key.values()),
        assertions=tuple(repeats),
        marks=tuple(by_key.values()),
    )


@given(st.lists(statements, max_size=6), st.data())
def test_the_fold_does_not_depend_on_order_or_duplication(
    said: list[Statement], data: st.DataObject
) -> None:
    marked = data.draw(st.lists(marks, max_size=4, unique_by=lambda m: m.key("i", "r")))
    arrived = data.draw(st.permutations([*said, *said]))
    one, other = _held(said, [], marked), _held(list(arrived), [], marked[::-1])

    first, second = fold(one, latest), fold(other, latest)

    assert (first.said, first.marks, first.disagreeing) == (
        second.said,
        second.marks,
        second.disagreeing,
    )
    assert first.history == second.history
    if first.current is not None:
        assert second.current is not None
        assert first.current.key == second.current.key


@given(st.lists(statements, max_size=5), st.data())
def test_what_is_added_twice_adds_nothing(said: list[Statement], data: st.DataObject) -> None:
    again = data.draw(
        st.lists(st.tuples(st.sampled_from(said), assertions), max_size=3) if said else st.just([])
    )

    once, twice = _held(said, again, []), _held(said + said, again + again, [])

    assert fold(once).history == fold(twice).history
