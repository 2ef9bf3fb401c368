"""Table `ledger`, beside its entries: holds, and how far purges have come."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.models import Model

from chalicelib.disclosure.store import Place, delete
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, write_together

_PURGE: Final = "@purge"
_HOLDS: Final = "@holds/"


class HoldItem(Model):
    """Under `@holds/<shard>`: that a hold on an entry of the shard was opened, or closed.

    Its key is `<entry>/<subject>/<hold>/<phase>`, so that a purge reads those of old entries only.
    """

    class Meta:
        table_name = configured("ledger_table")

    subject = UnicodeAttribute(hash_key=True)
    entry = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    by = UnicodeAttribute()
    basis = UnicodeAttribute()

    @property
    def place(self) -> Place:
        """The entry that it is about."""
        entry, subject, _, _ = self.entry.split("/")
        return subject, entry

    @property
    def named(self) -> tuple[str, str]:
        """The hold's id, and its phase."""
        _, _, hold, phase = self.entry.split("/")
        return hold, phase


class PurgeState(Model):
    """Under `@purge`, for one line of manifests: see `State`."""

    class Meta:
        table_name = configured("ledger_table")

    subject = UnicodeAttribute(hash_key=True, default=_PURGE)
    entry = UnicodeAttribute(range_key=True)
    number = NumberAttribute(null=True)
    holds = NumberAttribute(null=True)
    manifest = BinaryAttribute(null=True, legacy_encoding=False)


class State(NamedTuple):
    """How far the purges of one line have come.

    `number` is that of its last manifest (0 before the first), `manifest` that one while it is
    open; `holds` grows with every hold that is opened or closed.
    """

    number: int = 0
    holds: int = 0
    manifest: bytes | None = None


def read_state(line: str) -> State:
    """How far the purges of a line have come, read strongly."""
    for state in PurgeState.batch_get([(_PURGE, line)], consistent_read=True):
        return State(int(state.number or 0), int(state.holds or 0), state.manifest)
    return State()


def open_manifest(line: str, seen: State, manifest: bytes) -> bool:
    """Make `manifest` the line's open one; False where the line is not as `seen` any more.

    So of runs at one time one wins, and a hold that was set meanwhile is seen before.
    """
    unchanged = (
        _is(PurgeState.number, seen.number)
        & _is(PurgeState.holds, seen.holds)
        & PurgeState.manifest.does_not_exist()
    )
    actions = [PurgeState.number.set(seen.number + 1), PurgeState.manifest.set(manifest)]
    return _update_if(line, actions, unchanged)


def close_manifest(line: str, number: int) -> None:
    """Forget the keys of manifest `number`; nothing happens where a later one stands."""
    _update_if(line, [PurgeState.manifest.remove()], PurgeState.number == number)


def _is(count: NumberAttribute, value: int) -> Any:
    """The condition that `count` is `value`; what is not there counts nothing."""
    return count == value if value else count.does_not_exist()


def _update_if(line: str, actions: list[Any], condition: Any) -> bool:
    try:
        PurgeState(entry=line).update(actions=actions, condition=condition)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def new_hold(
    shard: str, place: Place, named: tuple[str, str], *, at: str, by: str, basis: str
) -> HoldItem:
    """The item of a hold, by its id and phase, on the entry at `place`."""
    subject, entry = place
    key = "/".join((entry, subject, *named))
    return HoldItem(_HOLDS + shard, key, at=at, by=by, basis=basis)


def find_holds(shard: str, place: Place) -> list[HoldItem]:
    """What was noted of holds on the entry at `place`, read strongly."""
    subject, entry = place
    of_entry = HoldItem.entry.startswith(f"{entry}/{subject}/")
    return list(HoldItem.query(_HOLDS + shard, of_entry, consistent_read=True))


def find_holds_before(shard: str, cut_off: str) -> Iterator[HoldItem]:
    """What was noted of holds on a shard's entries made before `cut_off`, read strongly."""
    return HoldItem.query(_HOLDS + shard, HoldItem.entry < cut_off, consistent_read=True)


def add_hold(item: HoldItem, shard: str, number: int, *, on_entry: bool = True) -> bool:
    """Note `item` while its entry stands and the shard's last manifest is `number`; False if not.

    False too where it is noted already.
    """
    table = settings().ledger_table
    subject, entry = item.place
    state = {"subject": {"S": _PURGE}, "entry": {"S": shard}}
    last: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(#n)"}
    if number:
        last = {"ConditionExpression": "#n = :n"}
    counted = {":one": {"N": "1"}} | ({":n": {"N": str(number)}} if number else {})
    parts: list[Any] = [
        {
            "Put": {
                "TableName": table,
                "Item": item.serialize(),
                "ConditionExpression": "attribute_not_exists(subject)",
            }
        },
        {
            "Update": {
                "TableName": table,
                "Key": state,
                "UpdateExpression": "ADD holds :one",
                "ExpressionAttributeNames": {"#n": "number"},
                "ExpressionAttributeValues": counted,
                **last,
            }
        },
    ]
    if on_entry:
        check = {
            "TableName": table,
            "Key": {"subject": {"S": subject}, "entry": {"S": entry}},
            "ConditionExpression": "attribute_exists(subject)",
        }
        parts.append({"ConditionCheck": check})
    try:
        write_together(parts)
    except Conflict:
        return False
    return True


def delete_holds(shard: str, keys: Iterable[str]) -> None:
    """Delete what was noted of holds, by sort key; with the entries that they were about.

    Raises:
        TableBusy: DynamoDB kept refusing; some may be deleted.
    """
    delete((_HOLDS + shard, key) for key in keys)
