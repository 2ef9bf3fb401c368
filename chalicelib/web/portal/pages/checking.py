"""Batch checks (信用核查): a list is sent with purpose and basis, its result fetched (NJ-67)."""

from typing import Any, Final, Literal

from chalicelib.disclosure.checks.progress import State
from chalicelib.disclosure.checks.values import Format
from chalicelib.disclosure.checks.values import Told as Trouble
from chalicelib.disclosure.purposes import PURPOSES, purposes_on
from chalicelib.runtime import blobs
from chalicelib.web.api.checks import (
    CHANNELS,
    CheckGiven,
    CheckInvited,
    CheckShown,
    CheckSummary,
    ResultAwaited,
    ResultQuery,
    ResultShown,
    create_check,
    list_checks,
    read_check,
    read_result,
)
from chalicelib.web.callers import Role
from chalicelib.web.inputs import Input, PageQuery, read_body
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.navigation import lead_on
from chalicelib.web.portal.records import say_article, say_word
from chalicelib.web.portal.visits import Away, Sending, Shown, Told, Visit

PLACE: Final = "/checks"
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv", "jsonl")
_FINAL: Final = frozenset({State.DONE, State.REFUSED, State.EXPIRED})


class Looked(Input, frozen=True):
    """`making` is the file that is being made and will be asked for again."""

    making: Literal["", "xlsx", "csv", "jsonl"] = ""


def show_desk(visit: Visit) -> Shown:
    """What to send, why and on what basis; and what was sent before."""
    query = visit.read(PageQuery)
    page = ask(visit, list_checks, query=query)
    channel = CHANNELS[visit.caller.role]
    return Shown(
        "checks.html",
        {
            "purposes": [(each.code, visit.say(each.zh, each.en)) for each in purposes_on(channel)],
            "channel": say_word("checked", channel, visit),
            "by_agreement": visit.caller.role is Role.THIRD_PARTY,
            "checks": [_view(each, visit) for each in page.checks],
            "next": lead_on(PLACE, page.next_cursor),
            "place": PLACE,
        },
        reaches=(blobs.origin(),),
    )


def register(visit: Visit) -> Told:
    """Register a list for the page's script, which then sends it."""
    given = read_body("".join(visit.form.get("given", ())).encode(), CheckGiven)
    invited: CheckInvited = ask(visit, create_check, body=given)
    return Told(Sending(f"{PLACE}/{invited.check.check}", invited.url, invited.headers), 201)


def show_check(visit: Visit, check: str) -> Shown:
    """How far a check has come, and how its rows came out."""
    making = visit.read(Looked).making
    shown: CheckShown = ask(visit, read_check, check=check)
    place = f"{PLACE}/{check}"
    return Shown(
        "check.html",
        {
            "shown": shown,
            "check": _view(shown.check, visit),
            "final": shown.state in _FINAL,
            "counts": [
                (each, getattr(shown.counts, each)) for each in shown.counts.__struct_fields__
            ],
            "remarks": [(each.row, *_tell(each.told, visit)) for each in shown.remarks],
            "refused": _tell(shown.refused, visit) if shown.refused else None,
            "source": say_article(shown.source, visit),
            "formats": [(each, f"{place}/result?format={each}") for each in FORMATS],
            "making": f"{place}/result?format={making}" if making else "",
            "desk": PLACE,
            "place": place,
        },
    )


def fetch_result(visit: Visit, check: str) -> Away:
    """The result; while it is being made, back to the page, which asks again."""
    query = visit.read(ResultQuery)
    told: ResultShown | ResultAwaited = ask(visit, read_result, check=check, query=query)
    if isinstance(told, ResultShown):
        return Away(told.url)
    return Away(f"{PLACE}/{check}?making={query.format}")


def _view(check: CheckSummary, visit: Visit) -> dict[str, Any]:
    purpose = PURPOSES[check.purpose]
    return {
        "id": check.check,
        "at": check.registered_at,
        "purpose": visit.say(purpose.zh, purpose.en),
        "basis": check.basis,
        "detail": say_word("detail", check.detail, visit),
        "file": check.file_name,
    }


def _tell(told: Trouble, visit: Visit) -> tuple[str, str, str]:
    """The code, what is wrong, and what to do."""
    return told.code, visit.say(told.zh, told.en), visit.say(told.mend_zh, told.mend_en)
