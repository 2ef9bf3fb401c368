"""Queue and stream handlers: what fails comes again, by its id, and stops nothing else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import app
from chalicelib.collection import merging, planning, plans
from chalicelib.collection.results import read_result
from chalicelib.disclosure.publication.store import Publication
from chalicelib.runtime import blobs, clients
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper, PaperKind
from tests.collection.files import (
    csv_of,
    entitle,
    id_number,
    penalty,
    person_penalty,
    receipt_of,
    receive,
    registration,
)
from tests.disclosure.archives import register, say
from tests.factories import ORGANISATION
from tests.faults.sweep import failing
from tests.handlers.events import (
    Source,
    all_changes,
    any_change,
    any_message,
    arrival,
    batch,
    id_of,
    invoke,
    plan_due,
    range_due,
)
from tests.web.conftest import Lines

pytestmark = pytest.mark.usefixtures("aws")

UNKNOWN = "20261122-UNKNOWNXXXXX"

Handler = Callable[..., Any]


def failed(handler: Handler, *records: dict[str, Any]) -> list[str]:
    """The ids that a partial batch response names."""
    answer = invoke(handler, batch(records))
    assert answer.keys() == {"batchItemFailures"}
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def queued_plans() -> list[str]:
    """The uploads that the plans queue holds."""
    told = clients.sqs().receive_message(
        QueueUrl=settings().plans_queue_url, MaxNumberOfMessages=10
    )
    return [json.loads(message["Body"])["upload"] for message in told.get("Messages", [])]


def files() -> list[str]:
    entitle()
    return [
        receive(csv_of("penalty", [penalty(cf_wsh=f"{n}号"), person_penalty(n)]), "penalty")
        for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("poison", ["{", {"Records": [{"s3": {}}]}, {"Records": 5}])
def test_only_the_message_that_failed_comes_again_when_files_arrive(poison: object) -> None:
    first, second, third = files()
    bad = any_message(poison)
    messages = [any_message(arrival(first)), bad, *map(any_message, map(arrival, (second, third)))]

    assert failed(app.take_notice, *messages) == [bad["messageId"]]
    assert sorted(queued_plans()) == sorted((first, second, third))


@pytest.mark.parametrize("handler", [app.plan_upload, app.plan_large_upload])
@pytest.mark.parametrize("poison", ["{", {"upload": 5}, {}])
def test_only_the_message_that_failed_comes_again_when_files_are_planned(
    poison: object, handler: Handler
) -> None:
    first, second, third = files()
    bad = any_message(poison)
    messages = [
        any_message(plan_due(first)),
        bad,
        *map(any_message, map(plan_due, (second, third))),
    ]

    assert failed(handler, *messages) == [bad["messageId"]]
    assert all(plans.read_plan(upload) for upload in (first, second, third))


@pytest.mark.parametrize(
    "poison", ["{", {"upload": UNKNOWN, "range": 0}, {"upload": 1}], ids=["json", "range", "type"]
)
def test_only_the_message_that_failed_comes_again_when_ranges_are_merged(poison: object) -> None:
    uploads = files()
    for upload in uploads:
        planning.plan_upload(upload)
    bad, past = any_message(poison), any_message(range_due(uploads[0], 7))
    messages = [bad, *(any_message(range_due(upload, 0)) for upload in uploads), past]

    assert failed(app.merge_rows, *messages) == [bad["messageId"], past["messageId"]]
    assert all(read_result(upload, 0) for upload in uploads)


@pytest.mark.parametrize("key", ["penalty", "penalty/1X"])
def test_only_the_change_that_failed_comes_again_when_the_archive_is_followed(key: str) -> None:
    register("清江桃溪食品有限公司")
    say()
    bad = any_change({"subject": {"S": ORGANISATION}, "key": {"S": key}})
    first, *others = all_changes()

    assert failed(app.follow_archive, first, bad, *others) == [id_of(bad)]
    assert len(list(Publication.scan())) == 2


def test_a_stream_goes_on_behind_a_change_that_fails() -> None:
    """Of a stream everything from the failed one on comes again; what was done stays done."""
    bad = any_change({"subject": {"S": ORGANISATION}, "key": {"S": "penalty"}})
    register("清江桃溪食品有限公司")
    before = all_changes()
    say()
    source = Source(app.follow_archive, [*before, bad, *all_changes()])

    source.deliver()

    assert source.pending[0] is bad
    assert len(list(Publication.scan())) == 2


def test_every_id_is_told_and_nothing_raised_when_all_fail() -> None:
    """Powertools' own error holds the messages of all, and the runtime would log it."""
    messages = [any_message("{"), any_message("[")]

    assert failed(app.merge_rows, *messages) == [each["messageId"] for each in messages]


