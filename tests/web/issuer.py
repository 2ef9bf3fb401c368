"""OpenID Connect providers for tests, one of staff and one of people: keys, documents, tokens."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chalicelib.web.issuers import Trust, Trusted, read_issuers
from chalicelib.web.signing_keys import SigningKeys
from tests.web.events import NOW

ISSUER = "https://identity.example.cn"
PEOPLE = "https://people.example.cn"
AUDIENCE = "credit"
STAFF_ROLES = [
    *("provider", "code_authority", "operator", "supervisor", "agency", "third_party", "judicial"),
]
ISSUERS = json.dumps(
    [
        {
            "issuer": ISSUER,
            "audience": AUDIENCE,
            "keys": f"{ISSUER}/keys",
            "roles": STAFF_ROLES,
        },
        {
            "issuer": PEOPLE,
            "audience": AUDIENCE,
            "keys": f"{PEOPLE}/keys",
            "roles": ["subject", "third_party"],
        },
    ]
)
"""The parameter that trusts both."""
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
    """Good claims with these changes; a value of None leaves the claim out.

    A subject's are those of the people's provider.
    """
    claims = {
        "iss": PEOPLE if changes.get("role") == "subject" else ISSUER,
        "aud": AUDIENCE,
        "sub": "wang",
        "iat": SECONDS,
        "exp": SECONDS + 600,
        "role": "operator",
        "organisation": "113200000140000003",
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


def any_trust(published: Published | None = None, *, issuers: str = ISSUERS) -> Trust:
    """The providers that `issuers` name, all with the keys that are published."""
    fetch = published or Published()
    return {
        each.issuer: Trusted(each, SigningKeys(each.keys, fetch=fetch))
        for each in read_issuers(issuers)
    }
