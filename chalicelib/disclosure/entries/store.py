"""Table `archive`, views `@entry/<organisation>/<item>/<record>` in a person's partition.

They point to another archive and hold nothing; what begins with `@` is never read as a statement.
"""

from collections.abc import Iterator

from chalicelib.archive.statements import RecordKey
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings

_PREFIX = "@entry/"


def insert(person: str, key: RecordKey) -> None:
    """Point from a person's archive to the record `key`; again changes nothing."""
    dynamodb().put_item(
        TableName=settings().archive_table,
        Item={"subject": {"S": person}, "key": {"S": f"{_PREFIX}{key.subject}/{key.path}"}},
    )


def read(person: str) -> Iterator[RecordKey]:
    """The records that a person's archive points to, read strongly, in the order of their keys."""
    pages = dynamodb().get_paginator("query")
    for page in pages.paginate(
        TableName=settings().archive_table,
        KeyConditionExpression="subject = :s AND begins_with(#k, :p)",
        ExpressionAttributeNames={"#k": "key"},
        ExpressionAttributeValues={":s": {"S": person}, ":p": {"S": _PREFIX}},
        ConsistentRead=True,
    ):
        for item in page["Items"]:
            yield RecordKey(*item["key"]["S"].removeprefix(_PREFIX).split("/"))
