"""The authorizer: a bearer token in, a policy with the caller's claims out (SZ-31, DESIGN §6)."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from chalice.app import AuthRequest, AuthResponse

from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.subjects.identifiers import Paper
from chalicelib.web import codes
from chalicelib.web.callers import Handed
from chalicelib.web.issuers import Trust
from chalicelib.web.scopes import write_scopes
from chalicelib.web.signed import Reason
from chalicelib.web.tokens import Identity, verify

ResolvePerson = Callable[[Paper], str | None]


class Unauthorized(Exception):
    """Answered 401 by API Gateway, which knows it by this very message and no other."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def authenticate(
    event: AuthRequest,
    *,
    trust: Trust,
    now: datetime,
    resolve_person: ResolvePerson,
) -> AuthResponse:
    """The policy for the bearer of `event.token`.

    It covers the whole API, because API Gateway caches it for every path (each route checks the
    role again). Its context names a person by subject key, never by paper.
    Raises `Unauthorized` for a token that is not accepted, E-AUTH-03 where that can't be told.
    """
    try:
        identity = verify(_read_bearer(event.token), trust=trust, now=now)
    except DomainError as refusal:
        if refusal.code is not codes.TOKEN_REFUSED:
            raise
        log(LogCode.TOKEN_REFUSED, **refusal.values)
        raise Unauthorized from None
    return AuthResponse(
        routes=["*"], principal_id=identity.sub, context=hand_on(identity, resolve_person)
    )


def _read_bearer(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise DomainError(codes.TOKEN_REFUSED, reason=Reason.MALFORMED.value)
    return token.strip()


def hand_on(identity: Identity, resolve_person: ResolvePerson) -> dict[str, str]:
    """What the routes are told of `identity`; `callers.caller_from` reads it."""
    handed = Handed(
        role=identity.role,
        sub=identity.sub,
        expires=identity.expires,
        organisation=identity.organisation,
        name=identity.name,
        person=None if identity.paper is None else resolve_person(identity.paper),
        scope=None if identity.scopes is None else write_scopes(identity.scopes),
    )
    return {name: str(value) for name, value in msgspec.to_builtins(handed).items()}
