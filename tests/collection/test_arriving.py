"""What S3 tells of: files wait in a line each provider shares with itself alone."""

import json
from collections.abc import Iterable, Sequence

import msgspec
import pytest

from chalicelib.collection import arriving, merging, planning, scanning, uploads
from chalicelib.collection.results import CHECKED, note_checked
from chalicelib.runtime import blobs, clients
from chalicelib.runtime.settings import settings
from tests.collection.files import (
    OTHER_PROVIDER,
    PROVIDER,
    csv_of,
    entitle,
    penalty,
    receive,
    registration,
)

pytestmark = pytest.mark.usefixtures("aws", "entitled")

Waiting = Sequence[tuple[str, object]]


def _tell(*keys: str) -> None:
    records = [{"s3": {"bucket": {"name": "b"}, "object": {"key": key}}} for key in keys]
    arriving.take_notice(json.dumps({"Records": records}))


def _waiting(queue: str) -> Waiting:
    """Provider and body of each message of a queue."""
    found: list[tuple[str, object]] = []
    while True:
        answer = clients.sqs().receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["MessageGroupId"],
        )
        if not answer.get("Messages"):
            return found
        found += [
            (each["Attributes"]["MessageGroupId"], json.loads(each["Body"]))
            for each in answer["Messages"]
        ]


def test_should_put_a_file_in_its_providers_line_when_it_arrives() -> None:
    entitle(OTHER_PROVIDER)
    body = csv_of("registration", [registration()])
    ours, theirs = receive(body), receive(body, provider=OTHER_PROVIDER)
    _tell(f"inbox/{ours}", f"inbox/{theirs}")
    assert sorted(_waiting(settings().plans_queue_url), key=str) == sorted(
        [(PROVIDER, {"upload": ours}), (OTHER_PROVIDER, {"upload": theirs})], key=str
    )
    assert _waiting(settings().large_plans_queue_url) == []


def test_should_put_a_large_file_in_a_line_of_its_own() -> None:
    upload = receive(csv_of("registration", [registration()]))
    registered = uploads.find_registration(upload)
    large = msgspec.structs.replace(registered, size=uploads.MAX_SINGLE + 1)
    uploads.keep_registration(large)
    _tell(f"inbox/{upload}")
    assert _waiting(settings().plans_queue_url) == []
    assert _waiting(settings().large_plans_queue_url) == [(PROVIDER, {"upload": upload})]


def test_should_queue_ranges_in_their_providers_line_when_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 1)
    upload = receive(csv_of("registration", [registration()] * 2))
    planning.plan_upload(upload)
    assert {provider for provider, _ in _waiting(settings().ranges_queue_url)} == {PROVIDER}


@pytest.mark.parametrize(
    "body", ['{"Service":"Amazon S3","Event":"s3:TestEvent"}', '{"Records":[]}']
)
def test_should_do_nothing_when_event_is_a_test(body: str) -> None:
    arriving.take_notice(body)


@pytest.mark.parametrize("key", ["inbox/20261122-AAAAAAAAAAAA", "inbox/a+b%2F", "plans/x.json"])
def test_should_drop_event_when_object_is_nobodys(key: str) -> None:
    _tell(key)
    assert _waiting(settings().plans_queue_url) == []


def _check_all(upload: str) -> Iterable[str]:
    planning.plan_upload(upload)
    _waiting(settings().ranges_queue_url)
    for index in range(3):
        merging.merge_range(upload, index)
    return sorted(blobs.list_keys(f"{CHECKED}{upload}/"))


def test_should_queue_a_checked_upload_once_when_many_ranges_come_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 1)
    rows = [penalty(cf_wsh=f"{number}号") for number in range(3)]
    upload = receive(csv_of("penalty", rows), "penalty", mode="whole")
    first, *others = _check_all(upload)
    _tell(first)
    assert len(_waiting(settings().ranges_queue_url)) == 3
    _tell(*others)
    assert _waiting(settings().ranges_queue_url) == []
    _tell(first)  # delivered again: it may have died before
    assert len(_waiting(settings().ranges_queue_url)) == 3


def test_should_ignore_a_note_of_an_upload_without_a_plan() -> None:
    note_checked("20261122-AAAAAAAAAAAA", 0, 0)
    _tell(f"{CHECKED}20261122-AAAAAAAAAAAA/000000-0")
    assert _waiting(settings().ranges_queue_url) == []
