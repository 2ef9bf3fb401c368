"""Table `archive`: statements inserted once, assertions put blindly, marks set once.

The plain client serves these hot paths: pynamodb costs several times as much a row and has no
batched conditional insert (docs/decisions.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.archive.statements import (
    Assertion,
    Holding,
    Mark,
    RecordKey,
    Statement,
    decode_words,
    parse_assertion,
    store_words,
)
from chalicelib.archive.succession import follow_marks
from chalicelib.runtime.batches import batched
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.retries import tries
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import (
    Conflict,
    TableBusy,
    query_all,
    read_all,
    write_all,
    write_together,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import BatchStatementRequestTypeDef

_PROBED = 100
_WRITE_BATCH = 25
_PROFILE = "@profile"
_BEHIND = "0"  # behind the slash that ends a record's path, and every key that begins with it
_LAST = "~"  # behind every item's id and every record's

Item = Mapping[str, Any]


# -- reading -------------------------------------------------------------------------------------


def read_record(key: RecordKey) -> Holding:
    """All that is held under one record key, read strongly, that prefix only.

    With what is noted on the records that it replaces, if it does.
    """
    return follow_marks(read_alone(key), read_alone)


def read_alone(key: RecordKey) -> Holding:
    """All that is held under one record key itself, read strongly."""
    return _holding(key, _query(key.subject, key.prefix))


def read_records(subject: str, prefix: str = "", after: str = "") -> Iterator[Holding]:
    """A subject's records under `prefix` (an item's id and a slash), in the order of their keys.

    Those behind the record of the path `after` only, where one under `prefix` is given.
    """
    for path, items in groupby(_query(subject, prefix, after), _path):
        if path is not None:
            yield follow_marks(_holding(_record_key(subject, path), items), read_alone)


def scan_records(
    segment: int, segments: int, start: Mapping[str, str] | None, limit: int
) -> tuple[set[RecordKey], Mapping[str, str] | None]:
    """Record keys of up to `limit` items of one segment of the table, and where to go on.

    For rebuilding views by command; no request scans.
    """
    marker: Any = {}
    if start is not None:
        marker = {"ExclusiveStartKey": {name: {"S": value} for name, value in start.items()}}
    page = dynamodb().scan(
        TableName=settings().archive_table,
        Segment=segment,
        TotalSegments=segments,
        Limit=limit,
        ProjectionExpression="subject, #k",
        ExpressionAttributeNames={"#k": "key"},
        **marker,
    )
    found = {key for item in page["Items"] if (key := record_of(item)) is not None}
    last = page.get("LastEvaluatedKey")
    return found, {name: value["S"] for name, value in last.items()} if last else None


def find_first_assertions(
    statements: Iterable[tuple[str, str]],
) -> dict[tuple[str, str], Assertion]:
    """Which of these (subject, statement key) are held already, and the assertion that came first."""
    names = {"#k": "key", "#f": "first"}
    found = _get(statements, ProjectionExpression="subject, #k, #f", ExpressionAttributeNames=names)
    return {_place(item): parse_assertion(item["first"]["S"]) for item in found}


def probe_first_assertions(
    statements: Iterable[tuple[str, str]],
) -> dict[tuple[str, str], Assertion]:
    """The same, but where none of the first hundred is held the rest are not asked for.

    Most files are new or were sent before as a whole; an insertion tells what was missed.
    """
    wanted = iter(dict.fromkeys(statements))
    held = find_first_assertions(islice(wanted, _PROBED))
    return held | find_first_assertions(wanted) if held else held


def find_statements(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Statement]:
    """Those of the statements under these (subject, statement key) that are held."""
    return {_place(item): _statement(item) for item in _get(places)}


def read_profiles(subjects: Iterable[str]) -> dict[str, bytes]:
    """The bodies of the `@profile` views of those subjects that have one."""
    found = _get((subject, _PROFILE) for subject in subjects)
    return {item["subject"]["S"]: item["body"]["B"] for item in found}


# -- writing -------------------------------------------------------------------------------------


def insert_statements(statements: Sequence[Statement]) -> set[tuple[str, str]]:
    """Insert each statement unless it is held; returns the (subject, key) that stood already.

    The keys must be distinct. PartiQL is the only batched write that is conditional item by item.
    """
    waiting = {(statement.subject, statement.key): statement for statement in statements}
    duplicates: set[tuple[str, str]] = set()
    for _ in tries():
        refused: dict[tuple[str, str], Statement] = {}
        for batch in batched(waiting.items(), _WRITE_BATCH):
            answers = dynamodb().batch_execute_statement(
                Statements=[_insertion(statement) for _, statement in batch]
            )["Responses"]
            for (place, statement), answer in zip(batch, answers, strict=True):
                code = answer.get("Error", {}).get("Code")
                if code == "DuplicateItem":
                    duplicates.add(place)
                elif code is not None:
                    refused[place] = statement
        waiting = refused
        if not waiting:
            return duplicates
    raise TableBusy


def add_assertions(assertions: Iterable[tuple[str, str, Assertion]]) -> None:
    """Note that (subject, statement key) was said again; writing it twice changes nothing."""
    places = {(subject, f"{key}@{said}") for subject, key, said in assertions}
    write_all(
        settings().archive_table,
        (
            {"PutRequest": {"Item": {"subject": {"S": subject}, "key": {"S": key}}}}
            for subject, key in sorted(places)
        ),
    )


def note_earlier(subject: str, key: str, said: Assertion) -> None:
    """Note that a held statement was said at `said`, before what it holds as its first assertion.

    Whoever merges first creates the statement; whoever was registered first is its first.
    """
    while True:
        first = find_first_assertions([(subject, key)])[subject, key]
        if first <= said:
            add_assertions([(subject, key, said)] if first < said else [])
            return
        add_assertions([(subject, key, first)])
        if _replace_first(subject, key, first, said):
            return


def _replace_first(subject: str, key: str, first: Assertion, said: Assertion) -> bool:
    try:
        dynamodb().update_item(
            TableName=settings().archive_table,
            Key={"subject": {"S": subject}, "key": {"S": key}},
            UpdateExpression="SET #f = :said",
            ConditionExpression="#f = :first",
            ExpressionAttributeNames={"#f": "first"},
            ExpressionAttributeValues={":said": {"S": str(said)}, ":first": {"S": str(first)}},
        )
    except dynamodb().exceptions.ConditionalCheckFailedException:
        return False
    return True


def mark_write(key: RecordKey, mark: Mark) -> Item:
    """The transaction part that sets `mark` unless it is set; the same mark twice is no change."""
    return _put(_mark_item(key, mark), ConditionExpression="attribute_not_exists(subject)")


def add_marks(marks: Iterable[tuple[RecordKey, Mark]]) -> None:
    """Set marks whose ids name the row that sets them; writing one twice changes nothing."""
    write_all(
        settings().archive_table,
        ({"PutRequest": {"Item": _mark_item(key, mark)}} for key, mark in marks),
    )


def move_words(statement: Statement, marks: Iterable[tuple[RecordKey, Mark]]) -> None:
    """Insert `statement` in one transaction with the marks of the correction that brings it.

    Where it is held already the marks are set alone. Doing it again changes nothing.
    """
    parts = [_put(_mark_item(key, mark)) for key, mark in marks]
    try:
        write_together(
            [
                _put(
                    _statement_item(statement),
                    ConditionExpression="attribute_not_exists(subject)",
                ),
                *parts,
            ]
        )
    except Conflict:
        write_together(parts)


def write_profile(subject: str, body: bytes, size: int) -> bool:
    """Replace `@profile` unless one made from more is there; False where it was kept."""
    try:
        dynamodb().put_item(
            TableName=settings().archive_table,
            Item={
                "subject": {"S": subject},
                "key": {"S": _PROFILE},
                "body": {"B": body},
                "size": {"N": str(size)},
            },
            ConditionExpression="attribute_not_exists(subject) OR #n <= :n",
            ExpressionAttributeNames={"#n": "size"},
            ExpressionAttributeValues={":n": {"N": str(size)}},
        )
    except dynamodb().exceptions.ConditionalCheckFailedException:
        return False
    return True


# -- stored shapes -------------------------------------------------------------------------------


def record_of(item: Item) -> RecordKey | None:
    """The record that a stored item (a stream record's keys) belongs to; None for a view."""
    path = _path(item)
    return None if path is None else _record_key(item["subject"]["S"], path)


def _path(item: Item) -> str | None:
    """The record's name inside its archive; None for a view."""
    sort_key: str = item["key"]["S"]
    if sort_key[0] == "@":
        return None
    named, record, _ = sort_key.split("/", 2)
    return f"{named}/{record}"


def _record_key(subject: str, path: str) -> RecordKey:
    item, record = path.split("/")
    return RecordKey(subject, item, record)


def _insertion(statement: Statement) -> "BatchStatementRequestTypeDef":
    return {
        "Statement": f'INSERT INTO "{settings().archive_table}" VALUE '
        "{'subject': ?, 'key': ?, 'body': ?, 'first': ?}",
        "Parameters": list(_statement_item(statement).values()),
    }


def _statement_item(statement: Statement) -> Item:
    return {
        "subject": {"S": statement.subject},
        "key": {"S": statement.key},
        "body": {"B": store_words(statement.words)},
        "first": {"S": str(statement.first)},
    }


def _mark_item(key: RecordKey, mark: Mark) -> Item:
    return {
        "subject": {"S": key.subject},
        "key": {"S": mark.key(key.item, key.record)},
        "body": {"B": msgspec.msgpack.encode(mark)},
    }


def _put(item: Item, **condition: str) -> Item:
    return {"Put": {"TableName": settings().archive_table, "Item": item, **condition}}


def _holding(key: RecordKey, items: Iterable[Item]) -> Holding:
    statements: list[Statement] = []
    assertions: list[tuple[str, Assertion]] = []
    marks: list[Mark] = []
    for item in items:
        sort_key: str = item["key"]["S"]
        if "/~" in sort_key:
            marks.append(msgspec.msgpack.decode(item["body"]["B"], type=Mark))
        elif "@" in sort_key:
            statement_key, _, said = sort_key.partition("@")
            assertions.append((statement_key, parse_assertion(said)))
        else:
            statements.append(_statement(item))
    return Holding(
        key=key, statements=tuple(statements), assertions=tuple(assertions), marks=tuple(marks)
    )


def _place(item: Item) -> tuple[str, str]:
    return item["subject"]["S"], item["key"]["S"]


def _statement(item: Item) -> Statement:
    subject, sort_key = _place(item)
    item_id, record, provider, digest = sort_key.split("/")
    return Statement(
        subject=subject,
        item=item_id,
        record=record,
        provider=provider,
        words=decode_words(item["body"]["B"]),
        first=parse_assertion(item["first"]["S"]),
        digest=digest,
    )


def _query(subject: str, prefix: str, after: str = "") -> Iterator[Item]:
    condition, values = "subject = :s", {":s": subject}
    if after:
        condition += " AND #k BETWEEN :a AND :z"
        values |= {":a": after + _BEHIND, ":z": prefix + _LAST}
    elif prefix:
        condition += " AND begins_with(#k, :p)"
        values[":p"] = prefix
    names = {"ExpressionAttributeNames": {"#k": "key"}} if prefix or after else {}
    return query_all(settings().archive_table, condition, values, ConsistentRead=True, **names)


def _get(places: Iterable[tuple[str, str]], **projection: Any) -> Iterator[Item]:
    keys = (
        {"subject": {"S": subject}, "key": {"S": key}} for subject, key in dict.fromkeys(places)
    )
    return read_all(settings().archive_table, keys, **projection)
