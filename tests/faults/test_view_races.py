"""Projector, marks, rebuild, expire and name index side by side: the end is that of a sequence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind, Phase, RecordKey
from chalicelib.archive.store import read_record
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.search import store
from chalicelib.disclosure.search.finding import search_names
from chalicelib.jobs.archives import Part
from chalicelib.jobs.expire import end_disclosures
from chalicelib.jobs.rebuild import rebuild_part
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, PROVIDER, any_mark
from tests.faults.interleaving import Actor, interleave, race, scripted
from tests.faults.views import rebuilt_views, views
from tests.faults.worlds import World, rewinding

REGISTERED = RecordKey(ORGANISATION, "registration", "1REGISTRATION")
LAST_DAY = date(2029, 5, 10)
AFTER = LAST_DAY + timedelta(days=1)


def _follow(key: RecordKey = KEY) -> None:
    update_views(key, TODAY, JIANGSU)


def _say_more() -> None:
    say(day=2, cf_nr="更正")
    _follow()


def _rebuild() -> None:
    assert rebuild_part(Part(), TODAY, JIANGSU).start is None


def _expire() -> None:
    end_disclosures(AFTER, JIANGSU)


def _annul() -> None:
    assert mark(any_mark(MarkKind.ANNULLED))


def _dispute() -> None:
    assert mark(any_mark(MarkKind.DISPUTED, mark_id="case-2"))


def _follow_registration() -> None:
    _follow(REGISTERED)


def _rename() -> None:
    register("清江新港物流有限公司", day=2)
    _follow_registration()


def _check_views() -> None:
    """Once the stream has told of the last change, the views are those made anew."""
    _follow()
    _follow_registration()
    assert views() == rebuilt_views()


def _publish() -> None:
    register("清江桃溪食品有限公司")
    say()
    _follow()
    _follow_registration()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with rewinding(_publish) as published:
        yield published


def _shown(day: date = TODAY) -> list[tuple[str, ...]]:
    published = read_published(ORGANISATION, day, JIANGSU)
    return [decision.marks for facts, _, decision in published if facts.key == KEY]


@pytest.mark.parametrize(
    ("actors", "shown"),
    [
        ([_annul, _follow], []),
        ([_annul, _say_more, _follow], []),
        ([_annul, _dispute, _say_more], []),
        ([_dispute, _say_more, _rebuild], [("disputed",)]),
        ([_annul, _rebuild, _follow], []),
    ],
    ids=[
        "mark, projector",
        "mark, words, projector",
        "two marks, words",
        "dispute, rebuild",
        "rebuild",
    ],
)
def test_a_record_ends_as_its_marks_leave_it(
    world: World, actors: list[Actor], shown: list[tuple[str, ...]]
) -> None:
    """What a mark hides is hidden when it is set, before the stream has told of it."""

    def check() -> None:
        assert _shown() == shown
        _check_views()

    race(world, actors, check)


def test_a_mark_that_counts_more_words_does_not_hide_another_mark(world: World) -> None:
    """Dispute reads more words than annulment did, but not the annulment."""
    read_one, said_and_read, read_two, written = (0, 0), (2, 2, 2), (1, 1), (0, 2, 1)
    turns: list[int] = []

    with world():
        schedule = scripted(*read_one, *said_and_read, *read_two, *written)
        interleave([_annul, _dispute, _say_more], schedule, turns)

        assert _shown() == []
        _check_views()


def test_no_mark_is_lost_when_several_are_set_on_a_record_at_once(world: World) -> None:
    def check() -> None:
        kinds = {each.kind for each in read_record(KEY).marks}
        assert kinds == {MarkKind.ANNULLED, MarkKind.DISPUTED, MarkKind.REPAIRED}

    def repair() -> None:
        assert mark(any_mark(MarkKind.REPAIRED, mark_id="case-3"))

    race(world, [_annul, _dispute, repair], check)


def test_the_same_mark_is_set_once_when_two_set_it_at_once(world: World) -> None:
    new: list[bool] = []

    def set_mark() -> None:
        new.append(mark(any_mark()))

    def check() -> None:
        assert sorted(new) == [False, True]
        new.clear()
        assert len(read_record(KEY).marks) == 1
        assert _shown() == []

    race(world, [set_mark, set_mark], check)


def test_a_closed_mark_stays_closed_when_it_is_opened_again_meanwhile(world: World) -> None:
    @contextmanager
    def annulled() -> Iterator[None]:
        with world():
            _annul()
            yield

    def close() -> None:
        mark(any_mark(phase=Phase.CLOSE))

    def open_again() -> None:
        mark(any_mark())

    def check() -> None:
        assert _shown() == [()]
        _check_views()

    race(annulled, [close, open_again, _follow], check)


@pytest.mark.parametrize("actor", [_follow, _rebuild, _annul, _say_more])
def test_what_has_ended_is_not_shown_when_something_runs_beside_expire(
    world: World, actor: Actor
) -> None:
    def check() -> None:
        assert _shown(AFTER) == []

    race(world, [_expire, actor, _expire], check)


@pytest.mark.parametrize("parts", [99, 6], ids=["one transaction", "several"])
def test_the_newest_names_are_found_when_indexers_overtake_each_other(
    world: World, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older reader may finish last."""
    monkeypatch.setattr(store, "_PARTS", parts)

    def check() -> None:
        for fragment in ("新港", "桃溪", "清江新港物流"):
            page = search_names(fragment, TODAY, JIANGSU)
            found = [(one.subject, one.name) for one in page.found]
            assert found == [(ORGANISATION, "清江新港物流有限公司")], fragment
        _check_views()

    race(world, [_rename, _follow_registration, _rebuild], check)


def test_no_name_is_found_when_registration_is_withdrawn_beside_an_indexer(world: World) -> None:
    def withdraw() -> None:
        taken_back = any_mark(MarkKind.WITHDRAWN, provider=PROVIDER)
        mark(msgspec.structs.replace(taken_back, at="20260701T000000.000Z"), REGISTERED)
        _follow_registration()

    def check() -> None:
        assert search_names("桃溪", TODAY, JIANGSU).found == ()
        _check_views()

    race(world, [withdraw, _follow_registration], check)
