"""The query ledger (查询台账) for those who keep and watch it."""

from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.web.api.archives import EntriesQuery, list_queries
from chalicelib.web.api.ledger import LedgerSearch, search_ledger
from chalicelib.web.callers import Role
from chalicelib.web.inputs import Input
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.entries import EntryView, view_entry
from chalicelib.web.portal.errors import say_whole
from chalicelib.web.portal.navigation import with_parameter
from chalicelib.web.portal.visits import Shown, Visit

PLACE: Final = "/ledger"

Found = tuple[list[tuple[str, EntryView]], str | None]


class Wanted(Input, frozen=True):
    """An archive, or an organisation's day."""

    subject: Annotated[str, Meta(max_length=32)] = ""
    organisation: Annotated[str, Meta(max_length=32)] = ""
    day: date | None = None
    cursor: Annotated[str, Meta(max_length=2048)] = ""


def show_ledger(visit: Visit) -> Shown:
    """Who asked about an archive; for the supervisor, what an organisation asked on a day too."""
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
    for name in ("subject", "organisation", "day"):
        value = getattr(wanted, name)
        address = with_parameter(address, name, value) if value else address
    return Shown(
        "ledger.html",
        {
            "wanted": wanted,
            "by_day": visit.caller.role is Role.SUPERVISOR,
            "found": None if found is None else found[0],
            "next": with_parameter(address, "cursor", found[1]) if found and found[1] else "",
            "trouble": trouble,
            "place": PLACE,
        },
        status,
    )


def _search(visit: Visit, wanted: Wanted) -> Found | None:
    """The entries, each with whom it is about, and the cursor of the next page."""
    if wanted.subject:
        subject = wanted.subject.strip().upper()
        page = ask(visit, list_queries, subject=subject, query=EntriesQuery(cursor=wanted.cursor))
        return [(subject, view_entry(each, visit)) for each in page.queries], page.next_cursor
    if wanted.organisation and wanted.day:
        search = LedgerSearch(
            organisation=wanted.organisation.strip().upper(), day=wanted.day, cursor=wanted.cursor
        )
        found = ask(visit, search_ledger, query=search)
        told = [(each.subject, view_entry(each.query, visit)) for each in found.found]
        return told, found.next_cursor
    return None
