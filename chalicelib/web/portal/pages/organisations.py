"""What everybody may see of organisations: found by name or code, and page by page."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from msgspec import Meta

from chalicelib.disclosure.showing import ShownRecord
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.subjects.identifiers import is_person, is_subject
from chalicelib.web.api.organisations import (
    NameSearch,
    read_organisation,
    search_organisations,
)
from chalicelib.web.inputs import Cursor, Input, PageQuery
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.errors import say_detail
from chalicelib.web.portal.navigation import lead_on, with_parameter
from chalicelib.web.portal.records import arrange, view_record
from chalicelib.web.portal.visits import Away, Shown, Visit

_A_PAGE: Final = 50
"""So many records stand on one page."""


class Search(Input, frozen=True):
    """A name or a code as somebody typed it."""

    name: Annotated[str, Meta(max_length=100)] = ""
    cursor: Cursor = ""


class Opened(Input, frozen=True):
    """Which tab, and from which of its records on; `cursor` leads to the rest of a long archive."""

    tab: Annotated[str, Meta(max_length=32)] = ""
    since: Annotated[int, Meta(ge=0, le=100_000)] = 0
    cursor: Cursor = ""

    def place(self, page: str) -> str:
        """The address of what is open on `page`, without tab."""
        return with_parameter(page, "cursor", self.cursor) if self.cursor else page


def show_results(visit: Visit) -> Shown | Away:
    """Organisations of which a name holds what was typed; a code leads to its page at once."""
    search = visit.read(Search)
    name = search.name.strip()
    code = name.upper()
    if is_subject(code) and not is_person(code):
        return Away(f"/organisations/{code}")
    shown = {"name": name, "found": None, "next": "", "trouble": ""}
    if not name:
        return Shown("search.html", shown)
    try:
        found = ask(
            visit,
            search_organisations,
            query=visit.read(NameSearch),
        )
    except DomainError as error:
        if error.code.kind is not Kind.INVALID:
            raise
        return Shown("search.html", {**shown, "trouble": _say_trouble(error, visit)}, 422)
    following = lead_on(with_parameter("/search", "name", name), found.next_cursor)
    return Shown("search.html", {**shown, "found": found.organisations, "next": following})


def show_organisation(visit: Visit, code: str) -> Shown:
    """An organisation's public records under tabs, each with its period and the rule behind it."""
    opened = visit.read(Opened)
    query = PageQuery(cursor=opened.cursor)
    organisation = ask(visit, read_organisation, code=code, query=query)
    here = f"/organisations/{code}"
    return Shown(
        "organisation.html",
        {
            "organisation": organisation,
            "here": opened.place(here),
            "rest": lead_on(here, organisation.next_cursor),
            **leaf_through(visit, organisation.records, opened),
        },
    )


def leaf_through(visit: Visit, records: Iterable[ShownRecord], opened: Opened) -> dict[str, Any]:
    """What `records.html` shows: the tabs, and of the chosen one a page of records."""
    tabs = arrange(visit, records, opened.tab)
    chosen = next((tab for tab in tabs if tab.here), None)
    page = chosen.records[opened.since : opened.since + _A_PAGE] if chosen else ()
    return {
        "tabs": tabs,
        "chosen": chosen,
        "since": opened.since,
        "a_page": _A_PAGE,
        "records": [view_record(record, visit) for record in page],
    }


def _say_trouble(error: DomainError, visit: Visit) -> str:
    faults = getattr(error, "faults", ())
    told = faults[0] if faults else error
    return visit.join(say_detail(told, visit), visit.say(told.text.mend_zh, told.text.mend_en))
