"""Files sent in parts: where each part goes, and the file made of them (分块上传、断点续传)."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.collection.assembling import Part, assemble, list_parts
from chalicelib.runtime.errors import Kind
from chalicelib.web.api.uploads import PROVIDERS, find_own
from chalicelib.web.api.uploads_shown import UploadSummary, summarise
from chalicelib.web.callers import Caller
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="uploads", scope=Scope.UPLOADS)

_MOST = 1_000

_REFUSES = frozenset({Kind.UNKNOWN, Kind.CONFLICT})


class PartsQuery(Input, frozen=True):
    """`after` is the number of the last part of the page before."""

    after: Annotated[int, Meta(ge=0, le=_MOST)] = 0


class PartShown(Struct, frozen=True, kw_only=True):
    """Part `number` (from 1): PUT its bytes to `url` with exactly `headers`; None once it is there."""

    number: int
    size: int
    sha256: str
    url: str | None
    headers: dict[str, str]


class PartsShown(Struct, frozen=True, kw_only=True):
    """A page of parts; the next one begins behind number `next_after`. The addresses hold until
    `expires_at`; asking again gives new ones.
    """

    parts: tuple[PartShown, ...]
    next_after: int | None
    expires_at: datetime


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/parts",
    summary="分块地址与进度 · List the parts of an upload",
    query=PartsQuery,
    answers={200: PartsShown},
    roles=PROVIDERS,
    refuses=_REFUSES,
)
def read_parts(upload: str, query: PartsQuery, caller: Caller, asked: Asked) -> PartsShown:
    """Which parts are there, and where the others go: whoever was interrupted goes on with those."""
    page = list_parts(find_own(upload, caller), query.after, asked.at)
    return PartsShown(
        parts=tuple(map(_show, page.parts)), next_after=page.following, expires_at=page.expires
    )


@api.endpoint(
    "POST",
    "/v1/uploads/{upload}/completion",
    summary="完成分块上传 · Complete an upload that was sent in parts",
    answers={200: UploadSummary},
    roles=PROVIDERS,
    refuses=_REFUSES,
)
def complete_upload(upload: str, caller: Caller, asked: Asked) -> UploadSummary:
    """All parts are sent: make the file of them. Asked again, nothing more happens."""
    registration = find_own(upload, caller)
    assemble(registration, asked.at)
    return summarise(registration)


def _show(part: Part) -> PartShown:
    return PartShown(
        number=part.number,
        size=part.size,
        sha256=part.sha256,
        url=part.url,
        headers=dict(part.headers),
    )
