"""Table `notices`, under keys that no subject has: what recipients are told, and how far that is.

`to/<recipient>` holds notices. `about/<subject>` holds, of each change of a record in that archive,
`seen/<day>/<change>` from before the ledger is looked through and `done/<change>` from after.
"""

from collections.abc import Iterable
from datetime import date

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.runtime.tables import configured, save_if

_TO = "to/"
_ABOUT = "about/"
_SEEN = "seen/"
_BEHIND_SEEN = "seen0"
_DONE = "done/"


class ByTime(GlobalSecondaryIndex["RecipientItem"]):  # type: ignore[no-untyped-call]
    """A recipient's notices by the day on which they were made, and what happened before what."""

    class Meta:
        index_name = "by_time"
        projection = AllProjection()

    subject = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class RecipientItem(Model):
    """A notice, or how far one is; only notices have `at`: `<day>/<when it happened>/<notice>`."""

    class Meta:
        table_name = configured("notices_table")

    subject = UnicodeAttribute(hash_key=True)
    notice = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute(null=True)
    about = UnicodeAttribute(null=True)
    path = UnicodeAttribute(null=True)
    what = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    happened = UnicodeAttribute(null=True)
    entry = UnicodeAttribute(null=True)
    told = UnicodeAttribute(null=True)
    by_time = ByTime()


def insert(recipient: str, item: RecipientItem) -> bool:
    """Append a notice to a recipient; False where it was appended before, and is kept as it was."""
    item.subject = _TO + recipient
    return save_if(item, RecipientItem.subject.does_not_exist())


def read_backwards(recipient: str, before: str, most: int) -> list[RecipientItem]:
    """Up to `most` notices of a recipient, newest first, that stand before the place `before`."""
    condition = ByTime.at < before if before else None
    index = RecipientItem.by_time
    return list(index.query(_TO + recipient, condition, scan_index_forward=False, limit=most))


def find_done(subject: str, path: str) -> set[str]:
    """The changes of a record of which its recipients have been told, read strongly."""
    prefix = f"{_DONE}{path}/"
    found = RecipientItem.query(
        _ABOUT + subject, RecipientItem.notice.startswith(prefix), consistent_read=True
    )
    return {item.notice.removeprefix(_DONE) for item in found}


def note_done(subject: str, changes: Iterable[str]) -> None:
    """Note that the recipients of a record have been told of `changes`."""
    for change in changes:
        RecipientItem(_ABOUT + subject, _DONE + change).save()


def note_seen(subject: str, day: date, change: str, item: RecipientItem) -> None:
    """Note that a change of a record was seen on `day`, and what it is."""
    item.subject, item.notice = _ABOUT + subject, f"{_SEEN}{day.isoformat()}/{change}"
    item.save()


def find_seen(subject: str, since: date) -> list[RecipientItem]:
    """The changes of records in an archive that were seen since a day, read strongly."""
    condition = RecipientItem.notice.between(f"{_SEEN}{since.isoformat()}", _BEHIND_SEEN)
    return list(RecipientItem.query(_ABOUT + subject, condition, consistent_read=True))
