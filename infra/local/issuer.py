"""The development sign-in: two OIDC issuers, one of people and one of staff; one persona a role.

It is part of the local stack only, so it cannot be deployed; the front that serves it listens on
the loopback interface.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "credit"
CLIENT = "credit-portal"
SECONDS = 600
ROLES = {
    "people": ("subject",),
    "staff": (
        *("provider", "code_authority", "operator", "supervisor", "agency", "third_party"),
        "judicial",
    ),
}
"""The two issuers, and which roles each vouches for."""

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
    """Signs tokens with keys that it keeps in `folder`: the newest signs, all are published."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._keys = [_load_key(file) for file in sorted(folder.glob("*.pem"))]
        if not self._keys:
            self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        _keep_key(made, self._folder / f"{len(self._keys):04}.pem")
        self._keys.append(made)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token that says `claims` and nothing else."""
        headers = {"kid": str(len(self._keys))}
        return jwt.encode(dict(claims), self._keys[-1], algorithm="RS256", headers=headers)

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
        return self.sign(told)

    def key_set(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set (RFC 7517)."""
        keys = (
            json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) for key in self._keys
        )
        named = enumerate(keys, start=1)
        return {"keys": [{**k, "kid": str(n), "use": "sig", "alg": "RS256"} for n, k in named]}

    def configuration(self) -> dict[str, Any]:
        """What OpenID Connect Discovery 1.0 wants to find."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks.json",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "token"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
        }


class Issuers:
    """Both issuers of the system at `url`; each is at an address of its own below it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.by_name = {name: Issuer(f"{url}/issuer/{name}", folder / name) for name in ROLES}

    def token(self, persona: str, **claims: str) -> str:
        """A persona's token, see `Issuer.token`; the issuer is the one of its role."""
        return self.of(persona).token(persona, **claims)

    def of(self, persona: str) -> Issuer:
        """The issuer that knows a persona. Raises `KeyError` for one that does not exist."""
        role = PERSONAS[persona]["role"]
        [name] = [name for name, roles in ROLES.items() if role in roles]
        return self.by_name[name]

    def parameter(self, keys_at: str) -> str:
        """The template's parameter `Issuers`: who is trusted, their keys read at `keys_at`."""
        told = [
            {
                "issuer": issuer.url,
                "audience": AUDIENCE,
                "keys": f"{keys_at}/issuer/{name}/jwks.json",
                "roles": ROLES[name],
                "longest_minutes": SECONDS // 60,
                "client": CLIENT,
            }
            for name, issuer in self.by_name.items()
        ]
        return json.dumps(told, separators=(",", ":"))


def _load_key(file: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(file)
    return key


def _keep_key(key: rsa.RSAPrivateKey, file: Path) -> None:
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
