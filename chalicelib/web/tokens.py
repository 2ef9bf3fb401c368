"""Bearer tokens of the trusted issuers (RFC 7519, RFC 8725, RFC 9068): whose they are, if valid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from chalicelib.runtime.clock import lawful_day
from chalicelib.subjects.identifiers import Paper, PaperKind, check_paper, check_uscc
from chalicelib.web.callers import Role
from chalicelib.web.issuers import Issuer, Trust, Trusted
from chalicelib.web.scopes import Scope, read_scopes
from chalicelib.web.signed import Header, Reason, check_signature, refusal, take_apart

LEEWAY: Final = timedelta(seconds=10)
_CLAIM: Final = re.compile(r"`(?:\$\.)?(\w+)[^`]*`$")
_REGISTERED: Final = frozenset({"sub", "aud", "exp", "iat", "nbf"})
_FOR_AN_ORGANISATION: Final = frozenset(
    {Role.PROVIDER, Role.CODE_AUTHORITY, Role.AGENCY, Role.JUDICIAL}
)

Word = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")]


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
    header, payload = take_apart(token)
    trusted = _find_issuer(header, payload, trust)
    issuer = trusted.issuer
    key = None if header.kid is None else trusted.keys.find(header.kid, now)
    check_signature(token, header, key)
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


def _find_issuer(header: Header, payload: Mapping[str, Any], trust: Trust) -> Trusted:
    """The issuer that the token names."""
    named = payload.get("iss")
    trusted = trust.get(named) if isinstance(named, str) else None
    if trusted is None:
        raise refusal(Reason.ISSUER)
    if header.type not in trusted.issuer.types:
        raise refusal(Reason.TYPE)
    if header.alg not in trusted.issuer.algorithms:
        raise refusal(Reason.ALGORITHM)
    return trusted


def _read_claims(payload: Mapping[str, Any], issuer: Issuer) -> _Claims:
    registered = {name: payload[name] for name in _REGISTERED & payload.keys()}
    told = issuer.claims.read(payload)
    try:
        claims = msgspec.convert({**registered, **told}, _Claims)
    except msgspec.ValidationError as error:
        raise refusal(Reason.CLAIMS, _name_claim(error)) from None
    if issuer.audience not in ([claims.aud] if isinstance(claims.aud, str) else claims.aud):
        raise refusal(Reason.AUDIENCE)
    if claims.role not in issuer.roles:
        raise refusal(Reason.ROLE)
    if claims.role in _FOR_AN_ORGANISATION and claims.organisation is None:
        raise refusal(Reason.CLAIMS, "organisation")
    if issuer.claims.scope is not None and claims.scope is None:
        raise refusal(Reason.CLAIMS, "scope")
    return claims


def _name_claim(error: msgspec.ValidationError) -> str:
    """The claim that is wrong, by our name, never by what it says."""
    named = _CLAIM.search(str(error))
    return named[1] if named and named[1] in _Claims.__struct_fields__ else ""


def _check_time(claims: _Claims, issuer: Issuer, now: datetime) -> None:
    moment = now.timestamp()
    if claims.exp + LEEWAY.seconds <= moment:
        raise refusal(Reason.EXPIRED)
    if max(claims.iat, claims.nbf or 0) > moment + LEEWAY.seconds:
        raise refusal(Reason.EARLY)
    if claims.exp - claims.iat > issuer.longest_minutes * 60:
        raise refusal(Reason.LONG)


def _read_organisation(claims: _Claims) -> str | None:
    """The unified social credit code of whom the token acts for, right or not at all."""
    if claims.organisation is None:
        return None
    code = check_uscc(claims.organisation)
    if not isinstance(code, str):
        raise refusal(Reason.CLAIMS, "organisation")
    return code


def _read_paper(claims: _Claims, now: datetime) -> Paper | None:
    """The real-name paper, which a token names whole and right, or not at all."""
    if claims.paper_kind is None and claims.paper_number is None:
        return None
    if claims.paper_kind is None or claims.paper_number is None:
        raise refusal(Reason.CLAIMS, "paper_kind" if claims.paper_kind is None else "paper_number")
    paper = check_paper(claims.paper_kind, claims.paper_number, lawful_day(now))
    if not isinstance(paper, Paper):
        raise refusal(Reason.CLAIMS, "paper_number")
    return paper
