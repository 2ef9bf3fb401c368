"""What a subject was told (告知): that adverse information on it was reported or has changed."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.disclosure.notices.outbox import Notice, page_of
from chalicelib.runtime.clock import moment_of
from chalicelib.runtime.errors import Kind
from chalicelib.web.api.access import QueryHeaders, serving
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import PageQuery

api = Api(__name__, tag="archives")

_PAGE = 50


class NoticeShown(Struct, frozen=True, kw_only=True):
    """One notice: what happened to which record of the archive, when, and why one is told.

    `what`: `reported`, `withdrawn`, `replaced`, `annulled`, `deleted`, `repaired`, or one of the last
    three with `_lifted`. `provider` is empty where the operator did it. `notified_on` is the day of
    the notice.
    """

    id: str
    what: str
    item: str
    record: str
    provider: str
    at: datetime
    notified_on: date
    source: str
    rulebook: str


class NoticesShown(Struct, frozen=True, kw_only=True):
    """A page of notices, newest first."""

    notices: tuple[NoticeShown, ...]
    next_cursor: str | None


@api.endpoint(
    "GET",
    "/v1/archives/{subject}/notices",
    summary="告知记录 · What the subject was told",
    query=PageQuery,
    headers=QueryHeaders,
    answers={200: NoticesShown},
    roles={Role.SUBJECT, Role.OPERATOR},
    refuses=frozenset({Kind.UNKNOWN}),
)
def list_notices(
    subject: str, query: PageQuery, headers: QueryHeaders, caller: Caller, asked: Asked
) -> NoticesShown:
    """Every report of adverse information and what became of it (SZ-16, NJ-57), without content.

    An operator reads it for who shows papers at the window (`X-Query-Papers`).
    """
    scope = f"notices:{subject}"
    with serving(subject, caller, asked, headers, own=True):
        page = page_of(subject, read_place(query.cursor, scope), _PAGE)
    return NoticesShown(
        notices=tuple(map(_show, page.notices)),
        next_cursor=write_place(page.cursor, scope),
    )


def _show(notice: Notice) -> NoticeShown:
    return NoticeShown(
        id=notice.id,
        what=notice.what,
        item=notice.item,
        record=notice.record,
        provider=notice.provider,
        at=moment_of(notice.at),
        notified_on=notice.told,
        source=notice.source,
        rulebook=notice.rulebook,
    )
