"""Records pushed (接口推送): one or many at once, each answered, under an idempotency key."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated

from msgspec import Meta, Raw, Struct, field

from chalicelib.archive.statements import RecordKey, parse_record_key
from chalicelib.collection import pushes
from chalicelib.collection.problems import find_code
from chalicelib.collection.receipts import Receipt, State, fold_receipt
from chalicelib.collection.results import RowResult
from chalicelib.collection.settling import note_settled
from chalicelib.disclosure.following import refer_to
from chalicelib.disclosure.publication.projection import project
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.web import codes
from chalicelib.web.api.uploads_shown import RowShown, UploadShown, show_receipt, show_row
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.problems import RequestInvalid
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="uploads", scope=Scope.UPLOADS)

_Record = Annotated[Raw, Meta(extra_json_schema={"type": "object"})]
"""Kept as it was sent; that it is an object is looked at by itself."""

_ENVELOPE = 1024
_PROJECTORS = 8


class PushHeaders(Input, frozen=True):
    """A key of the sender's own for this push, quoted or not (Idempotency-Key, IETF draft)."""

    key: Annotated[str, Meta(pattern=r'^"?[0-9A-Za-z._:-]{1,128}"?(?!\n)$')] = field(
        name="Idempotency-Key"
    )


class RecordsGiven(Input, frozen=True):
    """Records of one catalogue item: objects as a line of a JSON Lines file has them, their keys
    field codes or labels. `operation` (操作), `operation_reason` and `former_record` are among them.
    """

    item: Annotated[str, Meta(max_length=32)]
    records: Annotated[tuple[_Record, ...], Meta(min_length=1, max_length=pushes.MAX_RECORDS)]


class RecordsPushed(Struct, frozen=True, kw_only=True):
    """The receipt (回执) of a push, which is an upload like any other, and its rows: record 1 is row 1.

    Not all rows are there while the receipt is not final.
    """

    receipt: UploadShown
    rows: tuple[RowShown, ...]


@api.endpoint(
    "POST",
    "/v1/records",
    summary="推送记录 · Push records",
    request=RecordsGiven,
    headers=PushHeaders,
    answers={201: RecordsPushed, 202: RecordsPushed},
    roles={Role.PROVIDER, Role.CODE_AUTHORITY},
    refuses=frozenset({Kind.UNKNOWN, Kind.FORBIDDEN, Kind.CONFLICT}),
    longest=pushes.MAX_BYTES + _ENVELOPE,
    limited="push",
)
def push_records(body: RecordsGiven, headers: PushHeaders, caller: Caller, asked: Asked) -> Answer:
    """Check and merge records at once. The same key with the same records is answered the same.

    202 where the rest is merged in the background: ask the receipt at `Location`. A key that was
    used for other records is refused (`E-PUSH-01`).
    """
    records = tuple(map(bytes, body.records))
    _check_objects(records)
    registration = pushes.push_records(
        provider=caller.organisation or "",
        item=body.item,
        key=headers.key.strip('"'),
        records=records,
        now=asked.at,
        refer=partial(refer_to, lawful_day(asked.at), load_rulebook(settings().rulebook)),
    )
    receipt = fold_receipt(registration)
    if receipt.reason is not None:
        refusal = DomainError(find_code(receipt.reason.code), pointer="/records")
        refusal.values.update(receipt.reason.values)
        raise refusal
    rows = pushes.read_rows(registration.upload)
    _show_changes(rows, receipt, asked)
    answer = RecordsPushed(receipt=show_receipt(receipt), rows=tuple(map(show_row, rows)))
    location = {"Location": f"/v1/uploads/{registration.upload}"}
    if receipt.state is State.DONE:
        note_settled(registration.upload)
        return Answer(answer, 201, location)
    return Answer(answer, 202, {**location, "Retry-After": "2"})


def _check_objects(records: Iterable[bytes]) -> None:
    wrong = [
        DomainError(
            codes.INPUT_WRONG,
            pointer=f"/records/{index}",
            expected_zh="对象",
            expected_en="an object",
        )
        for index, record in enumerate(records)
        if not record.lstrip().startswith(b"{")
    ]
    if wrong:
        raise RequestInvalid("body", wrong)


def _show_changes(rows: tuple[RowResult, ...], receipt: Receipt, asked: Asked) -> None:
    """What was withdrawn or replaced is gone from public view before this is answered."""
    day, rulebook = lawful_day(asked.at), load_rulebook(settings().rulebook)
    item = receipt.registration.item
    changed = {RecordKey(row.subject, item, row.record) for row in rows if row.operation}
    changed |= {parse_record_key(row.replaced) for row in rows if row.replaced}
    with ThreadPoolExecutor(_PROJECTORS) as projectors:
        list(projectors.map(lambda key: project(key, day, rulebook), sorted(changed)))
