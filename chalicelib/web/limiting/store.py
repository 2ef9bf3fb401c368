"""Table `counters`, under `rate/`: requests of one caller in one window, forgotten soon after it."""

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings

_RATE = "rate/"
_REFUSED = "ConditionalCheckFailedException"


class Uncounted(Exception):
    """The request could not be counted."""


def count(counted: str, most: int, ends: int) -> int | None:
    """Count one more of `counted`; returns how many that makes, None where there were `most` before.

    `ends` (seconds since 1970) is when the count may be forgotten. Raises Uncounted.
    """
    try:
        answer = dynamodb().update_item(
            TableName=settings().counters_table,
            Key={"counter": {"S": _RATE + counted}},
            UpdateExpression="SET ends = :ends ADD n :one",
            ConditionExpression="attribute_not_exists(n) OR n < :most",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":most": {"N": str(most)},
                ":ends": {"N": str(ends)},
            },
            ReturnValues="UPDATED_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == _REFUSED:
            return None
        raise Uncounted from error
    except BotoCoreError as error:
        raise Uncounted from error
    return int(answer["Attributes"]["n"]["N"])
