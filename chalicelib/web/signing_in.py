"""Signing in: the authorizer with this deployment's settings and identities."""

from datetime import datetime
from functools import cache

import msgspec
from chalice.app import AuthRequest, AuthResponse

from chalicelib.runtime import clock
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.identities import find_people
from chalicelib.web.authentication import authenticate, hand_on
from chalicelib.web.issuers import Trust, Trusted, read_issuers, trust
from chalicelib.web.machines.issuing import own_issuer
from chalicelib.web.machines.keys import key_set
from chalicelib.web.signing_keys import SigningKeys
from chalicelib.web.tokens import verify


@cache
def trusted() -> Trust:
    """Whose tokens this deployment accepts: the issuers named, and its own for machines."""
    own = own_issuer(settings().public_url)
    machines = Trusted(own, SigningKeys(own.keys, fetch=_read_own_keys))
    return {**trust(read_issuers(settings().issuers)), own.issuer: machines}


def _read_own_keys(_: str) -> bytes:
    return msgspec.json.encode(key_set(clock.now()))


def admit(event: AuthRequest, now: datetime) -> AuthResponse:
    """The policy for the bearer of the event's token."""
    return authenticate(event, trust=trusted(), now=now, resolve_person=resolve_person)


def recognise(token: str, now: datetime) -> dict[str, str]:
    """What the routes are told of the bearer of a token that a portal's session holds.

    Raises E-AUTH-03 and -04 as `verify` does.
    """
    return hand_on(verify(token, trust=trusted(), now=now), resolve_person)


def resolve_person(paper: Paper) -> str | None:
    """The subject key behind a verified paper; nobody is made by signing in."""
    person = find_people([paper]).get(paper)
    return None if person is None else person.subject
