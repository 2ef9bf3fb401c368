"""Fault sweeps: fail each AWS call of an action, before and after its effect, and run it again.

Every AWS call of boto3 and pynamodb alike passes `BaseClient._make_api_call`, so nothing escapes.
Two faults are tried: the process dies (that call and all that would follow raise what no code may
catch), and AWS answers an error once (the code may handle it, or let the run fail).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError


class Killed(BaseException):
    """The process is gone; not an `Exception`, so that no handler catches it."""


class Fault(Enum):
    """What goes wrong at the chosen call."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    REFUSED_BEFORE = "refused before"
    REFUSED_AFTER = "refused after"

    @property
    def kills(self) -> bool:
        """Whether the process dies of it."""
        return self in {Fault.KILLED_BEFORE, Fault.KILLED_AFTER}

    @property
    def after(self) -> bool:
        """Whether the call takes effect first."""
        return self in {Fault.KILLED_AFTER, Fault.REFUSED_AFTER}


class Place(NamedTuple):
    """Where a fault was put: the call's number (from 1), its operation, and the fault."""

    number: int
    operation: str
    fault: Fault


@dataclass
class Calls:
    """AWS calls seen while watching, in order; `dead` once a killing fault has struck."""

    operations: list[str] = field(default_factory=list)
    dead: bool = False


@contextmanager
def failing(number: int = 0, fault: Fault = Fault.KILLED_BEFORE) -> Iterator[Calls]:
    """Fail the AWS call of this number (from 1) with `fault`; 0 only watches."""
    calls = Calls()
    original: Any = BaseClient.__dict__["_make_api_call"]

    def call(client: BaseClient, operation: str, arguments: Any) -> Any:
        if calls.dead:
            raise Killed(operation)
        calls.operations.append(operation)
        if len(calls.operations) != number:
            return original(client, operation, arguments)
        calls.dead = fault.kills
        if fault.after:
            original(client, operation, arguments)
        if fault.kills:
            raise Killed(operation)
        raise _refusal(operation)

    with patch.object(BaseClient, "_make_api_call", call):
        yield calls


def sweep(
    world: Callable[[], AbstractContextManager[Any]],
    arrange: Callable[[], Any],
    act: Callable[[], Any],
    check: Callable[[], Any],
) -> list[Place]:
    """Run `act` with a fault at each of its AWS calls, run it again, and `check` the end.

    Every run has a `world` of its own (`tests.aws.emulated_aws`) that `arrange` fills; `check`
    raises where the end is not that of a run without faults. Returns the places tried, so that a
    test can assert that the calls it cares for were among them. A failure notes its place.
    """
    with world():
        arrange()
        with failing() as calls:
            act()
        check()
    places = [
        Place(number, operation, fault)
        for number, operation in enumerate(calls.operations, start=1)
        for fault in Fault
    ]
    for place in places:
        try:
            with world():
                arrange()
                _strike(place, act)
                act()
                check()
        except (Exception, Killed) as error:
            error.add_note(f"after call {place.number}, {place.operation}: {place.fault.value}")
            raise
    return places


def _strike(place: Place, act: Callable[[], Any]) -> None:
    """Run `act` into the fault; that it lives through a refusal is fine."""
    with failing(place.number, place.fault) as calls:
        try:
            act()
        except Killed:
            pass
        except Exception:  # noqa: BLE001 - a failed run is what is wanted here
            assert not place.fault.kills, "a killed process went on"
    assert len(calls.operations) >= place.number, "the action is not the same each time"


def _refusal(operation: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": "InternalServerError", "Message": "injected by the fault sweep"},
        "ResponseMetadata": {"HTTPStatusCode": 500},
    }
    return ClientError(answer, operation)
