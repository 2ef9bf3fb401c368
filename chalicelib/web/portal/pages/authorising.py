"""Grants (授权) on a subject's own pages: what is asked and given, answers, revocations."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from msgspec import Meta

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.grants.values import State
from chalicelib.disclosure.purposes import PURPOSES
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import QueryHeaders, viewer_of
from chalicelib.web.api.grants import (
    AnswerGiven,
    GrantGiven,
    GrantsQuery,
    RevocationGiven,
    answer_request,
    give_grant,
    list_given,
    list_uses,
    read_grant,
    revoke,
)
from chalicelib.web.api.grants_shown import GrantShown
from chalicelib.web.inputs import Input
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.entries import view_entry
from chalicelib.web.portal.errors import name_field, say_detail
from chalicelib.web.portal.navigation import with_parameter
from chalicelib.web.portal.records import say_word
from chalicelib.web.portal.visits import Away, Shown, Visit

PLACE: Final = "/me/grants"
_TONES: Final = {State.ACTIVE: "good", State.ASKED: "warn"}


class Listing(Input, frozen=True):
    """`cursor` from the page before; `done` is what has just been done."""

    cursor: Annotated[str, Meta(max_length=2048)] = ""
    done: Annotated[str, Meta(pattern=r"^[a-z]{0,16}(?!\n)$")] = ""


class Answered(Input, frozen=True):
    """Yes or no."""

    accepted: bool


def show_grants(visit: Visit) -> Shown:
    """What was asked for and granted, with what has become of it."""
    wanted = visit.read(Listing)
    query = GrantsQuery(cursor=wanted.cursor)
    page = ask(visit, list_given, subject=_own(visit), query=query, headers=QueryHeaders())
    return Shown(
        "grants.html",
        {
            "section": PLACE,
            "grants": [_view(grant, visit) for grant in page.grants],
            "next": with_parameter(PLACE, "cursor", page.next_cursor) if page.next_cursor else "",
            "done": say_word("done", wanted.done, visit) if wanted.done else "",
            "place": PLACE,
        },
    )


def show_form(visit: Visit) -> Shown:
    """What to grant, to whom, why and until when."""
    return _show_form(visit, {}, ())


def give(visit: Visit) -> Away | Shown:
    """Give a grant; what is wrong with the form is told beside it."""
    try:
        given = visit.fill(GrantGiven, **({"items": ()} if visit.form.get("report") else {}))
        ask(visit, give_grant, subject=_own(visit), body=given)
    except DomainError as error:
        if error.code.kind is not Kind.INVALID:
            raise
        faults = getattr(error, "faults", ()) or (error,)
        told = [(name_field(each, visit), _field(each), say_detail(each, visit)) for each in faults]
        return _show_form(visit, visit.form, told)
    return Away(f"{PLACE}?done=given")


def show_grant(visit: Visit, grant: str) -> Shown:
    """One grant, and every query that was made under it."""
    shown = ask(visit, read_grant, grant=grant, headers=QueryHeaders())
    query = visit.read(GrantsQuery)
    uses = ask(visit, list_uses, grant=grant, query=query, headers=QueryHeaders())
    following = uses.next_cursor and with_parameter(f"{PLACE}/{grant}", "cursor", uses.next_cursor)
    return Shown(
        "grant.html",
        {
            "section": PLACE,
            "grant": _view(shown, visit),
            "entries": [view_entry(entry, visit) for entry in uses.queries],
            "next": following or "",
            "place": PLACE,
        },
    )


def answer(visit: Visit, grant: str) -> Away:
    """Accept or decline what a third party asks for."""
    accepted = visit.fill(Answered).accepted
    ask(visit, answer_request, grant=grant, body=AnswerGiven(accepted=accepted))
    return Away(f"{PLACE}?done={'accepted' if accepted else 'declined'}")


def take_back(visit: Visit, grant: str) -> Away:
    """Revoke a grant, at once."""
    ask(visit, revoke, grant=grant, body=RevocationGiven())
    return Away(f"{PLACE}?done=revoked")


def _own(visit: Visit) -> str:
    subject = viewer_of(visit.caller).subject
    if subject is None:
        raise DomainError(ARCHIVE_UNKNOWN)
    return subject


def _field(fault: DomainError) -> str:
    return fault.pointer.removeprefix("/").partition("/")[0]


def _show_form(visit: Visit, given: Mapping[str, Any], faults: Any) -> Shown:
    day = lawful_day(visit.asked.at)
    items = load_catalogue(day).under(load_rulebook(settings().rulebook).texts).items.values()
    purposes = [each for each in PURPOSES.values() if "authorised" in each.channels]
    return Shown(
        "grant_form.html",
        {
            "section": PLACE,
            "place": PLACE,
            "given": {name: list(texts) for name, texts in given.items()},
            "faults": faults,
            "items": sorted((each.id, visit.say(each.title, each.title_en)) for each in items),
            "purposes": [(each.code, visit.say(each.zh, each.en)) for each in purposes],
            "first": day,
            "last": _a_year_later(day),
        },
        422 if faults else 200,
    )


def _a_year_later(day: date) -> date:
    """For the calendar of the form only; the rulebook decides."""
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _view(grant: GrantShown, visit: Visit) -> dict[str, Any]:
    catalogue = load_catalogue(lawful_day(visit.asked.at))
    items = (catalogue.item_held(name) for name in grant.items)
    titles = visit.say("、", ", ").join(visit.say(each.title, each.title_en) for each in items)
    purpose = PURPOSES.get(grant.purpose)
    return {
        "id": grant.id,
        "to": grant.recipient_name or grant.recipient,
        "code": grant.recipient,
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
