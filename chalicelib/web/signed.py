"""Signed texts: JSON Web Signatures in compact form (RFC 7515), taken apart and proven.

Every signed text that comes from outside, a bearer token or a client's assertion, is read here.
"""

import base64
import json
import re
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes
from chalicelib.web.signing_keys import SigningKey

_LONGEST: Final = 8192
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")
ALGORITHMS: Final = frozenset({"RS256", "ES256"})
_EXTENSIONS: Final = frozenset({"crit", "b64", "cty", "enc", "zip"})
"""Header parameters that would make the text something else than claims in the clear."""


class Reason(StrEnum):
    """Why a token is refused; logged, and safe to tell."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    TYPE = "type"
    KEY = "unknown key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    CLAIMS = "claims"
    ROLE = "role"
    EXPIRED = "expired"
    EARLY = "not yet valid"
    LONG = "valid for too long"


class Header(Struct, frozen=True):
    """What is read of a header: no key, and no address of one, that comes with the text."""

    alg: str
    kid: str | None = None
    typ: str = "JWT"

    @property
    def type(self) -> str:
        """The type in lower case without its prefix (RFC 7515 §4.1.9)."""
        return self.typ.lower().removeprefix("application/")


def refusal(reason: Reason, claim: str = "") -> DomainError:
    """E-AUTH-04 for `reason`, over our name of a `claim`, never over what it says."""
    return DomainError(codes.TOKEN_REFUSED, reason=reason.value, claim=claim)


def take_apart(token: str) -> tuple[Header, dict[str, Any]]:
    """Header and payload, neither believed yet. A name that stands twice has no meaning.

    Raises E-AUTH-04 for what is no signed text of one of our algorithms.
    """
    parts = _COMPACT.fullmatch(token) if len(token) <= _LONGEST else None
    if parts is None:
        raise refusal(Reason.MALFORMED)
    try:
        told, payload = (_read_part(part) for part in parts.groups())
        header = msgspec.convert(told, Header)
    except (ValueError, RecursionError):
        raise refusal(Reason.MALFORMED) from None
    if header.alg not in ALGORITHMS:
        raise refusal(Reason.ALGORITHM)
    if _EXTENSIONS & told.keys():
        raise refusal(Reason.TYPE)
    return header, payload


def _read_part(part: str) -> dict[str, Any]:
    text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    found = json.loads(text, object_pairs_hook=_once, parse_constant=_never)
    return msgspec.convert(found, dict[str, Any])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _never(constant: str) -> None:
    raise ValueError(constant)


def check_signature(token: str, header: Header, key: SigningKey | None) -> None:
    """Raises E-AUTH-04 unless `key`, used with its own algorithm, signed the token."""
    import jwt

    if key is None:
        raise refusal(Reason.KEY)
    if header.alg != key.algorithm:
        raise refusal(Reason.ALGORITHM)
    try:
        jwt.PyJWS().decode(token, key.public_key, algorithms=[key.algorithm])
    except (jwt.PyJWTError, ValueError):
        raise refusal(Reason.SIGNATURE) from None
