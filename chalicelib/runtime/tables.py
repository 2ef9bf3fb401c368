"""Tables: how models learn their table's name, and the ways of writing that all stores share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pynamodb.exceptions import PutError
from pynamodb.models import Model

from chalicelib.runtime.batches import batched
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.retries import tries
from chalicelib.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import BatchStatementRequestTypeDef

_READ_BATCH = 100
_WRITE_BATCH = 25


class TableBusy(Exception):
    """DynamoDB kept refusing a part of what was asked; whoever asked tries again later."""


class Conflict(Exception):
    """A condition of a transaction did not hold: somebody else wrote first."""


class _Configured:
    def __init__(self, setting: str) -> None:
        self._setting = setting

    def __get__(self, instance: object, owner: type) -> str:
        name: str = getattr(settings(), self._setting)
        return name


def configured(setting: str) -> Any:
    """For a model's `Meta.table_name`: reads `setting` on use, not at import."""
    return _Configured(setting)


def save_if(item: Model, condition: Any) -> bool:
    """Save `item` where `condition` holds; False where it does not."""
    try:
        item.save(condition=condition)
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def read_all(
    table: str, keys: Iterable[Mapping[str, Any]], **more: Any
) -> Iterator[Mapping[str, Any]]:
    """The items that stand under `keys` (BatchGetItem), read strongly, in any order.

    The keys must be distinct; `more` are further members of the request. Raises TableBusy.
    """
    for batch in batched(keys, _READ_BATCH):
        request: Any = {"Keys": batch, "ConsistentRead": True, **more}
        for _ in tries():
            answer = dynamodb().batch_get_item(RequestItems={table: request})
            yield from answer["Responses"].get(table, [])
            request = answer.get("UnprocessedKeys", {}).get(table)
            if not request:
                break
        else:
            raise TableBusy


def query_all(
    table: str, condition: str, values: Mapping[str, str], **more: Any
) -> Iterator[Mapping[str, Any]]:
    """The items that a query finds, page after page, in the order of their keys.

    `values` are the texts that `condition` names; `more` are further members of the request.
    """
    given = {name: {"S": text} for name, text in values.items()}
    while True:  # botocore's paginator takes half as long again
        page = dynamodb().query(
            TableName=table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=given,
            **more,
        )
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        more["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def write_all(table: str, requests: Iterable[Any]) -> None:
    """Write every put and delete request (BatchWriteItem), whatever stands there.

    Raises:
        TableBusy: some may be written.
    """
    for batch in batched(requests, _WRITE_BATCH):
        waiting: Any = batch
        for _ in tries():
            answer = dynamodb().batch_write_item(RequestItems={table: waiting})
            waiting = answer.get("UnprocessedItems", {}).get(table, [])
            if not waiting:
                break
        else:
            raise TableBusy


def insert_each(table: str, items: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert each item unless its key is taken; the places in `items` of those whose key was.

    The keys must be distinct. PartiQL (BatchExecuteStatement) is the only batched write that is
    conditional item by item.

    Raises:
        TableBusy: some may be written.
    """
    taken: list[int] = []
    waiting = list(range(len(items)))
    for _ in tries():
        refused: list[int] = []
        for batch in batched(waiting, _WRITE_BATCH):
            answers = dynamodb().batch_execute_statement(
                Statements=[_insertion(table, items[index]) for index in batch]
            )["Responses"]
            for index, answer in zip(batch, answers, strict=True):
                code = answer.get("Error", {}).get("Code")
                if code == "DuplicateItem":
                    taken.append(index)
                elif code is not None:
                    refused.append(index)
        waiting = refused
        if not waiting:
            return sorted(taken)
    raise TableBusy


def _insertion(table: str, item: Mapping[str, Any]) -> "BatchStatementRequestTypeDef":
    pairs = ", ".join(f"'{name}': ?" for name in item)
    return {
        "Statement": f'INSERT INTO "{table}" VALUE {{{pairs}}}',
        "Parameters": list(item.values()),
    }


def write_together(parts: list[Any]) -> None:
    """Write `parts` (TransactWriteItems) atomically.

    Raises:
        Conflict: a condition did not hold; nothing was written.
        TableBusy: other writers held the items through all tries.
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
    raise TableBusy
