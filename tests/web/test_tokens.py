"""Tokens: what is accepted, and why everything else is not."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.web import codes
from chalicelib.web.callers import Role
from chalicelib.web.tokens import LEEWAY, Identity, verify
from tests.web.events import NOW
from tests.web.issuer import (
    AUDIENCE,
    ISSUER,
    PEOPLE,
    SECONDS,
    Published,
    any_claims,
    any_key,
    any_token,
    any_trust,
    public_jwk,
)

ID_NUMBER = "11010119900307109X"
KEYS = Published([public_jwk("rsa-1"), public_jwk("ec-1")])


def check(token: str, later: timedelta = timedelta()) -> Identity:
    """Verify a token some time after it was made."""
    return verify(token, trust=any_trust(KEYS), now=NOW + later)


def reason(token: str, later: timedelta = timedelta()) -> str:
    """Why a token is refused."""
    with pytest.raises(DomainError) as refusal:
        check(token, later)
    assert refusal.value.code is codes.TOKEN_REFUSED
    return str(refusal.value.values["reason"])


@pytest.mark.parametrize("key", ["rsa-1", "ec-1"])
def test_should_tell_whom_it_speaks_for_when_a_token_is_good(key: str) -> None:
    assert check(any_token(key)) == Identity(
        sub="wang",
        role=Role.OPERATOR,
        expires=SECONDS + 600 + LEEWAY.seconds,
        organisation="113200000140000003",
        name="王五",
        paper=None,
    )


def test_should_accept_one_audience_of_several_when_ours_is_among_them() -> None:
    assert check(any_token(aud=["other", AUDIENCE])).sub == "wang"


def test_should_read_the_paper_and_never_show_it_when_a_person_signs_in() -> None:
    token = any_token(
        role="subject", organisation=None, paper_kind="id", paper_number=ID_NUMBER.lower()
    )
    identity = check(token)
    assert identity.paper == Paper(PaperKind.ID_NUMBER, ID_NUMBER)
    assert ID_NUMBER not in repr(identity)
    assert "王五" not in repr(identity)


def test_should_allow_for_clocks_when_they_differ_a_little() -> None:
    end = timedelta(seconds=600)
    check(any_token(), end + LEEWAY - timedelta(seconds=1))
    assert reason(any_token(), end + LEEWAY) == "expired"
    check(any_token(iat=SECONDS + LEEWAY.seconds))
    assert reason(any_token(iat=SECONDS + LEEWAY.seconds + 1)) == "not yet valid"
    check(any_token(nbf=SECONDS + LEEWAY.seconds))
    assert reason(any_token(nbf=SECONDS + LEEWAY.seconds + 1)) == "not yet valid"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": ["other"]}, "audience"),
        ({"aud": None}, "claims"),
        ({"sub": None}, "claims"),
        ({"sub": ""}, "claims"),
        ({"sub": "a\nb"}, "claims"),
        ({"sub": "a\n"}, "claims"),
        ({"sub": "a" * 256}, "claims"),
        ({"exp": None}, "claims"),
        ({"exp": float("nan")}, "malformed"),
        ({"exp": float("inf")}, "malformed"),
        ({"exp": str(SECONDS + 600)}, "claims"),
        ({"exp": True}, "claims"),
        ({"iat": None}, "claims"),
        ({"nbf": "soon"}, "claims"),
        ({"role": None}, "claims"),
        ({"role": "emperor"}, "claims"),
        ({"role": "public"}, "role"),
        ({"role": ["operator"]}, "claims"),
        ({"role": "provider", "organisation": None}, "claims"),
        ({"organisation": ""}, "claims"),
        ({"organisation": "11320000014000000A"}, "claims"),
        ({"role": "subject", "iss": ISSUER}, "role"),
        ({"role": "operator", "iss": PEOPLE}, "role"),
        ({"exp": SECONDS + 3601}, "valid for too long"),
        ({"iat": SECONDS - 3001}, "valid for too long"),
        ({"paper_kind": "id"}, "claims"),
        ({"paper_number": ID_NUMBER}, "claims"),
        ({"paper_kind": "card", "paper_number": ID_NUMBER}, "claims"),
        ({"paper_kind": "id", "paper_number": "110101199003071090"}, "claims"),
    ],
)
def test_should_be_refused_when_a_claim_is_wrong(changes: dict[str, Any], why: str) -> None:
    assert reason(any_token(**changes)) == why


def test_should_be_refused_when_another_key_signed() -> None:
    foreign = jwt.encode(any_claims(), any_key("rsa-9"), "RS256", headers={"kid": "rsa-1"})
    assert reason(foreign) == "signature"
    assert reason(any_token("rsa-9")) == "unknown key"


@pytest.mark.parametrize("kid", [None, 1, ["rsa-1"], "rsa-1/../ec-1", ""])
def test_should_be_refused_when_the_key_id_is_not_one_of_the_issuers(kid: object) -> None:
    header = {"alg": "RS256", "typ": "JWT", **({} if kid is None else {"kid": kid})}
    _, payload, signature = any_token().split(".")
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    assert reason(f"{encoded}.{payload}.{signature}") in {"unknown key", "malformed"}


def test_should_be_refused_when_the_algorithm_is_none_or_shared() -> None:
    unsigned = jwt.encode(any_claims(), "", "none", headers={"kid": "rsa-1"})
    assert reason(unsigned) == "algorithm"
    assert reason(any_token("p384-1", headers={"kid": "ec-1"})) == "algorithm"
    assert reason(_sign_with_the_public_key()) == "algorithm"


def test_should_be_refused_when_a_key_is_used_with_the_other_algorithm() -> None:
    assert reason(any_token("ec-1", headers={"kid": "rsa-1"})) == "algorithm"
    assert reason(any_token("rsa-1", headers={"kid": "ec-1"})) == "algorithm"


def _sign_with_the_public_key() -> str:
    """The classic confusion: HS256 with the RSA public key's text as the secret."""
    import hashlib
    import hmac

    public = any_key("rsa-1").public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    parts = ({"alg": "HS256", "kid": "rsa-1"}, any_claims())
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    seal = hmac.new(pem, b".".join(texts), hashlib.sha256).digest()
    return b".".join([*texts, base64.urlsafe_b64encode(seal).rstrip(b"=")]).decode()


