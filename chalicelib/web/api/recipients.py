"""What recipients are told of records that they were given (JS-36): corrected, repaired, withdrawn."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.disclosure.recipients.telling import Page, RecipientNotice, page_for
from chalicelib.web.api.access import party_of
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Api
from chalicelib.web.inputs import PageQuery
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="recipients", scope=Scope.CHANGES)

_PAGE = 50


class RecipientNoticeShown(Struct, frozen=True, kw_only=True):
    """That something happened to a record that was handed over on `entry` of the ledger.

    `what`: `corrected`, `withdrawn`, `replaced`, `annulled`, `deleted`, `repaired`, or one of the
    last three with `_lifted`. `record` is its path in the archive of `subject`.
    """

    subject: str
    record: str
    what: str
    happened_at: datetime
    entry: str
    told_on: date


class RecipientNoticesShown(Struct, frozen=True, kw_only=True):
    """A page of notices; those of the last day first."""

    notices: tuple[RecipientNoticeShown, ...]
    next_cursor: str | None


@api.endpoint(
    "GET",
    "/v1/recipients/notices",
    summary="已获信息变动告知 · What has changed of records that we were given",
    query=PageQuery,
    answers={200: RecipientNoticesShown},
    roles={Role.AGENCY, Role.JUDICIAL, Role.THIRD_PARTY},
)
def list_recipient_notices(query: PageQuery, caller: Caller) -> RecipientNoticesShown:
    """Every change of a record that the caller's organisation was given before, without content.

    Whoever is told asks again, on a lawful basis, for what it says now.
    """
    recipient = party_of(caller)
    scope = f"recipients:{recipient}"
    cursor = read_place(query.cursor, scope)
    page = page_for(recipient, cursor, _PAGE) if recipient else Page((), None)
    return RecipientNoticesShown(
        notices=tuple(map(_show, page.notices)),
        next_cursor=write_place(page.cursor, scope),
    )


def _show(notice: RecipientNotice) -> RecipientNoticeShown:
    return RecipientNoticeShown(
        subject=notice.subject,
        record=notice.record,
        what=notice.what,
        happened_at=notice.happened,
        entry=notice.entry,
        told_on=notice.told,
    )
