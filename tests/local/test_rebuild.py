"""After a crash the uploads since the last stop are delivered again, and no others."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest

from chalicelib.collection.store import shard_of
from infra.local.rebuild import redeliver
from infra.local.stack import Stack


@pytest.fixture
def stack(aws: dict[str, str]) -> Stack:
    queue = boto3.client("sqs").create_queue(QueueName="inbox-again")["QueueUrl"]
    outputs = {
        "Files": aws["FILES_BUCKET"],
        "UploadsTable": aws["UPLOADS_TABLE"],
        "InboxQueueUrl": queue,
    }
    return cast("Stack", SimpleNamespace(client=boto3.client, outputs=outputs))


def _put(stack: Stack, key: str, value: Any = None) -> None:
    body = json.dumps(value).encode()
    stack.client("s3").put_object(Bucket=stack.outputs["Files"], Key=key, Body=body)


def _messages(stack: Stack) -> list[str]:
    answer = stack.client("sqs").receive_message(
        QueueUrl=stack.outputs["InboxQueueUrl"], MaxNumberOfMessages=10
    )
    events = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
    return sorted(event["Records"][0]["s3"]["object"]["key"] for event in events)


def test_should_deliver_again_when_rows_were_forgotten(stack: Stack) -> None:
    begun = datetime.now(UTC)
    _put(stack, "registrations/u1.json", {"upload": "u1", "provider": "p", "size": 5})
    _put(stack, "inbox/u1")
    _put(stack, "results/u1/000000.json")
    _put(stack, "results/u0/000003.json")  # registered before, merged since

    assert redeliver(stack, begun) == 2

    assert _messages(stack) == ["inbox/u0", "inbox/u1"]
    files = stack.client("s3").list_objects_v2(Bucket=stack.outputs["Files"], Prefix="results/")
    assert "Contents" not in files
    item = stack.client("dynamodb").get_item(
        TableName=stack.outputs["UploadsTable"], Key={"upload": {"S": "u1"}}
    )["Item"]
    assert item.pop("unsettled") == {"S": shard_of("u1")}
    assert item == {"upload": {"S": "u1"}, "provider": {"S": "p"}, "size": {"N": "5"}}


def test_should_leave_alone_when_saved_before(stack: Stack) -> None:
    _put(stack, "registrations/u1.json", {"upload": "u1"})
    _put(stack, "results/u1/000000.json")

    assert redeliver(stack, datetime.now(UTC) + timedelta(seconds=5)) == 0

    assert _messages(stack) == []
