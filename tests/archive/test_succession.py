"""Marks go where a correction leads the words, whatever the order of arrival."""

from collections.abc import Callable, Mapping

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.fold import fold
from chalicelib.archive.replay import held_by
from chalicelib.archive.statements import Holding, Mark, MarkKind, Phase, RecordKey
from chalicelib.archive.succession import all_successors, follow_marks, successors_in
from tests.factories import (
    KEY,
    OTHER_PROVIDER,
    PROVIDER,
    any_assertion,
    any_mark,
    any_statement,
)

NEW = RecordKey("91329900MA2UUP366Y", "penalty", "1BBBBBBBBBBBBBBBB")
NEWEST = RecordKey("91329900MA3UUP366Z", "penalty", "1CCCCCCCCCCCCCCCC")
KEYS = (KEY, NEW, NEWEST)

Held = Mapping[RecordKey, Holding]


def moved(
    old: RecordKey, new: RecordKey, day: int = 3, provider: str = PROVIDER
) -> tuple[tuple[RecordKey, Mark], tuple[RecordKey, Mark]]:
    """The two marks of a correction, by the record that each stands on."""

    def one(kind: MarkKind, value: RecordKey) -> Mark:
        mark = any_mark(kind, day=day, mark_id=f"{provider}.{day}-{new.record}", provider=provider)
        return msgspec.structs.replace(mark, value=str(value))

    return (old, one(MarkKind.REPLACED, new)), (new, one(MarkKind.REPLACES, old))


def archive_of(*marks: tuple[RecordKey, Mark], said: tuple[RecordKey, ...] = KEYS) -> Held:
    """What is held where `PROVIDER` has said something on the records `said`."""
    return {
        key: Holding(
            key=key,
            statements=(any_statement(any_assertion(1), key=key),) if key in said else (),
            marks=tuple(mark for place, mark in marks if place == key),
        )
        for key in KEYS
    }


def reader(held: Held) -> Callable[[RecordKey], Holding]:
    return lambda key: held[key]


def whole(held: Held, key: RecordKey) -> Holding:
    return follow_marks(held[key], reader(held))


def test_a_mark_follows_the_words_when_it_stood_before_and_when_it_comes_later() -> None:
    repaired = any_mark(MarkKind.REPAIRED, day=2)
    disputed = any_mark(MarkKind.DISPUTED, day=5, mark_id="case-2")
    held = archive_of(*moved(KEY, NEW), (KEY, repaired), (KEY, disputed))

    record = fold(whole(held, NEW))

    assert record.marks == (disputed, repaired)
    assert [(each.since, each.mark.kind) for each in whole(held, NEW).followed] == [
        ("20260103T000000.000Z", "repaired"),
        ("20260103T000000.000Z", "disputed"),
    ]


def test_a_mark_follows_through_several_corrections_and_round_in_circles() -> None:
    repaired = any_mark(MarkKind.REPAIRED)
    held = archive_of(
        *moved(KEY, NEW), *moved(NEW, NEWEST, 4), *moved(NEWEST, KEY, 5), (KEY, repaired)
    )

    for key in KEYS:
        record = fold(whole(held, key))
        assert record.marked(MarkKind.REPAIRED) == repaired
        assert (record.current is None) == (key != KEY)
    assert all_successors(held[KEY], reader(held)) == (NEW, NEWEST)


def test_closing_a_mark_on_either_record_lifts_it() -> None:
    opened = any_mark(MarkKind.DISPUTED)
    closed = any_mark(MarkKind.DISPUTED, Phase.CLOSE)
    for place in (KEY, NEW):
        held = archive_of(*moved(KEY, NEW), (KEY, opened), (place, closed))
        assert fold(whole(held, NEW)).marks == ()


def test_nobody_brings_anothers_mark_onto_a_record() -> None:
    """Else a provider could hide what others say by replacing an annulled record with it."""
    foreign = moved(KEY, NEW, provider=OTHER_PROVIDER)
    held = archive_of(*foreign, (KEY, any_mark()))

    assert whole(held, NEW).followed == ()
    assert fold(held[KEY]).current is not None


