"""A query that stops its asker dies or is refused at any AWS call: stopped and told all the same."""

from contextlib import suppress

from chalicelib.disclosure.volumes.stops import lift, stops_of
from chalicelib.disclosure.volumes.values import Lifting
from chalicelib.disclosure.volumes.watching import count_query
from chalicelib.runtime.errors import DomainError
from tests.aws import emulated_aws
from tests.disclosure.watched import AT, CLERK, rules_with, told
from tests.faults.sweep import Fault, sweep

RULES = rules_with(staff_day=(2, 2))
LIFTING = Lifting(at=AT, by="supervisor", reason="已核实")


def ask() -> None:
    with suppress(DomainError):
        count_query(CLERK, "a", AT, RULES)


def test_should_stop_and_tell_once_when_the_query_that_stops_fails_anywhere() -> None:
    def check() -> None:
        [stop] = stops_of(CLERK.organisation)
        assert stop.stands_for(CLERK)
        whats = [what for what, _ in told()]
        assert whats.count("stopped") == 1
        assert set(whats) <= {"noticed", "stopped"}

    places = sweep(emulated_aws, ask, ask, check)

    assert {("UpdateItem", Fault.KILLED_AFTER), ("PutItem", Fault.KILLED_BEFORE)} <= {
        (place.operation, place.fault) for place in places
    }


def test_should_lift_and_tell_once_when_lifting_fails_anywhere() -> None:
    def arrange() -> None:
        ask()
        ask()

    def act() -> None:
        [stop] = stops_of(CLERK.organisation)
        lift(CLERK.organisation, stop.excess.id, LIFTING)

    def check() -> None:
        [stop] = stops_of(CLERK.organisation)
        assert stop.lifted == LIFTING
        assert [what for what, _ in told()].count("lifted") == 1

    sweep(emulated_aws, arrange, act, check)
