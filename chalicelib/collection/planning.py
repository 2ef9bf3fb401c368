"""From a received file to a plan: one pass in bounded memory, then a message for each range."""

from itertools import chain

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes, store
from chalicelib.collection.layout import HeaderRefused
from chalicelib.collection.operation_columns import with_operations
from chalicelib.collection.plans import Plan, converted_key, read_plan, write_plan
from chalicelib.collection.receiving import Received, read_received
from chalicelib.collection.results import (
    Quarantine,
    claim_merging,
    list_checked,
    list_merged,
    read_quarantine,
    write_quarantine,
)
from chalicelib.collection.suggesting import suggest_items
from chalicelib.collection.uploads import Registration, inbox_key, read_registration
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log, warn


def plan_from_message(body: str) -> None:
    """Plan the upload that a message of the plans queues names."""
    plan_upload(msgspec.json.decode(body, type=store.PlanMessage).upload)


def plan_upload(upload: str) -> None:
    """Plan an upload and queue its ranges, or put it into quarantine with the reason.

    Doing it again changes nothing; messages go out again for ranges that have no result yet.
    """
    plan = find_or_make_plan(upload)
    if plan is None:
        return
    send_rest(plan)


def go_on_with(upload: str, index: int) -> None:
    """Queue the ranges of a whole upload for merging once all of them are checked.

    Whoever notes the last one brings it here, so no function queues messages for itself. Of several
    ranges that come last at once, one does it: that which claims it, and again if it is told again.
    """
    plan = read_plan(upload)
    if plan is None or len(list_checked(upload)) < len(plan.ranges):
        return
    if claim_merging(upload, index):
        send_rest(plan)


def send_rest(plan: Plan) -> None:
    """Queue the ranges that have no result yet."""
    merged = set(list_merged(plan.upload))
    rest = [index for index in range(len(plan.ranges)) if index not in merged]
    store.send_ranges(plan.upload, plan.provider, rest)


def find_or_make_plan(upload: str) -> Plan | None:
    """The plan of a received file; None where it cannot be read: it is in quarantine then."""
    registration = read_registration(upload)
    if registration is None:
        warn(LogCode.UPLOAD_UNKNOWN_OBJECT, upload=upload)
        return None
    if read_quarantine(upload) is not None:
        return None
    plan = read_plan(upload)
    if plan is None:
        try:
            plan = _make_plan(registration)
        except DomainError as error:
            suggests = _suggest(registration, error) if isinstance(error, HeaderRefused) else ()
            write_quarantine(upload, Quarantine(error.code.id, error.values, suggests))
            warn(LogCode.UPLOAD_QUARANTINED, upload=upload, error=error.code.id)
            return None
        write_plan(plan)
        log(LogCode.UPLOAD_PLANNED, upload=upload, ranges=len(plan.ranges), rows=plan.rows)
    return plan


def _suggest(registration: Registration, error: HeaderRefused) -> tuple[str, ...]:
    catalogue = load_catalogue(day_of(registration.registered))
    return suggest_items(catalogue, catalogue.item(registration.item), error.labels)


def _make_plan(registration: Registration) -> Plan:
    """Raises DomainError for a file that cannot be read as the item's rows."""
    catalogue = load_catalogue(day_of(registration.registered))
    item = with_operations(catalogue.item(registration.item))
    read = read_received(_receive(registration, item))
    layout = read.layout
    return Plan(
        upload=registration.upload,
        provider=registration.provider,
        item=item.id,
        version=item.version,
        registered=registration.registered,
        encoding=read.encoding,
        columns=layout.columns,
        header_rows=layout.header_rows,
        ranges=layout.ranges,
        delimiter=read.delimiter,
        converted=read.converted,
        lettered=read.lettered,
        unread=layout.unread,
        serial_offset=read.serial_offset,
        remarks=(*read.remarks, *layout.remarks),
        mode=registration.mode,
        suggests=suggest_items(catalogue, item, layout.labels, as_well=True),
    )


def _receive(registration: Registration, item: Item) -> Received:
    upload = registration.upload
    chunks = blobs.chunks(inbox_key(upload))
    if chunks is None:
        raise DomainError(codes.FILE_DIGEST)
    start = next(chunks, b"")
    return Received(
        item=item,
        file_name=registration.file_name,
        size=registration.size,
        sha256=registration.sha256,
        start=start,
        chunks=chain((start,), chunks),
        again=lambda: blobs.chunks(inbox_key(upload)) or (),
        keep=lambda records: blobs.write_chunks(converted_key(upload), records, "text/csv"),
    )
