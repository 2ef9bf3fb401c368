"""Finding uploads settled dies or is refused at any AWS call: what is told next is the same."""

from datetime import timedelta

import pytest

from chalicelib.collection import store
from chalicelib.collection.settling import settled_until
from tests.collection.files import NOW, csv_of, entitle, receipt_of, receive, registration, send
from tests.faults.sweep import Fault, sweep
from tests.faults.worlds import rewinding

LATER = NOW + timedelta(hours=2)
BODY = csv_of("registration", [registration()])
OPEN = NOW + timedelta(minutes=2)


def _arrange() -> None:
    entitle()
    send(BODY)
    send(BODY, now=NOW + timedelta(minutes=1))
    receive(BODY, now=OPEN)


def _check() -> None:
    """Nothing is ever noted that is not so, and what was not noted is found again."""
    waiting = [upload for _, upload in store.find_unsettled(10)]
    assert [receipt_of(upload).state for upload in waiting][-1] == "received"
    assert settled_until(LATER) == OPEN
    assert len(store.find_unsettled(10)) == 1


@pytest.mark.timeout(300)
def test_should_end_the_same_when_settling_fails_anywhere() -> None:
    with rewinding(_arrange) as world:
        places = sweep(world, lambda: None, lambda: settled_until(LATER), _check)

    struck = {(place.operation, place.fault) for place in places}
    operations = ("Query", "GetObject", "ListObjectsV2", "UpdateItem")
    assert {(name, fault) for name in operations for fault in Fault} <= struck
