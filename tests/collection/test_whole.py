"""A whole upload: every range is checked before any merges, and all rows come in or none."""

import json
import random
from collections.abc import Sequence

import msgspec
import pytest

from chalicelib.collection import arriving, merging, planning, returning, scanning, wholes
from chalicelib.collection.operations import Operated, OperationChecker
from chalicelib.collection.problems import Problem
from chalicelib.collection.readers import Row
from chalicelib.collection.receipts import Receipt, State
from chalicelib.collection.results import CHECKED, list_checked
from chalicelib.runtime import blobs, clients
from chalicelib.runtime.settings import settings
from tests.aws import emulated_aws
from tests.collection.archives import held
from tests.collection.files import csv_of, entitle, penalty, person_penalty, receipt_of, receive
from tests.faults.sweep import sweep

GOOD = [penalty(cf_wsh=f"清{number}号") for number in range(4)] + [person_penalty(1)]
UPLOAD = "20261122-AAAAAAAAAAAA"


@pytest.fixture(autouse=True)
def _small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 2)


def _receive(rows: Sequence[dict[str, str]]) -> str:
    return receive(csv_of("penalty", rows), "penalty", mode="whole", randomness=bytes)


def _take_messages() -> list[str]:
    """Every message of the ranges queue, taken from it."""
    taken: list[str] = []
    url = settings().ranges_queue_url
    while found := clients.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10):
        messages = found.get("Messages", [])
        if not messages:
            break
        for message in messages:
            taken.append(message["Body"])
            clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return taken


def _tell_checked() -> None:
    """What S3 tells of ranges that are noted as checked, each of them twice."""
    for key in [*blobs.list_keys(CHECKED)] * 2:
        arriving.take_notice(json.dumps({"Records": [{"s3": {"object": {"key": key}}}]}))


def _run(seed: int = 0) -> None:
    """Planning, then every message in any order, some twice, until nothing is left to do."""
    shuffle = random.Random(seed)
    planning.plan_upload(UPLOAD)
    for _ in range(4):
        messages = _take_messages()
        messages += messages[: shuffle.randrange(3)]
        shuffle.shuffle(messages)
        for message in messages:
            merging.merge_from_message(message)
        _tell_checked()


def _check_merged() -> None:
    receipt = receipt_of(UPLOAD)
    assert (receipt.state, receipt.accepted, receipt.refused) == (State.DONE, 5, 0)
    assert sum(len(holding.statements) for holding in held().values()) == 5


def _check_withheld() -> None:
    receipt = receipt_of(UPLOAD)
    assert _counts(receipt) == (State.DONE, 0, 1, 5)
    assert receipt.outcome == "rejected"
    assert [each.problem.code for each in receipt.remarks] == ["W-WHOLE-01"]
    assert held() == {}


def _counts(receipt: Receipt) -> tuple[State, int, int, int]:
    return receipt.state, receipt.accepted, receipt.refused, receipt.withheld


@pytest.mark.usefixtures("aws", "entitled")
@pytest.mark.parametrize("seed", range(3))
def test_should_merge_every_row_when_none_is_refused(seed: int) -> None:
    _receive(GOOD)
    _run(seed)
    _check_merged()


@pytest.mark.usefixtures("aws", "entitled")
@pytest.mark.parametrize("seed", range(3))
def test_should_merge_nothing_when_a_row_is_refused(seed: int) -> None:
    _receive([*GOOD, penalty(cf_jdrq="2026-02-30")])
    _run(seed)
    _check_withheld()


@pytest.mark.usefixtures("aws", "entitled")
def test_should_merge_nothing_before_all_is_checked() -> None:
    _receive(GOOD)
    planning.plan_upload(UPLOAD)
    messages = _take_messages()
    for message in messages[:-1] * 2:
        merging.merge_from_message(message)
    _tell_checked()
    assert _take_messages() == []
    assert held() == {}
    receipt = receipt_of(UPLOAD)
    assert (receipt.state, receipt.checked, receipt.merged) == (
        State.MERGING,
        len(messages) - 1,
        0,
    )
    assert set(list_checked(UPLOAD).values()) == {0}


@pytest.mark.usefixtures("aws", "entitled")
def test_should_give_every_row_back_when_nothing_was_merged() -> None:
    _receive([*GOOD, penalty(cf_jdrq="2026-02-30")])
    _run()
    assert returning.return_refused(UPLOAD, 0).rows == 6


