"""Table `shares`: an application under `@applied`, what becomes of it beside it, and its uses.

Every item is written once. `made` and the keys of the indexes stand on `@applied` only.
"""

from collections.abc import Iterable
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, insert_each, write_together

APPLIED: Final = "@applied"
ANSWERED: Final = "@answered/"
DECIDED: Final = "@decided"
ENDED: Final = "@ended"
_FACTS: Final = "@"
_USE: Final = "use/"
_BEHIND_USES: Final = "use0"
_EVERY: Final = "@every"

Part = dict[str, Any]
"""A part of a transaction."""

Place = tuple[str, str]
"""A subject, and the key of an entry in its ledger."""


class ByApplicant(GlobalSecondaryIndex["ShareItem"]):  # type: ignore[no-untyped-call]
    """An agency's shares by when they were applied for."""

    class Meta:
        index_name = "by_applicant"
        projection = KeysOnlyProjection()

    applicant = UnicodeAttribute(hash_key=True)
    made = UnicodeAttribute(range_key=True)


class ByTime(GlobalSecondaryIndex["ShareItem"]):  # type: ignore[no-untyped-call]
    """Every share by when it was applied for: some hundreds a year, in one partition."""

    class Meta:
        index_name = "by_time"
        projection = KeysOnlyProjection()

    every = UnicodeAttribute(hash_key=True)
    made = UnicodeAttribute(range_key=True)


class ShareItem(Model):
    """One fact of a share, its `body` as `applying` encodes it; a use has none.

    `made` is `<stamp>.<share>`, so that no two shares have the same.
    """

    class Meta:
        table_name = configured("shares_table")

    share = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    applicant = UnicodeAttribute(null=True)
    every = UnicodeAttribute(null=True)
    made = UnicodeAttribute(null=True)
    body = BinaryAttribute(null=True, legacy_encoding=False)
    by_applicant = ByApplicant()
    by_time = ByTime()


def insert_application(share: str, applicant: str, made: str, body: bytes) -> bool:
    """Keep an application; False where its id is taken."""
    item = ShareItem(share, APPLIED, applicant=applicant, every=_EVERY, made=made, body=body)
    return _insert(item)


def insert_fact(share: str, part: str, body: bytes) -> bool:
    """Keep what became of a share, unless something stands in its place; False where it does.

    Transactions wait one another out; a plain put would fail beside a use of the share.

    Raises:
        TableBusy: uses of the share held it through all tries.
    """
    return _insert(ShareItem(share, part, body=body))


def _insert(item: ShareItem) -> bool:
    try:
        write_together([_put(item)])
    except Conflict:
        return False
    return True


def find(share: str) -> dict[str, bytes]:
    """The facts of a share by part, read strongly; nothing where there is no such share."""
    facts = ShareItem.query(share, ShareItem.part.startswith(_FACTS), consistent_read=True)
    return {item.part: item.body for item in facts if item.body is not None}


def read_applied(applicant: str, before: str | None, most: int) -> list[tuple[str, str]]:
    """Up to `most` shares of an agency with their `made`, newest first, made before that one."""
    condition = ByApplicant.made < before if before else None
    found = ShareItem.by_applicant.query(applicant, condition, scan_index_forward=False, limit=most)
    return [(item.share, item.made) for item in found if item.made]


def read_every(before: str | None, most: int) -> list[tuple[str, str]]:
    """The same of all agencies."""
    condition = ByTime.made < before if before else None
    found = ShareItem.by_time.query(_EVERY, condition, scan_index_forward=False, limit=most)
    return [(item.share, item.made) for item in found if item.made]


def read_uses(share: str, before: str | None, most: int) -> list[str]:
    """Up to `most` uses (`<entry>/<subject>`) of a share, newest first, before that one."""
    condition = ShareItem.part.between(_USE, _USE + before if before else _BEHIND_USES)
    found = ShareItem.query(
        share, condition, consistent_read=True, scan_index_forward=False, limit=most + bool(before)
    )
    uses = [item.part.removeprefix(_USE) for item in found]
    return [use for use in uses if use != before][:most]


def use_parts(share: str, place: Place) -> list[Part]:
    """What stands beside a ledger entry in its transaction: not ended, and the use."""
    ended = {"share": {"S": share}, "part": {"S": ENDED}}
    check = {"TableName": settings().shares_table, "Key": ended, **_absent()}
    return [{"ConditionCheck": check}, _put(_use(share, place))]


def note_uses(share: str, places: Iterable[Place]) -> None:
    """Note the uses of a batch check, in few requests; the same again changes nothing.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be noted.
    """
    items = [_use(share, place).serialize() for place in places]
    insert_each(settings().shares_table, items)


def _use(share: str, place: Place) -> ShareItem:
    subject, entry = place
    return ShareItem(share, f"{_USE}{entry}/{subject}")


def _put(item: ShareItem) -> Part:
    return {"Put": {"TableName": settings().shares_table, "Item": item.serialize(), **_absent()}}


def _absent() -> dict[str, Any]:
    return {
        "ConditionExpression": "attribute_not_exists(#s)",
        "ExpressionAttributeNames": {"#s": "share"},
    }
