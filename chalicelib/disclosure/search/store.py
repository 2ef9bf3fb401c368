"""Table `names`: postings from a gram to the subjects that have it in a name (DESIGN §4)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.runtime.batches import batched
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, save_if, write_together

_INDEXED = "@indexed"
_UNFINISHED = "\n"
_PARTS = 99  # a transaction takes 100, one of them is the note


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


def write_names(noted: Name | None, note: Name, add: Iterable[Name], remove: set[str]) -> bool:
    """Put the postings `add`, delete those under the grams `remove`, and put `note`, together.

    False where the note is not `noted` any more: whoever wrote it may have read more. More than a
    transaction takes goes in several; until the last, the note is one that no text equals.
    """
    parts = [_put(posting) for posting in add]
    parts += [_delete(gram, note.subject) for gram in sorted(remove)]
    *earlier, last = list(batched(parts, _PARTS)) or [[]]
    unfinished = Name(
        note.gram,
        note.subject,
        text=_UNFINISHED + note.text,
        grams={*(note.grams or ()), *((noted and noted.grams) or ())},
        size=note.size,
    )
    try:
        for chunk in earlier:
            write_together([*chunk, _replace(noted, unfinished)])
            noted = unfinished
        write_together([*last, _replace(noted, note)])
    except Conflict:
        return False
    return True


def keep_indexed(noted: Name, size: int) -> bool:
    """Note that `size` things add up to the same names; False where the note is another by now."""
    if noted.size == size:
        return True
    unchanged = (Name.size == noted.size) & (Name.text == noted.text)
    noted.size = size
    return save_if(noted, unchanged)


def note_of(subject: str, text: str, grams: set[str], size: int) -> Name:
    """The note that `subject` is indexed under `grams`, from `size` things."""
    return Name(f"{_INDEXED}.{subject}", subject, text=text, grams=grams or None, size=size)


def _put(row: Name) -> dict[str, Any]:
    return {"Put": {"TableName": settings().names_table, "Item": row.serialize()}}


def _delete(gram: str, subject: str) -> dict[str, Any]:
    key = {"gram": {"S": gram}, "subject": {"S": subject}}
    return {"Delete": {"TableName": settings().names_table, "Key": key}}


def _replace(noted: Name | None, note: Name) -> dict[str, Any]:
    part = _put(note)
    if noted is None:
        part["Put"]["ConditionExpression"] = "attribute_not_exists(gram)"
    else:
        part["Put"] |= {
            "ConditionExpression": "#n = :n AND #t = :t",
            "ExpressionAttributeNames": {"#n": "size", "#t": "text"},
            "ExpressionAttributeValues": {":n": {"N": str(noted.size)}, ":t": {"S": noted.text}},
        }
    return part


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
