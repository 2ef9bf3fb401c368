"""Table `publication`: one row a record, or the empty note that it is not published.

pynamodb writes the rows; the plain client reads them, which the public makes us do most often.
"""

import heapq
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured, query_all, read_all, save_if

SHARDS = 16
LIST_SHARDS = 4


class ByEnd(GlobalSecondaryIndex["Publication"]):  # type: ignore[no-untyped-call]
    """Rows by the first day on which they are no longer shown, spread over shards."""

    class Meta:
        index_name = "by_end"
        projection = KeysOnlyProjection()

    shard = UnicodeAttribute(hash_key=True)
    ends = UnicodeAttribute(range_key=True)


class ByItem(GlobalSecondaryIndex["Publication"]):  # type: ignore[no-untyped-call]
    """Rows of public lists by item and by when they were first reported, spread over shards."""

    class Meta:
        index_name = "by_item"
        projection = KeysOnlyProjection()

    listed = UnicodeAttribute(hash_key=True)
    since = UnicodeAttribute(range_key=True)


class Publication(Model):
    """`marks`, `size`, `edition` and `day` say from what the row was made.

    A newer one is never replaced. `marks` are counted in `size`, and apart too: a mark writes the
    row of what was read before it, so a row of the same size may know of words but not of the mark.
    `rules` is the text of the edition (`edition.Edition`), its number the `edition`. `listed` and
    `since` (`list_place`) stand on rows of public lists, on empty ones too.
    """

    class Meta:
        table_name = configured("publication_table")

    subject = UnicodeAttribute(hash_key=True)
    key = UnicodeAttribute(range_key=True)
    body = BinaryAttribute(null=True, legacy_encoding=False)
    size = NumberAttribute()
    marks = NumberAttribute()
    edition = NumberAttribute()
    rules = UnicodeAttribute()
    day = UnicodeAttribute()
    shard = UnicodeAttribute(null=True)
    ends = UnicodeAttribute(null=True)
    listed = UnicodeAttribute(null=True)
    since = UnicodeAttribute(null=True)
    by_end = ByEnd()
    by_item = ByItem()


class Row(msgspec.Struct, frozen=True):
    """A row as it is read: `body` is what was published under `rules`, None where nothing was."""

    subject: str
    key: str
    rules: str
    body: bytes | None


def write(row: Publication) -> bool:
    """Keep `row` unless one made from more, or by later rules or on a later day, stands there."""
    same_size = Publication.size == row.size
    same_rules = same_size & (Publication.edition == row.edition)
    fresh = (
        (Publication.size < row.size)
        | (same_size & (Publication.edition < row.edition))
        | (same_rules & (Publication.day <= row.day))
    )
    knows_marks = Publication.marks <= row.marks
    row.shard = shard_of(row.subject) if row.ends else None
    return save_if(row, Publication.subject.does_not_exist() | (knows_marks & fresh))


def shard_of(subject: str) -> str:
    """The `by_end` shard of a subject's rows."""
    return f"{zlib.crc32(subject.encode()) % SHARDS:02d}"


def read_subject(subject: str, item: str = "", after: str = "") -> Iterator[Row]:
    """A subject's rows, empty ones too, in the order of their keys: all, those of `item`, or those
    behind the key `after`."""
    condition, values = "subject = :s", {":s": subject}
    if item:
        condition += " AND begins_with(#k, :p)"
        values[":p"] = f"{item}/"
    elif after:
        condition += " AND #k > :a"
        values[":a"] = after
    names = {"ExpressionAttributeNames": {"#k": "key"}} if item or after else {}
    return map(_row, query_all(settings().publication_table, condition, values, **names))


def find_ended(shard: str, day: str) -> Iterator[tuple[str, str]]:
    """(Subject, key) of the rows of one shard that are not to be shown on `day` any more."""
    for row in Publication.by_end.query(shard, ByEnd.ends <= day):
        yield row.subject, row.key


def list_shard_of(item: str, subject: str) -> str:
    """The `by_item` shard of a subject's rows on the list of `item`."""
    return f"{item}.{zlib.crc32(subject.encode()) % LIST_SHARDS}"


def list_place(registered: str, subject: str, key: str) -> str:
    """Where a row stands on its list: by when its record was first registered, as no other row."""
    return f"{registered}/{subject}/{key}"


def find_listed(item: str, before: str, most: int) -> list[str]:
    """Up to `most` places on the list of `item`, newest first, that stand before `before`."""
    condition = ByItem.since < before if before else None
    shards = [
        [
            str(row.since)
            for row in Publication.by_item.query(
                f"{item}.{number}", condition, scan_index_forward=False, limit=most
            )
        ]
        for number in range(LIST_SHARDS)
    ]
    return list(islice(heapq.merge(*shards, reverse=True), most))


def read_rows(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    """The rows under these (subject, key), which are distinct, read strongly."""
    wanted = ({"subject": {"S": subject}, "key": {"S": key}} for subject, key in keys)
    rows = map(_row, read_all(settings().publication_table, wanted))
    return {(row.subject, row.key): row for row in rows}


def _row(item: Mapping[str, Any]) -> Row:
    body = item["body"]["B"] if "body" in item else None
    return Row(item["subject"]["S"], item["key"]["S"], item["rules"]["S"], body)


def row_write(row: Publication) -> dict[str, Any]:
    """The transaction part that replaces a row when a mark is set.

    It fails where one stands that was made from as much, or knows of a mark that this does not.
    """
    row.shard = shard_of(row.subject) if row.ends else None
    return {
        "Put": {
            "TableName": settings().publication_table,
            "Item": row.serialize(),
            "ConditionExpression": "attribute_not_exists(subject) OR (#n < :n AND #m < :m)",
            "ExpressionAttributeNames": {"#n": "size", "#m": "marks"},
            "ExpressionAttributeValues": {":n": {"N": str(row.size)}, ":m": {"N": str(row.marks)}},
        }
    }
