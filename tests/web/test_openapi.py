"""The interface's description: valid, complete, deterministic, and the committed copy up to date."""

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.web import openapi
from chalicelib.web.endpoints import Api, Endpoint
from chalicelib.web.scopes import Scope
from tests.web import tiny

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture
def routes() -> list[Endpoint]:
    """Every route of the deployed API."""
    from chalicelib.web.routes import BLUEPRINTS

    return [each for api in BLUEPRINTS for each in api.endpoints]


def test_should_be_valid_when_described(routes: list[Endpoint]) -> None:
    for endpoints in (routes, tiny.api.endpoints):
        OpenAPIV31SpecValidator(openapi.describe(endpoints)).validate()


def test_should_be_the_same_when_routes_come_in_another_order() -> None:
    there = openapi.write(openapi.describe(tiny.api.endpoints))
    back = openapi.write(openapi.describe(reversed(tiny.api.endpoints)))
    assert there == back


def test_should_be_the_committed_one_when_written(routes: list[Endpoint]) -> None:
    written = openapi.write(openapi.describe(routes))
    assert COMMITTED.read_text("utf-8") == written, "python -m infra.documents"


def operation(method: str, path: str) -> dict[str, Any]:
    """One operation of the small app."""
    found: dict[str, Any] = openapi.describe(tiny.api.endpoints)["paths"][path][method]
    return found


def test_should_tell_body_roles_and_every_status_when_a_route_takes_a_body() -> None:
    told = operation("post", "/v1/things")
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Thing"}
    assert told["x-roles"] == ["provider"]
    assert told["security"] == [{"bearer": []}]
    expected = {"201", "400", "401", "403", "409", "413", "415", "422", "500", "503"}
    assert set(told["responses"]) == expected
    problem = told["responses"]["422"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}


def test_should_tell_a_machine_which_scope_it_needs_when_there_is_one(
    routes: list[Endpoint],
) -> None:
    told = openapi.describe(routes)
    schemes = told["components"]["securitySchemes"]
    offered = schemes["machine"]["flows"]["clientCredentials"]["scopes"]
    assert set(offered) == set(Scope)
    upload = told["paths"]["/v1/uploads"]["post"]
    assert upload["security"] == [{"bearer": []}, {"machine": ["uploads"]}]


def test_should_tell_every_parameter_when_a_route_has_some() -> None:
    told = operation("get", "/v1/things/{name}")
    own = [each for each in told["parameters"] if "$ref" not in each]
    parameters = {each["name"]: each for each in own}
    assert set(parameters) == {"name", "limit", "since", "kind", "x-query-purpose"}
    assert parameters["name"]["in"] == "path"
    assert parameters["x-query-purpose"]["in"] == "header"
    assert parameters["x-query-purpose"]["required"]
    assert parameters["limit"]["description"] == "How many"
    assert parameters["limit"]["schema"]["maximum"] == 200
    assert parameters["since"]["schema"] == {"type": "string", "format": "date"}
    assert "404" in told["responses"]


def test_should_need_no_token_and_may_be_unchanged_when_a_route_is_public_and_cached() -> None:
    told = operation("get", "/v1/open")
    assert told["security"] == []
    assert set(told["responses"]) == {"200", "304", "422", "500", "503"}
    assert "content" not in told["responses"]["304"]
    held = {"$ref": "#/components/headers/ETag"}
    assert told["responses"]["200"]["headers"]["ETag"] == held
    assert told["responses"]["304"]["headers"]["ETag"] == held


def test_should_name_the_headers_that_all_read_once_when_described() -> None:
    language, held = (
        {"$ref": f"#/components/parameters/{name}"} for name in ("Accept-Language", "If-None-Match")
    )
    assert operation("get", "/v1/open")["parameters"] == [language, held]
    assert operation("delete", "/v1/things/{name}")["parameters"][1:] == [language]


def test_should_have_no_content_when_nothing_is_answered() -> None:
    assert "content" not in operation("delete", "/v1/things/{name}")["responses"]["204"]


def test_should_write_chinese_as_it_is_when_written() -> None:
    text = openapi.write(openapi.describe(tiny.api.endpoints))
    assert "公共信用信息系统" in text
    assert json.loads(text)["openapi"] == "3.1.0"


def test_should_be_refused_when_a_contract_breaks_a_rule() -> None:
    api = Api(__name__, tag="t")
    wrong = api.endpoint("GET", "/v1/a", summary="S", answers={200: float}, public=True)
    wrong(lambda: 0.1)
    with pytest.raises(ValueError, match="answers a float"):
        openapi.describe(api.endpoints)
