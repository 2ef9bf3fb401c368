"""A batch check dies or is refused at any AWS call and is done again: nothing told without an entry."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.disclosure import ledger
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.running import find_keys, run_part
from chalicelib.disclosure.checks.values import Answer
from chalicelib.disclosure.grants.giving import grants_of
from chalicelib.disclosure.grants.using import uses_of
from chalicelib.disclosure.grants.values import State
from chalicelib.jobs.checks import handle_event, plan_check
from chalicelib.runtime import blobs
from tests.collection.files import csv_of, entitle, penalty, person_penalty, registration, send
from tests.disclosure.archives import TODAY
from tests.disclosure.checks_made import (
    AGENCY,
    FINED,
    LENDER,
    NAMES,
    PERSON,
    STRANGER,
    agree,
    arrived,
    build_app,
    list_of,
    submit,
)
from tests.disclosure.grants_given import give
from tests.disclosure.ledger_contents import stored
from tests.faults.sweep import Fault, sweep
from tests.faults.throttling import scarce
from tests.faults.worlds import rewinding
from tests.handlers.events import clock_at
from tests.web.events import NOW

pytestmark = pytest.mark.timeout(300)
_CHECKS: list[str] = []


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    _CHECKS.clear()
    with clock_at(NOW):
        yield


def _fill() -> None:
    entitle()
    named = registration(uni_social_crd_cd=FINED, comp_nm=NAMES[FINED])
    send(csv_of("registration", [named]))
    rows = [penalty(cf_xdr_shxym=FINED, cf_xdr_mc=NAMES[FINED])]
    rows.append(person_penalty(cf_xdr_zjhm=PERSON, cf_wsh="清公罚〔2026〕9号"))
    send(csv_of("penalty", rows), "penalty")


def _submit(caller: Any, *rows: tuple[str, ...]) -> None:
    _CHECKS.append(submit(build_app(), list_of(*rows), caller))


def _answers(check: str) -> list[Answer]:
    answers = objects.read_answers(check, 0, find_keys)
    return [each for each in answers if isinstance(each, Answer)]


def _entered(basis: str) -> dict[str, Any]:
    """The entries of a check or grant, and what was handed over on each."""
    items = stored()
    entries = {key: item for key, item in items.items() if basis in item.get("basis", "")}
    return {
        subject: items.get((subject, f"{entry}~handed"), {}).get("returned", set())
        for subject, entry in entries
    }


def _check_told() -> None:
    """Whatever can be fetched was entered and handed over before."""
    [check] = _CHECKS[-1:]
    entered = _entered(check)
    for answer in _answers(check):
        if answer.subject:
            paths = {f"{record.item}/{record.record}" for record in answer.records}
            assert entered[answer.subject] == paths


def test_a_check_is_planned_once_when_planning_fails_anywhere() -> None:
    def start() -> None:
        _submit(AGENCY, (FINED,), ("", "", "", PERSON))

    def act() -> None:
        handle_event(arrived(objects.inbox_key(_CHECKS[-1])), NOW)

    def check() -> None:
        [planned] = _CHECKS[-1:]
        plan = objects.read_plan(planned)
        assert plan is not None
        assert (plan.rows, plan.parts, plan.refused) == (2, 1, None)
        assert len(objects.read_rows(planned, 0) or []) == 2
        assert not list(blobs.list_keys(objects.INBOX))

    with rewinding(_fill) as world:
        places = sweep(world, start, act, check)
    assert {("SendMessageBatch", fault) for fault in Fault} <= {(p[1], p[2]) for p in places}


def test_a_part_is_told_after_its_entries_when_it_fails_anywhere() -> None:
    again: list[str] = []

    def start() -> None:
        _submit(AGENCY, (FINED,), ("", "", "", PERSON), ("", "", "", STRANGER))
        plan_check(_CHECKS[-1], NOW)

    def act() -> None:
        if _CHECKS[-1] in again:
            _check_told()  # what the first run has left, wherever it was struck
        again.append(_CHECKS[-1])
        run_part(_CHECKS[-1], 0, NOW)

    def check() -> None:
        [done] = _CHECKS[-1:]
        _check_told()
        entered = _entered(done)
        assert len(entered) == 3
        assert sorted(map(len, entered.values())) == [0, 1, 2]
        [counts] = objects.list_answered(done).values()
        assert (counts.found, counts.not_found) == (2, 1)
        assert objects.read_rows(done, 0) is None

    with rewinding(_fill) as world:
        places = sweep(world, start, act, check)
        with world():
            start()
            with scarce():
                act()
            check()
    struck = {(place.operation, place.fault) for place in places}
    for operation in ("BatchExecuteStatement", "Query", "BatchGetItem", "PutObject"):
        assert {(operation, fault) for fault in Fault} <= struck


def test_a_grant_for_once_is_used_once_when_a_part_fails_anywhere() -> None:
    def fill() -> None:
        _fill()
        agree()
        give(subject=FINED, recipient=LENDER["organisation"], uses="once")

    def start() -> None:
        [grant] = grants_of(FINED, None, 9).grants
        _submit(LENDER, (FINED, "", "", "", grant.id))
        plan_check(_CHECKS[-1], NOW)

    def act() -> None:
        run_part(_CHECKS[-1], 0, NOW)

    def check() -> None:
        [grant] = grants_of(FINED, None, 9).grants
        assert grant.state_on(TODAY) is State.CONSUMED
        [use] = uses_of(grant, None, 9).entries
        [answer] = _answers(_CHECKS[-1])
        assert use.handed is not None
        assert set(use.handed.returned) == {f"{r.item}/{r.record}" for r in answer.records}
        assert len(ledger.entries_of(FINED, None, 9).entries) == 1

    with rewinding(fill) as world:
        places = sweep(world, start, act, check)
    assert {("TransactWriteItems", fault) for fault in Fault} <= {(p[1], p[2]) for p in places}
