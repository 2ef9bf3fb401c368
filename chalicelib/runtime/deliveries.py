"""Deliveries: each record of a batch handled by itself, and only failed ones come again."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Protocol

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log_failure

_Caught = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class Event(Protocol):
    """What Chalice hands to an event handler."""

    context: Any

    def to_dict(self) -> dict[str, Any]:
        """The event as Lambda delivered it."""


class _Deliveries(BatchProcessor):
    """Tells of each failure without its message, and never raises: Powertools' own error, which
    Lambda would log, holds the messages of all."""

    def __init__(self, kind: EventType) -> None:
        super().__init__(event_type=kind, raise_on_entire_batch_failure=False)

    def failure_handler(self, record: Any, exception: _Caught) -> Any:
        """Log what `record` failed of."""
        if exception[1] is not None:
            log_failure(LogCode.DELIVERY_FAILED, exception[1])
        return super().failure_handler(record, exception)


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
        processor=_Deliveries(kind),
        context=event.context,
    )
