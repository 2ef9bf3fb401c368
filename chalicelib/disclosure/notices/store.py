"""Table `notices`: an outbox, appended to once and never made again."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.runtime.tables import configured, save_if


class ByTime(GlobalSecondaryIndex["NoticeItem"]):  # type: ignore[no-untyped-call]
    """A subject's notices by when that happened of which they tell."""

    class Meta:
        index_name = "by_time"
        projection = AllProjection()

    subject = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class NoticeItem(Model):
    """One notice. `at` is `<stamp>/<notice>`, so that no two of a subject have the same."""

    class Meta:
        table_name = configured("notices_table")

    subject = UnicodeAttribute(hash_key=True)
    notice = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    told = UnicodeAttribute()
    provider = UnicodeAttribute()
    source = UnicodeAttribute()
    rulebook = UnicodeAttribute()
    by_time = ByTime()


def insert(item: NoticeItem) -> bool:
    """Append a notice; False where it was appended before, and is kept as it was."""
    return save_if(item, NoticeItem.subject.does_not_exist())


def find(subject: str, prefix: str = "") -> list[NoticeItem]:
    """A subject's notices of which the ids begin with `prefix`, read strongly."""
    condition = NoticeItem.notice.startswith(prefix) if prefix else None
    return list(NoticeItem.query(subject, condition, consistent_read=True))


def read_backwards(subject: str, before: str, most: int) -> list[NoticeItem]:
    """Up to `most` notices of a subject, newest first, that stand before the place `before`."""
    condition = ByTime.at < before if before else None
    return list(NoticeItem.by_time.query(subject, condition, scan_index_forward=False, limit=most))
