"""Bearer tokens of an OpenID Connect provider (RFC 7519, RFC 8725): whose they are, if valid."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Paper, PaperKind, check_paper
from chalicelib.web import codes
from chalicelib.web.callers import Role
from chalicelib.web.signing_keys import SigningKeys

LEEWAY: Final = timedelta(seconds=10)
_LONGEST_TOKEN: Final = 8192
_FOR_AN_ORGANISATION: Final = frozenset(
    {Role.PROVIDER, Role.CODE_AUTHORITY, Role.AGENCY, Role.JUDICIAL}
)

Word = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")]


class Reason(StrEnum):
    """Why a token is refused; logged, and safe to tell."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    KEY = "unknown key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    CLAIMS = "claims"
    EXPIRED = "expired"
    EARLY = "not yet valid"


class _Claims(Struct, frozen=True, kw_only=True):
    sub: Word
    exp: int
    iat: int
    role: Role
    nbf: int | None = None
    organisation: Word | None = None
    name: Word | None = None
    paper_kind: PaperKind | None = None
    paper_number: Word | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a valid token speaks for, and until when it is accepted (seconds since 1970)."""

    sub: str
    role: Role
    expires: int
    organisation: str | None
    name: str | None = field(repr=False)
    paper: Paper | None = field(repr=False)


def verify(token: str, *, keys: SigningKeys, issuer: str, audience: str, now: datetime) -> Identity:
    """Whom `token` speaks for.

    RS256 and ES256 only, each with a key of its own kind, found by `kid` among the issuer's.
    Raises E-AUTH-04 with a `Reason` where the token is not accepted, E-AUTH-03 where the keys
    can't be had.
    """
    claims = _read_claims(_open(token, keys=keys, issuer=issuer, audience=audience, now=now))
    _check_time(claims, now)
    return Identity(
        sub=claims.sub,
        role=claims.role,
        expires=claims.exp + LEEWAY.seconds,
        organisation=claims.organisation,
        name=claims.name,
        paper=_read_paper(claims, now),
    )


def _refusal(reason: Reason) -> DomainError:
    return DomainError(codes.TOKEN_REFUSED, reason=reason.value)


def _open(
    token: str, *, keys: SigningKeys, issuer: str, audience: str, now: datetime
) -> dict[str, Any]:
    """The payload, once signature, issuer and audience are right. Times are ours to check."""
    import jwt

    key = keys.find(_read_key_id(token), now)
    if key is None:
        raise _refusal(Reason.KEY)
    try:
        return jwt.decode(
            token,
            key.public_key,
            algorithms=[key.algorithm],
            issuer=issuer,
            audience=audience,
            options={
                "require": ["iss", "aud", "sub", "exp", "iat"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidIssuerError:
        raise _refusal(Reason.ISSUER) from None
    except jwt.InvalidAudienceError:
        raise _refusal(Reason.AUDIENCE) from None
    except jwt.InvalidAlgorithmError:
        raise _refusal(Reason.ALGORITHM) from None
    except jwt.MissingRequiredClaimError:
        raise _refusal(Reason.CLAIMS) from None
    except jwt.PyJWTError:
        raise _refusal(Reason.SIGNATURE) from None


def _read_key_id(token: str) -> str:
    import jwt

    if len(token) > _LONGEST_TOKEN:
        raise _refusal(Reason.MALFORMED)
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _refusal(Reason.MALFORMED) from None
    if header.get("alg") not in {"RS256", "ES256"}:
        raise _refusal(Reason.ALGORITHM)
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        raise _refusal(Reason.KEY)
    return key_id


def _read_claims(payload: dict[str, Any]) -> _Claims:
    try:
        claims = msgspec.convert(payload, _Claims)
    except msgspec.ValidationError:
        raise _refusal(Reason.CLAIMS) from None
    nameless = claims.role in _FOR_AN_ORGANISATION and claims.organisation is None
    if claims.role is Role.PUBLIC or nameless:
        raise _refusal(Reason.CLAIMS)
    return claims


def _check_time(claims: _Claims, now: datetime) -> None:
    moment = now.timestamp()
    if claims.exp + LEEWAY.seconds <= moment:
        raise _refusal(Reason.EXPIRED)
    if max(claims.iat, claims.nbf or 0) > moment + LEEWAY.seconds:
        raise _refusal(Reason.EARLY)


def _read_paper(claims: _Claims, now: datetime) -> Paper | None:
    """The real-name paper, which a token names whole and right, or not at all."""
    if claims.paper_kind is None and claims.paper_number is None:
        return None
    if claims.paper_kind is None or claims.paper_number is None:
        raise _refusal(Reason.CLAIMS)
    paper = check_paper(claims.paper_kind, claims.paper_number, lawful_day(now))
    if not isinstance(paper, Paper):
        raise _refusal(Reason.CLAIMS)
    return paper
