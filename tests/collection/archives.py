"""What the archive holds, read for comparing."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from chalicelib.archive import store
from chalicelib.archive.fold import Record, fold
from chalicelib.archive.opening import Opened, open_words
from chalicelib.archive.statements import Holding, RecordKey
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import find_by_subject

Item = Mapping[str, Any]


def stored_items(table: str) -> list[Item]:
    """Every item of a table."""
    pages = dynamodb().get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


def held() -> dict[RecordKey, Holding]:
    """All that the archive holds, by record."""
    keys: dict[RecordKey, None] = defaultdict()
    for item in stored_items(settings().archive_table):
        key = store.record_of(item)
        if key is not None:
            keys[key] = None
    return {key: store.read_record(key) for key in keys}


def folded() -> dict[RecordKey, Record]:
    """Every record as it stands."""
    return {key: fold(holding) for key, holding in held().items()}


def opened(record: Record) -> Opened:
    """A record's current words, with the keys of all persons in them."""
    assert record.current is not None
    people = find_by_subject({box.person for box in record.current.words.boxes})
    keys = {subject: person.key for subject, person in people.items() if person.key is not None}
    return open_words(record.current.words, record.key, keys)
