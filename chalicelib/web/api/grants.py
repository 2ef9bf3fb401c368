"""Grants (授权): asked for, given, answered and revoked, on-line or at the window (JS-24, NJ-54)."""

import os
from datetime import date
from typing import Annotated

from msgspec import Meta

from chalicelib.archive.profile import read_profiles
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.grants.codes import GRANT_UNKNOWN
from chalicelib.disclosure.grants.giving import (
    Page,
    answer_grant,
    find_grant,
    grants_for,
    grants_of,
    make_grant,
    revoke_grant,
)
from chalicelib.disclosure.grants.using import uses_of
from chalicelib.disclosure.grants.values import (
    Act,
    Grant,
    PaperShown,
    ReportKind,
    Scope,
    Terms,
    Uses,
    Window,
)
from chalicelib.disclosure.grants.values import Answer as Answered
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.web import scopes
from chalicelib.web.api.access import QueryHeaders, admit_to, party_of, serving, viewer_of
from chalicelib.web.api.archives import EntriesShown, show_entry
from chalicelib.web.api.grants_shown import GrantShown, GrantsShown, show_grant
from chalicelib.web.callers import Caller, Role
from chalicelib.web.codes import INPUT_MISSING, INPUT_UNKNOWN
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input, PageQuery

api = Api(__name__, tag="grants", scope=scopes.Scope.GRANTS)

_PAGE = 20
_KEEPERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_PARTIES = _KEEPERS | {Role.SUBJECT, Role.THIRD_PARTY}
_REFUSALS = frozenset({Kind.UNKNOWN, Kind.FORBIDDEN, Kind.INVALID})

ItemName = Annotated[str, Meta(min_length=1, max_length=32)]


class WindowGiven(Input, frozen=True):
    """Papers that an operator has seen, and the number of the file that copies of them are kept in.

    It is not the number of any paper.
    """

    papers: Annotated[tuple[PaperShown, ...], Meta(min_length=1, max_length=3)]
    reference: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{1,14}(?!\n)$")]


class GrantAsked(Input, frozen=True, kw_only=True):
    """What a third party asks for: records of `items`, or a `report`; `until` is the last day."""

    purpose: Annotated[str, Meta(min_length=1, max_length=32)]
    until: date
    uses: Uses
    items: Annotated[tuple[ItemName, ...], Meta(max_length=100)] = ()
    report: ReportKind | None = None


class GrantGiven(GrantAsked, frozen=True, kw_only=True):
    """What a subject grants, and to whom: a unified social credit code, or a person's key."""

    recipient: Annotated[str, Meta(min_length=1, max_length=32)]


class GrantRecorded(GrantGiven, frozen=True, kw_only=True):
    """What somebody who shows papers grants at the window."""

    window: WindowGiven


class AnswerGiven(Input, frozen=True):
    """Yes or no; `window` where an operator records what somebody says who shows papers."""

    accepted: bool
    window: WindowGiven | None = None


class RevocationGiven(Input, frozen=True):
    """`window` where an operator records it."""

    window: WindowGiven | None = None


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/grants",
    summary="授权第三方查询 · Grant a third party a query",
    request=GrantGiven,
    answers={201: GrantShown},
    roles={Role.SUBJECT},
    refuses=_REFUSALS,
)
def give_grant(subject: str, body: GrantGiven, caller: Caller, asked: Asked) -> Answer:
    """The subject itself grants who may query what, for which purpose and until when (JS-24)."""
    admit_to(subject, caller)
    return _make(_terms(subject, body.recipient, body), _act(caller, asked), "")


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/grants/window",
    summary="窗口登记授权 · Record a grant given at the window",
    request=GrantRecorded,
    answers={201: GrantShown},
    roles={Role.OPERATOR},
    refuses=_REFUSALS,
)
def record_grant(subject: str, body: GrantRecorded, caller: Caller, asked: Asked) -> Answer:
    """A written mandate and the papers of who brings it are seen and recorded (NJ-54, SZ-22)."""
    admit_to(subject, caller)
    act = _act(caller, asked, body.window)
    return _make(_terms(subject, body.recipient, body), act, "")


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/grants/requests",
    summary="申请授权 · Ask a subject for a grant",
    request=GrantAsked,
    answers={201: GrantShown},
    roles={Role.THIRD_PARTY},
    refuses=_REFUSALS,
)
def ask_for_grant(subject: str, body: GrantAsked, caller: Caller, asked: Asked) -> Answer:
    """Whoever asks learns nothing of the subject, not even whether there is an archive."""
    admit_to(subject, caller)
    name = caller.name or "" if caller.organisation else ""
    return _make(_terms(subject, party_of(caller), body), _act(caller, asked), name, asked=True)


