"""Signing in: the authorizer with this deployment's settings and identities."""

from datetime import datetime
from functools import cache

from chalice.app import AuthRequest, AuthResponse

from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.identities import find_people
from chalicelib.web.authentication import authenticate
from chalicelib.web.signing_keys import SigningKeys


@cache
def _keys() -> SigningKeys:
    return SigningKeys(settings().oidc_jwks_url)


def admit(event: AuthRequest, now: datetime) -> AuthResponse:
    """The policy for the bearer of the event's token."""
    return authenticate(
        event,
        keys=_keys(),
        issuer=settings().oidc_issuer,
        audience=settings().oidc_audience,
        now=now,
        resolve_person=_resolve_person,
    )


def _resolve_person(paper: Paper) -> str | None:
    """The subject key behind a verified paper; nobody is made by signing in."""
    person = find_people([paper]).get(paper)
    return None if person is None else person.subject
