"""Tables `uploads` and `providers`, and the queues of files to plan and ranges to merge.

Messages carry their provider as group: SQS hands out those of a provider that has much under way
behind those of others (fair queues: a group on a standard queue orders nothing).
"""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.runtime.clients import sqs
from chalicelib.runtime.queues import send_all
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured, save_if

_SHARDS = tuple(map(str, range(4)))


class UploadExists(Exception):
    """Another upload has drawn the same id; registering again draws another."""


class ByProvider(GlobalSecondaryIndex["Upload"]):  # type: ignore[no-untyped-call]
    """A provider's uploads in the order of their registration."""

    class Meta:
        index_name = "by_provider"
        projection = AllProjection()

    provider = UnicodeAttribute(hash_key=True)
    registered = UnicodeAttribute(range_key=True)


class ByUnsettled(GlobalSecondaryIndex["Upload"]):  # type: ignore[no-untyped-call]
    """Keys of the uploads not yet found settled, oldest first, spread over shards."""

    class Meta:
        index_name = "by_unsettled"
        projection = KeysOnlyProjection()

    unsettled = UnicodeAttribute(hash_key=True)
    registered = UnicodeAttribute(range_key=True)


class Upload(Model):
    """One registered upload; what became of it is derived, never stored here.

    `unsettled` is its shard in `by_unsettled`, gone once nothing more can become of it.
    """

    class Meta:
        table_name = configured("uploads_table")

    upload = UnicodeAttribute(hash_key=True)
    provider = UnicodeAttribute()
    registered = UnicodeAttribute()
    item = UnicodeAttribute()
    size = NumberAttribute()
    sha256 = UnicodeAttribute()
    file_name = UnicodeAttribute()
    mode = UnicodeAttribute(default="partial")
    unsettled = UnicodeAttribute(null=True)
    by_provider = ByProvider()
    by_unsettled = ByUnsettled()


_REGISTER = "providers"


class Provider(Model):
    """A provider 信息提供单位, and the items it is entitled to report.

    All stand in one register: it has a row an authority, is seldom written, and is listed whole.
    """

    class Meta:
        table_name = configured("providers_table")

    register = UnicodeAttribute(hash_key=True, default=_REGISTER)
    provider = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    items = UnicodeSetAttribute(null=True)


class PlanMessage(msgspec.Struct, frozen=True):
    """An upload whose file has arrived and is to be planned."""

    upload: str


class RangeMessage(msgspec.Struct, frozen=True):
    """One range of an upload that is to be merged."""

    upload: str
    range: int


def add_upload(upload: Upload) -> None:
    """Add `upload`. A retry of the same write is no error; another upload of this id is."""
    if save_if(upload, Upload.upload.does_not_exist()):
        return
    held = find_upload(upload.upload)
    if held is None or held.attribute_values != upload.attribute_values:
        raise UploadExists


def find_upload(upload: str) -> Upload | None:
    """The upload with this id, read strongly."""
    try:
        return Upload.get(upload, consistent_read=True)
    except Upload.DoesNotExist:
        return None


def page_uploads(
    provider: str, start: Mapping[str, str] | None, limit: int
) -> tuple[list[Upload], dict[str, str] | None]:
    """A page of a provider's uploads, newest first, and where the next one starts."""
    marker: Any = None if start is None else {name: {"S": text} for name, text in start.items()}
    page = Upload.by_provider.query(
        provider, scan_index_forward=False, limit=limit, last_evaluated_key=marker
    )
    uploads = list(page)
    following = page.last_evaluated_key or {}
    return uploads, {name: value["S"] for name, value in following.items()} or None


def list_uploads_between(provider: str, start: str, end: str) -> list[str]:
    """The ids of a provider's uploads registered from `start` up to but without `end`, in order."""
    found = Upload.by_provider.query(provider, Upload.registered.between(start, end))
    return [upload.upload for upload in found if upload.registered != end]


def shard_of(upload: str) -> str:
    """The `by_unsettled` shard of an upload."""
    return _SHARDS[zlib.crc32(upload.encode()) % len(_SHARDS)]


def find_unsettled(most: int) -> list[tuple[str, str]]:
    """Registration time and id of the `most` oldest uploads not noted as settled, oldest first.

    The index lags: uploads of the last moments may be missing, settled ones may still be there.
    """
    found = [
        (upload.registered, upload.upload)
        for shard in _SHARDS
        for upload in Upload.by_unsettled.query(shard, limit=most)
    ]
    return sorted(found)[:most]


def note_settled(upload: str) -> None:
    """Take an upload out of `by_unsettled`; where it is out already, nothing happens."""
    try:
        Upload(upload).update(
            actions=[Upload.unsettled.remove()], condition=Upload.unsettled.exists()
        )
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def put_provider(provider: Provider) -> None:
    """Register a provider, or replace what is registered of it."""
    provider.save()


def find_provider(provider: str) -> Provider | None:
    """The provider with this code."""
    try:
        return Provider.get(_REGISTER, provider, consistent_read=True)
    except Provider.DoesNotExist:
        return None


def list_providers() -> list[Provider]:
    """Every provider, in the order of their codes."""
    return list(Provider.query(_REGISTER))


def send_plan(upload: str, provider: str, *, large: bool) -> None:
    """Queue a message for planning an upload; sending it twice does no harm."""
    configured = settings()
    queue = configured.large_plans_queue_url if large else configured.plans_queue_url
    body = msgspec.json.encode(PlanMessage(upload)).decode()
    sqs().send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=provider)


def send_ranges(upload: str, provider: str, ranges: Iterable[int]) -> None:
    """Queue a message for each of `ranges`; sending one twice does no harm.

    Raises:
        QueueBusy: SQS kept refusing; the plan is sent again later.
    """
    messages = (msgspec.json.encode(RangeMessage(upload, index)).decode() for index in ranges)
    send_all(settings().ranges_queue_url, messages, group=provider)
