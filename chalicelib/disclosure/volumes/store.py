"""What is kept of volumes: counts in `counters`, stops in the ledger, alerts in the notices.

`counters` holds `volume/<whose>/<day>` with a count for each measure, and `seen/<whose>/<day>/<subject>`;
both are forgotten by and by. `@stops/<organisation>` of the ledger holds what was done, each written
once: `<stop>/stopped`, `<stop>/lifted`. `to/@supervisor` of the notices holds alerts.
"""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured, save_if

_STOPS = "@stops/"
_SUPERVISOR = "to/@supervisor"


class SeenItem(Model):
    """That somebody has asked about a subject on a day."""

    class Meta:
        table_name = configured("counters_table")

    counter = UnicodeAttribute(hash_key=True)
    ends = NumberAttribute()


class ActItem(Model):
    """That queries were stopped, or a stop was lifted: only this has a reason."""

    class Meta:
        table_name = configured("ledger_table")

    subject = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    body = UnicodeAttribute()


class ByTime(GlobalSecondaryIndex["AlertItem"]):  # type: ignore[no-untyped-call]
    """Alerts by when that happened of which they tell."""

    class Meta:
        index_name = "by_time"
        projection = AllProjection()

    subject = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class AlertItem(Model):
    """One alert. `at` is `<stamp>/<notice>`, so that no two have the same."""

    class Meta:
        table_name = configured("notices_table")

    subject = UnicodeAttribute(hash_key=True, default=_SUPERVISOR)
    notice = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    body = UnicodeAttribute()
    by_time = ByTime()


def note_seen(seen: str, ends: int) -> bool:
    """Note that somebody asks about a subject; False where it was noted before."""
    return save_if(SeenItem(f"seen/{seen}", ends=ends), SeenItem.counter.does_not_exist())


def add(counted: str, added: Mapping[str, int], ends: int) -> dict[str, int]:
    """Add to the counts of `counted`; returns what they come to."""
    names = {f"#{number}": name for number, name in enumerate(added)}
    values: dict[str, Any] = {
        f":{number}": {"N": str(value)} for number, value in enumerate(added.values())
    }
    sums = ", ".join(f"#{number} :{number}" for number in range(len(added)))
    answer = dynamodb().update_item(
        TableName=settings().counters_table,
        Key={"counter": {"S": f"volume/{counted}"}},
        UpdateExpression=f"SET ends = :ends ADD {sums}",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={**values, ":ends": {"N": str(ends)}},
        ReturnValues="ALL_NEW",
    )
    return {name: int(answer["Attributes"][name]["N"]) for name in added}


def insert_act(organisation: str, act: str, at: str, body: str) -> bool:
    """Keep an act (`<stop>/<what>`) unless it stands; False where it does."""
    item = ActItem(_STOPS + organisation, act, at=at, body=body)
    return save_if(item, ActItem.subject.does_not_exist())


def read_acts(organisation: str) -> list[tuple[str, str]]:
    """Every act about an organisation's queries with its body, read strongly."""
    found = ActItem.query(_STOPS + organisation, consistent_read=True)
    return [(item.entry, item.body) for item in found]


def insert_alert(notice: str, at: str, body: str) -> bool:
    """Tell the supervisor, once; False where that was done before."""
    item = AlertItem(notice=notice, at=f"{at}/{notice}", body=body)
    return save_if(item, AlertItem.subject.does_not_exist())


def read_alerts(before: str, most: int) -> list[tuple[str, str]]:
    """Up to `most` alerts, newest first, with their places, that stand before the place `before`."""
    condition = ByTime.at < before if before else None
    index = AlertItem.by_time
    found = index.query(_SUPERVISOR, condition, scan_index_forward=False, limit=most)
    return [(item.at, item.body) for item in found]
