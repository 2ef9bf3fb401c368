"""From a received file to a plan: one pass in bounded memory, then a message for each range."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes, store
from chalicelib.collection.examining import Examination
from chalicelib.collection.layout import Columns, match_header, repeats_header
from chalicelib.collection.plans import Plan, Range, read_plan, write_plan
from chalicelib.collection.readers import (
    BYTE_ORDER_MARKS,
    is_blank,
    read_cells,
    split_records,
)
from chalicelib.collection.results import (
    Quarantine,
    list_merged,
    read_quarantine,
    write_quarantine,
)
from chalicelib.collection.uploads import Registration, inbox_key, read_registration
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log, warn

MAX_ROWS: Final = 1_000
MAX_BYTES: Final = 1 << 20

_INBOX: Final = "inbox/"


class _Numbered(NamedTuple):
    number: int
    start: int
    body: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.body)


def plan_from_message(body: str) -> None:
    """Plan the uploads that an S3 event tells of; S3's test event tells of none."""
    event: dict[str, Any] = msgspec.json.decode(body)
    for record in event.get("Records", ()):
        key = unquote_plus(record["s3"]["object"]["key"])
        if key.startswith(_INBOX):
            plan_upload(key.removeprefix(_INBOX))


def plan_upload(upload: str) -> None:
    """Plan an upload and queue its ranges, or put it into quarantine with the reason.

    Doing it again changes nothing; messages go out again for ranges that have no result yet.
    """
    registration = read_registration(upload)
    if registration is None:
        warn(LogCode.UPLOAD_UNKNOWN_OBJECT, upload=upload)
        return
    if read_quarantine(upload) is not None:
        return
    plan = read_plan(upload)
    if plan is None:
        try:
            plan = _make_plan(registration)
        except DomainError as error:
            write_quarantine(upload, Quarantine(error.code.id, error.values))
            warn(LogCode.UPLOAD_QUARANTINED, upload=upload, error=error.code.id)
            return
        write_plan(plan)
        log(LogCode.UPLOAD_PLANNED, upload=upload, ranges=len(plan.ranges), rows=plan.rows)
    merged = set(list_merged(upload))
    store.send_ranges(upload, [index for index in range(len(plan.ranges)) if index not in merged])


def _make_plan(registration: Registration) -> Plan:
    """Raises DomainError for a file that cannot be read as the item's rows."""
    item = load_catalogue().item(registration.item)
    chunks = blobs.chunks(inbox_key(registration.upload))
    if chunks is None:
        raise DomainError(codes.FILE_DIGEST)
    examination = Examination()
    records = _number(split_records(examination.watch(chunks), file_start=True))
    head = _find_head(records)
    second, ranges = _cut_ranges(records)
    if (examination.size, examination.sha256) != (registration.size, registration.sha256):
        raise DomainError(codes.FILE_DIGEST)
    if head is None:
        raise DomainError(codes.FILE_EMPTY)
    encoding = examination.encoding
    columns = match_header(item, _read_labels(item, head, encoding), head.number)
    if second is None:
        raise DomainError(codes.FILE_EMPTY)
    labels_again = _is_header(item, second, encoding, columns)
    if labels_again:
        ranges = _without_first_row(ranges)
    ranges = [each for each in ranges if each.rows]
    if not ranges:
        raise DomainError(codes.FILE_EMPTY)
    return Plan(
        upload=registration.upload,
        provider=registration.provider,
        item=item.id,
        version=item.version,
        registered=registration.registered,
        encoding=encoding,
        columns=columns,
        header_rows=(head.number, second.number) if labels_again else (head.number,),
        ranges=tuple(ranges),
    )


def _number(records: Iterable[bytes]) -> Iterator[_Numbered]:
    position = 0
    for number, body in enumerate(records, 1):
        yield _Numbered(number, position, body)
        position += len(body)


def _find_head(records: Iterator[_Numbered]) -> _Numbered | None:
    """The first record that holds anything."""
    return next((record for record in records if not is_blank(record.body)), None)


def _cut_ranges(records: Iterable[_Numbered]) -> tuple[_Numbered | None, list[Range]]:
    """The first record that holds anything, and all records in ranges of bounded size."""
    first: _Numbered | None = None
    ranges: list[Range] = []
    begun: _Numbered | None = None
    end = rows = 0
    for record in records:
        if begun is not None and _is_full(begun, record):
            ranges.append(Range(begun.start, end, begun.number, rows))
            begun, rows = None, 0
        begun = begun or record
        end = record.end
        if not is_blank(record.body):
            rows += 1
            first = first or record
    if begun is not None:
        ranges.append(Range(begun.start, end, begun.number, rows))
    return first, ranges


def _is_full(begun: _Numbered, following: _Numbered) -> bool:
    return following.number - begun.number >= MAX_ROWS or following.end - begun.start > MAX_BYTES


def _read_labels(item: Item, head: _Numbered, encoding: str) -> list[str]:
    body = head.body
    for mark in BYTE_ORDER_MARKS:
        body = body.removeprefix(mark)
    try:
        return read_cells(body, encoding)
    except csv.Error:
        raise DomainError(codes.HEADER_ABSENT, row=head.number, item=item.title) from None


def _is_header(item: Item, record: _Numbered, encoding: str, columns: Columns) -> bool:
    try:
        return repeats_header(item, read_cells(record.body, encoding), columns)
    except csv.Error:
        return False


def _without_first_row(ranges: list[Range]) -> list[Range]:
    """`ranges` without counting the first row that holds anything."""
    holding = next(each for each in ranges if each.rows)
    fewer = msgspec.structs.replace(holding, rows=holding.rows - 1)
    return [fewer if each is holding else each for each in ranges]
