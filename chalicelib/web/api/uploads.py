"""Uploads (数据报送): providers register files, send them to S3, and read what became of them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.collection import codes, uploads
from chalicelib.collection.findings import find_in_range
from chalicelib.collection.parts import Parts
from chalicelib.collection.receipts import State, fold_receipt
from chalicelib.collection.results import read_result
from chalicelib.collection.settling import note_settled
from chalicelib.collection.uploads import Mode, Registration
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.web.api.uploads_shown import (
    RowShown,
    RowTold,
    UploadShown,
    UploadSummary,
    show_receipt,
    show_row,
    summarise,
    tell,
)
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, read_position, write_place, write_position
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="uploads", scope=Scope.UPLOADS)

PROVIDERS = frozenset({Role.PROVIDER, Role.CODE_AUTHORITY})
_READERS = PROVIDERS | {Role.OPERATOR}
_UNKNOWN = frozenset({Kind.UNKNOWN})
_UPLOADS_A_PAGE = 50
_ROWS_A_PAGE = 200
_PARTS = 1_000

Cursor = Annotated[str, Meta(max_length=2048)]
RangeNumber = Annotated[int, Meta(ge=0, le=1_000_000)]


class PartsGiven(Input, frozen=True):
    """Parts of `size` bytes each, the last one of what is left, and their SHA-256 in base64."""

    size: Annotated[int, Meta(ge=1, le=1 << 40)]
    sha256: Annotated[
        tuple[Annotated[str, Meta(max_length=64)], ...], Meta(min_length=1, max_length=_PARTS)
    ]

    def declare(self) -> Parts:
        """As the collection knows them."""
        return Parts(self.size, self.sha256)


class UploadGiven(Input, frozen=True):
    """A file to be sent: its catalogue item, size in bytes, SHA-256 in base64, and name.

    `mode` `partial` merges good rows and refuses bad ones; `whole` merges all rows or none. A file
    above 200 MB declares its `parts`; smaller ones may, so that they can be gone on with.
    """

    item: Annotated[str, Meta(max_length=32)]
    size: Annotated[int, Meta(ge=0, le=1 << 40)]
    sha256: Annotated[str, Meta(max_length=64)]
    file_name: Annotated[str, Meta(min_length=1, max_length=200)]
    mode: Mode = "partial"
    parts: PartsGiven | None = None


class UploadInvited(Struct, frozen=True, kw_only=True):
    """PUT the file to `url` before `expires_at`, with exactly `headers`.

    Without a `url` the file is sent in parts: `/parts` says where each goes, `/completion` ends it.
    """

    upload: UploadSummary
    url: str | None
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


class RowsQuery(Input, frozen=True):
    """A range of the upload, from 0; `cursor` from the page before."""

    range: RangeNumber
    cursor: Cursor = ""


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


@api.endpoint(
    "POST",
    "/v1/uploads",
    summary="登记上传 · Register an upload",
    request=UploadGiven,
    answers={201: UploadInvited},
    roles=PROVIDERS,
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
        parts=None if body.parts is None else body.parts.declare(),
        now=asked.at,
    )
    invited = UploadInvited(
        upload=summarise(registered.registration),
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
    scope = f"uploads:{provider}"
    start = read_position(query.cursor, scope)
    found, following = uploads.list_registrations(provider, start, _UPLOADS_A_PAGE)
    return UploadsShown(
        uploads=tuple(map(summarise, found)),
        next_cursor=write_position(following, scope),
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
    scope = f"rows:{upload}:{query.range}"
    start = int(read_place(query.cursor, scope) or 0)
    result = read_result(upload, query.range)
    if result is None:
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=query.range)
    end = start + _ROWS_A_PAGE
    return RowsShown(
        rows=tuple(map(show_row, result.rows[start:end])),
        next_cursor=write_place(str(end) if end < len(result.rows) else None, scope),
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


def find_own(upload: str, caller: Caller) -> Registration:
    """The upload, where the caller may read it.

    Raises `E-UPLOAD-01`, the same for what does not exist and for another provider's.
    """
    registration = uploads.find_registration(upload)
    if caller.role is not Role.OPERATOR and registration.provider != caller.organisation:
        raise DomainError(codes.UPLOAD_UNKNOWN, upload=upload)
    return registration
