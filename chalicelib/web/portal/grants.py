"""Grants (授权) as pages of either party show them, and the form that gives or asks for one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

from msgspec import Meta

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.grants.values import State
from chalicelib.disclosure.purposes import PURPOSES, purposes_on
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import QueryHeaders
from chalicelib.web.api.grants import GrantAsked, list_uses, read_grant
from chalicelib.web.api.grants_shown import GrantShown, GrantsShown
from chalicelib.web.inputs import Cursor, Input, PageQuery
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.entries import view_entry
from chalicelib.web.portal.errors import name_field, say_detail
from chalicelib.web.portal.navigation import lead_on
from chalicelib.web.portal.records import say_word
from chalicelib.web.portal.visits import Away, Shown, Visit

S = TypeVar("S", bound=GrantAsked)

_TONES: Final = {State.ACTIVE: "good", State.ASKED: "warn"}

Side = Literal["grants", "held"]
"""Whose pages: of who gives grants, or of who holds them; their texts are named so."""

PLACES: Final[Mapping[Side, str]] = {"grants": "/me/grants", "held": "/grants"}
"""Where each has them."""


class Listing(Input, frozen=True):
    """`cursor` from the page before; `done` is what has just been done."""

    cursor: Cursor = ""
    done: Annotated[str, Meta(pattern=r"^[a-z]{0,16}(?!\n)$")] = ""


def list_grants(visit: Visit, side: Side, read: Callable[[PageQuery], GrantsShown]) -> Shown:
    """A page of grants, and what has become of each."""
    wanted = visit.read(Listing)
    page = read(PageQuery(cursor=wanted.cursor))
    place = PLACES[side]
    return Shown(
        "grants.html",
        {
            **_place(side),
            "grants": [_view(grant, side, visit) for grant in page.grants],
            "next": lead_on(place, page.next_cursor),
            "done": say_word("done", wanted.done, visit) if wanted.done else "",
        },
    )


def show_grant(visit: Visit, side: Side, grant: str, **more: str) -> Shown:
    """One grant, and every query that was made under it."""
    shown = ask(visit, read_grant, grant=grant, headers=QueryHeaders())
    query = visit.read(PageQuery)
    uses = ask(visit, list_uses, grant=grant, query=query, headers=QueryHeaders())
    here = f"{PLACES[side]}/{grant}"
    return Shown(
        "grant.html",
        {
            **_place(side),
            **more,
            "grant": _view(shown, side, visit),
            "entries": [view_entry(entry, visit) for entry in uses.queries],
            "next": lead_on(here, uses.next_cursor),
        },
    )


def fill_form(visit: Visit, shape: type[S]) -> S:
    """The form as a `shape`; what is ticked counts where no report is chosen."""
    by_report = any(visit.form.get("report", ()))
    return visit.fill(shape, **({"items": ()} if by_report else {}))


def send_form(visit: Visit, side: Side, send: Callable[[], object], done: str) -> Away | Shown:
    """What `send` makes of the form; what is wrong with it is told beside it."""
    try:
        send()
    except DomainError as error:
        if error.code.kind is not Kind.INVALID:
            raise
        faults = getattr(error, "faults", ()) or (error,)
        told = [(name_field(each, visit), _field(each), say_detail(each, visit)) for each in faults]
        return show_form(visit, side, visit.form, told)
    return Away(f"{PLACES[side]}?done={done}")


def show_form(
    visit: Visit,
    side: Side,
    given: Mapping[str, Sequence[str]],
    faults: Sequence[tuple[str, str, str]] = (),
) -> Shown:
    """What is granted or asked for: about whom, to whom, why and until when."""
    day = lawful_day(visit.asked.at)
    items = load_catalogue(day).under(load_rulebook(settings().rulebook).texts).items.values()
    purposes = purposes_on("authorised")
    return Shown(
        "grant_form.html",
        {
            **_place(side),
            "party": "recipient" if side == "grants" else "subject",
            "given": {name: list(texts) for name, texts in given.items()},
            "faults": faults,
            "items": sorted((each.id, visit.say(each.title, each.title_en)) for each in items),
            "purposes": [(each.code, visit.say(each.zh, each.en)) for each in purposes],
            "first": day,
            "last": _a_year_later(day),
        },
        422 if faults else 200,
    )


def _place(side: Side) -> dict[str, str]:
    """What every such page is told: tabs are for one's own pages."""
    place = PLACES[side]
    return {"side": side, "place": place, "section": place if side == "grants" else ""}


def _field(fault: DomainError) -> str:
    return fault.pointer.removeprefix("/").partition("/")[0]


def _a_year_later(day: date) -> date:
    """For the calendar of the form only; the rulebook decides."""
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _view(grant: GrantShown, side: Side, visit: Visit) -> dict[str, Any]:
    catalogue = load_catalogue(lawful_day(visit.asked.at))
    items = (catalogue.item_held(name) for name in grant.items)
    titles = visit.say("、", ", ").join(visit.say(each.title, each.title_en) for each in items)
    name, code = grant.recipient_name or grant.recipient, grant.recipient
    if side == "held":
        name = code = grant.subject
    purpose = PURPOSES.get(grant.purpose)
    return {
        "id": grant.id,
        "to": name,
        "code": code,
        "scope": say_word("report", grant.report, visit) if grant.report else titles,
        "purpose": visit.say(purpose.zh, purpose.en) if purpose else grant.purpose,
        "until": grant.until,
        "uses": say_word("uses", grant.uses, visit),
        "state": say_word("state", grant.state, visit),
        "tone": _TONES.get(grant.state, "plain"),
        "asked": grant.state is State.ASKED,
        "active": grant.state is State.ACTIVE,
        "made": grant.made_at,
        "way": say_word("way", grant.way, visit) if grant.way else "",
    }
