"""The query ledger (查询台账) for those who keep and watch it."""

from datetime import date
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, field
from msgspec.structs import fields

from chalicelib.disclosure.purposes import PURPOSES
from chalicelib.law.rules import Channel
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.web.api.access import QueryHeaders
from chalicelib.web.api.archives import list_queries
from chalicelib.web.api.ledger import LedgerSearch, search_ledger
from chalicelib.web.callers import Role
from chalicelib.web.inputs import Cursor, Input, PageQuery
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.entries import EntryView, view_entry
from chalicelib.web.portal.errors import say_whole
from chalicelib.web.portal.navigation import lead_on, with_parameter
from chalicelib.web.portal.records import say_word
from chalicelib.web.portal.visits import Shown, Visit

PLACE: Final = "/ledger"

Found = tuple[list[tuple[str, EntryView]], str | None]


class Wanted(Input, frozen=True):
    """An archive; or for the supervisor an organisation's queries, or an account's, over days."""

    subject: Annotated[str, Meta(max_length=32)] = ""
    organisation: Annotated[str, Meta(max_length=32)] = ""
    staff: Annotated[str, Meta(max_length=255)] = ""
    since: date | None = field(default=None, name="from")
    until: date | None = field(default=None, name="to")
    channel: Literal[Channel, ""] = ""
    purpose: Annotated[str, Meta(max_length=32)] = ""
    cursor: Cursor = ""


def show_ledger(visit: Visit) -> Shown:
    """Who asked about an archive; for the supervisor, what was asked by whom over days too."""
    wanted = visit.read(Wanted)
    found: Found | None = None
    trouble, status = "", 200
    try:
        found = _search(visit, wanted)
    except DomainError as error:
        if error.code.kind not in {Kind.INVALID, Kind.UNKNOWN}:
            raise
        trouble, status = say_whole(error, visit), 422
    address = PLACE
    for each in fields(wanted):
        value = getattr(wanted, each.name)
        if value and each.name != "cursor":
            address = with_parameter(address, each.encode_name, value)
    return Shown(
        "ledger.html",
        {
            "wanted": wanted,
            "supervises": visit.caller.role is Role.SUPERVISOR,
            "channels": [(each, say_word("channel", each, visit)) for each in get_args(Channel)],
            "purposes": [(each.code, visit.say(each.zh, each.en)) for each in PURPOSES.values()],
            "found": None if found is None else [entry for _, entry in found[0]],
            "subjects": [] if found is None or wanted.subject else [each for each, _ in found[0]],
            "next": lead_on(address, found[1]) if found else "",
            "trouble": trouble,
            "place": PLACE,
        },
        status,
    )


def _search(visit: Visit, wanted: Wanted) -> Found | None:
    """The entries, each with whom it is about, and the cursor of the next page."""
    if wanted.subject:
        subject = wanted.subject.strip().upper()
        query = PageQuery(cursor=wanted.cursor)
        page = ask(visit, list_queries, subject=subject, query=query, headers=QueryHeaders())
        return [(subject, view_entry(each, visit)) for each in page.queries], page.next_cursor
    if wanted.since:
        search = LedgerSearch(
            since=wanted.since,
            until=wanted.until,
            organisation=wanted.organisation.strip().upper(),
            staff=wanted.staff.strip(),
            channel=wanted.channel,
            purpose=wanted.purpose,
            cursor=wanted.cursor,
        )
        found = ask(visit, search_ledger, query=search)
        told = [(each.subject, view_entry(each.query, visit, each.staff)) for each in found.found]
        return told, found.next_cursor
    return None
