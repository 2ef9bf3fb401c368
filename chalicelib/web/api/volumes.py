"""Anomalous volumes of queries (查询流量异常管控, NJ-52): alerts, and stops that are lifted."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.disclosure.volumes.stops import alerts, lift, stops_of
from chalicelib.disclosure.volumes.values import Alert, Excess, Lifting, Stop, What
from chalicelib.law.rules import Measure
from chalicelib.runtime.errors import Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Input, Line, PageQuery

api = Api(__name__, tag="ledger")

_PAGE = 50
_SCOPE = "alerts"


class ExcessShown(Struct, frozen=True, kw_only=True):
    """A volume that has reached a threshold of the rulebook, as `source` demands.

    `measure`: queries in an `hour` or a `day`, different `subjects` of them in a day, subjects
    `checked` in batches in a day. `staff` is the account (`sub`), empty for the whole organisation.
    """

    id: str
    organisation: str
    staff: str
    measure: Measure
    count: int
    threshold: int
    source: str
    rulebook: str
    at: datetime


class LiftingShown(Struct, frozen=True, kw_only=True):
    """When, by whom (`sub`) and why a stop was lifted."""

    at: datetime
    by: str
    reason: str


class AlertShown(Struct, frozen=True, kw_only=True):
    """What happened: a volume was `noticed`, its queries were `stopped`, the stop was `lifted`."""

    what: What
    excess: ExcessShown
    lifting: LiftingShown | None


class AlertsShown(Struct, frozen=True, kw_only=True):
    """A page of alerts, newest first."""

    alerts: tuple[AlertShown, ...]
    next_cursor: str | None


class StopShown(Struct, frozen=True, kw_only=True):
    """Queries that were stopped; they are, while `lifting` is null."""

    excess: ExcessShown
    lifting: LiftingShown | None


class StopsShown(Struct, frozen=True, kw_only=True):
    """Every stop of an organisation's queries, oldest first, and whether any stands."""

    stopped: bool
    stops: tuple[StopShown, ...]


class LiftingGiven(Input, frozen=True):
    """Which stop is lifted, and why: what the inquiry has found."""

    stop: Annotated[str, Meta(pattern=r"^[0-9A-Za-z.-]{1,80}(?!\n)$")]
    reason: Line


@api.endpoint(
    "GET",
    "/v1/ledger/alerts",
    summary="查询量异常告警 · Anomalous volumes of queries",
    query=PageQuery,
    answers={200: AlertsShown},
    roles={Role.SUPERVISOR},
)
def list_alerts(query: PageQuery) -> AlertsShown:
    """Everything that was noticed, stopped or lifted, of all organisations and their accounts."""
    page = alerts(read_place(query.cursor, _SCOPE), _PAGE)
    return AlertsShown(
        alerts=tuple(map(_show_alert, page.alerts)),
        next_cursor=write_place(page.cursor, _SCOPE),
    )


@api.endpoint(
    "GET",
    "/v1/ledger/stops/{organisation}",
    summary="停止查询的记录 · Stops of an organisation's queries",
    answers={200: StopsShown},
    roles={Role.SUPERVISOR},
)
def list_stops(organisation: str) -> StopsShown:
    """By the organisation's code, or the key of a person who asks alone."""
    stops = stops_of(organisation)
    return StopsShown(
        stopped=any(stop.lifted is None for stop in stops), stops=tuple(map(_show_stop, stops))
    )


@api.endpoint(
    "POST",
    "/v1/ledger/stops/{organisation}",
    summary="解除停止查询 · Lift a stop",
    request=LiftingGiven,
    answers={200: StopShown},
    roles={Role.SUPERVISOR},
    refuses=frozenset({Kind.UNKNOWN, Kind.CONFLICT}),
)
def lift_stop(organisation: str, body: LiftingGiven, caller: Caller, asked: Asked) -> StopShown:
    """Queries go on, until the next full threshold of the same hour or day; the reason is kept."""
    lifting = Lifting(at=asked.at, by=caller.sub, reason=body.reason)
    lifted = lift(organisation, body.stop, lifting)
    log(LogCode.STOP_LIFTED, organisation=lifted.excess.organisation, stop=lifted.excess.id)
    return _show_stop(lifted)


def _show_alert(alert: Alert) -> AlertShown:
    return AlertShown(
        what=alert.what,
        excess=_show_excess(alert.excess),
        lifting=_show_lifting(alert.lifting),
    )


def _show_stop(stop: Stop) -> StopShown:
    return StopShown(excess=_show_excess(stop.excess), lifting=_show_lifting(stop.lifted))


def _show_excess(excess: Excess) -> ExcessShown:
    return ExcessShown(
        id=excess.id,
        organisation=excess.organisation,
        staff=excess.staff,
        measure=excess.measure,
        count=excess.count,
        threshold=excess.threshold,
        source=excess.source,
        rulebook=excess.rulebook,
        at=excess.at,
    )


def _show_lifting(lifting: Lifting | None) -> LiftingShown | None:
    if lifting is None:
        return None
    return LiftingShown(at=lifting.at, by=lifting.by, reason=lifting.reason)
