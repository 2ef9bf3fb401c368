"""Table `ledger` (查询台账): entries, and what was handed over."""

import heapq
import zlib
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.law.rules import Kept
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import (
    Conflict,
    configured,
    insert_each,
    save_if,
    write_all,
    write_together,
)

SHARDS = tuple(f"{number:02d}" for number in range(16))
BEHIND = "~"
"""Sorts behind all entries of one moment."""
HANDED = "~handed"
_AHEAD = 32  # entries read of a shard at a time

Place = tuple[str, str]
"""Where an item stands: subject and sort key."""

Span = tuple[str, str]
"""From which sort key to which."""


class ByOrganisation(GlobalSecondaryIndex["LedgerItem"]):  # type: ignore[no-untyped-call]
    """Entries by the organisation that asked, spread over shards, in the order of time."""

    class Meta:
        index_name = "by_organisation"
        projection = AllProjection()

    organisation_shard = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)


class ByAccount(GlobalSecondaryIndex["LedgerItem"]):  # type: ignore[no-untyped-call]
    """Entries by the account that asked, spread over shards, in the order of time."""

    class Meta:
        index_name = "by_account"
        projection = AllProjection()

    account_shard = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)


class ByAge(GlobalSecondaryIndex["LedgerItem"]):  # type: ignore[no-untyped-call]
    """Keys of entries by when they were made, spread over shards of what they are kept as."""

    class Meta:
        index_name = "by_age"
        projection = KeysOnlyProjection()

    shard = UnicodeAttribute(hash_key=True)
    created = UnicodeAttribute(range_key=True)


class LedgerItem(Model):
    """An entry; or, under `<entry>~handed`, what was handed over on it, which no index holds."""

    class Meta:
        table_name = configured("ledger_table")

    subject = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    created = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    organisation = UnicodeAttribute(null=True)
    organisation_name = UnicodeAttribute(null=True)
    role = UnicodeAttribute(null=True)
    channel = UnicodeAttribute(null=True)
    purpose = UnicodeAttribute(null=True)
    basis = UnicodeAttribute(null=True)
    as_of = UnicodeAttribute(null=True)
    papers = UnicodeAttribute(null=True)
    organisation_shard = UnicodeAttribute(null=True)
    account_shard = UnicodeAttribute(null=True)
    shard = UnicodeAttribute(null=True)
    returned = UnicodeSetAttribute(null=True)
    report = UnicodeAttribute(null=True)
    by_organisation = ByOrganisation()
    by_account = ByAccount()
    by_age = ByAge()


def shard_of(kept: Kept, entry: str) -> str:
    """The `by_age` shard of an entry: `<what it is kept as>-<number>`."""
    return f"{kept}-{_number_of(entry)}"


def shard_by(asker: str, entry: str) -> str:
    """The shard of an entry in the index by who asked: `<organisation or account>.<number>`."""
    return f"{asker}.{_number_of(entry)}"


def _number_of(entry: str) -> str:
    return SHARDS[zlib.crc32(entry.encode()) % len(SHARDS)]


def shards_of(kept: Kept) -> tuple[str, ...]:
    """Every shard of what is kept so."""
    return tuple(f"{kept}-{number}" for number in SHARDS)


# -- entries -------------------------------------------------------------------------------------


def insert(item: LedgerItem) -> bool:
    """Keep `item` unless its key is taken; False where it is."""
    return save_if(item, LedgerItem.subject.does_not_exist())


def insert_all(items: Iterable[LedgerItem]) -> list[Place]:
    """Keep each of `items` unless its key is taken; the places of those that were.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be kept.
    """
    waiting = list(items)
    stood = insert_each(settings().ledger_table, [item.serialize() for item in waiting])
    return [(waiting[index].subject, waiting[index].entry) for index in stood]


def put_all(items: Iterable[LedgerItem]) -> None:
    """Write items whatever stands in their places, in few requests where nothing does.

    Batched writes could delete as well, a right that nobody has here but who purges.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be written.
    """
    waiting = list(items)
    standing = set(insert_all(waiting))
    for item in waiting:
        if (item.subject, item.entry) in standing:
            item.save()


