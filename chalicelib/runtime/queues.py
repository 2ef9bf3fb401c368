"""Queues: sending many messages."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.runtime.batches import batched
from chalicelib.runtime.clients import sqs
from chalicelib.runtime.retries import tries

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_SEND_BATCH = 10


class QueueBusy(Exception):
    """SQS kept refusing a part of a batch; whoever sends does so again later."""


def send_all(queue: str, messages: Iterable[str], *, group: str) -> None:
    """Send every message to the queue with this URL; those of one `group` wait for others' turns.

    Raises:
        QueueBusy: some may be sent.
    """
    for batch in batched(messages, _SEND_BATCH):
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(place), "MessageBody": message, "MessageGroupId": group}
            for place, message in enumerate(batch)
        ]
        for _ in tries():
            answer = sqs().send_message_batch(QueueUrl=queue, Entries=entries)
            failed = {failure["Id"] for failure in answer.get("Failed", [])}
            entries = [entry for entry in entries if entry["Id"] in failed]
            if not entries:
                break
        else:
            raise QueueBusy
