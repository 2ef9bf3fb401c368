"""Table `grants`: a grant under `@grant`, what becomes of it beside it, and its uses.

Every item is written once. `made` and the keys of the indexes stand on `@grant` only.
"""

from collections.abc import Iterable
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, write_together

GRANT: Final = "@grant"
ANSWER: Final = "@answer"
REVOKED: Final = "@revoked"
CONSUMED: Final = "@consumed"
OUTCOME: Final = "@outcome"
_FACTS: Final = "@"
_PARTS: Final = (GRANT, ANSWER, REVOKED, CONSUMED, OUTCOME)
_USE: Final = "use/"
_BEHIND_USES: Final = "use0"

Part = dict[str, Any]
"""A part of a transaction."""


class BySubject(GlobalSecondaryIndex["GrantItem"]):  # type: ignore[no-untyped-call]
    """A subject's grants by when they were made."""

    class Meta:
        index_name = "by_subject"
        projection = AllProjection()

    subject = UnicodeAttribute(hash_key=True)
    made = UnicodeAttribute(range_key=True)


class ByRecipient(GlobalSecondaryIndex["GrantItem"]):  # type: ignore[no-untyped-call]
    """A third party's grants by when they were made."""

    class Meta:
        index_name = "by_recipient"
        projection = AllProjection()

    recipient = UnicodeAttribute(hash_key=True)
    made = UnicodeAttribute(range_key=True)


class GrantItem(Model):
    """One fact of a grant, its `body` as `giving` encodes it; a use has none.

    `made` is `<stamp>.<grant>`, so that no two grants have the same.
    """

    class Meta:
        table_name = configured("grants_table")

    grant = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    subject = UnicodeAttribute(null=True)
    recipient = UnicodeAttribute(null=True)
    made = UnicodeAttribute(null=True)
    body = BinaryAttribute(null=True, legacy_encoding=False)
    by_subject = BySubject()
    by_recipient = ByRecipient()


def insert(item: GrantItem) -> bool:
    """Keep a fact unless one stands in its place; False where it does.

    Transactions wait one another out; a plain put would fail beside a use of the grant.

    Raises:
        TableBusy: uses of the grant held it through all tries.
    """
    try:
        write_together([_put(item)])
    except Conflict:
        return False
    return True


def find(grant: str) -> dict[str, bytes]:
    """The facts of a grant by part, read strongly; nothing where there is no such grant."""
    facts = GrantItem.query(grant, GrantItem.part.startswith(_FACTS), consistent_read=True)
    return {item.part: item.body for item in facts if item.body is not None}


def find_many(grants: Iterable[str]) -> dict[str, dict[str, bytes]]:
    """The facts of several grants, by grant and part, read strongly."""
    found: dict[str, dict[str, bytes]] = {}
    places = [(grant, part) for grant in grants for part in _PARTS]
    for item in GrantItem.batch_get(places, consistent_read=True):
        if item.body is not None:
            found.setdefault(item.grant, {})[item.part] = item.body
    return found


def find_use(grant: str) -> bool:
    """Whether the grant was ever used, read strongly."""
    uses = GrantItem.query(grant, GrantItem.part.startswith(_USE), consistent_read=True, limit=1)
    return next(iter(uses), None) is not None


def read_uses(grant: str, before: str | None, most: int) -> list[str]:
    """Up to `most` entries of the ledger made under a grant, newest first, before that one."""
    condition = GrantItem.part.between(_USE, _USE + before if before else _BEHIND_USES)
    found = GrantItem.query(
        grant, condition, consistent_read=True, scan_index_forward=False, limit=most + bool(before)
    )
    entries = [item.part.removeprefix(_USE) for item in found]
    return [entry for entry in entries if entry != before][:most]


def read_given(subject: str, before: str | None, most: int) -> list[tuple[str, str]]:
    """Up to `most` grants of a subject with their `made`, newest first, made before that one."""
    condition = BySubject.made < before if before else None
    found = GrantItem.by_subject.query(subject, condition, scan_index_forward=False, limit=most)
    return [(item.grant, item.made) for item in found if item.made]


def read_received(recipient: str, before: str | None, most: int) -> list[tuple[str, str]]:
    """The same of a third party."""
    condition = ByRecipient.made < before if before else None
    found = GrantItem.by_recipient.query(recipient, condition, scan_index_forward=False, limit=most)
    return [(item.grant, item.made) for item in found if item.made]


def use_parts(grant: str, entry: str, consumed: bytes | None) -> list[Part]:
    """What stands beside a ledger entry in its transaction: not revoked, the use, its consumption.

    `consumed` is the body of `@consumed` where the use consumes the grant.
    """
    parts: list[Part] = [
        {
            "ConditionCheck": {
                "TableName": settings().grants_table,
                "Key": {"grant": {"S": grant}, "part": {"S": REVOKED}},
                **_absent(),
            }
        },
        _put(GrantItem(grant, _USE + entry)),
    ]
    return parts if consumed is None else [*parts, _put(GrantItem(grant, CONSUMED, body=consumed))]


def _put(item: GrantItem) -> Part:
    table = settings().grants_table
    return {"Put": {"TableName": table, "Item": item.serialize(), **_absent()}}


def _absent() -> dict[str, Any]:
    return {
        "ConditionExpression": "attribute_not_exists(#g)",
        "ExpressionAttributeNames": {"#g": "grant"},
    }
