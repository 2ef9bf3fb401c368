"""Grants and recipients under faults and races: consumed once, never after a revocation, all told."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from chalicelib.archive.fold import fold
from chalicelib.archive.store import read_record
from chalicelib.disclosure import ledger
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.grants.giving import answer_grant, find_grant, grants_of, revoke_grant
from chalicelib.disclosure.grants.using import uses_of
from chalicelib.disclosure.grants.values import Answer, State
from chalicelib.disclosure.recipients.telling import hand_over, open_answer, page_for
from chalicelib.runtime.errors import DomainError
from tests.aws import emulated_aws
from tests.disclosure.archives import JIANGSU, TODAY, mark, say
from tests.disclosure.grants_given import BANK, ONLINE, give, query
from tests.disclosure.ledger_contents import AGENCY, entry_at
from tests.factories import KEY, ORGANISATION, any_mark
from tests.faults.interleaving import race
from tests.faults.sweep import Fault, sweep
from tests.faults.worlds import World, rewinding
from tests.web.events import NOW

pytestmark = pytest.mark.timeout(300)
_TOLD: list[str] = []


@pytest.fixture(autouse=True)
def _silence() -> None:
    _TOLD.clear()


def the_grant() -> str:
    [grant] = grants_of(ORGANISATION, None, 9).grants
    return grant.id


def entries() -> tuple[ledger.Asked, ...]:
    return ledger.entries_of(ORGANISATION, None, 50).entries


def tell(action: str, key: str = "") -> None:
    """Query under the grant, and note what came of it."""
    try:
        query(the_grant(), key=key)
    except DomainError as refused:
        _TOLD.append(refused.code.id)
    else:
        _TOLD.append(action)


# -- faults ----------------------------------------------------------------------------------------


def test_a_grant_for_once_is_consumed_with_its_entry_when_a_query_fails_anywhere() -> None:
    """Repeated under its key, the query is answered; no answer is without entry and use."""
    answered: list[str] = []

    def ask() -> None:
        used = query(the_grant(), key="retry-01")
        standing = [asked.entry.key for asked in entries()]
        assert used.prepared.entry in standing
        hand_over(open_answer(used.prepared), ["penalty/A"])
        answered.append(used.prepared.entry)

    def check() -> None:
        grant = find_grant(the_grant())
        by_ledger = {asked.entry.key for asked in entries()}
        assert grant.state_on(TODAY) is State.CONSUMED
        assert {asked.entry.key for asked in uses_of(grant, None, 9).entries} == by_ledger
        assert grant.consumption is not None
        assert grant.consumption.entry in by_ledger
        assert set(answered) <= by_ledger
        assert 1 <= len(by_ledger) <= 2
        answered.clear()

    places = sweep(emulated_aws, lambda: give(uses="once"), ask, check)

    struck = {(place.operation, place.fault) for place in places}
    assert {("TransactWriteItems", fault) for fault in Fault} <= struck


def test_without_a_key_a_grant_for_once_answers_once_when_a_query_fails_anywhere() -> None:
    def ask() -> None:
        tell("answered")

    def check() -> None:
        assert _TOLD.count("answered") <= 1
        assert set(_TOLD) <= {"answered", "E-ARCHIVE-01"}
        assert len(entries()) == 1
        _TOLD.clear()

    sweep(emulated_aws, lambda: give(uses="once"), ask, check)


def test_every_recipient_is_told_once_when_following_fails_anywhere() -> None:
    def arrange() -> None:
        say()
        for number in range(3):
            entry = replace(entry_at(NOW, f"Q000000{number}"), subject=ORGANISATION)
            hand_over(open_answer(ledger.prepare(entry)), [KEY.path])
        say(day=2, cf_nr="更正")
        mark(any_mark())

    def check() -> None:
        notices = page_for(AGENCY, None, 50).notices
        assert len(notices) == 6
        assert len({(notice.entry, notice.what) for notice in notices}) == 6

    places = sweep(emulated_aws, arrange, lambda: update_views(KEY, TODAY, JIANGSU), check)

    struck = {(place.operation, place.fault) for place in places}
    assert {("PutItem", fault) for fault in Fault} <= struck


# -- races -----------------------------------------------------------------------------------------


@pytest.fixture
def once() -> Iterator[World]:
    with rewinding(lambda: give(uses="once")) as world:
        yield world


@pytest.fixture
def many() -> Iterator[World]:
    with rewinding(give) as world:
        yield world


def test_of_two_uses_at_one_time_one_consumes_the_grant(once: World) -> None:
    def check() -> None:
        assert sorted(_TOLD) == ["E-ARCHIVE-01", "answered"]
        assert len(entries()) == 1
        _TOLD.clear()

    race(once, [lambda: tell("answered"), lambda: tell("answered")], check)


def test_a_use_and_a_revocation_agree_whoever_is_faster(many: World) -> None:
    def revoke() -> None:
        revoke_grant(find_grant(the_grant()), ONLINE)
        _TOLD.append("revoked")

    def check() -> None:
        assert len(entries()) == _TOLD.count("used")
        assert _TOLD.count("revoked") == 1
        tell("used after all")
        assert _TOLD.pop() == "E-ARCHIVE-01"
        _TOLD.clear()

    race(many, [lambda: tell("used"), revoke], check)


def test_of_yes_and_no_the_first_stands() -> None:
    def say_so(accepted: bool) -> None:
        answer = Answer(accepted=accepted, act=ONLINE)
        try:
            answer_grant(find_grant(the_grant()), answer, JIANGSU)
        except DomainError as refused:
            _TOLD.append(refused.code.id)
        else:
            _TOLD.append(str(accepted))

    def check() -> None:
        grant = find_grant(the_grant())
        assert grant.answer is not None
        assert sorted(_TOLD) == sorted(["E-GRANT-06", str(grant.answer.accepted)])
        _TOLD.clear()

    with rewinding(lambda: give(asked=True)) as world:
        race(world, [lambda: say_so(True), lambda: say_so(False)], check)


def test_an_answer_and_a_change_agree_whoever_is_faster() -> None:
    """Whoever was given the record without the mark is told of it, whenever each of them came."""

    def arrange() -> None:
        say()
        give()

    def ask() -> None:
        answering = open_answer(query(the_grant()).prepared)
        known = bool(fold(read_record(KEY)).marks)
        hand_over(answering, [KEY.path])
        _TOLD.append("with the mark" if known else "without")

    def annul() -> None:
        mark(any_mark())
        update_views(KEY, TODAY, JIANGSU)

    def check() -> None:
        notices = page_for(BANK, None, 9).notices
        assert len(notices) <= 1
        assert notices or _TOLD == ["with the mark"]
        _TOLD.clear()

    with rewinding(arrange) as world:
        race(world, [ask, annul], check)
