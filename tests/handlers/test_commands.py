"""Commands, sign-in and the API through the functions that Lambda calls; no number is logged."""

from typing import Any

import pytest

import app
from chalicelib.collection.erasure import Round
from chalicelib.disclosure.publication.store import Publication
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identities import find_people
from chalicelib.web import signing_in
from chalicelib.web.authentication import Unauthorized
from tests.collection import persons
from tests.collection.files import id_number
from tests.collection.persons import FORMS, NAME, OTHER_NUMBER, PAPER
from tests.disclosure.archives import register, say
from tests.handlers import door
from tests.handlers.events import invoke
from tests.web.events import ask, signed_in
from tests.web.issuer import any_token, any_trust

pytestmark = pytest.mark.usefixtures("aws")

ORDER = {"paper_kind": "身份证", "paper_number": PAPER.number, "name": NAME}


def token_event(number: str, **changes: Any) -> dict[str, Any]:
    """What API Gateway asks the authorizer about the holder of a paper."""
    claims: dict[str, Any] = {
        "role": "subject",
        "organisation": None,
        "paper_kind": "id",
        "paper_number": number,
        **changes,
    }
    return {
        "type": "TOKEN",
        "authorizationToken": f"Bearer {any_token(**claims)}",
        "methodArn": "arn:aws-cn:execute-api:cn-north-1:000000000000:abcdef1234/api/GET/v1/x",
    }


def sign_in(number: str) -> dict[str, Any]:
    """What the authorizer hands on about the holder of a paper."""
    context: dict[str, Any] = invoke(app.authenticate, token_event(number))["context"]
    return context


@pytest.fixture(autouse=True)
def _issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "trusted", any_trust)


def test_views_are_made_anew_in_parts() -> None:
    register("清江桃溪食品有限公司")
    say()

    assert invoke(app.rebuild, {}) == {"records": 2, "start": None}
    assert invoke(app.rebuild, {"segment": 1, "segments": 2})["start"] is None
    assert len(list(Publication.scan())) == 2


def test_a_person_is_erased_in_parts_and_signs_in_as_nobody() -> None:
    persons.receive_files("subject and representative", "name only")
    subject = persons.person_of().subject
    assert sign_in(PAPER.number)["person"] == subject

    parts = list(persons.erased_parts(lambda event: invoke(app.erase, event), ORDER))

    assert [part["after"] and part["after"]["round"] for part in parts] == [
        Round.NAMES,
        Round.PAPERS,
        None,
    ]
    assert [part["records"] for part in parts] == [0, 1, 2]
    assert persons.traces((*FORMS, NAME)) == []
    assert "person" not in sign_in(PAPER.number)


@pytest.mark.parametrize(
    "wrong", [{"paper_number": id_number(3)[:-1] + "?"}, {"paper_kind": "学生证"}, {"surplus": "1"}]
)
def test_an_order_that_cannot_be_is_refused_without_repeating_the_number(
    wrong: dict[str, str],
) -> None:
    with pytest.raises((DomainError, ValueError)):
        invoke(app.erase, {**ORDER, **wrong})


@pytest.mark.parametrize(
    "claims",
    [{"paper_kind": None}, {"exp": 1}, {"role": "emperor"}, {"aud": "other"}],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_is_not_accepted_tells_no_number(claims: dict[str, object]) -> None:
    with pytest.raises(Unauthorized):
        invoke(app.authenticate, token_event(OTHER_NUMBER, **claims))


def test_the_way_of_a_person_through_the_api_tells_no_number_but_in_the_answer() -> None:
    persons.receive_files("subject and representative")
    subject = door.find_archive("身份证", PAPER.number).json["subject"]
    own = signed_in("subject", person=subject)

    assert door.query_archive(subject, own).status == 200
    assert door.query_archive(subject).status == 200
    assert door.issue_report(subject).status == 201
    assert (
        ask(
            app.app,
            "GET",
            "/v1/archives/{subject}/queries",
            path={"subject": subject},
            caller=own,
        ).status
        == 200
    )
    assert door.read_organisation(subject).status == 404
    assert find_people([PAPER])[PAPER].subject == subject


@pytest.mark.parametrize(
    ("kind", "number", "status"),
    [
        ("身份证", OTHER_NUMBER, 404),
        ("身份证", OTHER_NUMBER[:-1] + "?", 422),
        ("学生证", OTHER_NUMBER, 422),
        ("护照", "E00000001", 404),
    ],
)
def test_a_paper_nobody_is_known_under_is_not_repeated(kind: str, number: str, status: int) -> None:
    answer = door.find_archive(kind, number)

    assert answer.status == status
    assert number not in answer.text


def test_a_failure_of_the_api_is_answered_and_logged_without_its_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(PAPER)

    monkeypatch.setattr("chalicelib.web.api.archives.find_people", fail)
    answer = door.find_archive("身份证", PAPER.number)

    assert (answer.status, answer.json["code"]) == (500, "E-HTTP-06")
