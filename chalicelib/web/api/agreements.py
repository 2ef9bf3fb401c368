"""Agreements on bulk queries (批量查询协议, NJ-67): the operator registers and ends them."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.disclosure.checks.agreements import (
    Agreement,
    Ending,
    Giving,
    Terms,
    agreements_of,
    end_agreement,
    give_agreement,
)
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.expectations import ONE_LINE
from chalicelib.web.inputs import Input, Line

api = Api(__name__, tag="checks")

_Number = Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE)]
_Purposes = Annotated[
    tuple[Annotated[str, Meta(max_length=64)], ...], Meta(min_length=1, max_length=20)
]


class AgreementGiven(Input, frozen=True):
    """What was agreed: number, purposes as in `X-Query-Purpose`, first and last day."""

    number: _Number
    purposes: _Purposes
    since: date
    until: date


class AgreementEnded(Input, frozen=True):
    """Which agreement is ended, and why."""

    number: _Number
    reason: Line


class EndingShown(Struct, frozen=True, kw_only=True):
    """When, by whom (`sub`) and why an agreement was ended."""

    at: datetime
    by: str
    reason: str


class AgreementShown(Struct, frozen=True, kw_only=True):
    """An agreement as registered at `given_at` by `given_by` (`sub`); `in_force` is today's."""

    number: str
    purposes: tuple[str, ...]
    since: date
    until: date
    in_force: bool
    given_at: datetime
    given_by: str
    ending: EndingShown | None


class AgreementsShown(Struct, frozen=True, kw_only=True):
    """Every agreement of an organisation, by number."""

    agreements: tuple[AgreementShown, ...]


@api.endpoint(
    "GET",
    "/v1/agreements/{organisation}",
    summary="批量查询协议 · Agreements on bulk queries",
    answers={200: AgreementsShown},
    roles={Role.OPERATOR, Role.SUPERVISOR},
)
def list_agreements(organisation: str, asked: Asked) -> AgreementsShown:
    """By the organisation's unified social credit code: those over and ended, too."""
    day = lawful_day(asked.at)
    return AgreementsShown(
        agreements=tuple(_show(each, day) for each in agreements_of(organisation))
    )


@api.endpoint(
    "POST",
    "/v1/agreements/{organisation}",
    summary="登记批量查询协议 · Register an agreement on bulk queries",
    request=AgreementGiven,
    answers={201: AgreementShown},
    roles={Role.OPERATOR},
    refuses=frozenset({Kind.FORBIDDEN, Kind.CONFLICT}),
)
def create_agreement(
    organisation: str, body: AgreementGiven, caller: Caller, asked: Asked
) -> Answer:
    """Let an organisation have batch checks made for these purposes. The same again is no change.

    What was registered stays as it is; what changes is ended, and registered with a new number.
    """
    terms = Terms(
        number=body.number,
        purposes=tuple(sorted(set(body.purposes))),
        since=body.since,
        until=body.until,
    )
    given = give_agreement(organisation, Giving(terms=terms, at=asked.at, by=caller.sub))
    log(LogCode.AGREEMENT_GIVEN, organisation=organisation, agreement=terms.number)
    return Answer(_show(given, lawful_day(asked.at)), 201)


@api.endpoint(
    "POST",
    "/v1/agreements/{organisation}/ending",
    summary="终止批量查询协议 · End an agreement on bulk queries",
    request=AgreementEnded,
    answers={200: AgreementShown},
    roles={Role.OPERATOR},
    refuses=frozenset({Kind.UNKNOWN, Kind.CONFLICT}),
)
def close_agreement(
    organisation: str, body: AgreementEnded, caller: Caller, asked: Asked
) -> AgreementShown:
    """End it at once, with the reason; checks that were registered before are still answered."""
    ending = Ending(at=asked.at, by=caller.sub, reason=body.reason)
    ended = end_agreement(organisation, body.number, ending)
    log(LogCode.AGREEMENT_ENDED, organisation=organisation, agreement=body.number)
    return _show(ended, lawful_day(asked.at))


def _show(agreement: Agreement, day: date) -> AgreementShown:
    given, ended = agreement.given, agreement.ended
    terms = given.terms
    return AgreementShown(
        number=terms.number,
        purposes=terms.purposes,
        since=terms.since,
        until=terms.until,
        in_force=agreement.in_force(day),
        given_at=given.at,
        given_by=given.by,
        ending=EndingShown(at=ended.at, by=ended.by, reason=ended.reason) if ended else None,
    )
