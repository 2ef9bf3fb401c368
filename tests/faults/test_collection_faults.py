"""Every AWS call of planning and merging failed, or overtaken by another worker: same end."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

from chalicelib.collection import (
    arriving,
    merging,
    planning,
    plans,
    results,
    scanning,
    uploads,
)
from chalicelib.runtime import clients
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import keyring
from tests.aws import emulated_aws
from tests.collection.archives import folded, held, opened, stored_items
from tests.collection.files import (
    NOW,
    csv_of,
    entitle,
    id_number,
    penalty,
    person_penalty,
    receipt_of,
    receive,
)
from tests.faults.sweep import Fault, sweep

ROWS = [
    penalty(),
    penalty(cf_wsh="2号", cf_fr_zjlx="身份证", cf_fr_zjhm=id_number(2)),
    person_penalty(1),
    penalty(),
    penalty(cf_jdrq="不详"),
]
BODY = csv_of("penalty", ROWS)
OTHER_BODY = csv_of("penalty", [penalty(), penalty(cf_nr="罚款二千元整"), person_penalty(1)])
UPLOAD = "20261122-AAAAAAAAAAAA"
OTHER_UPLOAD = "20261122-777777777777"


def _start_anew() -> None:
    keyring.cache_clear()
    entitle()
    assert receive(BODY, "penalty", randomness=bytes) == UPLOAD


def _start_planned() -> None:
    _start_anew()
    planning.plan_upload(UPLOAD)


def _start_with_two() -> None:
    _start_planned()
    later = NOW.replace(minute=1)
    other = receive(OTHER_BODY, "penalty", now=later, randomness=lambda count: b"\xff" * count)
    assert other == OTHER_UPLOAD
    planning.plan_upload(OTHER_UPLOAD)


def _check_planned() -> None:
    plan = plans.read_plan(UPLOAD)
    assert plan is not None
    assert (plan.rows, len(plan.ranges)) == (5, 1)
    answer = clients.sqs().receive_message(QueueUrl=settings().ranges_queue_url)
    assert answer["Messages"][0]["Body"] == f'{{"upload":"{UPLOAD}","range":0}}'


def _check_merged() -> None:
    receipt = receipt_of(UPLOAD)
    assert (receipt.state, receipt.accepted, receipt.refused) == ("done", 4, 1)
    records = folded()
    assert sorted(record.size for record in records.values()) == [1, 1, 2]
    shown = [opened(record).fields for record in records.values()]
    assert (
        sorted(str(fields["cf_frdb"]) for fields in shown if "cf_frdb" in fields) == ["王小明"] * 2
    )
    assert _list_people() == 3
    result = results.read_result(UPLOAD, 0)
    assert result is not None
    keys = {statement.key for holding in held().values() for statement in holding.statements}
    told = {row.digest for row in result.rows if row.accepted}
    assert {key.rsplit("/", 1)[1] for key in keys} == told


def _check_two_merged() -> None:
    assert [receipt_of(upload).accepted for upload in (UPLOAD, OTHER_UPLOAD)] == [4, 3]
    records = folded()
    assert sorted(record.size for record in records.values()) == [1, 2, 4]
    (twice_said,) = (record for record in records.values() if record.size == 4)
    assert opened(twice_said).fields["cf_nr"] == "罚款二千元整"
    assert _list_people() == 3


def _list_people() -> int:
    return sum("papers" in item for item in stored_items(settings().identities_table))


def test_should_keep_registration_when_registering_fails_anywhere() -> None:
    def check() -> None:
        assert uploads.find_registration(UPLOAD) == uploads.read_registration(UPLOAD)

    act = partial(receive, BODY, "penalty", randomness=bytes)
    places = sweep(emulated_aws, entitle, act, check)
    assert {place.operation for place in places} == {"GetItem", "PutObject", "PutItem"}


def test_should_plan_once_when_planning_fails_anywhere() -> None:
    places = sweep(emulated_aws, _start_anew, lambda: planning.plan_upload(UPLOAD), _check_planned)
    assert {"GetObject", "PutObject", "SendMessageBatch"} <= {each.operation for each in places}


def test_should_queue_every_range_when_queueing_many_fails_anywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plan is kept first: told again, planning sends what may not have been sent."""
    monkeypatch.setattr(scanning, "MAX_ROWS", 1)
    body = csv_of("penalty", [penalty(cf_wsh=f"{number}号") for number in range(12)])

    def arrange() -> None:
        entitle()
        assert receive(body, "penalty", randomness=bytes) == UPLOAD

    def check() -> None:
        queued = []
        while (
            found := clients.sqs()
            .receive_message(QueueUrl=settings().ranges_queue_url, MaxNumberOfMessages=10)
            .get("Messages")
        ):
            queued += [json.loads(each["Body"])["range"] for each in found]
        assert set(queued) == set(range(12))

    places = sweep(emulated_aws, arrange, lambda: planning.plan_upload(UPLOAD), check)
    assert [each.operation for each in places].count("SendMessageBatch") == 2 * len(Fault)


