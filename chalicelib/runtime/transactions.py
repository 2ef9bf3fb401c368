"""Writing several items together or not at all."""

from typing import Any

from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.retries import tries


class Conflict(Exception):
    """A condition of the transaction did not hold: somebody else wrote first."""


class TransactionBusy(Exception):
    """Other transactions kept touching the same items."""


def write_together(parts: list[Any]) -> None:
    """Write `parts` (TransactWriteItems) atomically.

    Raises:
        Conflict: a condition did not hold; nothing was written.
        TransactionBusy: other writers held the items through all tries.
    """
    client = dynamodb()
    for _ in tries():
        try:
            client.transact_write_items(TransactItems=parts)
        except client.exceptions.TransactionCanceledException as error:
            codes = {reason.get("Code") for reason in error.response["CancellationReasons"]}
            if "ConditionalCheckFailed" in codes:
                raise Conflict from error
        else:
            return
    raise TransactionBusy
