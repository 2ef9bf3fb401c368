"""Stops and liftings, and the supervisor told of them: each written once, in an order that loses none.

The supervisor is told before queries are stopped, and after a stop was lifted: whoever repeats what
was cut short tells, too, and what was told stays as it was.
"""

import msgspec
from msgspec import Struct

from chalicelib.disclosure.volumes import store
from chalicelib.disclosure.volumes.codes import LIFTED_BEFORE, STOP_UNKNOWN
from chalicelib.disclosure.volumes.values import Alert, Excess, Lifting, Stop
from chalicelib.runtime.clock import stamp
from chalicelib.runtime.errors import DomainError

_STOPPED = "/stopped"
_LIFTED = "/lifted"


class Page(Struct, frozen=True):
    """Alerts, newest first, and from where to go on (None at the end). The cursor is not signed."""

    alerts: tuple[Alert, ...]
    cursor: str | None


def stops_of(organisation: str) -> tuple[Stop, ...]:
    """Every stop of an organisation's queries, or of its accounts', oldest first."""
    acts = dict(store.read_acts(organisation))
    return tuple(
        Stop(
            msgspec.json.decode(body, type=Excess),
            _decode_lifting(acts.get(act.removesuffix(_STOPPED) + _LIFTED)),
        )
        for act, body in acts.items()
        if act.endswith(_STOPPED)
    )


def stop(excess: Excess) -> None:
    """Stop the queries that are the excess, and tell; the same again changes nothing."""
    tell(Alert("stopped", excess))
    store.insert_act(excess.organisation, excess.id + _STOPPED, stamp(excess.at), _encode(excess))


def lift(organisation: str, stop_id: str, lifting: Lifting) -> Stop:
    """Let queries go on that were stopped, and tell; the same again changes nothing.

    Raises:
        DomainError: `E-VOLUME-02` there is no such stop, `-03` it was lifted for another reason.
    """
    _find(organisation, stop_id)
    store.insert_act(organisation, stop_id + _LIFTED, stamp(lifting.at), _encode(lifting))
    lifted = _find(organisation, stop_id)
    if lifted.lifted is None or lifted.lifted.reason != lifting.reason:
        raise DomainError(LIFTED_BEFORE)
    tell(Alert("lifted", lifted.excess, lifted.lifted))
    return lifted


def tell(alert: Alert) -> bool:
    """Tell the supervisor, once; False where that was done before."""
    excess = alert.excess
    notice = f"{excess.organisation}/{excess.id}/{alert.what}"
    return store.insert_alert(notice, stamp(alert.at), _encode(alert))


def alerts(cursor: str | None, limit: int) -> Page:
    """What the supervisor was told, newest first."""
    found = store.read_alerts(cursor or "", limit + 1)
    shown = found[:limit]
    return Page(
        tuple(msgspec.json.decode(body, type=Alert) for _, body in shown),
        shown[-1][0] if len(found) > limit else None,
    )


def _find(organisation: str, stop_id: str) -> Stop:
    for each in stops_of(organisation):
        if each.excess.id == stop_id:
            return each
    raise DomainError(STOP_UNKNOWN)


def _decode_lifting(body: str | None) -> Lifting | None:
    return msgspec.json.decode(body, type=Lifting) if body else None


def _encode(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