def test_should_put_a_file_in_line_when_telling_of_it_fails_anywhere() -> None:
    event = json.dumps({"Records": [{"s3": {"object": {"key": f"inbox/{UPLOAD}"}}}]})

    def check() -> None:
        answer = clients.sqs().receive_message(QueueUrl=settings().plans_queue_url)
        assert json.loads(answer["Messages"][0]["Body"]) == {"upload": UPLOAD}

    sweep(emulated_aws, _start_anew, lambda: arriving.take_notice(event), check)


@pytest.mark.timeout(300)
def test_should_merge_once_when_merging_fails_anywhere() -> None:
    places = sweep(
        emulated_aws, _start_planned, lambda: merging.merge_range(UPLOAD, 0), _check_merged
    )
    operations = {
        "BatchGetItem",
        "BatchExecuteStatement",
        "BatchWriteItem",
        "TransactWriteItems",
        "GenerateDataKey",
        "PutObject",
    }
    assert {(op, fault) for op in operations for fault in Fault} <= {
        (place.operation, place.fault) for place in places
    }


# -- races ----------------------------------------------------------------------------------------


@contextmanager
def _overtaken(number: int, other: Callable[[], Any]) -> Iterator[list[str]]:
    """Let `other` run from beginning to end just before the AWS call of this number (from 1)."""
    seen: list[str] = []
    original: Any = BaseClient.__dict__["_make_api_call"]
    running = False

    def call(client: BaseClient, operation: str, arguments: Any) -> Any:
        nonlocal running
        if not running:
            seen.append(operation)
            if len(seen) == number:
                running = True
                other()
                running = False
        return original(client, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", call):
        yield seen


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("other", "start", "check"),
    [(UPLOAD, _start_planned, _check_merged), (OTHER_UPLOAD, _start_with_two, _check_two_merged)],
    ids=["the same range", "other words on the same records"],
)
def test_should_end_the_same_when_another_worker_overtakes_anywhere(
    other: str, start: Callable[[], None], check: Callable[[], None]
) -> None:
    with emulated_aws():
        start()
        with _overtaken(0, lambda: None) as calls:
            merging.merge_range(UPLOAD, 0)
    for number in range(1, len(calls) + 1):
        with emulated_aws():
            start()
            with _overtaken(number, lambda: merging.merge_range(other, 0)):
                merging.merge_range(UPLOAD, 0)
            merging.merge_range(other, 0)
            check()


@contextmanager
def _one_call_at_a_time() -> Iterator[None]:
    """AWS transactions are atomic; moto's give back a table as it was before, with what others
    have written meanwhile lost, so no two calls may run in it at once."""
    original: Any = BaseClient.__dict__["_make_api_call"]
    turn = Lock()

    def call(client: BaseClient, operation: str, arguments: Any) -> Any:
        with turn:
            return original(client, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", call):
        yield


def test_should_end_the_same_when_workers_run_side_by_side() -> None:
    with emulated_aws():
        _start_with_two()
        with _one_call_at_a_time(), ThreadPoolExecutor(4) as workers:
            list(
                workers.map(
                    lambda upload: merging.merge_range(upload, 0), [UPLOAD, OTHER_UPLOAD] * 2
                )
            )
        _check_two_merged()
