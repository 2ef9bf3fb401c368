"""Uploads (数据报送): providers register files, send them to S3, and read what became of them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.collection import codes, uploads
from chalicelib.collection.findings import find_in_range
from chalicelib.collection.problems import Problem, Values
from chalicelib.collection.receipts import Outcome, Receipt, State, fold_receipt
from chalicelib.collection.results import RowResult, read_result
from chalicelib.collection.settling import note_settled
from chalicelib.collection.uploads import Mode, ProviderEntry, Registration
from chalicelib.runtime.clock import lawful_day, moment_of
from chalicelib.runtime.errors import DomainError, Kind, Text
from chalicelib.subjects.identities import keyring
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="uploads", scope=Scope.UPLOADS)

_PROVIDERS = frozenset({Role.PROVIDER, Role.CODE_AUTHORITY})
_READERS = _PROVIDERS | {Role.OPERATOR}
_UNKNOWN = frozenset({Kind.UNKNOWN})
_UPLOADS_A_PAGE = 50
_ROWS_A_PAGE = 200

Cursor = Annotated[str, Meta(max_length=2048)]
RangeNumber = Annotated[int, Meta(ge=0, le=1_000_000)]


class UploadGiven(Input, frozen=True):
    """A file to be sent: its catalogue item, size in bytes, SHA-256 in base64, and name.

    `mode` `partial` merges good rows and refuses bad ones; `whole` merges all rows or none.
    """

    item: Annotated[str, Meta(max_length=32)]
    size: Annotated[int, Meta(ge=0, le=1 << 40)]
    sha256: Annotated[str, Meta(max_length=64)]
    file_name: Annotated[str, Meta(min_length=1, max_length=200)]
    mode: Mode = "partial"


class UploadSummary(Struct, frozen=True, kw_only=True):
    """An upload as registered; its rows count as said at `registered_at`."""

    upload: str
    provider: str
    item: str
    registered_at: datetime
    size: int
    sha256: str
    file_name: str
    mode: Mode


class UploadInvited(Struct, frozen=True, kw_only=True):
    """PUT the file to `url` before `expires_at`, with exactly `headers`."""

    upload: UploadSummary
    url: str
    headers: dict[str, str]
    expires_at: datetime


class UploadsQuery(Input, frozen=True):
    """`provider` is for the operator; providers list their own. `cursor` from the page before."""

    provider: Annotated[str, Meta(max_length=18)] = ""
    cursor: Cursor = ""


class UploadsShown(Struct, frozen=True, kw_only=True):
    """A page of uploads, newest first."""

    uploads: tuple[UploadSummary, ...]
    next_cursor: str | None


class Told(Struct, frozen=True, kw_only=True):
    """A code with its place and texts; `detail` says what is wrong, `mend` what to do.

    `type` is the code's own page (RFC 9457).
    """

    code: str
    type: str
    column: str
    field: str
    label: str
    values: Values
    detail: str
    mend: str
    detail_en: str
    mend_en: str


class RowTold(Struct, frozen=True, kw_only=True):
    """A row's number, as a spreadsheet shows it, and what is told about it."""

    row: int
    told: Told


class UploadShown(Struct, frozen=True, kw_only=True):
    """The receipt (回执) of an upload; final when `state` is `done` or `quarantined`.

    `outcome` sums it up then.

    `merged` of `ranges` ranges are counted in `accepted`, `warned`, `refused` and `withheld` (good
    rows of an upload that is merged whole or not at all; so many of its ranges are `checked`). `problems` are
    the first hundred; `/rows` has all of them. `remarks` tell of rows that were not read as data
    (titles, notes, totals), and of the whole file (row 0). `reason` tells why it could not be read.
    """

    upload: UploadSummary
    state: State
    outcome: Outcome
    catalogue_version: str
    ranges: int
    merged: int
    received: int
    accepted: int
    warned: int
    refused: int
    withheld: int
    checked: int
    codes: dict[str, int]
    problems: tuple[RowTold, ...]
    remarks: tuple[RowTold, ...]
    reason: Told | None


class RowsQuery(Input, frozen=True):
    """A range of the upload, from 0; `cursor` from the page before."""

    range: RangeNumber
    cursor: Cursor = ""


