"""Shares (政务共享): applied for, agreed to by providers, decided on, ended (JS-21, SZ-21)."""

import os
from collections.abc import Collection
from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from chalicelib.collection.uploads import find_provider
from chalicelib.disclosure.shares.applying import (
    apply,
    every_share,
    find_faults,
    find_share,
    shares_of,
)
from chalicelib.disclosure.shares.codes import (
    APPLICANT_MISSING,
    APPLICATION_LACKS,
    SHARE_UNKNOWN,
)
from chalicelib.disclosure.shares.contents import asked_of
from chalicelib.disclosure.shares.deciding import answer_share, awaits, decide_share, end_share
from chalicelib.disclosure.shares.using import uses_of
from chalicelib.disclosure.shares.values import Act, Ending, Share, Terms, Verdict, Way
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import SHARERS, party_of
from chalicelib.web.api.ledger import EntriesFound, show_found
from chalicelib.web.api.shares_shown import ShareShown, SharesShown, show_share
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input, Line, OptionalLine, PageQuery
from chalicelib.web.problems import RequestInvalid
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="shares", scope=Scope.SHARES)

_PAGE: Final = 20
_KEEPERS: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_PROVIDERS: Final = frozenset({Role.PROVIDER, Role.CODE_AUTHORITY})
_UNKNOWN: Final = frozenset({Kind.UNKNOWN})
_REFUSALS: Final = _UNKNOWN | {Kind.INVALID, Kind.CONFLICT}

Items = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=32)], ...], Meta(max_length=100)
]


class ShareApplied(Input, frozen=True, kw_only=True):
    """Content (`items` of the catalogue), purpose (a code as in `X-Query-Purpose`), ways (single
    queries, batch checks), legal basis and last day."""

    items: Items
    purpose: Annotated[str, Meta(max_length=64)]
    ways: Annotated[tuple[Way, ...], Meta(max_length=2)]
    basis: Line
    until: date


class VerdictGiven(Input, frozen=True):
    """The items that are agreed to or approved, none for a refusal; `reason` unless these are all."""

    items: Items
    reason: OptionalLine = ""


class EndingGiven(Input, frozen=True):
    """Why the share is given back or revoked."""

    reason: Line


@api.endpoint(
    "POST",
    "/v1/shares",
    summary="申请政务共享 · Apply for a share",
    request=ShareApplied,
    answers={201: ShareShown},
    roles=SHARERS,
    refuses=frozenset({Kind.FORBIDDEN, Kind.INVALID}),
)
def apply_for_share(body: ShareApplied, caller: Caller, asked: Asked) -> Answer:
    """An agency states what it needs for its duties, why, how and until when (JS-21).

    All that the application lacks is told at once, field by field.
    """
    applicant, day, rulebook = party_of(caller), lawful_day(asked.at), _rulebook()
    if not applicant:
        raise DomainError(APPLICANT_MISSING)
    terms = Terms(
        applicant=applicant,
        items=body.items,
        purpose=body.purpose,
        ways=body.ways,
        basis=body.basis,
        until=body.until,
    )
    if faults := find_faults(terms, day, rulebook):
        raise RequestInvalid("body", faults, APPLICATION_LACKS)
    share = apply(terms, _act(caller, asked), caller.name or "", os.urandom)
    log(LogCode.SHARE_CHANGED, what="applied")
    return Answer(show_share(share, day, rulebook), 201, {"Location": f"/v1/shares/{share.id}"})


@api.endpoint(
    "GET",
    "/v1/shares",
    summary="政务共享列表 · List shares",
    query=PageQuery,
    answers={200: SharesShown},
    roles=SHARERS | _PROVIDERS | _KEEPERS,
)
def list_shares(query: PageQuery, caller: Caller, asked: Asked) -> SharesShown:
    """An agency's own; for a provider, those that wait for its agreement; for keepers all."""
    party, scope = party_of(caller), f"shares:{caller.role}:{party_of(caller)}"
    after, day, rulebook = read_place(query.cursor, scope), lawful_day(asked.at), _rulebook()
    page = shares_of(party, after, _PAGE) if caller.role in SHARERS else every_share(after, _PAGE)
    shown = page.shares
    if caller.role in _PROVIDERS:
        entitled = _entitled(caller)
        shown = tuple(s for s in shown if awaits(entitled, party, s, day, rulebook))
    return SharesShown(
        shares=tuple(show_share(share, day, rulebook) for share in shown),
        next_cursor=write_place(page.cursor, scope),
    )


