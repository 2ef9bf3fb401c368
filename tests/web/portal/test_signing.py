"""Signing in: nothing but the provider's answer to this browser's own question opens a session."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from chalicelib.runtime.errors import DomainError
from chalicelib.web.portal import providers
from chalicelib.web.portal.codes import SIGN_IN_BROKEN
from chalicelib.web.portal.sessions import COOKIE, begin_session
from tests.web.issuer import ISSUER, SECONDS, any_token
from tests.web.portal.conftest import CLIENT, SignIn
from tests.web.portal.visitors import Visitor

DISCOVERED = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "end_session_endpoint": f"{ISSUER}/logout",
}


class Issuing:
    """The provider's token endpoint: what it is asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: dict[str, str] = {}
        self.claims: dict[str, object] = {}
        self.access = any_token()

    def __call__(self, _url: str, body: bytes) -> bytes:
        self.asked = {name: texts[0] for name, texts in parse_qs(body.decode()).items()}
        told = {"access_token": self.access, "id_token": jwt.encode(self.claims, "x" * 32)}
        return json.dumps(told).encode()


@pytest.fixture
def issuing() -> Iterator[Issuing]:
    providers.find_provider.cache_clear()
    issuing = Issuing()

    def discover(url: str) -> bytes:
        issuer = url.removesuffix("/.well-known/openid-configuration")
        return json.dumps({**DISCOVERED, "issuer": issuer}).encode()

    with (
        patch.object(providers, "fetch_document", discover),
        patch.object(providers, "_post", issuing),
    ):
        yield issuing
    providers.find_provider.cache_clear()


def begin(visitor: Visitor, issuing: Issuing, address: str = "/sign-in?by=0") -> dict[str, str]:
    """Set out to the provider; what it was asked, and it answers this very question."""
    sent = visitor.get(address)
    assert sent.status == 303
    asked = {
        name: texts[0] for name, texts in parse_qs(urlsplit(sent.headers["Location"]).query).items()
    }
    issuing.claims = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "wang",
        "exp": SECONDS + 60,
        "nonce": asked["nonce"],
    }
    return asked


def come_back(visitor: Visitor, asked: dict[str, str], **changed: str) -> tuple[int, str]:
    """Status, and where one is led or which code is told."""
    told = {"code": "c-1", "state": asked["state"], **changed}
    answer = visitor.get(f"/sign-in/return?{urlencode(told)}")
    code = answer.text.partition("/problems/")[2].partition('"')[0]
    return answer.status, answer.headers.get("Location", code)


def test_a_visitor_is_signed_in_and_led_back(visitor: Visitor, issuing: Issuing) -> None:
    asked = begin(visitor, issuing, "/sign-in?by=0&to=/search%3Fname%3Dab")
    verifier = ""

    assert come_back(visitor, asked) == (303, "/search?name=ab")

    verifier = issuing.asked["code_verifier"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert asked["code_challenge_method"] == "S256"
    assert issuing.asked["redirect_uri"] == asked["redirect_uri"]
    assert visitor.cookies.keys() == {COOKIE}
    assert "王五" in visitor.get("/").text


def test_people_and_staff_choose_their_provider(visitor: Visitor, issuing: Issuing) -> None:
    page = visitor.get("/sign-in?to=/me")
    assert page.status == 200
    assert 'href="/sign-in?to=%2Fme&amp;by=0"' in page.text
    assert 'href="/sign-in?to=%2Fme&amp;by=1"' in page.text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "me", "/\t/evil"]
)
def test_nobody_is_led_to_another_site(visitor: Visitor, issuing: Issuing, elsewhere: str) -> None:
    asked = begin(visitor, issuing, f"/sign-in?{urlencode({'by': 0, 'to': elsewhere})}")
    assert come_back(visitor, asked) == (303, "/ledger")


def _another_state(visitor: Visitor, asked: dict[str, str], _: Issuing) -> None:
    asked["state"] = "guessed"


def _another_browser(visitor: Visitor, asked: dict[str, str], _: Issuing) -> None:
    visitor.cookies.clear()


def _another_cookie(visitor: Visitor, asked: dict[str, str], _: Issuing) -> None:
    visitor.cookies["signing-in"] = begin_session(any_token())


def _no_code(visitor: Visitor, asked: dict[str, str], _: Issuing) -> None:
    asked["code"] = ""


def _claiming(**claims: object) -> Callable[[Visitor, dict[str, str], Issuing], None]:
    return lambda _visitor, _asked, issuing: issuing.claims.update(claims)


@pytest.mark.parametrize(
    "change",
    [
        _another_state,
        _another_browser,
        _another_cookie,
        _no_code,
        _claiming(nonce="another"),
        _claiming(sub="li"),
        _claiming(aud="another-client"),
        _claiming(iss="https://another.example"),
        _claiming(exp=SECONDS - 1),
    ],
)
def test_whatever_does_not_fit_opens_no_session(
    visitor: Visitor,
    issuing: Issuing,
    change: Callable[[Visitor, dict[str, str], Issuing], None],
) -> None:
    asked = begin(visitor, issuing)
    change(visitor, asked, issuing)
    code = asked.pop("code", "c-1")

    assert come_back(visitor, asked, code=code) == (401, "E-PORTAL-02")
    assert COOKIE not in visitor.cookies


def test_a_token_that_is_refused_opens_no_session(visitor: Visitor, issuing: Issuing) -> None:
    issuing.access = any_token(exp=SECONDS - 60)
    asked = begin(visitor, issuing)
    assert come_back(visitor, asked) == (401, "E-AUTH-04")
    assert COOKIE not in visitor.cookies


def test_a_token_that_no_cookie_can_hold_is_told(visitor: Visitor, issuing: Issuing) -> None:
    issuing.access = any_token(more="x" * 4000)
    asked = begin(visitor, issuing)
    assert come_back(visitor, asked) == (503, "E-PORTAL-03")


def test_whoever_signs_out_is_nobody(sign_in: SignIn, issuing: Issuing) -> None:
    visitor = sign_in("operator")
    visitor.get("/")

    left = visitor.post("/sign-out", {})

    assert (left.status, left.headers["Location"]) == (303, "/signed-out")
    assert COOKIE not in visitor.cookies
    assert f"{ISSUER}/logout" in visitor.get("/signed-out").text


def test_a_provider_that_is_another_is_not_believed(issuing: Issuing) -> None:
    issuing.claims = {}
    with (
        patch.object(providers, "fetch_document", lambda _: json.dumps(DISCOVERED).encode()),
        pytest.raises(DomainError) as refused,
    ):
        providers.find_provider("https://other.example")
    assert refused.value.code.id == "E-AUTH-03"


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "a.e30.c"])
def test_an_id_token_that_cannot_be_read_is_refused(token: str) -> None:
    with pytest.raises(DomainError) as refused:
        providers.read_id_token(token)
    assert refused.value.code is SIGN_IN_BROKEN
