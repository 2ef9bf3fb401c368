"""Client assertions: which show who a machine is, and why all others do not."""

import hmac
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes
from chalicelib.web.machines.assertions import Assertion, read_assertion
from chalicelib.web.machines.clients import Client, PublicKey
from chalicelib.web.scopes import Scope
from tests.web.events import NOW
from tests.web.issuer import SECONDS, any_key, any_token, public_jwk
from tests.web.machines.machine import CODE, URL, any_assertion, any_jwk, encode

AUDIENCES = {URL, f"{URL}/v1/token"}


def any_client(*keys: str, suspended: bool = False) -> Client:
    """A client with the keys of these names."""
    return Client(
        id="exchange",
        organisation=CODE,
        name="清江市数据交换平台",
        role="provider",
        scopes=(Scope.UPLOADS,),
        keys=tuple(PublicKey(**any_jwk(name)) for name in keys or ("ec-1", "rsa-1")),
        suspended=suspended,
        registered_at=NOW,
    )


def read(text: str, client: Client | None = None) -> tuple[Client, Assertion]:
    """Who made an assertion."""
    known = {"exchange": client or any_client(), "other": any_client("ec-2")}
    return read_assertion(text, find=known.get, audiences=AUDIENCES, now=NOW)


def refused(text: str, client: Client | None = None) -> object:
    """Why it is not accepted."""
    with pytest.raises(DomainError) as refusal:
        read(text, client)
    assert refusal.value.code is codes.TOKEN_REFUSED
    return refusal.value.values["reason"]


@pytest.mark.parametrize(
    "text",
    [
        any_assertion("ec-1"),
        any_assertion("rsa-1"),
        any_assertion(aud=URL),
        any_assertion(aud=["elsewhere", URL]),
        any_assertion(iat=None),
        any_assertion(exp=SECONDS + 310),
        any_assertion(headers={"typ": "client-authentication+jwt"}),
    ],
)
def test_should_tell_the_client_when_an_assertion_is_good(text: str) -> None:
    client, assertion = read(text)
    assert (client.id, assertion.sub) == ("exchange", "exchange")


def test_should_need_no_key_id_when_the_client_has_one_key() -> None:
    text = jwt.encode(
        {"iss": "exchange", "sub": "exchange", "aud": URL, "exp": SECONDS + 9, "jti": "1"},
        any_key("ec-1"),
        "ES256",
    )
    assert read(text, any_client("ec-1"))[0].id == "exchange"
    assert refused(text) == "unknown key"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"aud": "https://elsewhere.example"}, "audience"),
        ({"aud": f"{URL}/v1/token/"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": None}, "claims"),
        ({"iss": "other"}, "claims"),
        ({"iss": None}, "claims"),
        ({"sub": None}, "claims"),
        ({"sub": "nobody", "iss": "nobody"}, "issuer"),
        ({"sub": "other", "iss": "other"}, "unknown key"),
        ({"jti": None}, "claims"),
        ({"jti": ""}, "claims"),
        ({"jti": "a" * 256}, "claims"),
        ({"exp": None}, "claims"),
        ({"exp": SECONDS - 10}, "expired"),
        ({"exp": SECONDS + 311}, "valid for too long"),
        ({"exp": str(SECONDS + 60)}, "claims"),
        ({"iat": SECONDS + 11}, "not yet valid"),
        ({"nbf": SECONDS + 11}, "not yet valid"),
    ],
)
def test_should_be_refused_when_a_claim_is_wrong(changes: dict[str, Any], why: str) -> None:
    assert refused(any_assertion(**changes)) == why


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"typ": "at+jwt"}, "type"),
        ({"crit": ["exp"]}, "type"),
        ({"cty": "JWT"}, "type"),
        ({"kid": "nobody"}, "unknown key"),
        ({"kid": "../ec-1"}, "unknown key"),
        ({"jwk": public_jwk("ec-9"), "kid": "ec-9"}, "unknown key"),
        ({"jku": "https://evil.example", "kid": "ec-9"}, "unknown key"),
    ],
)
def test_should_be_refused_when_its_header_is_wrong(headers: dict[str, Any], why: str) -> None:
    assert refused(any_assertion(headers=headers)) == why


def test_should_be_refused_when_another_key_signed() -> None:
    assert refused(any_assertion("ec-9", headers={"kid": "ec-1"})) == "signature"
    assert refused(any_assertion("ec-9", headers={"kid": "ec-1", "jwk": public_jwk("ec-9")})) == (
        "signature"
    )
    assert refused(any_assertion("rsa-1", headers={"kid": "ec-1"})) == "algorithm"


def test_should_be_refused_when_it_is_not_signed_or_signed_with_what_all_know() -> None:
    claims = jwt.decode(any_assertion(), options={"verify_signature": False})
    bare = f"{encode({'alg': 'none', 'kid': 'ec-1'})}.{encode(claims)}."
    assert refused(bare) == "algorithm"
    public = any_key("rsa-1").public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    told = f"{encode({'alg': 'HS256', 'kid': 'rsa-1'})}.{encode(claims)}"
    seal = encode(hmac.digest(pem, told.encode(), "sha256"))
    assert refused(f"{told}.{seal}") == "algorithm"


def test_should_be_refused_when_it_is_a_bearer_token_or_something_else() -> None:
    assert refused(any_token()) in {"claims", "issuer"}
    assert refused("") == "malformed"
    assert refused("a.b.c") == "malformed"
    assert refused("a" * 9000) == "malformed"


def test_should_be_refused_when_the_client_is_suspended() -> None:
    assert refused(any_assertion(), any_client(suspended=True)) == "issuer"
