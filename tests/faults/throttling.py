"""AWS short of capacity: of every batch a part is refused, and transactions are cancelled."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

_Call = Callable[[Mapping[str, Any]], Any]


@contextmanager
def scarce() -> Iterator[Counter[str]]:
    """Refuse a part of every second batch, and every second transaction for a conflict.

    Counts what was refused. Nobody sleeps meanwhile.
    """
    seen: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    original: Any = BaseClient.__dict__["_make_api_call"]

    def call(client: BaseClient, operation: str, arguments: Mapping[str, Any]) -> Any:
        def go_on(changed: Mapping[str, Any]) -> Any:
            return original(client, operation, changed)

        shorten = _SHORTENED.get(operation)
        seen[operation] += 1
        if operation == "TransactWriteItems" and seen[operation] % 2:
            refused[operation] += 1
            raise _cancelled(client, arguments)
        if shorten is None or not seen[operation] % 2:
            return go_on(arguments)
        refused[operation] += 1
        return shorten(arguments, go_on)

    with patch.object(BaseClient, "_make_api_call", call), patch("time.sleep"):
        yield refused


def _write_some(arguments: Mapping[str, Any], go_on: _Call) -> Any:
    ((table, requests),) = arguments["RequestItems"].items()
    done, left = _halve(requests)
    answer = go_on({**arguments, "RequestItems": {table: done}})
    return {**answer, "UnprocessedItems": {table: left}} if left else answer


def _read_some(arguments: Mapping[str, Any], go_on: _Call) -> Any:
    ((table, request),) = arguments["RequestItems"].items()
    done, left = _halve(request["Keys"])
    answer = go_on({**arguments, "RequestItems": {table: {**request, "Keys": done}}})
    return {**answer, "UnprocessedKeys": {table: {**request, "Keys": left}}} if left else answer


def _insert_some(arguments: Mapping[str, Any], go_on: _Call) -> Any:
    done, left = _halve(arguments["Statements"])
    answers = go_on({**arguments, "Statements": done})["Responses"]
    codes = ("ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict")
    refusals = [{"Error": {"Code": codes[number % 3]}} for number, _ in enumerate(left)]
    return {"Responses": [*answers, *refusals]}


def _send_some(arguments: Mapping[str, Any], go_on: _Call) -> Any:
    done, left = _halve(arguments["Entries"])
    answer = go_on({**arguments, "Entries": done})
    refusals = [{"Id": each["Id"], "SenderFault": False, "Code": "Throttled"} for each in left]
    return {**answer, "Failed": refusals}


_SHORTENED: Mapping[str, Callable[[Mapping[str, Any], _Call], Any]] = {
    "BatchWriteItem": _write_some,
    "BatchGetItem": _read_some,
    "BatchExecuteStatement": _insert_some,
    "SendMessageBatch": _send_some,
}


def _halve(values: list[Any]) -> tuple[list[Any], list[Any]]:
    """What is done and what is left: AWS answers an error where nothing can be done."""
    middle = (len(values) + 1) // 2
    return values[:middle], values[middle:]


def _cancelled(client: Any, arguments: Mapping[str, Any]) -> Exception:
    reasons = [{"Code": "None"} for _ in arguments["TransactItems"]]
    reasons[-1] = {"Code": "TransactionConflict"}
    answer = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled by the test"},
        "CancellationReasons": reasons,
        "ResponseMetadata": {"HTTPStatusCode": 400},
    }
    error: Exception = client.exceptions.TransactionCanceledException(answer, "TransactWriteItems")
    return error
