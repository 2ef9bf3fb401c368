"""Table `archive`, views `@entry/<organisation>/<item>/<record>` in a person's partition.

They point to another archive and hold nothing; what begins with `@` is never read as a statement.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.archive.statements import RecordKey
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import query_all, write_all

_PREFIX = "@entry/"


def insert(person: str, key: RecordKey) -> None:
    """Point from a person's archive to the record `key`; again changes nothing."""
    dynamodb().put_item(
        TableName=settings().archive_table,
        Item=_item(person, key),
    )


def insert_all(pointers: Iterable[tuple[str, RecordKey]]) -> None:
    """Point from persons' archives to records, in few requests; again changes nothing.

    Raises:
        TableBusy: some may stand.
    """
    write_all(
        settings().archive_table,
        ({"PutRequest": {"Item": _item(person, key)}} for person, key in set(pointers)),
    )


def read(person: str) -> Iterator[RecordKey]:
    """The records that a person's archive points to, read strongly, in the order of their keys."""
    for item in query_all(
        settings().archive_table,
        "subject = :s AND begins_with(#k, :p)",
        {":s": person, ":p": _PREFIX},
        ExpressionAttributeNames={"#k": "key"},
        ConsistentRead=True,
    ):
        yield RecordKey(*item["key"]["S"].removeprefix(_PREFIX).split("/"))


def _item(person: str, key: RecordKey) -> dict[str, Any]:
    return {"subject": {"S": person}, "key": {"S": f"{_PREFIX}{key}"}}
