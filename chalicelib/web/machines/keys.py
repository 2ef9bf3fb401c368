"""The keys that sign machines' tokens: a new one each month, published before it signs.

An old key stays published until the last token that it signed has ended. Private parts are kept
under KMS and opened only where tokens are issued.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final

import msgspec
from msgspec import Struct

from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.web.machines import store

TOKEN_LIFE: Final = timedelta(minutes=10)
ALGORITHM: Final = "ES256"
ROTATED_AFTER: Final = timedelta(days=30)
PUBLISHED_BEFORE: Final = timedelta(minutes=15)
"""So long before a key signs it is published: whoever keeps keys for a while knows it by then."""
KEPT_AFTER: Final = timedelta(minutes=15)
"""So long after its last signature a key is published: a token's life and what clocks differ."""


class TokenKey(Struct, frozen=True, kw_only=True):
    """The public part of a key, when it was made, and why it is trusted no more, if so."""

    kid: str
    made: datetime
    jwk: dict[str, str]
    distrusted: str = ""


def read_all() -> list[TokenKey]:
    """Every key, oldest first, read strongly."""
    found = (msgspec.json.decode(body, type=TokenKey) for body in store.list_keys())
    return sorted(found, key=lambda key: (key.made, key.kid))


def list_published(keys: Iterable[TokenKey], now: datetime) -> list[TokenKey]:
    """The keys that may have signed a token which still holds, or soon will; oldest first."""
    trusted = [key for key in keys if not key.distrusted]
    kept_until = [later.made + PUBLISHED_BEFORE + KEPT_AFTER for later in trusted[1:]]
    return [key for key, end in zip_longest(trusted, kept_until) if not end or now < end]


def choose_signing(keys: Iterable[TokenKey], now: datetime) -> TokenKey | None:
    """The newest key that has been published for long enough; the only one at once."""
    trusted = [key for key in keys if not key.distrusted]
    known = [key for key in trusted if key.made + PUBLISHED_BEFORE <= now]
    return known[-1] if known else next(iter(trusted), None)


def is_due(keys: Sequence[TokenKey], now: datetime) -> bool:
    """Whether it is time for a new key."""
    trusted = [key for key in keys if not key.distrusted]
    return not trusted or trusted[-1].made + ROTATED_AFTER <= now


def current(now: datetime) -> TokenKey:
    """The key that signs now; a new one is made where it is time.

    Two who find that it is time make two keys, which does no harm.
    """
    keys = read_all()
    if is_due(keys, now):
        keys = [*keys, make(now)]
    chosen = choose_signing(keys, now)
    assert chosen is not None, "there is a key now"  # noqa: S101
    return chosen


def make(now: datetime) -> TokenKey:
    """A new key, kept and published from now on."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from jwt.algorithms import ECAlgorithm

    private = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(ECAlgorithm.to_jwk(private.public_key()))
    jwk = {name: public[name] for name in ("kty", "crv", "x", "y")}
    key = TokenKey(kid=f"{now:%Y%m%d}-{jwk['x'][:12]}", made=now, jwk=jwk)
    plain = private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store.add_key(key.kid, msgspec.json.encode(key).decode(), plain)
    log(LogCode.SIGNING_KEY_MADE, key=key.kid)
    return key


def replace(now: datetime, reason: str, *, distrust: bool) -> list[TokenKey]:
    """Make a new key before its time, `distrust` all earlier ones; every key there is now.

    A key that is trusted no more leaves the key set, and the tokens that it signed are refused.
    """
    earlier = read_all()
    made = make(now)
    if distrust:
        earlier = [key if key.distrusted else _distrust(key, reason) for key in earlier]
    return [*earlier, made]


def _distrust(key: TokenKey, reason: str) -> TokenKey:
    changed = msgspec.structs.replace(key, distrusted=reason)
    store.replace_key(key.kid, msgspec.json.encode(changed).decode())
    log(LogCode.SIGNING_KEY_DISTRUSTED, key=key.kid)
    return changed


def key_set(now: datetime) -> dict[str, Any]:
    """The published keys as a JSON Web Key Set (RFC 7517)."""
    published = list_published(read_all(), now)
    return {
        "keys": [{**key.jwk, "kid": key.kid, "use": "sig", "alg": ALGORITHM} for key in published]
    }


@lru_cache(maxsize=4)
def private_key(kid: str) -> Any:
    """The private part of a key, opened once a process."""
    from cryptography.hazmat.primitives import serialization

    return serialization.load_der_private_key(store.open_key(kid), password=None)