@api.endpoint(
    "GET",
    "/v1/archives/{subject}/grants",
    summary="授权列表 · List what a subject has granted",
    query=PageQuery,
    headers=QueryHeaders,
    answers={200: GrantsShown},
    roles=_KEEPERS | {Role.SUBJECT},
    refuses=frozenset({Kind.UNKNOWN}),
)
def list_given(
    subject: str, query: PageQuery, headers: QueryHeaders, caller: Caller, asked: Asked
) -> GrantsShown:
    """What was asked and granted, newest first, with what has become of it."""
    scope = f"grants:{subject}"
    with serving(subject, caller, asked, headers):
        page = grants_of(subject, read_place(query.cursor, scope), _PAGE)
    return _show_page(page, scope, asked)


@api.endpoint(
    "GET",
    "/v1/grants",
    summary="获得的授权 · List what I was granted",
    query=PageQuery,
    answers={200: GrantsShown},
    roles={Role.THIRD_PARTY},
)
def list_received(query: PageQuery, caller: Caller, asked: Asked) -> GrantsShown:
    """What the third party has asked for and was granted, newest first."""
    party = party_of(caller)
    scope = f"received:{party}"
    page = grants_for(party, read_place(query.cursor, scope), _PAGE) if party else Page((), None)
    return _show_page(page, scope, asked)


@api.endpoint(
    "GET",
    "/v1/grants/{grant}",
    summary="查阅授权 · Read a grant",
    headers=QueryHeaders,
    answers={200: GrantShown},
    roles=_PARTIES,
    refuses=frozenset({Kind.UNKNOWN}),
)
def read_grant(grant: str, headers: QueryHeaders, caller: Caller, asked: Asked) -> GrantShown:
    """One grant as it stands, for its two parties and for those who keep and watch the ledger."""
    found = open_grant(grant, caller)
    with serving(found.terms.subject, caller, asked, headers):
        return show_grant(found, lawful_day(asked.at))


@api.endpoint(
    "POST",
    "/v1/grants/{grant}/answer",
    summary="答复授权申请 · Accept or decline what is asked",
    request=AnswerGiven,
    answers={200: GrantShown},
    roles={Role.SUBJECT, Role.OPERATOR},
    refuses=_REFUSALS | {Kind.CONFLICT},
)
def answer_request(grant: str, body: AnswerGiven, caller: Caller, asked: Asked) -> GrantShown:
    """The subject answers on-line, or at the window with papers; the first answer stands."""
    found = open_grant(grant, caller)
    answer = Answered(accepted=body.accepted, act=_act(caller, asked, _shown(body.window, caller)))
    answered = answer_grant(found, answer, load_rulebook(settings().rulebook))
    log(LogCode.GRANT_CHANGED, what="answered")
    return show_grant(answered, lawful_day(asked.at))