def _start_checked(rows: Sequence[dict[str, str]], ranges: int) -> None:
    """A planned upload of two ranges, of which so many are checked."""
    entitle()
    assert _receive(rows) == UPLOAD
    planning.plan_upload(UPLOAD)
    for index in range(ranges):
        merging.merge_range(UPLOAD, index)


@pytest.mark.timeout(300)
def test_should_queue_all_ranges_when_the_last_check_fails_anywhere() -> None:
    def act() -> None:
        merging.merge_range(UPLOAD, 1)
        planning.go_on_with(UPLOAD, 1)

    def check() -> None:
        assert list_checked(UPLOAD) == {0: 0, 1: 0}
        queued = [message for message in _take_messages() if message]
        assert {json.loads(message)["range"] for message in queued} == {0, 1}
        _tell_checked()
        for message in _take_messages():
            merging.merge_from_message(message)
        assert receipt_of(UPLOAD).accepted == 3

    rows = [*GOOD[:2], GOOD[4]]
    places = sweep(emulated_aws, lambda: _start_checked(rows, 1), act, check)
    assert {"PutObject", "SendMessageBatch"} <= {each.operation for each in places}


@pytest.mark.timeout(300)
def test_should_withhold_every_row_when_telling_so_fails_anywhere() -> None:
    def act() -> None:
        for index in (0, 1):
            merging.merge_range(UPLOAD, index)

    def check() -> None:
        assert _counts(receipt_of(UPLOAD)) == (State.DONE, 0, 1, 2)
        assert held() == {}

    rows = [*GOOD[:2], penalty(cf_jdrq="2026-02-30")]
    sweep(emulated_aws, lambda: _start_checked(rows, 2), act, check)


class _Stricter(OperationChecker):
    """The checks as a later deployment has them: they refuse every row."""

    def check(self, row: Row) -> Operated:
        """`row` refused."""
        checked = super().check(row).checked
        problem = Problem(code="E-ROW-04", column="", field="", label="", values={})
        refused = msgspec.structs.replace(checked, problems=(problem,), identified=None)
        return Operated(refused, None)


@pytest.mark.usefixtures("aws", "entitled")
@pytest.mark.parametrize("merged", range(3))
def test_should_merge_what_was_checked_when_stricter_checks_are_deployed_between(
    merged: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _receive(GOOD)
    planning.plan_upload(UPLOAD)
    for message in _take_messages():
        merging.merge_from_message(message)
    _tell_checked()
    first, second, third = sorted(set(_take_messages()))
    for message in (first, second, third)[:merged]:
        merging.merge_from_message(message)
    monkeypatch.setattr(merging, "OperationChecker", _Stricter)
    for message in (third, first, second, third):
        merging.merge_from_message(message)
    _check_merged()


@pytest.mark.usefixtures("aws", "entitled")
def test_should_merge_nothing_when_stricter_checks_are_deployed_before_all_is_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _receive(GOOD)
    planning.plan_upload(UPLOAD)
    first, *others = _take_messages()
    merging.merge_from_message(first)
    monkeypatch.setattr(merging, "OperationChecker", _Stricter)
    for message in others:
        merging.merge_from_message(message)
    _tell_checked()
    for message in _take_messages():
        merging.merge_from_message(message)
    assert _counts(receipt_of(UPLOAD)) == (State.DONE, 0, 3, 2)
    assert held() == {}


@pytest.mark.usefixtures("aws", "entitled")
@pytest.mark.parametrize("rows", [GOOD, [*GOOD, penalty(cf_jdrq="2026-02-30")]])
def test_should_keep_no_checked_row_once_its_range_has_a_result(
    rows: Sequence[dict[str, str]],
) -> None:
    _receive(rows)
    _run(1)
    versions = clients.s3().list_object_versions(Bucket=settings().files_bucket, Prefix="checkups/")
    assert versions.get("Versions", []) == versions.get("DeleteMarkers", []) == []


@pytest.mark.usefixtures("aws", "entitled")
def test_should_check_again_what_an_erasure_has_forgotten() -> None:
    _receive(GOOD)
    planning.plan_upload(UPLOAD)
    messages = _take_messages()
    merging.merge_from_message(messages[0])
    wholes.forget_all_checked(UPLOAD)
    for message in messages:
        merging.merge_from_message(message)
    _tell_checked()
    for message in _take_messages():
        merging.merge_from_message(message)
    _check_merged()
