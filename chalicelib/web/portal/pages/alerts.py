"""Anomalous volumes of queries (NJ-52): what the supervisor is told, and stops that are lifted."""

from typing import Any, Final

from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.web.api.volumes import (
    ExcessShown,
    LiftingGiven,
    lift_stop,
    list_alerts,
    list_stops,
)
from chalicelib.web.inputs import PageQuery
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.errors import say_whole
from chalicelib.web.portal.navigation import lead_on
from chalicelib.web.portal.records import say_article, say_word
from chalicelib.web.portal.visits import Away, Shown, Visit

PLACE: Final = "/alerts"
_TONES: Final = {"noticed": "warn", "stopped": "bad", "lifted": "good"}


def show_alerts(visit: Visit) -> Shown:
    """Everything that was noticed, stopped or lifted, newest first."""
    page = ask(visit, list_alerts, query=visit.read(PageQuery))
    return Shown(
        "alerts.html",
        {
            "alerts": [
                {
                    **_view(each.excess, visit),
                    "what": say_word("alert", each.what, visit),
                    "tone": _TONES[each.what],
                    "at": each.lifting.at if each.lifting else each.excess.at,
                    "reason": each.lifting.reason if each.lifting else "",
                }
                for each in page.alerts
            ],
            "next": lead_on(PLACE, page.next_cursor),
            "place": PLACE,
        },
    )


def show_stops(visit: Visit, organisation: str) -> Shown:
    """Every stop of an organisation's queries; those that stand can be lifted."""
    return _show_stops(visit, organisation, "")


def lift(visit: Visit, organisation: str) -> Away | Shown:
    """Let queries go on, for a reason that is kept; what is wrong with it is told on the page."""
    try:
        ask(visit, lift_stop, organisation=organisation, body=visit.fill(LiftingGiven))
    except DomainError as error:
        if error.code.kind not in {Kind.INVALID, Kind.CONFLICT}:
            raise
        faults = getattr(error, "faults", ())
        return _show_stops(visit, organisation, say_whole(faults[0] if faults else error, visit))
    return Away(f"{PLACE}/{organisation}")


def _show_stops(visit: Visit, organisation: str, trouble: str) -> Shown:
    shown = ask(visit, list_stops, organisation=organisation)
    return Shown(
        "stops.html",
        {
            "organisation": organisation,
            "stopped": shown.stopped,
            "stops": [
                {**_view(each.excess, visit), "at": each.excess.at, "lifting": each.lifting}
                for each in reversed(shown.stops)
            ],
            "trouble": trouble,
            "place": PLACE,
        },
        422 if trouble else 200,
    )


def _view(excess: ExcessShown, visit: Visit) -> dict[str, Any]:
    return {
        "id": excess.id,
        "organisation": excess.organisation,
        "staff": excess.staff,
        "measure": say_word("measure", excess.measure, visit),
        "count": excess.count,
        "threshold": excess.threshold,
        "article": say_article(excess.source, visit),
    }