@api.endpoint(
    "POST",
    "/v1/grants/{grant}/revocation",
    summary="撤销授权 · Revoke a grant",
    request=RevocationGiven,
    answers={200: GrantShown},
    roles={Role.SUBJECT, Role.OPERATOR},
    refuses=frozenset({Kind.UNKNOWN, Kind.INVALID, Kind.CONFLICT}),
)
def revoke(grant: str, body: RevocationGiven, caller: Caller, asked: Asked) -> GrantShown:
    """At once: no query is answered under the grant that was not in the ledger before."""
    found = open_grant(grant, caller)
    revoked = revoke_grant(found, _act(caller, asked, _shown(body.window, caller)))
    log(LogCode.GRANT_CHANGED, what="revoked")
    return show_grant(revoked, lawful_day(asked.at))


@api.endpoint(
    "GET",
    "/v1/grants/{grant}/uses",
    summary="授权使用记录 · List the uses of a grant",
    query=PageQuery,
    headers=QueryHeaders,
    answers={200: EntriesShown},
    roles=_PARTIES,
    refuses=frozenset({Kind.UNKNOWN}),
)
def list_uses(
    grant: str, query: PageQuery, headers: QueryHeaders, caller: Caller, asked: Asked
) -> EntriesShown:
    """Every query made under the grant, newest first, as it stands in the ledger."""
    found = open_grant(grant, caller)
    scope = f"uses:{grant}"
    with serving(found.terms.subject, caller, asked, headers):
        page = uses_of(found, read_place(query.cursor, scope), _PAGE)
    return EntriesShown(
        queries=tuple(map(show_entry, page.entries)), next_cursor=write_place(page.cursor, scope)
    )


def open_grant(grant: str, caller: Caller) -> Grant:
    """The grant, where the caller is one of its parties or keeps the ledger.

    Raises `E-GRANT-01`, the same for what does not exist and for what is between others.
    """
    found = find_grant(grant)
    parties = {Role.SUBJECT: found.terms.subject, Role.THIRD_PARTY: found.terms.recipient}
    own = viewer_of(caller).subject if caller.role is Role.SUBJECT else party_of(caller)
    if caller.role in parties and parties[caller.role] != own:
        raise DomainError(GRANT_UNKNOWN)
    return found


def _terms(subject: str, recipient: str, body: GrantAsked) -> Terms:
    if not recipient:
        raise DomainError(ARCHIVE_UNKNOWN)
    return Terms(
        subject=subject,
        recipient=recipient,
        scope=Scope(items=body.items, report=body.report),
        purpose=body.purpose,
        until=body.until,
        uses=body.uses,
    )


def _act(caller: Caller, asked: Asked, window: WindowGiven | None = None) -> Act:
    shown = Window(papers=window.papers, reference=window.reference) if window else None
    return Act(at=asked.at, by=caller.sub, role=caller.role, window=shown)


def _shown(window: WindowGiven | None, caller: Caller) -> WindowGiven | None:
    """Papers, which an operator must have seen; nobody else tells of any."""
    if caller.role is Role.OPERATOR and window is None:
        raise DomainError(INPUT_MISSING, pointer="/window")
    if caller.role is not Role.OPERATOR and window is not None:
        raise DomainError(INPUT_UNKNOWN, pointer="/window")
    return window


def _show_page(page: Page, scope: str, asked: Asked) -> GrantsShown:
    day = lawful_day(asked.at)
    return GrantsShown(
        grants=tuple(show_grant(each, day) for each in page.grants),
        next_cursor=write_place(page.cursor, scope),
    )


def _make(terms: Terms, act: Act, name: str, *, asked: bool = False) -> Answer:
    profile = read_profiles([terms.recipient]).get(terms.recipient)
    made = make_grant(
        terms,
        act,
        load_rulebook(settings().rulebook),
        recipient_name=name or (profile.name if profile else ""),
        asked=asked,
        randomness=os.urandom,
    )
    log(LogCode.GRANT_CHANGED, what="asked" if asked else "given")
    shown = show_grant(made, lawful_day(act.at))
    return Answer(shown, 201, {"Location": f"/v1/grants/{made.id}"})
