"""Tokens for machines: client credentials with `private_key_jwt` (RFC 6749 §4.4, RFC 7523).

They hold for ten minutes and say what the client is registered as (RFC 9068).
"""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.web.callers import MACHINES
from chalicelib.web.issuers import Issuer, Places
from chalicelib.web.machines import clients, keys, store
from chalicelib.web.machines.assertions import Assertion, read_assertion
from chalicelib.web.machines.clients import Client
from chalicelib.web.scopes import Scope, read_scopes, write_scopes
from chalicelib.web.signed import Reason
from chalicelib.web.tokens import LEEWAY

GRANT_TYPE: Final = "client_credentials"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH: Final = "/v1/token"  # noqa: S105 - an address
KEYS_PATH: Final = "/.well-known/jwks.json"

Randomness = Callable[[int], bytes]
Error = Literal["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]


class TokenRefused(Exception):
    """No token is issued; `error` says why in the words of RFC 6749 §5.2."""

    def __init__(self, error: Error, about: str) -> None:
        super().__init__(error)
        self.error: Error = error
        self.about = about


class Asking(Struct, frozen=True, kw_only=True):
    """What a client sends to the token endpoint; empty where it does not say."""

    grant_type: str = ""
    client_id: str = ""
    client_assertion_type: str = ""
    client_assertion: str = ""
    scope: str = ""


class Issued(Struct, frozen=True, kw_only=True):
    """A token, for how many seconds it holds, and its scopes."""

    token: str
    seconds: int
    scopes: frozenset[Scope]


def own_issuer(url: str) -> Issuer:
    """This system at `url` as an issuer: of machines' tokens, and for itself alone."""
    return Issuer(
        issuer=url,
        audience=url,
        keys=f"{url}{KEYS_PATH}",
        roles=MACHINES,
        algorithms=frozenset({keys.ALGORITHM}),
        types=frozenset({"at+jwt"}),
        longest_minutes=int(keys.TOKEN_LIFE.total_seconds()) // 60,
        claims=Places(scope="/scope"),
    )


def issue(asking: Asking, *, url: str, now: datetime, randomness: Randomness) -> Issued:
    """A token for the client that asks the system at `url`.

    Raises `TokenRefused`.
    """
    if asking.grant_type != GRANT_TYPE:
        raise TokenRefused("unsupported_grant_type", f"grant_type is {GRANT_TYPE}")
    if asking.client_assertion_type != ASSERTION_TYPE or not asking.client_assertion:
        raise TokenRefused("invalid_request", f"client_assertion_type is {ASSERTION_TYPE}")
    client, assertion = _recognise(asking, url, now)
    scopes = _choose_scopes(asking.scope, client)
    _use(client, assertion)
    token = _sign(client, scopes, url, now, randomness)
    log(LogCode.TOKEN_ISSUED, client=client.id, scope=write_scopes(scopes))
    return Issued(token=token, seconds=int(keys.TOKEN_LIFE.total_seconds()), scopes=scopes)


def _recognise(asking: Asking, url: str, now: datetime) -> tuple[Client, Assertion]:
    try:
        client, assertion = read_assertion(
            asking.client_assertion,
            find=clients.find,
            audiences={url, f"{url}{TOKEN_PATH}"},
            now=now,
        )
    except DomainError as refused:
        raise _unrecognised(**refused.values) from None
    if asking.client_id not in {"", client.id}:
        raise _unrecognised(reason=Reason.CLAIMS.value, claim="client_id")
    return client, assertion


def _unrecognised(**why: str | int) -> TokenRefused:
    """The same for every reason; which one it is stands in the log."""
    log(LogCode.CLIENT_REFUSED, **why)
    return TokenRefused("invalid_client", "the client assertion is not accepted")


def _choose_scopes(asked: str, client: Client) -> frozenset[Scope]:
    """The scopes asked for, all of the client's where none are."""
    registered = frozenset(client.scopes)
    if not asked:
        return registered
    scopes = read_scopes(asked)
    if len(scopes) < len(set(asked.split(" "))) or not scopes <= registered:
        raise TokenRefused("invalid_scope", f"registered are: {write_scopes(registered)}")
    return scopes


def _use(client: Client, assertion: Assertion) -> None:
    digest = hashlib.sha256(assertion.jti.encode()).digest()
    name = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    # Kept a little longer than it could be accepted.
    if not store.use_once(client.id, name, assertion.exp + 6 * LEEWAY.seconds):
        raise _unrecognised(reason="used before")


def _sign(
    client: Client, scopes: frozenset[Scope], url: str, now: datetime, randomness: Randomness
) -> str:
    import jwt

    key = keys.current(now)
    begins = int(now.timestamp())
    claims = {
        "iss": url,
        "aud": url,
        "sub": client.id,
        "client_id": client.id,
        "iat": begins,
        "exp": begins + int(keys.TOKEN_LIFE.total_seconds()),
        "jti": base64.urlsafe_b64encode(randomness(15)).decode(),
        "role": client.role,
        "organisation": client.organisation,
        "name": client.name,
        "scope": write_scopes(scopes),
    }
    headers = {"kid": key.kid, "typ": "at+jwt"}
    return jwt.encode(claims, keys.private_key(key.kid), algorithm=keys.ALGORITHM, headers=headers)
