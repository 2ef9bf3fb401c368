"""Grants (授权) on a subject's own pages: what is asked and given, answers, revocations."""

from functools import partial
from typing import Final

from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.runtime.errors import DomainError
from chalicelib.web.api.access import QueryHeaders, viewer_of
from chalicelib.web.api.grants import (
    AnswerGiven,
    GrantGiven,
    RevocationGiven,
    answer_request,
    give_grant,
    list_given,
    revoke,
)
from chalicelib.web.api.grants_shown import GrantsShown
from chalicelib.web.inputs import Input, PageQuery
from chalicelib.web.portal import grants
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.visits import Away, Shown, Visit

PLACE: Final = grants.PLACES["grants"]


class Answered(Input, frozen=True):
    """Yes or no."""

    accepted: bool


def show_grants(visit: Visit) -> Shown:
    """What was asked for and granted, with what has become of it."""
    subject = _own(visit)

    def read(query: PageQuery) -> GrantsShown:
        return ask(visit, list_given, subject=subject, query=query, headers=QueryHeaders())

    return grants.list_grants(visit, "grants", read)


def show_form(visit: Visit) -> Shown:
    """What to grant, to whom, why and until when."""
    return grants.show_form(visit, "grants", {})


def give(visit: Visit) -> Away | Shown:
    """Give a grant; what is wrong with the form is told beside it."""
    return grants.send_form(visit, "grants", partial(_give, visit), "given")


def show_grant(visit: Visit, grant: str) -> Shown:
    """One grant, and every query that was made under it."""
    return grants.show_grant(visit, "grants", grant)


def answer(visit: Visit, grant: str) -> Away:
    """Accept or decline what a third party asks for."""
    accepted = visit.fill(Answered).accepted
    ask(visit, answer_request, grant=grant, body=AnswerGiven(accepted=accepted))
    return Away(f"{PLACE}?done={'accepted' if accepted else 'declined'}")


def take_back(visit: Visit, grant: str) -> Away:
    """Revoke a grant, at once."""
    ask(visit, revoke, grant=grant, body=RevocationGiven())
    return Away(f"{PLACE}?done=revoked")


def _give(visit: Visit) -> None:
    given = grants.fill_form(visit, GrantGiven)
    ask(visit, give_grant, subject=_own(visit), body=given)


def _own(visit: Visit) -> str:
    subject = viewer_of(visit.caller).subject
    if subject is None:
        raise DomainError(ARCHIVE_UNKNOWN)
    return subject
