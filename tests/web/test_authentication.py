"""The authorizer, from its event to the caller that a route sees."""

import json
from datetime import timedelta

import pytest
from chalice.app import AuthRequest, AuthResponse

from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.web import codes
from chalicelib.web.authentication import Unauthorized, authenticate
from chalicelib.web.callers import Caller, Role, caller_from
from chalicelib.web.tokens import LEEWAY
from tests.web.conftest import Lines
from tests.web.events import NOW
from tests.web.issuer import Published, any_token, any_trust
from tests.web.test_tokens import ID_NUMBER

ARN = "arn:aws-cn:execute-api:cn-north-1:000000000000:abcdef1234/api/GET/v1/uploads/1"
PERSON = "P" + "A" * 26


def ask(header: str, published: Published | None = None) -> tuple[AuthResponse, AuthRequest]:
    """What the authorizer answers to an Authorization header."""
    event = AuthRequest("TOKEN", header, ARN)
    people = {Paper(PaperKind.ID_NUMBER, ID_NUMBER): PERSON}
    answer = authenticate(
        event,
        trust=any_trust(published),
        now=NOW,
        resolve_person=people.get,
    )
    return answer, event


def test_should_allow_the_whole_api_when_the_token_is_good() -> None:
    answer, event = ask(f"Bearer {any_token()}")
    (statement,) = answer.to_dict(event)["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == [
        "arn:aws-cn:execute-api:cn-north-1:000000000000:abcdef1234/api/*/*"
    ]


def test_should_hand_on_text_that_makes_the_same_caller_when_the_token_is_good() -> None:
    answer, event = ask(f"bearer  {any_token()}")
    context = answer.to_dict(event)["context"]
    assert all(isinstance(value, str) for value in context.values())
    assert caller_from({"authorizer": {**context, "principalId": "wang"}}, NOW) == Caller(
        role=Role.OPERATOR, sub="wang", organisation="113200000140000003", name="王五"
    )


@pytest.mark.parametrize(("number", "person"), [(ID_NUMBER, PERSON), ("110101198001010037", None)])
def test_should_hand_on_the_subject_key_and_no_paper_when_a_person_signs_in(
    number: str, person: str | None
) -> None:
    token = any_token(role="subject", organisation=None, paper_kind="id", paper_number=number)
    answer, event = ask(f"Bearer {token}")
    told = answer.to_dict(event)
    assert number not in json.dumps(told)
    assert caller_from({"authorizer": told["context"]}, NOW) == Caller(
        role=Role.SUBJECT, sub="wang", name="王五", person=person
    )


def test_should_end_with_the_token_when_its_policy_is_cached() -> None:
    answer, event = ask(f"Bearer {any_token()}")
    handed = {"authorizer": answer.to_dict(event)["context"]}
    end = NOW + timedelta(seconds=600) + LEEWAY
    assert caller_from(handed, end - timedelta(seconds=1)).sub == "wang"
    with pytest.raises(DomainError) as refusal:
        caller_from(handed, end)
    assert refusal.value.code is codes.SIGN_IN


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "malformed"),
        ("Bearer", "malformed"),
        ("Basic d2FuZzp3YW5n", "malformed"),
        (f"Bearer {any_token(exp=1)}", "expired"),
        (f"Bearer {any_token('rsa-9')}", "unknown key"),
        (f"Bearer {any_token(role='emperor')}", "claims"),
    ],
)
def test_should_say_unauthorized_in_the_word_that_the_gateway_knows_when_refusing(
    logged: Lines, header: str, reason: str
) -> None:
    with pytest.raises(Unauthorized, match=r"\AUnauthorized\Z"):
        ask(header)
    (line,) = logged()
    assert (line["code"], line["reason"]) == ("TOKEN_REFUSED", reason)
    assert header == "" or header not in json.dumps(line)


def test_should_not_call_it_unauthorized_when_the_keys_cannot_be_had() -> None:
    published = Published(failure=DomainError(codes.KEYS_UNAVAILABLE))
    with pytest.raises(DomainError):
        ask(f"Bearer {any_token()}", published)