class RowShown(Struct, frozen=True, kw_only=True):
    """What became of a row; accepted ones say which record of whose archive they are about.

    `operation` is `correct` or `withdraw` where the row does not only add. `replaced` is the record
    (`<subject>/<item>/<record>`) in whose place a correction puts this one.
    """

    row: int
    accepted: bool
    subject: str
    record: str
    operation: str
    replaced: str
    problems: tuple[Told, ...]


class RowsShown(Struct, frozen=True, kw_only=True):
    """A page of the rows of one range."""

    rows: tuple[RowShown, ...]
    next_cursor: str | None


class FindingsQuery(Input, frozen=True):
    """A range of the upload, from 0."""

    range: RangeNumber


class FindingsShown(Struct, frozen=True, kw_only=True):
    """What the accepted rows of one range look like beside the rest of the archive, now."""

    findings: tuple[RowTold, ...]


class ProviderGiven(Input, frozen=True):
    """A provider's name and the catalogue items that it is entitled to report."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    items: Annotated[tuple[Annotated[str, Meta(max_length=32)], ...], Meta(max_length=200)]


class ProvidersShown(Struct, frozen=True, kw_only=True):
    """Every registered provider."""

    providers: tuple[ProviderEntry, ...]


@api.endpoint(
    "POST",
    "/v1/uploads",
    summary="登记上传 · Register an upload",
    request=UploadGiven,
    answers={201: UploadInvited},
    roles=_PROVIDERS,
    refuses=_UNKNOWN | {Kind.FORBIDDEN},
    limited="upload",
)
def register_upload(body: UploadGiven, caller: Caller, asked: Asked) -> Answer:
    """Announce a file and learn where to PUT it: the address accepts exactly its bytes, once."""
    registered = uploads.register_upload(
        provider=caller.organisation or "",
        item=body.item,
        size=body.size,
        sha256=body.sha256,
        file_name=body.file_name,
        mode=body.mode,
        now=asked.at,
    )
    invited = UploadInvited(
        upload=_summarise(registered.registration),
        url=registered.url,
        headers=dict(registered.headers),
        expires_at=registered.expires,
    )
    return Answer(invited, 201)


@api.endpoint(
    "GET",
    "/v1/uploads",
    summary="上传列表 · List uploads",
    query=UploadsQuery,
    answers={200: UploadsShown},
    roles=_READERS,
)
def list_uploads(query: UploadsQuery, caller: Caller) -> UploadsShown:
    """A provider's uploads."""
    own = caller.organisation or ""
    provider = query.provider if caller.role is Role.OPERATOR else own
    if not provider:
        return UploadsShown(uploads=(), next_cursor=None)
    key, scope = keyring().sessions, f"uploads:{provider}"
    start = read_cursor(query.cursor, key=key, scope=scope) if query.cursor else None
    found, following = uploads.list_registrations(provider, start, _UPLOADS_A_PAGE)
    return UploadsShown(
        uploads=tuple(map(_summarise, found)),
        next_cursor=write_cursor(following, key=key, scope=scope) if following else None,
    )


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}",
    summary="上传状态与回执 · Read the receipt of an upload",
    answers={200: UploadShown},
    roles=_READERS,
    refuses=_UNKNOWN,
)
def read_upload(upload: str, caller: Caller) -> Answer:
    """How far an upload has come, and what became of its rows."""
    receipt = fold_receipt(find_own(upload, caller))
    final = receipt.state in {State.DONE, State.QUARANTINED}
    if final:
        note_settled(upload)
    return Answer(show_receipt(receipt), headers={} if final else {"Retry-After": "2"})


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/rows",
    summary="逐行结果 · Read what became of each row",
    query=RowsQuery,
    answers={200: RowsShown},
    roles=_READERS,
    refuses=_UNKNOWN,
)
def list_rows(upload: str, query: RowsQuery, caller: Caller) -> RowsShown:
    """Every row of one range of an upload, with all that is told about it."""
    find_own(upload, caller)
    key, scope = keyring().sessions, f"rows:{upload}:{query.range}"
    start = int(read_cursor(query.cursor, key=key, scope=scope)["row"]) if query.cursor else 0
    result = read_result(upload, query.range)
    if result is None:
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=query.range)
    end = start + _ROWS_A_PAGE
    following = {"row": str(end)} if end < len(result.rows) else None
    return RowsShown(
        rows=tuple(map(show_row, result.rows[start:end])),
        next_cursor=write_cursor(following, key=key, scope=scope) if following else None,
    )


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/findings",
    summary="比对发现 · Read the findings beside a receipt",
    query=FindingsQuery,
    answers={200: FindingsShown},
    roles=_READERS,
    refuses=_UNKNOWN,
)
def list_findings(upload: str, query: FindingsQuery, caller: Caller) -> FindingsShown:
    """Derived from the archive as it is now; findings never refuse a row."""
    find_own(upload, caller)
    found = find_in_range(upload, query.range)
    return FindingsShown(
        findings=tuple(RowTold(row=each.row, told=tell(each.finding)) for each in found)
    )