def test_should_be_refused_when_a_token_is_changed_anywhere() -> None:
    token = any_token()
    header, payload, signature = token.split(".")
    claims = {**any_claims(), "role": "supervisor"}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert reason(f"{header}.{forged}.{signature}") == "signature"
    assert reason(f"{header}.{payload}.") == "signature"
    assert reason(f"{header}.{payload}") == "malformed"


@pytest.mark.parametrize(
    "headers",
    [
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"cty": "JWT"},
        {"enc": "A256GCM"},
        {"zip": "DEF"},
        {"typ": "logout+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": ""},
    ],
)
def test_should_be_refused_when_it_is_another_kind_of_token(headers: dict[str, Any]) -> None:
    assert reason(_sign({"alg": "RS256", "kid": "rsa-1", **headers})) == "type"


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt", None])
def test_should_be_accepted_when_its_type_is_one_of_ours(typ: str | None) -> None:
    headers = {"alg": "RS256", "kid": "rsa-1", **({} if typ is None else {"typ": typ})}
    assert check(_sign(headers)).sub == "wang"


@pytest.mark.parametrize(
    "headers",
    [
        {"jwk": public_jwk("rsa-9")},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
        {"x5c": ["MIIB"]},
        {"kid": "../../../dev/null"},
        {"kid": "rsa-1' OR '1'='1"},
    ],
)
def test_should_never_look_at_a_key_that_comes_with_it(headers: dict[str, Any]) -> None:
    own = {"alg": "RS256", "kid": "rsa-1", **headers}
    assert reason(_sign(own, key="rsa-9")) in {"signature", "unknown key"}


def test_should_be_refused_when_another_issuers_key_signed() -> None:
    people = Published([public_jwk("rsa-2")])
    trust = {**any_trust(KEYS), PEOPLE: any_trust(people)[PEOPLE]}
    assert verify(any_token(), trust=trust, now=NOW).role is Role.OPERATOR
    assert verify(any_token("rsa-2", role="subject"), trust=trust, now=NOW).role is Role.SUBJECT
    for token in (any_token("rsa-2"), any_token("rsa-1", role="subject")):
        with pytest.raises(DomainError) as refusal:
            verify(token, trust=trust, now=NOW)
        assert refusal.value.values["reason"] == "unknown key"


@pytest.mark.parametrize(
    "payload",
    [
        '{"role": "subject", %s',
        '{"role": "operator", %s',
        '{"iss": "https://evil.example", %s',
        "[%s]",
        '"%s"',
        "%s" + "[" * 4000,
    ],
)
def test_should_be_refused_when_a_claim_stands_twice_or_it_holds_none(payload: str) -> None:
    told = payload % json.dumps(any_claims())[1:]
    assert reason(_sign({"alg": "RS256", "kid": "rsa-1"}, told.encode())) == "malformed"


def test_should_be_refused_when_a_header_stands_twice() -> None:
    header = b'{"alg": "none", "kid": "rsa-1", "alg": "RS256"}'
    assert reason(_sign(header)) == "malformed"


def test_should_be_refused_when_a_token_is_wrapped_in_another() -> None:
    assert reason(_sign({"alg": "RS256", "kid": "rsa-1"}, any_token().encode())) == "malformed"


def _sign(header: dict[str, Any] | bytes, payload: bytes | None = None, key: str = "rsa-1") -> str:
    """A token signed over exactly this header and payload."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    body = json.dumps(any_claims()).encode() if payload is None else payload
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (head, body))
    private: Any = any_key(key)
    rsa = jwt.algorithms.RSAAlgorithm
    seal = rsa(rsa.SHA256).sign(signed, private)
    return b".".join([signed, base64.urlsafe_b64encode(seal).rstrip(b"=")]).decode()


def test_should_be_refused_when_it_is_too_long() -> None:
    assert reason(any_token(extra="a" * 9000)) == "malformed"


def test_should_tell_unavailability_apart_when_keys_cannot_be_had() -> None:
    published = Published(failure=DomainError(codes.KEYS_UNAVAILABLE))
    with pytest.raises(DomainError) as refusal:
        verify(any_token(), trust=any_trust(published), now=NOW)
    assert refusal.value.code is codes.KEYS_UNAVAILABLE


@given(st.text() | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*", fullmatch=True))
def test_should_be_refused_when_it_is_anything_else(token: str) -> None:
    assert reason(token) == "malformed"
