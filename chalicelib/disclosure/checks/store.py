"""Table `checks`: checks as registered, each time a result was fetched, agreements; the queue of parts."""

from collections.abc import Iterable
from typing import Final

import msgspec
from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.disclosure.checks.values import Check, Format
from chalicelib.runtime.queues import send_all
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured, save_if

_CHECK: Final = "@check"
_FETCHED: Final = "fetched/"
_AGREEMENTS: Final = "@agreements/"


class PartMessage(msgspec.Struct, frozen=True):
    """One part of a check that is to be answered."""

    check: str
    part: int


class ByAccount(GlobalSecondaryIndex["CheckItem"]):  # type: ignore[no-untyped-call]
    """An account's checks by when they were registered."""

    class Meta:
        index_name = "by_account"
        projection = KeysOnlyProjection()

    account = UnicodeAttribute(hash_key=True)
    registered = UnicodeAttribute(range_key=True)


class CheckItem(Model):
    """Under `@check` the check; under `fetched/<stamp>/<format>` that its result was fetched.

    Under `@agreements/<organisation>` stand acts about its agreements, `<act>/<number>`. `registered` is `<stamp>.<check>`, so that no two checks have the same.
    """

    class Meta:
        table_name = configured("checks_table")

    check = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    account = UnicodeAttribute(null=True)
    registered = UnicodeAttribute(null=True)
    body = BinaryAttribute(null=True, legacy_encoding=False)
    by_account = ByAccount()


def insert(check: Check) -> bool:
    """Keep a check; False where another one has its id. The same one again is no change."""
    body = msgspec.msgpack.encode(check)
    item = CheckItem(
        check.id,
        _CHECK,
        account=check.asker.account,
        registered=f"{check.registered}.{check.id}",
        body=body,
    )
    return save_if(item, CheckItem.check.does_not_exist() | (CheckItem.body == body))


def find_many(checks: Iterable[str]) -> dict[str, Check]:
    """Those of the checks that there are, read strongly."""
    found = CheckItem.batch_get([(check, _CHECK) for check in checks], consistent_read=True)
    return {
        item.check: msgspec.msgpack.decode(item.body, type=Check)
        for item in found
        if item.body is not None
    }


def read_account(account: str, before: str | None, most: int) -> list[tuple[str, str]]:
    """Up to `most` checks of an account with their `registered`, newest first, before that one."""
    condition = ByAccount.registered < before if before else None
    found = CheckItem.by_account.query(account, condition, scan_index_forward=False, limit=most)
    return [(item.check, item.registered) for item in found if item.registered]


def note_fetched(check: str, at: str, form: Format) -> None:
    """Note that the result was handed over at `at` (`stamp` text) in a format."""
    CheckItem(check, f"{_FETCHED}{at}/{form}").save()


def find_fetched(check: str) -> list[tuple[str, str]]:
    """When (`stamp` text) and in which format the result was fetched, oldest first."""
    found = CheckItem.query(check, CheckItem.part.startswith(_FETCHED), consistent_read=True)
    noted = (item.part.removeprefix(_FETCHED).partition("/") for item in found)
    return [(at, form) for at, _, form in noted]


def insert_act(organisation: str, act: str, body: bytes) -> bool:
    """Keep an act (`<act>/<number>`) about an organisation's agreement; False where it stands."""
    item = CheckItem(_AGREEMENTS + organisation, act, body=body)
    return save_if(item, CheckItem.check.does_not_exist())


def read_acts(organisation: str) -> dict[str, bytes]:
    """Every act about an organisation's agreements with its body, read strongly."""
    found = CheckItem.query(_AGREEMENTS + organisation, consistent_read=True)
    return {item.part: item.body for item in found if item.body is not None}


def send_parts(check: str, party: str, parts: Iterable[int]) -> None:
    """Queue a message for each of `parts`, under who asks; sending one twice does no harm.

    Raises:
        QueueBusy: SQS kept refusing; some may be queued.
    """
    messages = (msgspec.json.encode(PartMessage(check, part)).decode() for part in parts)
    send_all(settings().check_parts_queue_url, messages, group=party or check)