@api.endpoint(
    "PUT",
    "/v1/providers/{provider}",
    summary="登记信息提供单位 · Register a provider",
    request=ProviderGiven,
    answers={200: ProviderEntry},
    roles={Role.OPERATOR},
    refuses=_UNKNOWN,
)
def register_provider(provider: str, body: ProviderGiven, asked: Asked) -> ProviderEntry:
    """Register a provider under its unified social credit code, or replace its name and items."""
    entry = ProviderEntry(provider=provider, name=body.name, items=tuple(sorted(set(body.items))))
    uploads.register_provider(entry, lawful_day(asked.at))
    return entry


@api.endpoint(
    "GET",
    "/v1/providers",
    summary="信息提供单位 · List the providers",
    answers={200: ProvidersShown},
    roles={Role.OPERATOR, Role.SUPERVISOR},
)
def list_providers() -> ProvidersShown:
    """Every registered provider and what it may report."""
    return ProvidersShown(providers=tuple(uploads.list_providers()))


def find_own(upload: str, caller: Caller) -> Registration:
    """The upload, where the caller may read it.

    Raises `E-UPLOAD-01`, the same for what does not exist and for another provider's.
    """
    registration = uploads.find_registration(upload)
    if caller.role is not Role.OPERATOR and registration.provider != caller.organisation:
        raise DomainError(codes.UPLOAD_UNKNOWN, upload=upload)
    return registration


def _summarise(registration: Registration) -> UploadSummary:
    return UploadSummary(
        upload=registration.upload,
        provider=registration.provider,
        item=registration.item,
        registered_at=moment_of(registration.registered),
        size=registration.size,
        sha256=registration.sha256,
        file_name=registration.file_name,
        mode=registration.mode,
    )


def show_receipt(receipt: Receipt) -> UploadShown:
    """A receipt as it is answered."""
    reason = receipt.reason
    return UploadShown(
        upload=_summarise(receipt.registration),
        state=receipt.state,
        outcome=receipt.outcome,
        catalogue_version=receipt.version,
        ranges=receipt.ranges,
        merged=receipt.merged,
        received=receipt.received,
        accepted=receipt.accepted,
        warned=receipt.warned,
        refused=receipt.refused,
        withheld=receipt.withheld,
        checked=receipt.checked,
        codes=receipt.codes,
        problems=tuple(RowTold(row=each.row, told=tell(each.problem)) for each in receipt.problems),
        remarks=tuple(RowTold(row=each.row, told=tell(each.problem)) for each in receipt.remarks),
        reason=None if reason is None else tell(Problem(code=reason.code, values=reason.values)),
    )


def show_row(row: RowResult) -> RowShown:
    """What became of a row, as it is answered."""
    return RowShown(
        row=row.row,
        accepted=row.accepted,
        subject=row.subject,
        record=row.record,
        operation=row.operation,
        replaced=row.replaced,
        problems=tuple(map(tell, row.problems)),
    )


def tell(problem: Problem) -> Told:
    """`problem` with its texts."""
    text: Text = problem.text
    return Told(
        code=problem.code,
        type=f"/problems/{problem.code}",
        column=problem.column,
        field=problem.field,
        label=problem.label,
        values=problem.values,
        detail=text.zh,
        mend=text.mend_zh,
        detail_en=text.en,
        mend_en=text.mend_en,
    )
