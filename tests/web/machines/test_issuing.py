"""Machines sign in: from a registered key to a token that opens what its scopes name."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import jwt
import pytest
from chalice.app import AuthRequest

import app
from chalicelib.web import signing_in
from chalicelib.web.authentication import Unauthorized
from chalicelib.web.callers import MACHINES, Caller, Role, caller_from
from chalicelib.web.machines import keys
from chalicelib.web.machines.clients import MachineRole
from chalicelib.web.machines.issuing import own_issuer
from chalicelib.web.scopes import Scope
from tests.aws import emulated_aws
from tests.handlers.events import clock_at
from tests.web.conftest import Lines
from tests.web.events import NOW, Answered, ask
from tests.web.machines.machine import (
    CODE,
    OPERATOR,
    URL,
    any_assertion,
    any_jwk,
    register,
    request_token,
    send_form,
)

ARN = "arn:aws-cn:execute-api:cn-north-1:000000000000:abcdef1234/api/GET/v1/uploads"


@pytest.fixture(scope="module", autouse=True)
def _account() -> Iterator[None]:
    with emulated_aws(), clock_at(NOW):
        assert register().status == 200
        yield


@pytest.fixture(autouse=True)
def _fresh() -> None:
    signing_in.trusted.cache_clear()
    keys.private_key.cache_clear()


def give(assertion: str | None = None, **changes: Any) -> dict[str, Any]:
    """The token that is given."""
    answer = request_token(assertion, **changes)
    assert answer.status == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.json
    return told


def sign_in(token: str) -> Caller:
    """The caller that the routes see whoever shows this token."""
    event = AuthRequest("TOKEN", f"Bearer {token}", ARN)
    context = signing_in.admit(event, NOW).to_dict(event)["context"]
    return caller_from({"authorizer": context}, NOW)


def error_of(answer: Answered, status: int) -> str:
    """The error of RFC 6749 §5.2."""
    assert answer.status == status, answer.text
    error: str = answer.json["error"]
    return error


def test_should_be_what_it_is_registered_as_when_a_machine_signs_in() -> None:
    told = give()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 600)
    assert told["scope"] == "queries uploads"
    assert sign_in(told["access_token"]) == Caller(
        role=Role.PROVIDER,
        sub="exchange",
        organisation=CODE,
        name="清江市数据交换平台",
        scopes=frozenset({Scope.UPLOADS, Scope.QUERIES}),
    )


def test_should_hold_only_the_scopes_asked_for_when_it_asks_for_less() -> None:
    told = give(scope="uploads")
    assert told["scope"] == "uploads"
    assert sign_in(told["access_token"]).scopes == frozenset({Scope.UPLOADS})
    for scope in ("reports", "uploads reports", "uploads admin", "uploads  queries", " "):
        assert error_of(request_token(scope=scope), 400) == "invalid_scope"


def test_should_open_only_what_its_scope_names_when_it_asks() -> None:
    token = give(scope="uploads")["access_token"]
    event = AuthRequest("TOKEN", f"Bearer {token}", ARN)
    caller = signing_in.admit(event, NOW).to_dict(event)["context"]
    assert ask(app.app, "GET", "/v1/uploads", caller=caller).status == 200
    refused = ask(app.app, "GET", "/v1/providers", caller=caller)
    assert (refused.status, refused.json["code"]) == (403, "E-AUTH-02")
    queries = give(scope="queries")["access_token"]
    event = AuthRequest("TOKEN", f"Bearer {queries}", ARN)
    caller = signing_in.admit(event, NOW).to_dict(event)["context"]
    refused = ask(app.app, "GET", "/v1/uploads", caller=caller)
    assert (refused.status, refused.json["code"]) == (403, "E-AUTH-05")
    assert 'scope="uploads"' in refused.headers["WWW-Authenticate"]


def test_should_be_given_one_token_when_an_assertion_is_shown_twice(logged: Lines) -> None:
    assertion = any_assertion(jti="once")
    give(assertion)
    assert error_of(request_token(assertion), 401) == "invalid_client"
    assert error_of(request_token(any_assertion("rsa-1", jti="once")), 401) == "invalid_client"
    refused = [line for line in logged() if line["code"] == "CLIENT_REFUSED"]
    assert [line["reason"] for line in refused] == ["used before"] * 2
    register("second", keys=[any_jwk("ec-2")])
    give(any_assertion("ec-2", iss="second", sub="second", jti="once"))


def test_should_tell_nothing_when_a_client_is_refused() -> None:
    answers = {
        request_token(any_assertion(iss="nobody", sub="nobody")).text,
        request_token(any_assertion("ec-9")).text,
        request_token(any_assertion(exp=1)).text,
        request_token(client_id="another").text,
        request_token("a.b.c").text,
    }
    assert len(answers) == 1
    assert error_of(request_token("a.b.c"), 401) == "invalid_client"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"client_assertion_type": "urn:ietf:params:oauth:grant-type:saml2"}, "invalid_request"),
        ({"client_assertion_type": None}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
    ],
)
def test_should_say_what_it_wants_when_asked_otherwise(changes: dict[str, Any], error: str) -> None:
    assert error_of(request_token(**changes), 400) == error


def test_should_take_forms_alone_and_let_be_what_it_does_not_know() -> None:
    assert give(resource="x", client_secret="y")["expires_in"] == 600
    assert send_form("{}", "application/json").json["code"] == "E-HTTP-03"
    assert send_form("scope=a&scope=b").json["code"] == "E-HTTP-07"
    for body in ("a", "grant_type=%ff", "&".join(f"a{n}=1" for n in range(60))):
        assert send_form(body).json["code"] == "E-HTTP-01"
    assert send_form(f"client_assertion={'a' * 9000}").json["code"] == "E-HTTP-07"
    assert send_form(f"a={'a' * 70_000}").json["code"] == "E-HTTP-02"
    assert error_of(send_form(""), 400) == "unsupported_grant_type"


def test_should_get_no_token_more_from_the_moment_when_it_is_suspended() -> None:
    register("leaving")
    asked: dict[str, Any] = {"iss": "leaving", "sub": "leaving"}
    token = give(any_assertion(**asked))["access_token"]
    register("leaving", suspended=True)
    assert error_of(request_token(any_assertion(**asked)), 401) == "invalid_client"
    assert sign_in(token).sub == "leaving", "what it holds ends by itself, in ten minutes at most"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"role": "operator"}, "E-INPUT-03", "/role"),
        ({"role": "subject"}, "E-INPUT-03", "/role"),
        ({"scopes": []}, "E-INPUT-03", "/scopes"),
        ({"scopes": ["everything"]}, "E-INPUT-03", "/scopes/0"),
        ({"keys": []}, "E-INPUT-03", "/keys"),
        ({"keys": [{**any_jwk("ec-1"), "d": "AQAB"}]}, "E-INPUT-02", "/keys/0/d"),
        ({"keys": [any_jwk("ec-1")] * 2}, "E-CLIENT-01", "/keys/1"),
        ({"keys": [any_jwk("short-1")]}, "E-CLIENT-01", "/keys/0"),
        ({"keys": [{"kty": "oct", "kid": "1", "k": "AQAB"}]}, "E-INPUT-03", "/keys/0/kty"),
        ({"keys": [{"kty": "RSA", "kid": "1"}]}, "E-CLIENT-01", "/keys/0"),
        ({"organisation": "113200000140000004"}, "E-CLIENT-02", "/organisation"),
        ({"secret": "x"}, "E-INPUT-02", "/secret"),
    ],
)
def test_should_not_be_registered_when_something_is_wrong(
    changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = register("wrong", **changes)
    assert answer.status == 422
    assert (code, pointer) in {(each["code"], each["pointer"]) for each in answer.json["errors"]}
    assert "wrong" not in _list_clients()


def test_should_be_listed_when_registered() -> None:
    register("third", role="agency", scopes=["reports", "queries", "reports"])
    shown = _list_clients()["third"]
    assert (shown["role"], shown["scopes"]) == ("agency", ["queries", "reports"])
    assert [key["kid"] for key in shown["keys"]] == ["ec-1", "rsa-1"]


def _list_clients() -> dict[str, Any]:
    answer = ask(app.app, "GET", "/v1/clients", caller=OPERATOR)
    return {each["id"]: each for each in answer.json["clients"]}


def test_should_publish_what_verifies_its_tokens_when_asked() -> None:
    token = give()["access_token"]
    metadata = ask(app.app, "GET", "/.well-known/oauth-authorization-server").json
    assert metadata["issuer"] == URL
    assert metadata["token_endpoint"] == f"{URL}/v1/token"
    published = ask(app.app, "GET", metadata["jwks_uri"].removeprefix(URL)).json["keys"]
    assert not any({"d", "p", "q", "k"} & key.keys() for key in published)
    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [jwt.PyJWK(key) for key in published if key["kid"] == kid]
    options: Any = {"verify_exp": False, "verify_iat": False}
    assert jwt.decode(token, key, ["ES256"], audience=URL, issuer=URL, options=options)


def test_should_sign_with_a_new_key_when_the_old_one_was_given_up() -> None:
    before = give()["access_token"]
    with clock_at(NOW + timedelta(seconds=1)):
        changed = _change_key(distrust=False)
    assert not changed[-1]["distrusted"]
    assert sign_in(before).sub == "exchange"
    after = give()["access_token"]
    assert jwt.get_unverified_header(after) == jwt.get_unverified_header(before), "known first"
    with clock_at(NOW + timedelta(seconds=2)):
        changed = _change_key(distrust=True)
    assert [bool(key["distrusted"]) for key in changed] == [True] * (len(changed) - 1) + [False]
    signing_in.trusted.cache_clear()
    with pytest.raises(Unauthorized):
        sign_in(before)
    assert sign_in(give()["access_token"]).sub == "exchange"


def _change_key(*, distrust: bool) -> list[dict[str, Any]]:
    body = json.dumps({"reason": "演练", "distrust": distrust})
    headers = {"Content-Type": "application/json"}
    answer = ask(app.app, "POST", "/v1/signing-keys", headers=headers, body=body, caller=OPERATOR)
    assert answer.status == 201
    told: list[dict[str, Any]] = answer.json["keys"]
    return told


def test_should_rotate_by_itself_when_a_month_is_over() -> None:
    later = NOW + timedelta(seconds=2) + keys.ROTATED_AFTER
    kid = keys.current(NOW).kid
    assert keys.current(later).kid == kid
    assert keys.current(later + keys.PUBLISHED_BEFORE).kid != kid


def test_should_be_refused_when_a_token_says_more_than_this_system_signs() -> None:
    key = keys.current(NOW)
    good = jwt.decode(give()["access_token"], options={"verify_signature": False})
    private = keys.private_key(key.kid)

    def sign(**changed: Any) -> str:
        headers = {"kid": key.kid, "typ": "at+jwt"}
        return jwt.encode({**good, **changed}, private, "ES256", headers)

    assert sign_in(sign()).sub == "exchange"
    for changed in (
        {"role": "operator"},
        {"role": "subject"},
        {"aud": "credit"},
        {"exp": good["iat"] + 601},
        {"scope": 1},
    ):
        with pytest.raises(Unauthorized):
            sign_in(sign(**changed))
    plain = jwt.encode(good, private, "ES256", {"kid": key.kid})
    with pytest.raises(Unauthorized):
        sign_in(plain)


def test_should_vouch_for_machines_alone_when_it_is_its_own_issuer() -> None:
    assert own_issuer(URL).roles == MACHINES == {Role(name) for name in get_args(MachineRole)}
    assert timedelta(minutes=own_issuer(URL).longest_minutes) == keys.TOKEN_LIFE
