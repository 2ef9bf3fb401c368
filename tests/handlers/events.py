"""What Lambda hands to the handlers in `app.py`: events with ids of their own, and the context."""

import itertools
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch

import app
from chalicelib.runtime import clock
from chalicelib.runtime.clock import stamp
from chalicelib.runtime.settings import settings
from tests.collection.archives import stored_items

ACCOUNT = "000000000000"
PARTITION = "arn:aws-cn"

_MOST_DELIVERIES = 5

_numbers = itertools.count(1)

Keys = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class LambdaContext:
    """What the Lambda runtime passes to a handler; `remaining` milliseconds are left."""

    function_name: str = "credit-test"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = f"{PARTITION}:lambda:cn-north-1:{ACCOUNT}:function:credit-test"
    aws_request_id: str = "5e6ee4e7-0000-4000-8000-000000000000"
    remaining: int = 900_000

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return self.remaining


def any_message(body: object, queue: str = "inbox") -> dict[str, Any]:
    """One message of a queue; text is sent as it is, everything else as JSON."""
    number = next(_numbers)
    return {
        "messageId": f"00000000-0000-4000-8000-{number:012d}",
        "receiptHandle": f"handle-{number}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"{PARTITION}:sqs:cn-north-1:{ACCOUNT}:{queue}",
        "awsRegion": "cn-north-1",
    }


def arrival(upload: str) -> dict[str, Any]:
    """The body of the message that S3 sends when the file of `upload` has arrived."""
    return {
        "Records": [
            {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": f"inbox/{upload}"}}}
        ]
    }


def plan_due(upload: str) -> dict[str, Any]:
    """The body of the message that asks to plan an upload."""
    return {"upload": upload}


def range_due(upload: str, index: int) -> dict[str, Any]:
    """The body of the message that asks to merge one range."""
    return {"upload": upload, "range": index}


def any_change(keys: Keys) -> dict[str, Any]:
    """One record of the archive's change stream."""
    number = next(_numbers)
    return {
        "eventID": f"{number:032x}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "cn-north-1",
        "eventSourceARN": f"{PARTITION}:dynamodb:cn-north-1:{ACCOUNT}:table/archive/stream/1",
        "dynamodb": {"Keys": dict(keys), "SequenceNumber": f"{number:021d}", "SizeBytes": 1},
    }


def all_changes() -> list[dict[str, Any]]:
    """A stream record for each thing that the archive holds, views too."""
    held = stored_items(settings().archive_table)
    return [any_change({name: item[name] for name in ("subject", "key")}) for item in held]


def batch(records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The event that delivers `records`."""
    return {"Records": [dict(record) for record in records]}


def due_at(moment: datetime) -> dict[str, Any]:
    """The event of a schedule."""
    return {
        "version": "0",
        "id": f"schedule-{stamp(moment)}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "cn-north-1",
        "resources": [],
        "detail": {},
    }


def id_of(record: Mapping[str, Any]) -> str:
    """By what a partial batch response names a record."""
    found: str = record.get("messageId") or record["dynamodb"]["SequenceNumber"]
    return found


def invoke(handler: Callable[..., Any], event: Mapping[str, Any]) -> Any:
    """What Lambda gets from `handler`; like the runtime, it logs an error that comes out."""
    try:
        answer = handler(dict(event), LambdaContext())
    except Exception:
        traceback.print_exc(file=sys.stdout)
        raise
    json.dumps(answer)  # the runtime does
    return answer


class Source:
    """A queue or a stream that delivers what is pending to `handler`, as Lambda does.

    Of a queue, what failed comes again; of a stream, everything from the first that failed on; and
    everything where the whole batch failed or the function died.
    """

    def __init__(self, handler: Callable[..., Any], records: Iterable[Mapping[str, Any]]) -> None:
        self._handler = handler
        self.pending = list(records)

    def deliver(self) -> None:
        """One batch with all that is pending."""
        if self.pending:
            answer = invoke(self._handler, batch(self.pending))
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            known = {id_of(record) for record in self.pending}
            assert failed <= known
            self.pending = list(self._left(failed))

    def deliver_all(self) -> None:
        """Batches until nothing is pending."""
        for _ in range(_MOST_DELIVERIES):
            self.deliver()
        assert self.pending == []

    def _left(self, failed: set[str]) -> Iterator[Mapping[str, Any]]:
        again = False
        for record in self.pending:
            again = id_of(record) in failed or (again and "dynamodb" in record)
            if again:
                yield record


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """The time is `moment` for handlers and routes."""
    with (
        patch.object(clock, "now", lambda: moment),
        patch.object(app.app, "_now", lambda: moment),
    ):
        yield
