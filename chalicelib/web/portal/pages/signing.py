"""Signing in and out: the authorisation code flow of OpenID Connect with PKCE (RFC 7636)."""

import base64
import hashlib
import hmac
import os
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.web import signing_in
from chalicelib.web.callers import Role
from chalicelib.web.inputs import Input
from chalicelib.web.issuers import Issuer
from chalicelib.web.portal.codes import SIGN_IN_BROKEN
from chalicelib.web.portal.cookies import write_cookie
from chalicelib.web.portal.navigation import home_of, is_local, with_parameter
from chalicelib.web.portal.providers import Claims, exchange, find_provider, read_id_token
from chalicelib.web.portal.sessions import COOKIE, begin_session, seal, unseal
from chalicelib.web.portal.visits import Away, Shown, Visit

_PENDING: Final = "signing-in"
_PATIENCE: Final = timedelta(minutes=10)
_BACK: Final = "/sign-in/return"


class Wish(Input, frozen=True):
    """Where to go once signed in, and through which issuer (their number in the configuration)."""

    to: Annotated[str, Meta(max_length=500)] = ""
    by: Annotated[int, Meta(ge=0, le=99)] | None = None


class Returned(Struct, frozen=True, kw_only=True):
    """What the provider sends the visitor back with (RFC 6749 §4.1.2); more is let be."""

    state: str = ""
    code: str = ""
    error: str = ""


class _Pending(Struct, frozen=True, kw_only=True):
    """A sign-in on its way, sealed in a cookie of the browser that began it."""

    issuer: str
    state: str
    nonce: str
    verifier: str
    to: str
    until: int


def begin(visit: Visit) -> Shown | Away:
    """Send the visitor to the identity provider; where there are several, ask which."""
    wish = visit.read(Wish)
    issuers = _list_issuers()
    if len(issuers) == 1:
        return _send(visit, wish, issuers[0])
    if wish.by is not None and wish.by < len(issuers):
        return _send(visit, wish, issuers[wish.by])
    ways = [
        (
            "people" if Role.SUBJECT in each.roles else "staff",
            with_parameter(visit.address, "by", n),
        )
        for n, each in enumerate(issuers)
    ]
    return Shown("sign_in.html", {"issuers": ways})


def finish(visit: Visit) -> Away:
    """The provider has sent the visitor back: a code becomes a session as long as its token."""
    returned = msgspec.convert({name: texts[-1] for name, texts in visit.query.items()}, Returned)
    pending = _recall(visit, returned)
    issuer = next((each for each in _list_issuers() if each.issuer == pending.issuer), None)
    if issuer is None:
        raise DomainError(SIGN_IN_BROKEN, reason="issuer")
    tokens = exchange(issuer, returned.code, pending.verifier, settings().public_url + _BACK)
    handed = signing_in.recognise(tokens.access_token, visit.asked.at)
    _check_tied(read_id_token(tokens.id_token), issuer, pending, handed["sub"], visit)
    session = begin_session(tokens.access_token)
    left = max(0, int(handed["expires"]) - int(visit.asked.at.timestamp()))
    return Away(
        pending.to or home_of(Role(handed["role"])),
        (write_cookie(COOKIE, session, left), write_cookie(_PENDING, "", 0)),
    )


def leave(_visit: Visit) -> Away:
    """Forget the session here."""
    return Away("/signed-out", (write_cookie(COOKIE, "", 0),))


def show_left(_visit: Visit) -> Shown:
    """Signed out here; whoever shares a computer is offered to sign out at the provider too."""
    found = (find_provider(each.issuer).end_session_endpoint for each in _list_issuers())
    return Shown("signed_out.html", {"elsewhere": [each for each in found if each]})


def _list_issuers() -> tuple[Issuer, ...]:
    """Those through which one signs in to the portal."""
    return tuple(each.issuer for each in signing_in.trusted().values() if each.issuer.client)


def _send(visit: Visit, wish: Wish, issuer: Issuer) -> Away:
    pending = _Pending(
        issuer=issuer.issuer,
        state=_random(),
        nonce=_random(),
        verifier=_random(),
        to=wish.to if is_local(wish.to) else "",
        until=int((visit.asked.at + _PATIENCE).timestamp()),
    )
    challenge = hashlib.sha256(pending.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": issuer.client,
        "redirect_uri": settings().public_url + _BACK,
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": _encode(challenge),
        "code_challenge_method": "S256",
        "ui_locales": visit.say("zh-CN", "en"),
    }
    sealed = seal(msgspec.json.encode(pending).decode(), _PENDING)
    cookie = write_cookie(_PENDING, sealed, int(_PATIENCE.total_seconds()))
    address = find_provider(issuer.issuer).authorization_endpoint
    return Away(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", (cookie,))


def _check_tied(claims: Claims, issuer: Issuer, pending: _Pending, sub: str, visit: Visit) -> None:
    """Raises E-PORTAL-02 where the ID token is not the answer to this very sign-in."""
    audience = (claims.aud,) if isinstance(claims.aud, str) else claims.aud
    tied = (
        claims.iss == issuer.issuer
        and issuer.client in audience
        and claims.exp > visit.asked.at.timestamp()
        and hmac.compare_digest(claims.nonce.encode(), pending.nonce.encode())
        and claims.sub == sub
    )
    if not tied:
        raise DomainError(SIGN_IN_BROKEN, reason="id token")


def _recall(visit: Visit, returned: Returned) -> _Pending:
    """The sign-in that this browser began and the provider answers; raises E-PORTAL-02."""
    told = unseal(visit.cookies.get(_PENDING, ""), _PENDING)
    if told is None:
        raise DomainError(SIGN_IN_BROKEN, reason="cookie")
    pending = msgspec.json.decode(told, type=_Pending)
    if pending.until < visit.asked.at.timestamp():
        raise DomainError(SIGN_IN_BROKEN, reason="time")
    if not hmac.compare_digest(pending.state.encode(), returned.state.encode()):
        raise DomainError(SIGN_IN_BROKEN, reason="state")
    if returned.error or not returned.code:
        raise DomainError(SIGN_IN_BROKEN, reason="refused")
    return pending


def _random() -> str:
    return _encode(os.urandom(32))


def _encode(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()
