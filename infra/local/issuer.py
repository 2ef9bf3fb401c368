"""The development sign-in: an OIDC issuer with one persona a role.

It is part of the local stack only, so it cannot be deployed; the front that serves it listens on
the loopback interface.
"""

import json
import time
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.demo import providers
from infra.local.demo.identifiers import complete_uscc

AUDIENCE = "credit"
SECONDS = 600

PERSONAS: dict[str, dict[str, str]] = {
    "provider": {"organisation": providers.HOUSING.uscc, "name": providers.HOUSING.name},
    "code_authority": {"organisation": providers.MARKET.uscc, "name": providers.MARKET.name},
    "operator": {
        "organisation": complete_uscc("12", "00990100"),
        "name": "清江市公共信用信息中心",
    },
    "supervisor": {
        "organisation": complete_uscc("11", "00990101"),
        "name": "清江市社会信用体系建设办公室",
    },
    "agency": {"organisation": complete_uscc("11", "00990102"), "name": "清江市财政局"},
    "subject": {"name": "顾清澜", "paper_kind": "id", "paper_number": "329900198503121225"},
    "representative": {"organisation": complete_uscc("91", "MA990103"), "name": "陆远舟"},
    "third_party": {"organisation": complete_uscc("91", "MA990104"), "name": "清江农商银行"},
    "judicial": {"organisation": providers.COURT.uscc, "name": providers.COURT.name},
}


class Issuer:
    """Signs tokens for the personas with a key that it keeps in `key_file`."""

    def __init__(self, url: str, key_file: Path) -> None:
        self.url = url
        self._key = _load_key(key_file)

    def token(self, persona: str, **claims: str) -> str:
        """A bearer token, good for ten minutes; `claims` replace the persona's own.

        Raises `KeyError` for a persona that does not exist.
        """
        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": f"demo-{persona}",
            "iat": now,
            "exp": now + SECONDS,
            "role": persona,
            **PERSONAS[persona],
            **claims,
        }
        return jwt.encode(told, self._key, algorithm="RS256", headers={"kid": "development"})

    def key_set(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": "development", "use": "sig", "alg": "RS256"}]}

    def configuration(self) -> dict[str, Any]:
        """What OpenID Connect Discovery 1.0 wants to find."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/issuer/jwks.json",
            "token_endpoint": f"{self.url}/issuer/token",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
        }


def _load_key(key_file: Path) -> rsa.RSAPrivateKey:
    if key_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if isinstance(key, rsa.RSAPrivateKey):
            return key
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made
