"""Records pushed through the API: a small file of JSON Lines, merged while its sender waits (JS-16, SD-11, SD-12).

An idempotency key leads to one upload for good: whoever sends the same again goes on with it. Its
file goes the way of all files as well, so what a push could not finish is finished without it.
"""

import base64
import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.formats import media_type
from chalicelib.collection.operation_columns import with_operations
from chalicelib.collection.readers import is_blank
from chalicelib.collection.results import RowResult, list_merged, read_quarantine, read_result
from chalicelib.collection.uploads import (
    VALID,
    Randomness,
    Registration,
    add_registration,
    check_entitled,
    find_registration,
    inbox_key,
    load_local_catalogue,
    make_id,
)
from chalicelib.runtime import blobs
from chalicelib.runtime.cipher import short_hash
from chalicelib.runtime.clock import lawful_day, moment_of, stamp
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.retries import tries
from chalicelib.runtime.tables import TableBusy

if TYPE_CHECKING:
    from chalicelib.collection.merging import Refer

MAX_RECORDS: Final = 500
MAX_BYTES: Final = 1 << 20

_FILE_NAME: Final = "push.jsonl"
_KEY_LETTERS: Final = 32


class PushBusy(Exception):
    """Somebody else is claiming the key this very moment; the same request may be sent again."""


def push_records(
    *,
    provider: str,
    item: str,
    key: str,
    records: Sequence[bytes],
    now: datetime,
    refer: "Refer",
    randomness: Randomness = os.urandom,
) -> Registration:
    """Register `records`, each a JSON object, under the idempotency `key`, and merge them.

    `refer` as `merging.merge_range` takes it. Returns the upload. Its receipt may not be final yet: then the queues go on with it.

    Raises:
        DomainError: `E-UPLOAD-02`, `E-UPLOAD-03`, `E-PUSH-01` to `E-PUSH-03`, or the catalogue's where
            there is no such item.
    """
    definition = load_local_catalogue(lawful_day(now)).item(item)
    check_entitled(provider, item)
    _check_filled(definition, records)
    body = b"".join(_line(record) for record in records)
    wanted = Registration(
        upload=make_id(now, randomness),
        provider=provider,
        item=item,
        registered=stamp(now),
        size=len(body),
        sha256=base64.b64encode(hashlib.sha256(body).digest()).decode(),
        file_name=_FILE_NAME,
    )
    claimed = _claim(key, wanted)
    if (claimed.item, claimed.sha256) != (item, wanted.sha256):
        raise DomainError(codes.PUSH_KEY_REUSED)
    _receive(claimed, body, now)
    _merge(claimed.upload, refer)
    return find_registration(claimed.upload)


def read_rows(upload: str) -> tuple[RowResult, ...]:
    """What became of all rows of a push that are merged, in order."""
    results = (read_result(upload, index) for index in list_merged(upload))
    return tuple(row for result in results if result is not None for row in result.rows)


def _check_filled(item: Item, records: Iterable[bytes]) -> None:
    """Refuse a record that says nothing: as a line of a file it is no row, and has no answer."""
    from chalicelib.collection.jsonlines import convert_lines

    lines = convert_lines(map(_line, records), "utf-8", with_operations(item))
    blank = None
    with suppress(DomainError):  # what cannot be read is kept and told when it is planned
        blank = next((index for index, line in enumerate(lines) if is_blank(line, ",")), None)
    if blank is not None:
        raise DomainError(codes.PUSH_BLANK, pointer=f"/records/{blank}")


def _line(record: bytes) -> bytes:
    """The record as it was sent, on one line: JSON has its line ends between values only."""
    return record.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"


def _claim(key: str, wanted: Registration) -> Registration:
    """The registration that stands under the key: `wanted`, or that of whoever came first.

    It is registered before it claims the key, for what is registered must be known at once
    (`settling`). One that dies between, or comes second, stays without a file.
    """
    place = f"pushes/{wanted.provider}/{short_hash(key.encode(), _KEY_LETTERS)}.json"
    claimed = blobs.read_value(place, Registration)
    if claimed is not None:
        return claimed
    add_registration(wanted)
    log(
        LogCode.UPLOAD_REGISTERED,
        upload=wanted.upload,
        provider=wanted.provider,
        item=wanted.item,
    )
    for _ in tries():
        if blobs.create_value(place, wanted):
            return wanted
        claimed = blobs.read_value(place, Registration)
        if claimed is not None:
            return claimed
    raise PushBusy


def _receive(claimed: Registration, body: bytes, now: datetime) -> None:
    """Put the file where files are received, unless it came before.

    An upload whose file does not come in time counts as settled; so does a push.
    """
    upload = claimed.upload
    if inbox_key(upload) in blobs.list_keys(inbox_key(upload)) or _is_over(upload):
        return
    if now > moment_of(claimed.registered) + VALID:
        raise DomainError(codes.PUSH_KEY_EXPIRED)
    blobs.write(inbox_key(upload), body, media_type(claimed.file_name))


def _is_over(upload: str) -> bool:
    """Whether it was merged and its file purged since."""
    return bool(list_merged(upload)) or read_quarantine(upload) is not None


def _merge(upload: str, refer: "Refer") -> None:
    """Merge all that is not merged; what others hold at the moment is left to the queues."""
    from chalicelib.collection.linking import PersonErased  # most calls of the API push nothing
    from chalicelib.collection.merging import merge_range
    from chalicelib.collection.planning import find_or_make_plan

    plan = find_or_make_plan(upload)
    merged = set(list_merged(upload))
    try:
        for index in range(0 if plan is None else len(plan.ranges)):
            if index not in merged:
                merge_range(upload, index, refer)
    except (TableBusy, PersonErased):
        return