def insert_with(item: LedgerItem, parts: Iterable[Any]) -> bool:
    """Keep `item` unless its key is taken, and write `parts` with it (TransactWriteItems).

    False where the key is taken or a condition of `parts` does not hold: nothing is written.
    """
    put = {
        "TableName": settings().ledger_table,
        "Item": item.serialize(),
        "ConditionExpression": "attribute_not_exists(subject)",
    }
    try:
        write_together([{"Put": put}, *parts])
    except Conflict:
        return False
    return True


def find(subject: str, entry: str) -> LedgerItem | None:
    """The item at a place, read strongly."""
    return next(LedgerItem.batch_get([(subject, entry)], consistent_read=True), None)


def read_backwards(subject: str, before: str | None, most: int) -> list[LedgerItem]:
    """Up to `most` items of a subject, newest first, that stand before the sort key `before`."""
    condition = None if before is None else LedgerItem.entry < before
    return list(
        LedgerItem.query(
            subject, condition, consistent_read=True, scan_index_forward=False, limit=most
        )
    )


def read_subject(subject: str, span: Span) -> Iterator[LedgerItem]:
    """A subject's items within `span`, oldest first, read strongly."""
    return LedgerItem.query(
        subject, LedgerItem.entry.between(*span), consistent_read=True, page_size=_AHEAD
    )


def read_organisation(organisation: str, span: Span) -> Iterator[LedgerItem]:
    """What an organisation asked within `span`, oldest first, read as far as it is looked at."""
    return _merge(LedgerItem.by_organisation, organisation, span)


def read_account(account: str, span: Span) -> Iterator[LedgerItem]:
    """The same of an account."""
    return _merge(LedgerItem.by_account, account, span)


def _merge(index: GlobalSecondaryIndex[LedgerItem], asker: str, span: Span) -> Iterator[LedgerItem]:
    within = LedgerItem.entry.between(*span)
    shards = (index.query(f"{asker}.{shard}", within, page_size=_AHEAD) for shard in SHARDS)
    return heapq.merge(*shards, key=attrgetter("entry"))


def find_entries(places: Iterable[Place]) -> list[LedgerItem]:
    """The items that stand at `places`, read strongly."""
    return list(LedgerItem.batch_get(places, consistent_read=True))


def find_handed_with(subject: str, path: str) -> list[str]:
    """Sort keys of a subject's entries on which the record at `path` was handed over, strongly.

    Reads the whole ledger of the subject.
    """
    handed = LedgerItem.query(
        subject, filter_condition=LedgerItem.returned.contains(path), consistent_read=True
    )
    return [item.entry.removesuffix(HANDED) for item in handed]


def find_handed(places: Iterable[Place]) -> dict[Place, LedgerItem]:
    """What was handed over on the entries at `places`, where anything was."""
    keys = [(subject, entry + HANDED) for subject, entry in places]
    found = LedgerItem.batch_get(keys, consistent_read=True)
    return {(item.subject, item.entry.removesuffix(HANDED)): item for item in found}


# -- purging -------------------------------------------------------------------------------------


def find_older(shard: str, cut_off: str) -> Iterator[Place]:
    """Places of a shard's entries made before `cut_off` (`stamp` text), oldest first.

    The index lags: some may be gone already.
    """
    for item in LedgerItem.by_age.query(shard, ByAge.created < cut_off):
        yield item.subject, item.entry


def find_standing(places: Iterable[Place]) -> dict[Place, str]:
    """When the entries that do stand at `places` were made, read strongly."""
    found = LedgerItem.batch_get(
        places, consistent_read=True, attributes_to_get=["subject", "entry", "created"]
    )
    return {(item.subject, item.entry): item.created for item in found if item.created}


def delete_entries(places: Iterable[Place]) -> None:
    """Delete entries and what was handed over on them; what is gone already stays so.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be deleted.
    """
    delete((subject, key) for subject, entry in places for key in (entry, entry + HANDED))


def delete(keys: Iterable[Place]) -> None:
    """Delete the items under `keys`; what is gone already stays so.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be deleted.
    """
    write_all(
        settings().ledger_table,
        (
            {"DeleteRequest": {"Key": {"subject": {"S": subject}, "entry": {"S": key}}}}
            for subject, key in keys
        ),
    )
