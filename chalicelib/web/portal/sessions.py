"""Sessions (DESIGN §6): a cookie that holds the visitor's token, sealed, and nothing else.

There is no table of sessions: a session is exactly as good, and as long, as its token, which is
verified on each request by the code that verifies bearer tokens.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

from chalicelib.runtime import cipher
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identities import keyring
from chalicelib.web import codes
from chalicelib.web.callers import ANONYMOUS, Caller, caller_from
from chalicelib.web.portal.codes import FORM_STALE, SESSION_TOO_LONG

COOKIE: Final = "session"

_LONGEST: Final = 3800
"""Browsers keep 4,096 bytes of a cookie with its name and attributes."""


def seal(text: str, use: str) -> str:
    """`text` as nobody else can read or make it, for one `use`."""
    sealed = cipher.seal(_key(), text.encode(), use.encode())
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(sealed: str, use: str) -> str | None:
    """What `seal` sealed for this `use`; None for anything else."""
    from cryptography.exceptions import InvalidTag

    try:
        padded = sealed.encode("ascii") + b"=" * (-len(sealed) % 4)
        box = base64.b64decode(padded, altchars=b"-_", validate=True)
        return cipher.unseal(_key(), box, use.encode()).decode()
    except (UnicodeError, binascii.Error, InvalidTag, ValueError):
        return None


def begin_session(token: str) -> str:
    """The cookie's value for a verified token. Raises E-PORTAL-03 where no cookie can hold it."""
    sealed = seal(token, COOKIE)
    if len(sealed) > _LONGEST:
        raise DomainError(SESSION_TOO_LONG)
    return sealed


def recognise(cookie: str, now: datetime) -> Caller:
    """Whose session it is; `ANONYMOUS` where it is none, or no longer.

    Raises E-AUTH-03 where the identity provider's keys cannot be had.
    """
    from chalicelib.web.signing_in import recognise as recognise_token

    token = unseal(cookie, COOKIE) if cookie else None
    if token is None:
        return ANONYMOUS
    try:
        return caller_from({"authorizer": recognise_token(token, now)}, now)
    except DomainError as refusal:
        if refusal.code is codes.KEYS_UNAVAILABLE:
            raise
        return ANONYMOUS


def csrf_of(cookie: str) -> str:
    """What a form of this session must bring back."""
    told = hmac.digest(_key(), b"form\0" + hashlib.sha256(cookie.encode()).digest(), "sha256")
    return base64.urlsafe_b64encode(told[:18]).decode()


def check_form(known: str, given: str) -> None:
    """Raises E-PORTAL-01 where a form does not bring what pages of this session hold (`csrf_of`)."""
    if not known or not hmac.compare_digest(known.encode(), given.encode()):
        raise DomainError(FORM_STALE)


def _key() -> bytes:
    return cipher.derive(keyring().sessions, "portal")
