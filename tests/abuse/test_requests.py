"""Requests as nobody should send them: every route refuses them, and none breaks (OWASP API 2023)."""

import json

import pytest

from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Role
from chalicelib.web.endpoints import Endpoint
from tests.abuse.asking import JSON, ROUTES, WITH_FORM, WITH_JSON, send, send_body, somebody
from tests.web.events import Answered

NAMES = [
    "..",
    "../../registrations/x",
    "..\\..\\x",
    "/etc/passwd",
    "%2e%2e%2f",
    "x\x00y",
    "x\u202ey",
    "\ud800",
    "x" * 257,
    "x" * 5000,
    "@purge",
    "~handed",
    "#",
    "$ne",
    "'; DROP TABLE ledger; --",
    "{{7*7}}",
    "*",
]
"""Path traversal, letters nobody sees, keys of our own, and what other systems would run."""

BODIES = [
    "",
    "null",
    "[]",
    '"text"',
    "{",
    "[" * 30_000 + "]" * 30_000,
    '{"a":' * 10_000 + "1" + "}" * 10_000,
    '{"a": 1e400}',
    '{"a": NaN}',
    '{"a": ' + "9" * 5_000 + "}",
    '{"a": "\\ud800"}',
    '{"a": "\\u0000\\u202e"}',
    "\ufeff{}",
    json.dumps({f"field{number}": number for number in range(2_000)}),
    "{" + '"kind": "x", ' * 2_000 + '"kind": "x"}',
]
"""Not JSON, too deep, too large, too many, and letters that no text has."""

routes = pytest.mark.parametrize("endpoint", ROUTES, ids=lambda each: each.name)
routes_with_json = pytest.mark.parametrize("endpoint", WITH_JSON, ids=lambda each: each.name)


def codes_of(answer: Answered) -> set[tuple[str, str]]:
    """The faults that a problem names: where, and which."""
    return {(fault["pointer"], fault["code"]) for fault in answer.json.get("errors", ())}


# -- broken function level authorisation (API5) ----------------------------------------------------


@routes
def test_should_be_refused_when_a_role_may_not_ask(app: CreditApp, endpoint: Endpoint) -> None:
    """Whatever else is wrong with the request: who may not ask learns nothing of it."""
    if endpoint.public:
        return
    wrong = [role for role in Role if role not in endpoint.roles | {Role.PUBLIC}]
    answers = [send(app, endpoint, caller=somebody(role), query={"x": ["1"]}) for role in wrong]
    assert {(each.status, each.json["code"]) for each in answers} == {(403, "E-AUTH-02")}
    nobody = send(app, endpoint, caller={"role": "public", "sub": "x", "expires": "9999999999"})
    assert (nobody.status, nobody.json["code"]) == (401, "E-AUTH-01")


# -- broken object property level authorisation, mass assignment (API3) ----------------------------


@routes
def test_should_be_refused_when_a_parameter_is_unknown(app: CreditApp, endpoint: Endpoint) -> None:
    answer = send(app, endpoint, query={"role": ["operator"], "admin": ["1"]})
    assert answer.status == 422
    assert {("/role", "E-INPUT-02"), ("/admin", "E-INPUT-02")} <= codes_of(answer)


@routes_with_json
def test_should_be_refused_when_a_body_names_what_is_not_the_callers_to_say(
    app: CreditApp, endpoint: Endpoint
) -> None:
    assigned = ("role", "by", "at", "registered", "__proto__", "made", "state", "new", "outcome")
    answer = send_body(app, endpoint, json.dumps(dict.fromkeys(assigned, "x")))
    assert answer.status == 422
    known = set(endpoint.request.__struct_fields__ if endpoint.request else ())
    expected = {(f"/{name}", "E-INPUT-02") for name in assigned if name not in known}
    assert expected <= codes_of(answer)


# -- unrestricted resource consumption (API4), and whatever breaks a reader ------------------------


