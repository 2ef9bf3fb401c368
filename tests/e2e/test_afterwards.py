"""What a session of work has left behind; `conftest.py` puts these last."""

import json
from typing import Any

import pytest

from infra.local.issuer import PERSONAS
from tests.e2e.system import QUEUES, System
from tests.e2e.traces import all_log_lines, find_in_logs, log_lines
from tests.e2e.waiting import wait_for
from tests.numbers import find_numbers

pytestmark = pytest.mark.deployed

_ENDS = (
    *("InboxDeadLetters", "PlansDeadLetters", "RangesDeadLetters", "Failures"),
    *("ChecksDeadLetters", "CheckPartsDeadLetters"),
)


def test_should_have_given_nothing_up_when_all_is_done(system: System) -> None:
    wait_for("no work is left", lambda: not system.count_messages(*QUEUES))
    system.settle()
    assert [system.count_messages(queue) for queue in _ENDS] == [0] * len(_ENDS)


def test_should_have_failed_nowhere_when_all_is_done(system: System) -> None:
    failed = [told for told in map(_read_line, _list_messages(system)) if _is_failure(told)]
    assert failed == []
    emulator = system.stack._state.log.read_text(encoding="utf-8").splitlines()
    wrong = [line for line in emulator if " ERROR " in line or " WARNING " in line]
    assert wrong == []


def _list_messages(system: System) -> list[tuple[str, str]]:
    return [(place.partition(":")[0], line.decode()) for place, line in log_lines(system)]


def _read_line(line: tuple[str, str]) -> dict[str, Any]:
    group, message = line
    if message.startswith("{"):
        return {"group": group, **json.loads(message)}
    return {"group": group, "text": message}


def _is_failure(told: dict[str, Any]) -> bool:
    """An error; but API Gateway wants a token refused by an exception."""
    if "level" in told:
        return told["level"] in {"ERROR", "CRITICAL"}
    refused = told["group"].endswith("AuthenticateLogs") and "Unauthorized" in told["text"]
    return not refused and ("Error" in told["text"] or "timed out" in told["text"])


def test_should_have_told_no_secret_when_all_is_logged(system: System) -> None:
    people = [(person.name, person.number, person.old_number) for person in system.invent.people]
    personas = [(p["name"], p["paper_number"]) for p in PERSONAS.values() if "paper_number" in p]
    words = {word for each in (*people, *personas) for word in each}
    assert find_in_logs(system, {"REPORT RequestId"})  # it does look where functions log
    assert find_in_logs(system, {*words, "Bearer ey", "X-Amz-Signature"}) == set()


def test_should_have_told_no_number_of_anybody_when_all_is_logged(system: System) -> None:
    """Not only of whom these tests know: nothing that is an ID number stands in any line."""
    numbers = {
        number: place
        for place, line in all_log_lines(system)
        for number in find_numbers(line.decode(errors="replace"))
    }
    assert numbers == {}
