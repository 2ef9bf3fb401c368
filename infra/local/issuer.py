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

AUDIENCE = "credit"
SECONDS = 600

PERSONAS: dict[str, dict[str, str]] = {
    "provider": {
        "role": "provider",
        "organisation": "113299000099000482",
        "name": "清江市住房和城乡建设局",
    },
    "code_authority": {
        "role": "code_authority",
        "organisation": "11329900009900013F",
        "name": "清江市市场监督管理局",
    },
    "operator": {
        "role": "operator",
        "organisation": "123299000099010082",
        "name": "清江市公共信用信息中心",
    },
    "supervisor": {
        "role": "supervisor",
        "organisation": "113299000099010160",
        "name": "清江市社会信用体系建设办公室",
    },
    "agency": {
        "role": "agency",
        "organisation": "11329900009901024T",
        "name": "清江市财政局",
    },
    "subject": {
        "role": "subject",
        "name": "顾清澜",
        "paper_kind": "id",
        "paper_number": "329900198503121225",
    },
    "representative": {
        "role": "subject",
        "organisation": "91329900MA99010396",
        "name": "陆远舟",
    },
    "third_party": {
        "role": "third_party",
        "organisation": "91329900MA99010471",
        "name": "清江农商银行",
    },
    "judicial": {
        "role": "judicial",
        "organisation": "11329900009900064P",
        "name": "清江市人民法院",
    },
}
"""Invented; tests/local compares the reporting authorities with the demo's."""


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