@routes_with_json
def test_should_be_refused_when_a_body_is_malicious(app: CreditApp, endpoint: Endpoint) -> None:
    for body in BODIES:
        answer = send_body(app, endpoint, body)
        assert answer.status in {400, 413, 422}, (body[:40], answer.text)


@routes_with_json
def test_should_be_refused_when_a_body_is_too_long(app: CreditApp, endpoint: Endpoint) -> None:
    answer = send_body(app, endpoint, '"' + "x" * endpoint.longest + '"')
    assert (answer.status, answer.json["code"]) == (413, "E-HTTP-02")


@routes_with_json
@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "text/html; application/json",
        "",
    ],
)
def test_should_be_refused_when_a_body_is_called_something_else(
    app: CreditApp, endpoint: Endpoint, kind: str
) -> None:
    answer = send_body(app, endpoint, "{}", headers={"Content-Type": kind})
    assert (answer.status, answer.json["code"]) == (415, "E-HTTP-03")


@pytest.mark.parametrize("endpoint", WITH_FORM, ids=lambda each: each.name)
@pytest.mark.parametrize(
    "form",
    ["", "=", "&" * 9_000, "a=1", "a=1&a=2", "%", "%ff=%00", "grant_type=" + "x" * 9_000, "{}"],
)
def test_should_be_refused_when_a_form_is_malicious(
    app: CreditApp, endpoint: Endpoint, form: str
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = send_body(app, endpoint, form, headers=kind)
    assert answer.status in {400, 413, 422}, answer.text
    as_json = send_body(app, endpoint, form)
    assert (as_json.status, as_json.json["code"]) == (415, "E-HTTP-03")


@routes
def test_should_find_nothing_when_a_name_is_malicious(app: CreditApp, endpoint: Endpoint) -> None:
    """Path traversal, keys of our own, letters that nobody sees: none leads anywhere."""
    if not endpoint.path_parameters:
        return
    for name in NAMES:
        path = dict.fromkeys(endpoint.path_parameters, name)
        answer = send(app, endpoint, path=path, headers=JSON, body="{}")
        assert answer.status in {200, 404, 422}, (name, answer.text)
        if len(name) > 256 or not name.isprintable():
            assert answer.json["code"] == "E-HTTP-04"
        if answer.status == 200:
            assert not any(answer.json.get(each) for each in ("records", "stops", "queries")), name


@routes
def test_should_not_break_when_headers_and_queries_are_huge(
    app: CreditApp, endpoint: Endpoint
) -> None:
    headers = {
        "X-Query-Basis": "x" * 9_000,
        "X-Query-Purpose": "\u202e" * 900,
        "Idempotency-Key": "../" * 900,
        "X-Query-Grant": "G" * 9_000,
        "Accept-Language": ",".join(["en;q=0.1"] * 900) + ";q=1e400",
        "If-None-Match": '"' + "x" * 9_000,
        "X-Forwarded-For": ", ".join(["\x00"] * 900),
    }
    answer = send(app, endpoint, headers=headers, query={"cursor": ["A" * 9_000]})
    assert answer.status in {200, 404, 415, 422}, answer.text


@pytest.mark.parametrize(
    ("name", "field", "more"),
    [
        ("hold_query", "basis", {"id": "1", "phase": "open"}),
        ("lift_stop", "reason", {"stop": "1"}),
        ("mark_record", "basis", {"kind": "disputed", "phase": "open", "id": "1"}),
    ],
)
@pytest.mark.parametrize("text", ["a\u202eb", "a\u2066b", "a\x00b", "a\nb", "a\x1b[31mb"])
def test_should_refuse_text_that_steers_how_it_is_shown_when_others_read_it(
    app: CreditApp, name: str, field: str, more: dict[str, str], text: str
) -> None:
    [endpoint] = [each for each in ROUTES if each.name == name]
    answer = send_body(app, endpoint, json.dumps({**more, field: text}))
    assert (answer.status, codes_of(answer)) == (422, {(f"/{field}", "E-INPUT-03")})
