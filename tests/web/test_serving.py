"""A route from event to answer: strictness, roles, answers, problems, headers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice.test import Client
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.runtime.errors import Code
from chalicelib.web import codes, problems
from chalicelib.web.app import SECURITY_HEADERS, CreditApp
from chalicelib.web.callers import Role
from tests.web import tiny
from tests.web.conftest import Lines
from tests.web.events import NOW, REQUEST_ID, LambdaContext, any_event, ask, post, signed_in

PROVIDER = signed_in("provider", organisation="91320500MA1ABCDE5X")
APP = tiny.build_app()
THING = {"name": "cup", "kind": "round"}


def pointers(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """The faults of a problem document: code by pointer."""
    return {fault["pointer"]: fault["code"] for fault in answer["errors"]}


def test_should_answer_typed_values_when_all_is_well(app: CreditApp) -> None:
    answer = post(app, "/v1/things", {**THING, "price": "0.10"}, caller=PROVIDER)
    assert answer.status == 201
    assert answer.json == {
        "name": "cup",
        "price": "0.10",
        "made": "2026-11-22T12:00:00+08:00",
        "maker": "91320500MA1ABCDE5X",
    }
    assert answer.headers["Location"] == "/v1/things/cup"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Request-Id"] == REQUEST_ID


def test_should_read_path_query_and_headers_when_asked(app: CreditApp) -> None:
    answer = ask(
        app,
        "GET",
        "/v1/things/{name}",
        path={"name": "%E4%B8%AD%2Fa%2525"},
        query={"limit": ["5"], "kind": ["round", "square"], "since": ["2026-01-01"]},
        headers={"X-Query-Purpose": "lend"},
        caller=signed_in("operator"),
    )
    assert answer.status == 200
    assert answer.json["name"] == "中/a%25"
    assert (answer.json["limit"], answer.json["kinds"]) == (5, ["round", "square"])
    assert answer.json["purpose"] == "lend"
    assert answer.json["things"][0]["made"] == "2026-11-22T12:00:00+08:00"


def test_should_answer_nothing_when_nothing_is_promised(app: CreditApp) -> None:
    answer = ask(
        app, "DELETE", "/v1/things/{name}", path={"name": "a"}, caller=signed_in("operator")
    )
    assert (answer.status, answer.text) == (204, "")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        '{"name": NaN, "kind": "round"}',
        '{"name": "a", "kind": "round", "price": Infinity}',
        '\ufeff{"name": "a", "kind": "round"}',
        '{"name": "\\ud800", "kind": "round"}',
        '{"name": 1, "kind": "round"',
        "[" * 499,
    ],
)
def test_should_answer_400_when_the_body_is_not_json(app: CreditApp, body: str) -> None:
    answer = post(app, "/v1/things", body, caller=PROVIDER)
    assert (answer.status, answer.json["code"]) == (400, "E-HTTP-01")


def test_should_point_at_every_fault_when_the_body_is_wrong(app: CreditApp) -> None:
    body = {
        "kind": "oval",
        "colour/~": 1,
        "made_on": "2026-02-30",
        "price": 0.1,
        "parts": [{"label": "a"}, {"label": "", "count": 0, "x": 1}, 7],
    }
    answer = post(app, "/v1/things", body, caller=PROVIDER)
    assert (answer.status, answer.json["code"]) == (422, "E-HTTP-07")
    assert pointers(answer.json) == {
        "/name": "E-INPUT-01",
        "/kind": "E-INPUT-03",
        "/parts/1/label": "E-INPUT-03",
        "/parts/1/count": "E-INPUT-03",
        "/parts/1/x": "E-INPUT-02",
        "/parts/2": "E-INPUT-03",
        "/made_on": "E-INPUT-03",
        "/price": "E-INPUT-03",
        "/colour~1~0": "E-INPUT-02",
    }
    assert {fault["part"] for fault in answer.json["errors"]} == {"body"}


@pytest.mark.parametrize("body", ["[]", "null", '"a"', "1"])
def test_should_answer_422_when_the_body_is_another_sort_of_json(app: CreditApp, body: str) -> None:
    answer = post(app, "/v1/things", body, caller=PROVIDER)
    assert (answer.status, pointers(answer.json)) == (422, {"": "E-INPUT-03"})


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_should_answer_415_when_the_body_is_not_declared_as_json(
    app: CreditApp, media_type: str
) -> None:
    headers = {"Content-Type": media_type}
    answer = post(app, "/v1/things", THING, headers=headers, caller=PROVIDER)
    assert (answer.status, answer.json["code"]) == (415, "E-HTTP-03")


def test_should_answer_415_when_the_body_has_no_type(app: CreditApp) -> None:
    answer = ask(app, "POST", "/v1/things", body=json.dumps(THING), caller=PROVIDER)
    assert answer.status == 415


def test_should_accept_a_charset_when_the_body_is_json(app: CreditApp) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    answer = ask(
        app, "POST", "/v1/things", body=json.dumps(THING), headers=headers, caller=PROVIDER
    )
    assert answer.status == 201


def test_should_answer_413_when_the_body_is_too_long(app: CreditApp) -> None:
    answer = post(app, "/v1/things", {**THING, "name": "中" * 200}, caller=PROVIDER)
    assert answer.status == 413
    assert "500" in answer.json["detail_en"]


def test_should_point_at_every_fault_when_query_or_headers_are_wrong(app: CreditApp) -> None:
    def faults(query: dict[str, list[str]], purpose: str) -> tuple[set[str], dict[str, str]]:
        answer = ask(
            app,
            "GET",
            "/v1/things/{name}",
            path={"name": "a"},
            query=query,
            headers={"x-query-purpose": purpose},
            caller=PROVIDER,
        )
        assert answer.status == 422
        return {each["part"] for each in answer.json["errors"]}, pointers(answer.json)

    wrong = {"limit": ["1", "2"], "since": ["soon"], "kind": ["round", "x"], "colour": ["red"]}
    assert faults(wrong, "lend") == (
        {"query"},
        {
            "/limit": "E-INPUT-04",
            "/since": "E-INPUT-03",
            "/kind/1": "E-INPUT-03",
            "/colour": "E-INPUT-02",
        },
    )
    assert faults({"limit": ["201"]}, "lend") == ({"query"}, {"/limit": "E-INPUT-03"})
    assert faults({}, "a" * 9) == ({"header"}, {"/x-query-purpose": "E-INPUT-03"})


def test_should_refuse_a_query_when_the_route_has_none(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/open", query={"a": ["1"]})
    assert (answer.status, pointers(answer.json)) == (422, {"/a": "E-INPUT-02"})


def test_should_tell_conflict_with_its_place_when_the_domain_refuses(app: CreditApp) -> None:
    answer = post(app, "/v1/things", {**THING, "name": "taken"}, caller=PROVIDER)
    assert answer.status == 409
    assert answer.json == {
        "type": "/problems/E-TINY-01",
        "title": "与现有数据冲突",
        "status": 409,
        "detail": "taken 已存在",
        "instance": "/v1/things",
        "code": "E-TINY-01",
        "request_id": REQUEST_ID,
        "mend": "请换一个名称。",
        "detail_en": "taken exists already",
        "mend_en": "Take another name.",
        "errors": [
            {
                "part": "body",
                "pointer": "/name",
                "code": "E-TINY-01",
                "detail": "taken 已存在",
                "mend": "请换一个名称。",
                "detail_en": "taken exists already",
                "mend_en": "Take another name.",
            }
        ],
    }
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accepted", "english"),
    [
        ("", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", False),
        ("en-GB,en;q=0.9", True),
        ("EN", True),
        ("fr, en;q=0.5", True),
        ("*", False),
        ("zh;q=0.2, *;q=0.5", True),
        ("en;q=0", False),
        ("en;q=x", False),
        ("de", False),
    ],
)
def test_should_speak_the_callers_language_when_told(
    app: CreditApp, accepted: str, english: bool
) -> None:
    headers = {"Accept-Language": accepted}
    answer = post(app, "/v1/things", {"name": "cup"}, headers=headers, caller=PROVIDER)
    told = answer.json
    assert (told["title"] == "Request not valid") is english
    assert (told["detail"] == told["detail_en"]) is english
    assert (told["errors"][0]["detail"] == "this value is required") is english
    assert answer.headers["Content-Language"] == ("en" if english else "zh-CN")


def test_should_answer_401_when_nobody_has_signed_in(app: CreditApp) -> None:
    answer = post(app, "/v1/things", "not json")
    assert (answer.status, answer.json["code"]) == (401, "E-AUTH-01")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "caller",
    [
        {**PROVIDER, "role": "emperor"},
        {**PROVIDER, "role": "public"},
        {**PROVIDER, "expires": "soon"},
        {**PROVIDER, "expires": str(int(NOW.timestamp()))},
        {"principalId": "someone"},
        {},
    ],
)
def test_should_answer_401_when_what_the_authorizer_handed_on_is_not_good(
    app: CreditApp, caller: dict[str, str]
) -> None:
    assert post(app, "/v1/things", THING, caller=caller).status == 401


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PUBLIC}))
def test_should_let_exactly_the_named_roles_in_when_asked(app: CreditApp, role: Role) -> None:
    for endpoint in app.inventory:
        path = dict.fromkeys(endpoint.path_parameters, "a")
        answer = ask(app, endpoint.method, endpoint.path, path=path, caller=signed_in(role))
        refused = answer.status == 403
        assert refused is (not endpoint.public and role not in endpoint.roles), endpoint.name


def test_should_name_the_roles_when_one_is_refused(app: CreditApp) -> None:
    answer = ask(
        app, "GET", "/v1/things/{name}", path={"name": "a"}, caller=signed_in("supervisor")
    )
    assert (answer.status, answer.json["code"]) == (403, "E-AUTH-02")
    assert "operator, provider" in answer.json["mend"]


def test_should_see_the_public_when_a_signed_in_caller_asks_a_public_route(app: CreditApp) -> None:
    assert ask(app, "GET", "/v1/open", caller=PROVIDER).json == {"role": "public"}


def test_should_answer_304_when_the_caller_holds_the_answer(app: CreditApp) -> None:
    first = ask(app, "GET", "/v1/open")
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    for held in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask(app, "GET", "/v1/open", headers={"If-None-Match": held})
        assert (again.status, again.text) == (304, "")
        assert again.headers["ETag"] == etag
        assert "Content-Type" not in again.headers
    assert ask(app, "GET", "/v1/open", headers={"If-None-Match": '"other"'}).status == 200


def test_should_be_kept_by_nobody_and_yet_answer_304_when_a_token_is_asked_for(
    app: CreditApp,
) -> None:
    asked: dict[str, Any] = {"path": {"name": "a"}, "caller": PROVIDER}
    purpose = {"X-Query-Purpose": "test"}
    first = ask(app, "GET", "/v1/things/{name}", headers=purpose, **asked)
    held = {**purpose, "If-None-Match": first.headers["ETag"]}
    again = ask(app, "GET", "/v1/things/{name}", headers=held, **asked)
    assert (first.status, again.status, again.text) == (200, 304, "")
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-store"
    other = ask(app, "GET", "/v1/things/{name}", headers=held, path={"name": "b"}, caller=PROVIDER)
    assert other.status == 200


def test_should_be_the_same_when_only_the_moment_of_the_answer_differs() -> None:
    moments = iter([NOW, NOW + timedelta(seconds=9)])
    app = CreditApp("dated", now=lambda: next(moments))
    app.mount([tiny.api], guard=tiny.NOBODY)
    first = ask(app, "GET", "/v1/dated")
    etag = first.headers["ETag"]
    assert etag.startswith('W/"')
    assert ask(app, "GET", "/v1/dated", headers={"If-None-Match": etag}).status == 304


def test_should_have_no_tag_when_something_is_done_or_refused(app: CreditApp) -> None:
    made = post(app, "/v1/things", THING, caller=PROVIDER)
    refused = ask(app, "GET", "/v1/things/{name}", path={"name": "a"}, caller=PROVIDER)
    assert (made.status, refused.status) == (201, 422)
    assert not {"ETag"} & (made.headers.keys() | refused.headers.keys())


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (datetime(2026, 11, 22, 15, 59, 30, tzinfo=UTC), 30),
        (datetime(2026, 11, 22, 15, 59, 59, 900000, tzinfo=UTC), 0),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), 60),
    ],
)
def test_should_never_be_cached_past_midnight_when_the_day_ends(
    moment: datetime, seconds: int
) -> None:
    app = CreditApp("midnight", now=lambda: moment)
    app.mount([tiny.api], guard=tiny.NOBODY)
    answer = ask(app, "GET", "/v1/open")
    assert answer.headers["Cache-Control"] == f"public, max-age={seconds}"


def test_should_tell_nothing_when_something_breaks(app: CreditApp, logged: Lines) -> None:
    answer = ask(app, "GET", "/v1/broken")
    assert (answer.status, answer.json["code"]) == (500, "E-HTTP-06")
    assert answer.json["request_id"] == REQUEST_ID
    assert tiny.SECRET not in answer.text
    assert "Traceback" not in answer.text
    (line,) = logged()
    assert (line["level"], line["code"], line["error"]) == ("ERROR", "REQUEST_FAILED", "ValueError")
    assert line["operation"] == "break_down"
    assert line["correlation_id"] == REQUEST_ID
    assert line["frames"][-1].endswith("break_down")
    assert tiny.SECRET not in json.dumps(line)


def test_should_answer_500_when_an_answer_is_not_promised(app: CreditApp, logged: Lines) -> None:
    answer = ask(app, "GET", "/v1/unpromised")
    assert answer.status == 500
    assert tiny.SECRET not in answer.text + json.dumps(logged())


def test_should_log_the_code_and_nothing_sent_when_a_request_is_refused(
    app: CreditApp, logged: Lines
) -> None:
    post(app, "/v1/things", {"name": tiny.SECRET}, caller=PROVIDER)
    (line,) = logged()
    assert line["code"] == "REQUEST_REFUSED"
    assert (line["operation"], line["error"], line["status"]) == ("make_thing", "E-HTTP-07", 422)
    assert tiny.SECRET not in json.dumps(line)


def test_should_answer_404_when_nothing_is_there(app: CreditApp) -> None:
    for _ in range(2):
        answer = ask(app, "GET", "/v1/nothing")
        assert (answer.status, answer.json["code"]) == (404, "E-HTTP-04")
        assert "Allow" not in answer.headers


def test_should_answer_405_with_the_methods_when_the_method_is_wrong(app: CreditApp) -> None:
    answer = ask(app, "PATCH", "/v1/things/{name}", path={"name": "a"})
    assert (answer.status, answer.json["code"]) == (405, "E-HTTP-05")
    assert answer.headers["Allow"] == "GET, DELETE"


def test_should_answer_a_problem_when_the_event_is_not_http(app: CreditApp) -> None:
    answer = app({}, LambdaContext())
    assert answer["statusCode"] == 404
    assert answer["headers"]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("resource", ["/v1/open", "/v1/broken", "/v1/nothing", "/v1/things"])
def test_should_carry_the_security_headers_when_answering_anything(
    app: CreditApp, resource: str
) -> None:
    headers = ask(app, "GET", resource).headers
    for name, value in SECURITY_HEADERS.items():
        expected = (
            "public, max-age=60" if (resource, name) == ("/v1/open", "Cache-Control") else value
        )
        assert headers[name] == expected


def test_should_not_touch_the_event_when_unquoting(app: CreditApp) -> None:
    event = any_event(
        "DELETE", "/v1/things/{name}", path={"name": "%2561"}, caller=signed_in("operator")
    )
    app(event, LambdaContext())
    assert event["pathParameters"] == {"name": "%2561"}


def test_should_serve_through_the_authorizer_when_called_over_the_test_client(
    app: CreditApp,
) -> None:
    with Client(app) as client:
        made = client.http.post(
            "/v1/things",
            body=json.dumps(THING).encode(),
            headers={"Authorization": "me", "Content-Type": "application/json"},
        )
        assert made.status_code == 201
        assert client.http.post("/v1/things", body=b"{}").status_code == 401
        opened = client.http.get("/v1/open", headers={"Content-Type": "text/plain"})
        assert opened.status_code == 200


@given(st.binary(max_size=400))
def test_should_answer_400_or_422_when_sent_anything(raw: bytes) -> None:
    answer = post(APP, "/v1/things", raw.decode("utf-8", "replace"), caller=PROVIDER)
    assert answer.status in {400, 413, 422}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "kind", "parts", "label", "count", "x"]), inner)
    ),
    max_leaves=10,
)


@given(_JSON)
def test_should_name_a_fault_whenever_a_document_is_refused(document: object) -> None:
    answer = post(APP, "/v1/things", json.dumps(document), caller=PROVIDER)
    assert answer.status in {201, 409, 413, 422}
    if answer.status == 422:
        assert answer.json["errors"]
        assert answer.json["detail_en"].count(str(len(answer.json["errors"])))


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=50), min_size=1), max_size=3))
def test_should_answer_200_or_422_when_asked_anything(query: dict[str, list[str]]) -> None:
    answer = ask(
        APP,
        "GET",
        "/v1/things/{name}",
        path={"name": "a"},
        query=query,
        headers={"x-query-purpose": "lend"},
        caller=PROVIDER,
    )
    assert answer.status in {200, 422}


def test_should_answer_422_when_a_number_has_thousands_of_digits(app: CreditApp) -> None:
    parts = {"path": {"name": "a"}, "headers": {"x-query-purpose": "lend"}, "caller": PROVIDER}
    query = {"limit": ["9" * 5000]}
    assert ask(app, "GET", "/v1/things/{name}", query=query, **parts).status == 422


def test_should_know_every_codes_status_when_asked() -> None:
    found = [code for code in vars(codes).values() if isinstance(code, Code)]
    assert {problems.status_of(code) for code in found} <= set(problems.TITLES)
    assert len({code.id for code in found}) == len(found)
