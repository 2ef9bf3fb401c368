"""Public lists (名单): which there are, and who is on each, by which record and rule."""

from typing import Final

from chalicelib.runtime.clock import lawful_day
from chalicelib.web.api.lists import ListQuery, list_lists, read_public_list
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.navigation import lead_on, with_parameter
from chalicelib.web.portal.records import say_basis, say_word, view_record
from chalicelib.web.portal.visits import Shown, Visit

PLACE: Final = "/lists"


def show_lists(visit: Visit) -> Shown:
    """Every list that is published, and on what basis."""
    found = [
        {
            "id": each.item,
            "title": visit.say(each.title, each.title_en),
            "good": each.kind == "red",
            "kind": say_word("list", each.kind, visit),
            "basis": say_basis(each.basis, visit),
        }
        for each in ask(visit, list_lists).lists
    ]
    return Shown("lists.html", {"lists": found, "place": PLACE})


def show_list(visit: Visit, item: str) -> Shown:
    """Organisations on one list, newest reported first, as of today or of a past day."""
    query = visit.read(ListQuery)
    page = ask(visit, read_public_list, item=item, query=query)
    [named] = [each for each in ask(visit, list_lists).lists if each.item == item]
    here = f"{PLACE}/{item}"
    address = with_parameter(here, "as_of", query.as_of) if query.as_of else here
    return Shown(
        "list.html",
        {
            "title": visit.say(named.title, named.title_en),
            "entries": [
                (each.code, each.name, view_record(each.record, visit)) for each in page.entries
            ],
            "past": query.as_of,
            "today": lawful_day(visit.asked.at),
            "rulebook": page.rulebook,
            "next": lead_on(address, page.next_cursor),
            "first": not query.cursor,
            "place": PLACE,
            "here": here,
        },
    )
