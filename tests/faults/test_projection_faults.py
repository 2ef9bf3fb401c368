"""Pointers, notices and lists when a follower dies, is refused, or is not alone."""

from collections.abc import Iterator

import pytest

import app
from chalicelib.archive.statements import MarkKind
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.lists import read_list
from chalicelib.disclosure.notices.store import find
from chalicelib.law.rulebook import load_rulebook
from tests.disclosure.archives import TODAY, mark
from tests.disclosure.responsible import LIN, LISTED, WANG, list_organisation
from tests.factories import OTHER_PROVIDER, any_mark
from tests.faults.interleaving import race
from tests.faults.sweep import Fault, sweep
from tests.faults.views import views
from tests.faults.worlds import rewinding
from tests.handlers.events import Source, all_changes, clock_at
from tests.web.events import NOW

pytestmark = pytest.mark.timeout(300)

NANJING = load_rulebook("nanjing")
CORRECTED = "拖欠数额较大（更正）"


@pytest.fixture(autouse=True)
def _nanjing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("chalicelib.jobs.follow.load_rulebook", lambda _: NANJING)
    with clock_at(NOW):
        yield


def _fill() -> None:
    list_organisation(WANG)
    list_organisation(WANG, LIN, day=2, provider=OTHER_PROVIDER)
    mark(any_mark(MarkKind.DISPUTED), LISTED)
    mark(any_mark(MarkKind.REPAIRED), LISTED)


def _follow() -> None:
    update_views(LISTED, TODAY, NANJING)


def _pointers() -> set[tuple[str, str]]:
    return {(place[1], place[2]) for place in views() if place[2].startswith("@entry/")}


def _notices() -> list[str]:
    return sorted(item.notice.split("/")[2] for item in find(LISTED.subject))


def _check() -> None:
    assert {person for person, _ in _pointers()} == {WANG.person.subject, LIN.person.subject}
    assert _notices() == ["repaired", "reported", "reported"]


def test_all_is_entered_and_told_once_when_following_fails_anywhere() -> None:
    source: list[Source] = []

    def start() -> None:
        source[:] = [Source(app.follow_archive, all_changes())]

    def follow() -> None:
        source[0].deliver()

    def check() -> None:
        assert source[0].pending == []
        _check()

    with rewinding(_fill) as world:
        places = sweep(world, start, follow, check)

    struck = {(place.operation, place.fault) for place in places}
    assert {(name, fault) for name in ("Query", "PutItem") for fault in Fault} <= struck


def test_all_is_entered_and_told_once_when_two_follow_at_once() -> None:
    with rewinding(_fill) as world:
        race(world, [_follow, _follow], _check)


def test_nobody_repaired_is_on_the_list_when_words_follow_beside_the_mark() -> None:
    def listed() -> None:
        list_organisation(WANG)
        _follow()

    def repair() -> None:
        assert mark(any_mark(MarkKind.REPAIRED), LISTED)
        assert read_list("dishonesty", TODAY, NANJING, None, None, 9).entries == ()

    def say_more() -> None:
        list_organisation(WANG, day=2, serill_rea=CORRECTED)
        _follow()

    def check() -> None:
        assert read_list("dishonesty", TODAY, NANJING, None, None, 9).entries == ()

    with rewinding(listed) as world:
        race(world, [repair, say_more, _follow], check)
