"""The fault sweep itself finds what it is there to find."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.runtime import blobs
from tests.aws import emulated_aws
from tests.faults.sweep import Fault, Killed, failing, sweep


def _count() -> int:
    return len(list(blobs.list_keys("")))


def test_should_find_what_is_not_idempotent() -> None:
    def append() -> None:
        blobs.write(f"results/{_count()}", b"")

    def check() -> None:
        assert _count() == 1

    with pytest.raises(AssertionError) as failed:
        sweep(emulated_aws, lambda: None, append, check)

    assert failed.value.__notes__[0].startswith("after call ")


def test_should_try_every_call_before_and_after_its_effect() -> None:
    def write() -> None:
        blobs.write("results/1", b"")
        blobs.write("results/2", b"")

    places = sweep(emulated_aws, lambda: None, write, lambda: None)

    assert [(place.number, place.fault) for place in places] == [
        (number, fault) for number in (1, 2) for fault in Fault
    ]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("fault", Fault)
def test_should_fail_as_named(fault: Fault) -> None:
    with failing(1, fault), pytest.raises(Killed if fault.kills else ClientError):
        blobs.write("results/1", b"")

    assert _count() == int(fault.after)


@pytest.mark.usefixtures("aws")
def test_should_let_nothing_through_when_the_process_is_dead() -> None:
    with failing(1, Fault.KILLED_BEFORE):
        for _ in range(2):
            with pytest.raises(Killed):
                blobs.write("results/1", b"")

    assert _count() == 0
