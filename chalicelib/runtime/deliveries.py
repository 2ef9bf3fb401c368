"""Deliveries: each record of a batch handled by itself, and only failed ones come again."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)


class Event(Protocol):
    """What Chalice hands to an event handler."""

    context: Any

    def to_dict(self) -> dict[str, Any]:
        """The event as Lambda delivered it."""


def handle_messages(event: Event, handle: Callable[[str], object]) -> Mapping[str, object]:
    """Hand the body of each SQS message to `handle`; the answer names the messages that failed."""

    def handle_record(record: Any) -> object:
        return handle(record["body"])

    return _process(event, handle_record, EventType.SQS)


def handle_changes(
    event: Event, handle: Callable[[dict[str, Any]], object]
) -> Mapping[str, object]:
    """Hand the keys of each DynamoDB stream record to `handle`; names the changes that failed."""

    def handle_record(record: Any) -> object:
        return handle(record["dynamodb"]["Keys"])

    return _process(event, handle_record, EventType.DynamoDBStreams)


def _process(
    event: Event, handle_record: Callable[[Any], object], kind: EventType
) -> Mapping[str, object]:
    return process_partial_response(
        event=event.to_dict(),
        record_handler=handle_record,
        processor=BatchProcessor(event_type=kind),
        context=event.context,
    )
