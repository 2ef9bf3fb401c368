"""An issuer's public keys (JWKS, RFC 7517), kept in the process for a short time."""

import http.client
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes

OLDEST: Final = timedelta(minutes=5)
"""After this time the keys are fetched anew, so that a withdrawn key is soon refused."""
PAUSE: Final = timedelta(seconds=30)
"""An unknown key id asks the provider at most this often."""

_LONGEST_DOCUMENT: Final = 256 * 1024
_TIMEOUT_SECONDS: Final = 3
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SHORTEST_RSA: Final = 2048
_ALGORITHMS: Final[Mapping[tuple[str, str | None], str]] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the one algorithm that it may be used with."""

    algorithm: str
    public_key: Any


class _Document(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """Stay: a redirect may lead to plain HTTP."""


def is_safe_address(url: str) -> bool:
    """Whether nobody on the way can change what comes from `url`."""
    address = urlsplit(url)
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)


def fetch_document(url: str) -> bytes:
    """The document at `url`, which must be https, or on this machine.

    Raises E-AUTH-03 where it can't be had within three seconds or is longer than 256 KiB.
    """
    if not is_safe_address(url):
        raise DomainError(codes.KEYS_UNAVAILABLE)
    opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_TIMEOUT_SECONDS) as answer:
            document: bytes = answer.read(_LONGEST_DOCUMENT + 1)
    except (OSError, http.client.HTTPException):
        raise DomainError(codes.KEYS_UNAVAILABLE) from None
    if len(document) > _LONGEST_DOCUMENT:
        raise DomainError(codes.KEYS_UNAVAILABLE)
    return document


class SigningKeys:
    """The keys at one JWKS address. One instance lives as long as its process."""

    def __init__(self, url: str, *, fetch: Callable[[str], bytes] = fetch_document) -> None:
        self._url = url
        self._fetch = fetch
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None

    def find(self, key_id: str, now: datetime) -> SigningKey | None:
        """The key named `key_id`, None where the provider has none of that name.

        Raises E-AUTH-03 where the provider's keys can't be had.
        """
        if self._is_stale(now) or (key_id not in self._keys and self._may_ask(now)):
            self._tried = now
            self._keys = read_keys(self._fetch(self._url))
            self._fetched = now
        return self._keys.get(key_id)

    def _is_stale(self, now: datetime) -> bool:
        return self._fetched is None or now - self._fetched >= OLDEST

    def _may_ask(self, now: datetime) -> bool:
        return self._tried is None or now - self._tried >= PAUSE


def read_keys(document: bytes) -> Mapping[str, SigningKey]:
    """The usable signing keys of a JWKS `document` by key id; all others are left out.

    Raises E-AUTH-03 where the document is not a JWKS.
    """
    try:
        entries = msgspec.json.decode(document, type=_Document).keys
    except (ValueError, RecursionError):
        raise DomainError(codes.KEYS_UNAVAILABLE) from None
    found = {entry["kid"]: _read_key(entry) for entry in entries if _is_offered(entry)}
    return {key_id: key for key_id, key in found.items() if key is not None}


def _is_offered(entry: Mapping[str, Any]) -> bool:
    """Whether `entry` is a named public key for signatures of an algorithm that we accept."""
    algorithm = _ALGORITHMS.get((str(entry.get("kty")), entry.get("crv")))
    return (
        isinstance(entry.get("kid"), str)
        and algorithm is not None
        and entry.get("alg", algorithm) == algorithm
        and entry.get("use", "sig") == "sig"
        and "d" not in entry
    )


def _read_key(entry: Mapping[str, Any]) -> SigningKey | None:
    from jwt import PyJWK, PyJWTError

    algorithm = _ALGORITHMS[entry["kty"], entry.get("crv")]
    try:
        public_key = PyJWK(dict(entry), algorithm).key
    except PyJWTError:
        return None
    if algorithm == "RS256" and public_key.key_size < _SHORTEST_RSA:
        return None
    return SigningKey(algorithm, public_key)
