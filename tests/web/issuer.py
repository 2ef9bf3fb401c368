"""An OpenID Connect provider for tests: keys, their document, tokens."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.web.events import NOW

ISSUER = "https://identity.example.cn"
AUDIENCE = "credit"
SECONDS = int(NOW.timestamp())

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def any_key(name: str) -> PrivateKey:
    """The private key of this name: elliptic where it begins with `ec`."""
    if name.startswith("p384"):
        return ec.generate_private_key(ec.SECP384R1())
    if name.startswith("ec"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 1024 if name.startswith("short") else 2048)


def public_jwk(name: str, **more: Any) -> dict[str, Any]:
    """The public key of this name as the provider publishes it."""
    key = any_key(name)
    if isinstance(key, rsa.RSAPrivateKey):
        jwk = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    jwk.pop("key_ops", None)
    return {**jwk, "kid": name, "use": "sig", **more}


def any_claims(**changes: Any) -> dict[str, Any]:
    """Good claims with these changes; a value of None leaves the claim out."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "wang",
        "iat": SECONDS,
        "exp": SECONDS + 600,
        "role": "operator",
        "organisation": "11320000014000000X",
        "name": "王五",
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def any_token(key: str = "rsa-1", *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token signed with the key of this name."""
    algorithm = {"ec": "ES256", "p3": "ES384"}.get(key[:2], "RS256")
    return jwt.encode(
        any_claims(**changes), any_key(key), algorithm, headers={"kid": key, **(headers or {})}
    )


@dataclass
class Published:
    """The provider's key document; counts how often it was fetched."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [public_jwk("rsa-1")])
    fetched: int = 0
    failure: Exception | None = None

    def __call__(self, url: str) -> bytes:
        """The document, or the failure that is set."""
        self.fetched += 1
        if self.failure is not None:
            raise self.failure
        return json.dumps({"keys": self.keys}).encode()
