"""A registered machine: its keys, its assertions, and the door of the token endpoint."""

import base64
import json
from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

import jwt

import app
from chalicelib.web.machines.issuing import ASSERTION_TYPE, GRANT_TYPE
from tests.web.events import Answered, ask, signed_in
from tests.web.issuer import SECONDS, any_key, public_jwk

URL = "http://localhost:8000"
CODE = "113200000140000003"
OPERATOR = signed_in("operator", organisation=CODE)

_ids = count()


def any_jwk(name: str) -> dict[str, Any]:
    """The public key of this name as a client registers it."""
    return {**public_jwk(name), "kid": name}


def any_registration(**changes: Any) -> dict[str, Any]:
    """A client of a provider, as the operator registers it."""
    return {
        "organisation": CODE,
        "name": "清江市数据交换平台",
        "role": "provider",
        "scopes": ["uploads", "queries"],
        "keys": [any_jwk("ec-1"), any_jwk("rsa-1")],
        **changes,
    }


def register(client: str = "exchange", **changes: Any) -> Answered:
    """What the operator is answered who registers a client."""
    return ask(
        app.app,
        "PUT",
        "/v1/clients/{client}",
        path={"client": client},
        headers={"Content-Type": "application/json"},
        body=json.dumps(any_registration(**changes)),
        caller=OPERATOR,
    )


def any_assertion(
    key: str = "ec-1", *, headers: Mapping[str, Any] | None = None, **changes: Any
) -> str:
    """A good assertion with these changes; a value of None leaves the claim out."""
    claims = {
        "iss": "exchange",
        "sub": "exchange",
        "aud": f"{URL}/v1/token",
        "exp": SECONDS + 120,
        "iat": SECONDS,
        "jti": f"assertion {next(_ids)}",
        **changes,
    }
    told = {name: value for name, value in claims.items() if value is not None}
    algorithm = {"ec": "ES256", "p3": "ES384"}.get(key[:2], "RS256")
    return jwt.encode(told, any_key(key), algorithm, headers={"kid": key, **(headers or {})})


def request_token(assertion: str | None = None, **changes: Any) -> Answered:
    """What the token endpoint answers."""
    form = {
        "grant_type": GRANT_TYPE,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion or any_assertion(),
        **changes,
    }
    return send_form(urlencode({name: text for name, text in form.items() if text is not None}))


def send_form(body: str, kind: str = "application/x-www-form-urlencoded") -> Answered:
    """What the token endpoint answers to a body."""
    return ask(app.app, "POST", "/v1/token", headers={"Content-Type": kind}, body=body)


def encode(part: Any) -> str:
    """One part of a signed text."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
