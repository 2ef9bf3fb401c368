"""The identity provider's side of signing in: where it is (OpenID Connect Discovery), what it gives."""

import base64
import binascii
import http.client
import urllib.error
import urllib.request
from functools import cache
from typing import Final
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.web.codes import KEYS_UNAVAILABLE
from chalicelib.web.issuers import Issuer
from chalicelib.web.portal.codes import SIGN_IN_BROKEN
from chalicelib.web.signing_keys import fetch_document, is_safe_address

_LONGEST: Final = 64 * 1024
_TIMEOUT_SECONDS: Final = 5


class Provider(Struct, frozen=True):
    """What discovery tells that signing in needs."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str | None = None


class Tokens(Struct, frozen=True):
    """What the token endpoint gives (OpenID Connect Core 1.0 §3.1.3.3)."""

    access_token: str
    id_token: str


class Claims(Struct, frozen=True):
    """Of an ID token, what ties it to this sign-in."""

    iss: str
    aud: str | tuple[str, ...]
    sub: str
    exp: int
    nonce: str


@cache
def find_provider(issuer: str) -> Provider:
    """An issuer's addresses. Raises E-AUTH-03 where they cannot be had."""
    document = fetch_document(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    try:
        found = msgspec.json.decode(document, type=Provider)
    except (ValueError, RecursionError):
        raise DomainError(KEYS_UNAVAILABLE) from None
    if found.issuer != issuer:
        raise DomainError(KEYS_UNAVAILABLE)
    return found


def exchange(issuer: Issuer, code: str, verifier: str, back: str) -> Tokens:
    """The tokens for an authorisation code (RFC 6749 §4.1.3, RFC 7636 §4.5).

    Raises E-PORTAL-02 where the provider gives none, E-AUTH-03 where it does not answer.
    """
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": back,
        "client_id": issuer.client,
    }
    answer = _post(find_provider(issuer.issuer).token_endpoint, urlencode(given).encode())
    try:
        return msgspec.json.decode(answer, type=Tokens)
    except (ValueError, RecursionError):
        raise DomainError(SIGN_IN_BROKEN, reason="tokens") from None


def read_id_token(token: str) -> Claims:
    """The claims of an ID token that came from the provider itself over TLS.

    That stands for its signature (OpenID Connect Core 1.0 §3.1.3.7, 6); what signs the visitor in is
    the access token, whose signature is verified. Raises E-PORTAL-02.
    """
    try:
        payload = token.split(".")[1]
        padded = payload.encode("ascii") + b"=" * (-len(payload) % 4)
        return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=Claims)
    except (ValueError, IndexError, RecursionError, binascii.Error):
        raise DomainError(SIGN_IN_BROKEN, reason="id token") from None


def _post(url: str, body: bytes) -> bytes:
    if not is_safe_address(url):
        raise DomainError(KEYS_UNAVAILABLE)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, body, timeout=_TIMEOUT_SECONDS) as answer:
            told: bytes = answer.read(_LONGEST)
            return told
    except urllib.error.HTTPError:
        raise DomainError(SIGN_IN_BROKEN, reason="code") from None
    except (OSError, http.client.HTTPException):
        raise DomainError(KEYS_UNAVAILABLE) from None
