"""Table `ledger` (查询台账): entries, what was handed over, and how far each purge has come."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured, save_if, write_all

SHARDS = tuple(f"{number:02d}" for number in range(16))
HANDED = "~handed"
_PURGE = "@purge"

Place = tuple[str, str]
"""Where an item stands: subject and sort key."""


class ByOrganisation(GlobalSecondaryIndex["LedgerItem"]):  # type: ignore[no-untyped-call]
    """Entries by who asked on which lawful day."""

    class Meta:
        index_name = "by_organisation"
        projection = AllProjection()

    organisation_day = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)


class ByAge(GlobalSecondaryIndex["LedgerItem"]):  # type: ignore[no-untyped-call]
    """Keys of entries by when they were made, spread over shards."""

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
    organisation_day = UnicodeAttribute(null=True)
    shard = UnicodeAttribute(null=True)
    returned = UnicodeSetAttribute(null=True)
    report = UnicodeAttribute(null=True)
    by_organisation = ByOrganisation()
    by_age = ByAge()


class PurgeState(Model):
    """Under `@purge`, for one shard: the number of its last manifest, and that while it is open."""

    class Meta:
        table_name = configured("ledger_table")

    subject = UnicodeAttribute(hash_key=True, default=_PURGE)
    entry = UnicodeAttribute(range_key=True)
    number = NumberAttribute()
    manifest = BinaryAttribute(null=True, legacy_encoding=False)


def shard_of(entry: str) -> str:
    """The `by_age` shard of an entry."""
    return SHARDS[zlib.crc32(entry.encode()) % len(SHARDS)]


# -- entries -------------------------------------------------------------------------------------


def insert(item: LedgerItem) -> bool:
    """Keep `item` unless its key is taken; False where it is."""
    return save_if(item, LedgerItem.subject.does_not_exist())


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


def read_organisation_day(
    organisation_day: str, after: Place | None, most: int
) -> list[LedgerItem]:
    """Up to `most` entries of one organisation and day, oldest first, behind the place `after`."""
    start: dict[str, dict[str, Any]] | None = None
    if after is not None:
        start = {
            "organisation_day": {"S": organisation_day},
            "subject": {"S": after[0]},
            "entry": {"S": after[1]},
        }
    index = LedgerItem.by_organisation
    return list(index.query(organisation_day, limit=most, last_evaluated_key=start))


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


def read_state(shard: str) -> tuple[int, bytes | None]:
    """The number of the shard's last manifest (0 before the first), and that while it is open."""
    for state in PurgeState.batch_get([(_PURGE, shard)], consistent_read=True):
        return int(state.number), state.manifest
    return 0, None


def open_manifest(shard: str, number: int, manifest: bytes) -> bool:
    """Make `manifest` the shard's open one; False unless the last one is `number` - 1 and closed.

    So of runs at one time one wins, and the others find its manifest.
    """
    state = PurgeState(entry=shard, number=number, manifest=manifest)
    if number == 1:
        return save_if(state, PurgeState.subject.does_not_exist())
    follows = (PurgeState.number == number - 1) & PurgeState.manifest.does_not_exist()
    return save_if(state, follows)


def close_manifest(shard: str, number: int) -> None:
    """Forget the keys of manifest `number`; nothing happens where a later one stands."""
    save_if(PurgeState(entry=shard, number=number), PurgeState.number == number)


def delete_entries(places: Iterable[Place]) -> None:
    """Delete entries and what was handed over on them; what is gone already stays so.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be deleted.
    """
    keys = [(subject, key) for subject, entry in places for key in (entry, entry + HANDED)]
    write_all(
        settings().ledger_table,
        (
            {"DeleteRequest": {"Key": {"subject": {"S": subject}, "entry": {"S": key}}}}
            for subject, key in keys
        ),
    )