def test_a_failure_is_logged_by_type_and_place_without_its_message(
    monkeypatch: pytest.MonkeyPatch, logged: Lines
) -> None:
    paper = Paper(PaperKind.ID_NUMBER, id_number(1))

    def fail(*_: object) -> None:
        raise KeyError(paper)

    monkeypatch.setattr(merging, "merge_range", fail)
    failed(app.merge_rows, any_message(range_due(UNKNOWN, 0)))

    (line,) = (line for line in logged() if line.get("code") == "DELIVERY_FAILED")
    assert line["error"] == "KeyError"
    assert line["frames"][-1].startswith("test_batches.py:")
    assert line["level"] == "ERROR"


def test_what_nobody_registered_is_left_alone(logged: Lines) -> None:
    blobs.write(f"inbox/{UNKNOWN}", b"a,b\n1,2\n")

    assert failed(app.take_notice, any_message(arrival(UNKNOWN))) == []
    assert queued_plans() == []
    assert blobs.read(f"inbox/{UNKNOWN}") is not None
    assert "UPLOAD_UNKNOWN_OBJECT" in [line.get("code") for line in logged()]


def test_a_test_event_of_s3_is_ignored() -> None:
    told = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "files"}

    assert failed(app.take_notice, any_message(told)) == []


def test_what_lies_outside_the_inbox_is_ignored() -> None:
    told = {"Records": [{"s3": {"object": {"key": "results/20261122-AAAA/000000.json"}}}]}

    assert failed(app.take_notice, any_message(told)) == []


def test_a_key_is_read_as_s3_writes_it() -> None:
    (upload, *_) = files()
    told = {"Records": [{"s3": {"object": {"key": f"inbox%2F{upload}"}}}]}

    assert failed(app.take_notice, any_message(told)) == []
    assert queued_plans() == [upload]


def test_a_file_that_cannot_be_read_delays_no_other() -> None:
    entitle()
    unreadable = receive("姓名,证件\n李四,329900198001010015\n".encode(), "penalty")
    good = receive(csv_of("registration", [registration()]), "registration")

    told = [any_message(plan_due(unreadable)), any_message(plan_due(good))]
    assert failed(app.plan_upload, *told) == []
    assert failed(app.merge_rows, any_message(range_due(good, 0))) == []
    assert (receipt_of(unreadable).state, receipt_of(good).state) == ("quarantined", "done")


def test_a_change_of_a_view_changes_nothing() -> None:
    told = any_change({"subject": {"S": ORGANISATION}, "key": {"S": "@profile"}})

    assert failed(app.follow_archive, told) == []
    assert list(Publication.scan()) == []


@pytest.mark.usefixtures("aws")
def test_a_batch_reads_each_record_once() -> None:
    say()
    say(day=2, cf_nr="更正")
    say(day=3, cf_nr="再更正")

    changes = all_changes()
    Source(app.follow_archive, changes).deliver()
    with failing() as one:
        Source(app.follow_archive, changes[:1]).deliver()
    with failing() as whole:
        Source(app.follow_archive, changes).deliver()

    assert len(changes) == 3
    assert whole.operations == one.operations
