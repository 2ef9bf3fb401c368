"""Bearer tokens of the trusted issuers (RFC 7519, RFC 8725, RFC 9068): whose they are, if valid."""

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Paper, PaperKind, check_paper, check_uscc
from chalicelib.web import codes
from chalicelib.web.callers import Role
from chalicelib.web.issuers import Issuer, Trust
from chalicelib.web.scopes import Scope, read_scopes
from chalicelib.web.signing_keys import SigningKey

LEEWAY: Final = timedelta(seconds=10)
_LONGEST_TOKEN: Final = 8192
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")
_CLAIM: Final = re.compile(r"`(?:\$\.)?(\w+)[^`]*`$")
_REGISTERED: Final = frozenset({"sub", "aud", "exp", "iat", "nbf"})
_EXTENSIONS: Final = frozenset({"crit", "b64", "cty", "enc", "zip"})
"""Header parameters that would make the token something else than claims in the clear."""
_FOR_AN_ORGANISATION: Final = frozenset(
    {Role.PROVIDER, Role.CODE_AUTHORITY, Role.AGENCY, Role.JUDICIAL}
)

Word = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")]


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


class _Header(Struct, frozen=True):
    alg: str
    kid: str | None = None
    typ: str = "JWT"


class _Claims(Struct, frozen=True, kw_only=True):
    sub: Word
    aud: str | list[str]
    exp: int
    iat: int
    role: Role
    nbf: int | None = None
    organisation: Word | None = None
    name: Word | None = None
    paper_kind: PaperKind | None = None
    paper_number: Word | None = None
    scope: str | list[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a valid token speaks for, and until when it is accepted (seconds since 1970).

    `scopes` bind a machine beside its role; None where the role alone binds.
    """

    sub: str
    role: Role
    expires: int
    organisation: str | None
    name: str | None = field(repr=False)
    paper: Paper | None = field(repr=False)
    scopes: frozenset[Scope] | None = None


def verify(token: str, *, trust: Trust, now: datetime) -> Identity:
    """Whom `token` speaks for, told by one of the issuers in `trust`.

    RS256 and ES256 only, each with a key of its own kind, found by `kid` among the keys of the
    issuer that the token names; a key that comes with the token is never looked at. Raises
    E-AUTH-04 with a `Reason` where the token is not accepted, E-AUTH-03 where keys can't be had.
    """
    header, payload = _take_apart(token)
    issuer, key = _find_key(header, payload, trust, now)
    _check_signature(token, key)
    claims = _read_claims(payload, issuer)
    _check_time(claims, issuer, now)
    return Identity(
        sub=claims.sub,
        role=claims.role,
        expires=claims.exp + LEEWAY.seconds,
        organisation=_read_organisation(claims),
        name=claims.name,
        paper=_read_paper(claims, now),
        scopes=None if issuer.claims.scope is None else read_scopes(claims.scope or ""),
    )


def _refusal(reason: Reason, claim: str = "") -> DomainError:
    return DomainError(codes.TOKEN_REFUSED, reason=reason.value, claim=claim)


def _take_apart(token: str) -> tuple[_Header, dict[str, Any]]:
    """Header and payload, neither believed yet. A name that stands twice has no meaning."""
    parts = _COMPACT.fullmatch(token) if len(token) <= _LONGEST_TOKEN else None
    if parts is None:
        raise _refusal(Reason.MALFORMED)
    try:
        told, payload = (_read_part(part) for part in parts.groups())
        header = msgspec.convert(told, _Header)
    except (ValueError, RecursionError):
        raise _refusal(Reason.MALFORMED) from None
    if _EXTENSIONS & told.keys():
        raise _refusal(Reason.TYPE)
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


def _find_key(
    header: _Header, payload: dict[str, Any], trust: Trust, now: datetime
) -> tuple[Issuer, SigningKey]:
    """The issuer that the token names, and its key of the token's `kid`."""
    if header.alg not in {"RS256", "ES256"}:
        raise _refusal(Reason.ALGORITHM)
    named = payload.get("iss")
    trusted = trust.get(named) if isinstance(named, str) else None
    if trusted is None:
        raise _refusal(Reason.ISSUER)
    issuer = trusted.issuer
    if header.typ.lower().removeprefix("application/") not in issuer.types:
        raise _refusal(Reason.TYPE)
    key = None if header.kid is None else trusted.keys.find(header.kid, now)
    if key is None:
        raise _refusal(Reason.KEY)
    if header.alg != key.algorithm or key.algorithm not in issuer.algorithms:
        raise _refusal(Reason.ALGORITHM)
    return issuer, key


def _check_signature(token: str, key: SigningKey) -> None:
    import jwt

    try:
        jwt.PyJWS().decode(token, key.public_key, algorithms=[key.algorithm])
    except (jwt.PyJWTError, ValueError):
        raise _refusal(Reason.SIGNATURE) from None


def _read_claims(payload: dict[str, Any], issuer: Issuer) -> _Claims:
    registered = {name: payload[name] for name in _REGISTERED & payload.keys()}
    told = issuer.claims.read(payload)
    try:
        claims = msgspec.convert({**registered, **told}, _Claims)
    except msgspec.ValidationError as error:
        raise _refusal(Reason.CLAIMS, _name_claim(error)) from None
    if issuer.audience not in ([claims.aud] if isinstance(claims.aud, str) else claims.aud):
        raise _refusal(Reason.AUDIENCE)
    if claims.role not in issuer.roles:
        raise _refusal(Reason.ROLE)
    if claims.role in _FOR_AN_ORGANISATION and claims.organisation is None:
        raise _refusal(Reason.CLAIMS, "organisation")
    if issuer.claims.scope is not None and claims.scope is None:
        raise _refusal(Reason.CLAIMS, "scope")
    return claims


def _name_claim(error: msgspec.ValidationError) -> str:
    """The claim that is wrong, by our name, never by what it says."""
    named = _CLAIM.search(str(error))
    return named[1] if named and named[1] in _Claims.__struct_fields__ else ""


def _check_time(claims: _Claims, issuer: Issuer, now: datetime) -> None:
    moment = now.timestamp()
    if claims.exp + LEEWAY.seconds <= moment:
        raise _refusal(Reason.EXPIRED)
    if max(claims.iat, claims.nbf or 0) > moment + LEEWAY.seconds:
        raise _refusal(Reason.EARLY)
    if claims.exp - claims.iat > issuer.longest_minutes * 60:
        raise _refusal(Reason.LONG)


def _read_organisation(claims: _Claims) -> str | None:
    """The unified social credit code of whom the token acts for, right or not at all."""
    if claims.organisation is None:
        return None
    code = check_uscc(claims.organisation)
    if not isinstance(code, str):
        raise _refusal(Reason.CLAIMS, "organisation")
    return code


def _read_paper(claims: _Claims, now: datetime) -> Paper | None:
    """The real-name paper, which a token names whole and right, or not at all."""
    if claims.paper_kind is None and claims.paper_number is None:
        return None
    if claims.paper_kind is None or claims.paper_number is None:
        raise _refusal(Reason.CLAIMS, "paper_kind" if claims.paper_kind is None else "paper_number")
    paper = check_paper(claims.paper_kind, claims.paper_number, lawful_day(now))
    if not isinstance(paper, Paper):
        raise _refusal(Reason.CLAIMS, "paper_number")
    return paper
