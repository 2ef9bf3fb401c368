"""Table `names`: postings from a gram to the subjects that have it in a name (DESIGN §4)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import PutError
from pynamodb.models import Model

from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured

_INDEXED = "@indexed"


class Posting(NamedTuple):
    """What a search reads of one posting: its names normalised, one a line, and as registered."""

    subject: str
    text: str
    name: str


class Name(Model):
    """A posting `<gram>.<shard>` → subject; or, under `@indexed`, what a subject is indexed as."""

    class Meta:
        table_name = configured("names_table")

    gram = UnicodeAttribute(hash_key=True)
    subject = UnicodeAttribute(range_key=True)
    text = UnicodeAttribute()
    name = UnicodeAttribute(null=True)
    grams = UnicodeSetAttribute(null=True)
    size = NumberAttribute(null=True)


def read_indexed(subject: str) -> Name | None:
    """What `subject` is indexed as, read strongly."""
    keys = [(f"{_INDEXED}.{subject}", subject)]
    return next(iter(Name.batch_get(keys, consistent_read=True)), None)


def write_postings(
    subject: str, name: str, text: str, add: Iterable[str], remove: Iterable[str]
) -> None:
    """Put a posting under each gram of `add`, and delete those under `remove`."""
    with Name.batch_write() as batch:
        for gram in add:
            batch.save(Name(gram, subject, text=text, name=name))
        for gram in remove:
            batch.delete(Name(gram, subject))


def write_indexed(subject: str, text: str, grams: set[str], size: int) -> bool:
    """Note what `subject` is indexed as now; False where a newer note stands."""
    row = Name(f"{_INDEXED}.{subject}", subject, text=text, grams=grams or None, size=size)
    try:
        row.save(condition=Name.subject.does_not_exist() | (Name.size <= size))
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def count_postings(gram: str, at_most: int) -> int:
    """How many postings a gram has, counted up to `at_most`: one cheap page, nothing returned."""
    page = dynamodb().query(
        TableName=settings().names_table,
        KeyConditionExpression="gram = :g",
        ExpressionAttributeValues={":g": {"S": gram}},
        Select="COUNT",
        Limit=at_most,
    )
    return page["Count"]


def find_postings(gram: str, fragment: str, after: str, limit: int) -> tuple[list[Posting], str]:
    """Postings of `gram` whose text holds `fragment`, in the order of their subjects.

    One page: reads `limit` postings at the most, from behind subject `after`. The second value is
    the last subject read, empty at the end.
    """
    start: Any = {}
    if after:
        start = {"ExclusiveStartKey": {"gram": {"S": gram}, "subject": {"S": after}}}
    page = dynamodb().query(
        TableName=settings().names_table,
        KeyConditionExpression="gram = :g",
        FilterExpression="contains(#t, :f)",
        ExpressionAttributeNames={"#t": "text"},
        ExpressionAttributeValues={":g": {"S": gram}, ":f": {"S": fragment}},
        Limit=limit,
        **start,
    )
    found = [
        Posting(item["subject"]["S"], item["text"]["S"], item["name"]["S"])
        for item in page["Items"]
    ]
    last = page.get("LastEvaluatedKey")
    return found, last["subject"]["S"] if last else ""