@api.endpoint(
    "GET",
    "/v1/shares/{share}",
    summary="查阅政务共享 · Read a share",
    answers={200: ShareShown},
    roles=SHARERS | _PROVIDERS | _KEEPERS,
    refuses=_UNKNOWN,
)
def read_share(share: str, caller: Caller, asked: Asked) -> ShareShown:
    """One share as it stands, for its agency, for whose agreement it needs, and for its keepers."""
    day, rulebook = lawful_day(asked.at), _rulebook()
    return show_share(open_share(share, caller, day, rulebook), day, rulebook)


@api.endpoint(
    "POST",
    "/v1/shares/{share}/answer",
    summary="信息提供单位答复 · Agree to a share, or not",
    request=VerdictGiven,
    answers={200: ShareShown},
    roles=_PROVIDERS,
    refuses=_REFUSALS,
)
def answer(share: str, body: VerdictGiven, caller: Caller, asked: Asked) -> ShareShown:
    """A provider says for which of its items of openness 授权查询 its records are shared (SZ-21)."""
    day, rulebook, entitled = lawful_day(asked.at), _rulebook(), _entitled(caller)
    answered = answer_share(find_share(share), _verdict(body, caller, asked), entitled, rulebook)
    log(LogCode.SHARE_CHANGED, what="answered")
    return show_share(answered, day, rulebook)


@api.endpoint(
    "POST",
    "/v1/shares/{share}/decision",
    summary="审批政务共享 · Approve a share, or refuse it",
    request=VerdictGiven,
    answers={200: ShareShown},
    roles={Role.OPERATOR},
    refuses=_REFUSALS,
)
def decide(share: str, body: VerdictGiven, caller: Caller, asked: Asked) -> ShareShown:
    """The operator approves it in full or for fewer items, or refuses it; the first decision stands."""
    day, rulebook = lawful_day(asked.at), _rulebook()
    decided = decide_share(find_share(share), _verdict(body, caller, asked), rulebook)
    log(LogCode.SHARE_CHANGED, what="decided")
    return show_share(decided, day, rulebook)


@api.endpoint(
    "POST",
    "/v1/shares/{share}/ending",
    summary="终止政务共享 · End a share",
    request=EndingGiven,
    answers={200: ShareShown},
    roles=SHARERS | {Role.OPERATOR},
    refuses=_REFUSALS,
)
def end(share: str, body: EndingGiven, caller: Caller, asked: Asked) -> ShareShown:
    """The agency gives it back, or the operator revokes it, with the reason; at once."""
    day, rulebook = lawful_day(asked.at), _rulebook()
    found = open_share(share, caller, day, rulebook)
    ended = end_share(found, Ending(reason=body.reason, act=_act(caller, asked)))
    log(LogCode.SHARE_CHANGED, what="ended")
    return show_share(ended, day, rulebook)


@api.endpoint(
    "GET",
    "/v1/shares/{share}/uses",
    summary="政务共享使用记录 · List the uses of a share",
    query=PageQuery,
    answers={200: EntriesFound},
    roles=SHARERS | _KEEPERS,
    refuses=_UNKNOWN,
)
def list_share_uses(share: str, query: PageQuery, caller: Caller, asked: Asked) -> EntriesFound:
    """Every query made under the share, newest first, as it stands in the ledger (JS-32)."""
    found = open_share(share, caller, lawful_day(asked.at), _rulebook())
    scope = f"uses:{share}"
    page = uses_of(found, read_place(query.cursor, scope), _PAGE)
    return EntriesFound(
        found=tuple(map(show_found, page.entries)),
        next_cursor=write_place(page.cursor, scope),
    )


def open_share(share: str, caller: Caller, day: date, rulebook: Rulebook) -> Share:
    """The share, where it is the caller's own, needs its agreement, or is kept by it.

    Raises `E-SHARE-01`, the same for what does not exist and for what is others'.
    """
    entitled = _entitled(caller) if caller.role in _PROVIDERS else ()
    found, party = find_share(share), party_of(caller)
    own = caller.role in SHARERS and party == found.terms.applicant
    involved = party in found.answers or bool(asked_of(entitled, found, day, rulebook))
    if not (own or caller.role in _KEEPERS or (caller.role in _PROVIDERS and involved)):
        raise DomainError(SHARE_UNKNOWN)
    return found


def _entitled(caller: Caller) -> Collection[str]:
    """The items that the caller's organisation may report."""
    known = find_provider(party_of(caller))
    return known.items if known else ()


def _act(caller: Caller, asked: Asked) -> Act:
    return Act(at=asked.at, by=caller.sub, role=caller.role, organisation=party_of(caller))


def _verdict(body: VerdictGiven, caller: Caller, asked: Asked) -> Verdict:
    return Verdict(items=body.items, reason=body.reason, act=_act(caller, asked))


def _rulebook() -> Rulebook:
    return load_rulebook(settings().rulebook)
