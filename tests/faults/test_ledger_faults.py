"""A query dies or is refused at any AWS call: never an answer without its entry, each only once."""

from datetime import UTC, datetime

from chalicelib.disclosure import ledger
from tests.aws import emulated_aws
from tests.disclosure.ledger_contents import SUBJECT, entry_at, stored
from tests.faults.sweep import Fault, sweep

ASKED = entry_at(datetime(2026, 11, 22, 3, 55, tzinfo=UTC))


def test_should_never_answer_before_the_entry_stands_when_a_query_fails_anywhere() -> None:
    answers: list[int] = []

    def answer() -> None:
        prepared = ledger.prepare(ASKED)
        answers.append(len(stored()))
        ledger.hand_over(prepared, ["penalty/A"])

    def check() -> None:
        assert all(answers)
        (asked,) = ledger.entries_of(SUBJECT, None, 10).entries
        assert asked.entry == ASKED
        assert asked.handed == ledger.Handover(("penalty/A",), None)
        answers.clear()

    places = sweep(emulated_aws, lambda: None, answer, check)

    assert {("PutItem", fault) for fault in Fault} <= {(p.operation, p.fault) for p in places}
