"""Shares under faults and races: the first act stands, no use without its entry, none after the end."""

from collections.abc import Iterator

import pytest

from chalicelib.disclosure import ledger
from chalicelib.disclosure.recipients.telling import hand_over, open_answer
from chalicelib.disclosure.shares.applying import every_share, find_share
from chalicelib.disclosure.shares.using import enter_all, uses_of
from chalicelib.disclosure.shares.values import State
from chalicelib.runtime.errors import DomainError
from tests.disclosure.archives import TODAY
from tests.disclosure.shares_applied import (
    ITEMS,
    OPERATOR_ACT,
    agree,
    applied,
    approved,
    decide,
    end,
    entry_under,
    query,
)
from tests.factories import ORGANISATION, OTHER_PROVIDER, PROVIDER
from tests.faults.interleaving import race
from tests.faults.sweep import Fault, sweep
from tests.faults.worlds import World, rewinding

pytestmark = pytest.mark.timeout(300)
_TOLD: list[str] = []


@pytest.fixture(autouse=True)
def _silence() -> None:
    _TOLD.clear()


@pytest.fixture
def agreed() -> Iterator[World]:
    with rewinding(lambda: agree(applied())) as world:
        yield world


@pytest.fixture
def active() -> Iterator[World]:
    with rewinding(lambda: approved(items=("levy",))) as world:
        yield world


def the_share() -> str:
    [share] = every_share(None, 9).shares
    return share.id


def entries() -> set[str]:
    return {asked.entry.key for asked in ledger.entries_of(ORGANISATION, None, 50).entries}


def used() -> set[str]:
    return {asked.entry.key for asked in uses_of(find_share(the_share()), None, 50).entries}


# -- faults ----------------------------------------------------------------------------------------


def test_no_answer_is_without_entry_and_use_when_a_query_fails_anywhere(active: World) -> None:
    """JS-32."""
    answered: list[str] = []

    def ask() -> None:
        prepared = query(the_share()).prepared
        assert prepared.entry in entries()
        hand_over(open_answer(prepared), ["levy/A"])
        answered.append(prepared.entry)

    def check() -> None:
        assert set(answered) <= entries() == used()
        assert 1 <= len(entries()) <= 2
        answered.clear()

    places = sweep(active, lambda: None, ask, check)

    struck = {(place.operation, place.fault) for place in places}
    assert {("TransactWriteItems", fault) for fault in Fault} <= struck


def test_a_part_of_a_check_is_entered_once_when_entering_fails_anywhere(active: World) -> None:
    def enter() -> None:
        share = find_share(the_share())
        made = [entry_under(share, ORGANISATION, entry_id=f"E{n}") for n in range(3)]
        enter_all(share, made)

    def check() -> None:
        assert len(entries()) == 3
        assert entries() == used()

    places = sweep(active, lambda: None, enter, check)
    assert {place.fault for place in places if place.operation == "BatchExecuteStatement"} == set(
        Fault
    )


# -- races -----------------------------------------------------------------------------------------


def tell(action: str, what: str) -> None:
    """Do something to the share, and note what came of it."""
    share = the_share()
    try:
        if what == "query":
            query(share)
        elif what == "end":
            end(find_share(share), OPERATOR_ACT)
        else:
            decide(find_share(share), ITEMS if what == "approve" else ())
    except DomainError as refused:
        _TOLD.append(refused.code.id)
    else:
        _TOLD.append(action)


def test_of_approval_and_refusal_the_first_stands(agreed: World) -> None:
    def check() -> None:
        state = find_share(the_share()).state_on(TODAY)
        assert sorted(_TOLD) == sorted(["E-SHARE-07", str(state)])
        _TOLD.clear()

    approve, refuse = State.ACTIVE, State.REFUSED
    race(agreed, [lambda: tell(approve, "approve"), lambda: tell(refuse, "refuse")], check)


def test_a_use_and_an_ending_agree_whoever_is_faster(active: World) -> None:
    def check() -> None:
        assert len(entries()) == _TOLD.count("used")
        assert entries() == used()
        assert _TOLD.count("ended") == 1
        tell("used after all", "query")
        assert _TOLD.pop() == "E-ARCHIVE-01"
        _TOLD.clear()

    race(active, [lambda: tell("used", "query"), lambda: tell("ended", "end")], check)


def test_two_providers_answer_without_losing_a_word() -> None:
    def check() -> None:
        answers = find_share(the_share()).answers
        assert {code: len(said.items) for code, said in answers.items()} == {
            PROVIDER: 1,
            OTHER_PROVIDER: 0,
        }

    def answer(provider: str, *items: str) -> None:
        agree(find_share(the_share()), items, provider)

    with rewinding(applied) as world:
        race(
            world,
            [lambda: answer(PROVIDER, "tax_paid"), lambda: answer(OTHER_PROVIDER)],
            check,
        )