def test_what_one_provider_notes_on_its_own_words_follows_nowhere() -> None:
    withdrawn = any_mark(MarkKind.WITHDRAWN, day=2, provider=PROVIDER)
    held = archive_of(*moved(KEY, NEW), (KEY, withdrawn))

    assert whole(held, NEW).followed == ()
    assert fold(whole(held, NEW)).current is not None


def test_a_replaced_record_says_so_when_nobody_else_says_it() -> None:
    held = archive_of(*moved(KEY, NEW))
    assert [mark.kind for mark in fold(held[KEY]).marks] == [MarkKind.REPLACED]
    assert successors_in(held[KEY]) == (NEW,)

    other = any_statement(any_assertion(1), provider=OTHER_PROVIDER)
    both = msgspec.structs.replace(held[KEY], statements=(*held[KEY].statements, other))
    assert fold(both).current == other
    assert fold(both).marks == ()


def test_saying_replaced_words_again_changes_nothing() -> None:
    old = any_statement(any_assertion(1))
    held = archive_of(*moved(KEY, NEW))[KEY]
    again = msgspec.structs.replace(held, assertions=((old.key, any_assertion(9)),))

    assert fold(again).current is None


def test_a_withdrawal_in_a_file_stands_in_the_order_of_its_rows() -> None:
    said = any_statement(any_assertion(2, row=5))
    mark = any_mark(MarkKind.WITHDRAWN, day=2, provider=PROVIDER)
    for row, standing in ((4, True), (6, False)):
        placed = msgspec.structs.replace(mark, order=str(any_assertion(2, row=row)))
        record = fold(Holding(key=KEY, statements=(said,), marks=(placed,)))
        assert (record.current is not None) == standing


@given(st.data())
def test_a_replay_knows_of_a_mark_from_when_it_stood_and_had_followed(data: st.DataObject) -> None:
    days = st.integers(2, 8)
    noted, corrected, asked = data.draw(days), data.draw(days), data.draw(days)
    repaired = any_mark(MarkKind.REPAIRED, day=noted)
    held = archive_of(*moved(KEY, NEW, corrected), (KEY, repaired))
    moment = f"202601{asked:02d}T000000.000Z"

    past = {key: held_by(each, moment) for key, each in held.items()}

    then = held_by(whole(held, NEW), moment)
    assert then == whole(past, NEW)
    assert bool(then.followed) == (max(noted, corrected) <= asked)


links = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.integers(2, 6)).filter(
    lambda link: link[0] != link[1]
)
noted = st.tuples(
    st.sampled_from(KEYS),
    st.builds(
        any_mark,
        st.sampled_from([MarkKind.REPAIRED, MarkKind.ANNULLED, MarkKind.DISPUTED]),
        st.sampled_from(Phase),
        day=st.integers(1, 7),
        mark_id=st.sampled_from(["1", "2"]),
    ),
)


@given(st.lists(links, max_size=4), st.lists(noted, max_size=4), st.sets(st.sampled_from(KEYS)))
def test_more_is_never_less_and_order_does_not_matter(
    corrections: list[tuple[RecordKey, RecordKey, int]],
    marks: list[tuple[RecordKey, Mark]],
    said: set[RecordKey],
) -> None:
    every = [*(each for link in corrections for each in moved(*link)), *marks]
    held = archive_of(*every, said=tuple(said))
    turned = archive_of(*every[::-1], said=tuple(said))
    fewer = archive_of(*every[:-1], said=tuple(said))
    for key in KEYS:
        one, other = whole(held, key), whole(turned, key)
        assert fold(one).marks == fold(other).marks
        assert set(one.followed) == set(other.followed)
        assert whole(fewer, key).size <= one.size
        assert whole(fewer, key).noted <= one.noted
