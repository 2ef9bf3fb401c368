"""Client assertions: how a machine shows who it is (`private_key_jwt`, RFC 7523 §2.2 and §3)."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from chalicelib.web.machines.clients import Client
from chalicelib.web.signed import Header, Reason, check_signature, refusal, take_apart
from chalicelib.web.signing_keys import SigningKey
from chalicelib.web.tokens import LEEWAY

LONGEST: Final = timedelta(minutes=5)
"""An assertion ends at most so far ahead: it need not hold longer than it is on its way."""

_TYPES: Final = frozenset({"jwt", "client-authentication+jwt"})

Id = Annotated[str, Meta(min_length=1, max_length=255)]


class Assertion(Struct, frozen=True, kw_only=True):
    """What a client says of itself; `iss` and `sub` are both the client."""

    iss: Id
    sub: Id
    aud: str | list[str]
    exp: int
    jti: Id
    iat: int | None = None
    nbf: int | None = None


def read_assertion(
    text: str,
    *,
    find: Callable[[str], Client | None],
    audiences: Collection[str],
    now: datetime,
) -> tuple[Client, Assertion]:
    """Who made the assertion `text` for one of `audiences`; that it was not used is not known yet.

    Raises E-AUTH-04 with a `Reason`; a client that is unknown and one that is suspended are both
    refused as `issuer`.
    """
    header, payload = take_apart(text)
    if header.type not in _TYPES:
        raise refusal(Reason.TYPE)
    assertion = _read_claims(payload)
    client = find(assertion.sub)
    if client is None or client.suspended:
        raise refusal(Reason.ISSUER)
    check_signature(text, header, _find_key(header, client))
    named = [assertion.aud] if isinstance(assertion.aud, str) else assertion.aud
    if not set(audiences) & set(named):
        raise refusal(Reason.AUDIENCE)
    _check_time(assertion, now)
    return client, assertion


def _read_claims(payload: dict[str, Any]) -> Assertion:
    try:
        assertion = msgspec.convert(payload, Assertion)
    except msgspec.ValidationError:
        raise refusal(Reason.CLAIMS) from None
    if assertion.iss != assertion.sub:
        raise refusal(Reason.CLAIMS, "sub")
    return assertion


def _find_key(header: Header, client: Client) -> SigningKey | None:
    """The client's key that the header names; it need not name the only one."""
    keys = client.signing_keys
    if header.kid is None and len(keys) == 1:
        return next(iter(keys.values()))
    return keys.get(header.kid or "")


def _check_time(assertion: Assertion, now: datetime) -> None:
    moment = now.timestamp()
    if assertion.exp + LEEWAY.seconds <= moment:
        raise refusal(Reason.EXPIRED)
    if assertion.exp > moment + (LONGEST + LEEWAY).seconds:
        raise refusal(Reason.LONG)
    if max(assertion.iat or 0, assertion.nbf or 0) > moment + LEEWAY.seconds:
        raise refusal(Reason.EARLY)
