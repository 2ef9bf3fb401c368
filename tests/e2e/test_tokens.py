"""Which tokens open the door, and that no other does."""

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.issuer import PERSONAS, Issuer
from tests.e2e.asking import Answer, Caller
from tests.e2e.system import System
from tests.e2e.waiting import wait_for

pytestmark = pytest.mark.deployed

_PATH = "/v1/providers"
_KID = {"kid": "1"}


def _ask(system: System, token: str) -> Answer:
    return Caller(system.stack.url, lambda: token).get(_PATH)


def _staff(system: System) -> Issuer:
    return system.stack.issuers.by_name["staff"]


def _claims(system: System, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": _staff(system).url, "aud": "credit", "sub": "somebody", "iat": now}
    told = {**claims, "exp": now + 600, **PERSONAS["operator"], **changed}
    return {name: value for name, value in told.items() if value is not None}


def _sign(system: System, **changed: Any) -> str:
    """A token signed with the staff issuer's own key."""
    return _staff(system).sign(_claims(system, **changed))


def _encode(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _if_refused(answer: Answer) -> Answer | None:
    return None if answer.status == 200 else answer


def test_should_let_in_when_a_token_is_in_order(system: System) -> None:
    _ask(system, _sign(system)).of(200)


def test_should_be_let_out_when_a_token_ends_that_was_let_in(system: System) -> None:
    """API Gateway keeps what the authorizer said of a token for a minute, if it is still good."""
    _ask(system, _sign(system)).of(200)
    now = int(time.time())
    token = _sign(system, iat=now - 600, exp=now - 5)  # clocks may differ by ten seconds
    _ask(system, token).of(200)
    ended = wait_for("the token has ended", lambda: _if_refused(_ask(system, token)), 15)
    ended.refused(401, "E-AUTH-01")


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) - 11, "iat": int(time.time()) - 300},
        {"iat": int(time.time()) - 60},
        {"nbf": 32_503_680_000},
        {"iss": "http://elsewhere"},
        {"aud": "another"},
        {"role": "public"},
        {"role": "subject"},
        {"role": "provider", "organisation": None},
        {"role": "subject", "paper_kind": "id", "paper_number": "329900198503121226"},
    ],
    ids=lambda changed: next(reversed(changed)),
)
def test_should_refuse_when_claims_are_not_in_order(
    system: System, changed: dict[str, Any]
) -> None:
    _ask(system, _sign(system, **changed)).refused(401, "E-AUTH-01")


def test_should_refuse_when_a_token_is_forged(system: System) -> None:
    claims = _claims(system)
    body = _encode(claims)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    head, _, signature = _sign(system).split(".")
    promoted = _encode({**claims, "role": "supervisor"})
    unsigned = _encode({"alg": "none", "typ": "JWT", **_KID})
    forged = {
        "not signed": f"{unsigned}.{body}.",
        "another's key": jwt.encode(claims, stranger, "RS256", headers=_KID),
        "the public key as a secret": _confuse(system, body),
        "other claims": f"{head}.{promoted}.{signature}",
    }
    for what, token in forged.items():
        problem = _ask(system, token).of(401)
        assert problem["code"] == "E-AUTH-01", what


def _confuse(system: System, body: str) -> str:
    """Signed with the issuer's public key as if that were a shared secret (RFC 8725, 2.1)."""
    own = jwt.PyJWK(_staff(system).key_set()["keys"][0]).key
    public = own.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    told = f"{_encode({'alg': 'HS256', 'typ': 'JWT', **_KID})}.{body}"
    signature = hmac.digest(public, told.encode(), "sha256")
    return f"{told}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_should_refuse_when_an_issuer_vouches_for_a_role_that_is_not_its_own(
    system: System,
) -> None:
    token = system.stack.issuers.by_name["people"].token("operator")
    _ask(system, token).refused(401, "E-AUTH-01")


def test_should_be_bound_by_the_token_shown_when_the_role_has_changed(system: System) -> None:
    """What the gateway keeps is kept by token: a new one brings the new role, the old one ends."""
    _ask(system, _sign(system)).of(200)
    _ask(system, _sign(system, role="agency")).refused(403, "E-AUTH-02")
    _ask(system, _sign(system, role="supervisor")).of(200)


def test_should_refuse_when_the_scheme_is_another(system: System) -> None:
    for given in ("Basic dGVzdDp0ZXN0", _sign(system)):
        system.nobody.get(_PATH, Authorization=given).refused(401, "E-AUTH-01")
