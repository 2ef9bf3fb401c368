"""Errors, whoever tells them: the API, API Gateway before it, the stores behind it."""

import json
from typing import Any

import pytest

from tests.e2e.asking import Answer, request
from tests.e2e.contract import check_answer, check_headers, document
from tests.e2e.system import System

pytestmark = pytest.mark.deployed

_LOOKUP = "/v1/archives/lookup"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/v1/nowhere"),
        ("GET", "/v1/uploads/a/b/c"),
        ("DELETE", "/v1/catalogue"),
        ("PUT", "/v1/health"),
        ("POST", "/v1/archives/91329900MA99010396"),
    ],
)
def test_should_say_that_nothing_is_there_when_no_route_is(
    system: System, method: str, path: str
) -> None:
    system.nobody.ask(method, path).refused(404, "E-HTTP-04")
    system.operator.ask(method, path).refused(404, "E-HTTP-04")


def _post(system: System, content: bytes, media_type: str = "application/json") -> Answer:
    token = f"Bearer {system.stack.token('operator')}"
    headers = {"Content-Type": media_type, "Authorization": token}
    answer = request("POST", system.stack.url + _LOOKUP, content, headers)
    check_answer("POST", _LOOKUP, answer.status, answer.headers, answer.content)
    return answer


def test_should_say_what_is_wrong_when_a_body_is_not_in_order(system: System) -> None:
    good = {"paper_kind": "护照号", "paper_number": "E00000000"}
    _post(system, b"{").refused(400, "E-HTTP-01")
    _post(system, b"\xff").refused(400, "E-HTTP-01")
    _post(system, b"").refused(400, "E-HTTP-01")
    _post(system, b'{"paper_kind": NaN}').refused(400, "E-HTTP-01")
    _post(system, json.dumps({**good, "x": "y" * 65536}).encode()).refused(413, "E-HTTP-02")
    _post(system, bytes(11 << 20)).refused(413, "E-HTTP-02")
    _post(system, json.dumps(good).encode(), "text/plain").refused(415, "E-HTTP-03")
    wrong = {"paper_kind": "", "colour": "red"}
    problem = system.operator.post(_LOOKUP, wrong).refused(422, "E-HTTP-07")
    places = {(each["pointer"], each["code"]) for each in problem["errors"]}
    expected = {("/paper_kind", "E-INPUT-03"), ("/paper_number", "E-INPUT-01")}
    assert places == {*expected, ("/colour", "E-INPUT-02")}


def test_should_not_repeat_a_paper_number_when_it_is_wrong(system: System) -> None:
    number = system.invent.person().number
    wrong = number[:16] + ("1" if number[16] != "1" else "2") + number[17:]
    told = {"paper_kind": "身份证", "paper_number": wrong}
    answer = system.operator.post(_LOOKUP, told, X_Query_Purpose="window_service")
    [error] = answer.refused(422, "E-PAPER-02")["errors"]
    assert error["pointer"] == "/paper_number"
    assert wrong not in answer.content.decode()


def test_should_speak_the_language_that_is_asked_for_when_it_refuses(system: System) -> None:
    for language, title, tag in (("en", "Not found", "en"), ("zh-CN", "未找到", "zh-CN")):
        path = "/v1/organisations/91329900MA99010396"
        answer = system.nobody.get(path, Accept_Language=language)
        assert answer.refused(404, "E-PUBLIC-01")["title"] == title
        assert answer.headers["content-language"] == tag


def test_should_explain_every_code_when_a_problem_is_followed(system: System) -> None:
    told = system.nobody.get("/v1/archives/91329900MA99010396").of(401)
    explained = system.nobody.get(told["type"]).of(200)
    assert explained["code"] == told["code"]
    system.nobody.get("/problems/E-NONE-99").refused(404, "E-HTTP-09")


def test_should_send_the_same_headers_when_it_answers_anything(system: System) -> None:
    for answer in (
        system.nobody.get("/v1/health"),
        system.nobody.get("/v1/organisations/1"),
        system.operator.get("/v1/providers"),
        system.operator.post(_LOOKUP, {}),
    ):
        check_headers(answer.headers)


def test_should_describe_itself_as_committed_when_asked(system: System) -> None:
    described: dict[str, Any] = system.nobody.get("/v1/openapi.json").of(200)
    assert described == document()
