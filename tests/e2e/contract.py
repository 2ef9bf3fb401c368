"""Every answer held against the committed OpenAPI document, whoever asks and whatever for."""

import json
import re
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from openapi_schema_validator import OAS31Validator

from infra.compose import PROJECT

PROBLEM = "application/problem+json"
_SECURITY = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
_INSIDE = ("Traceback", "botocore", "pynamodb", ".py:", "/var/task")
Headers = Mapping[str, str]


@cache
def document() -> dict[str, Any]:
    """`docs/openapi.json`."""
    path = PROJECT / "docs" / "openapi.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def check_answer(method: str, path: str, status: int, headers: Headers, body: bytes) -> None:
    """Fail where an answer is not what the interface promises. `headers` have lower-case names."""
    text = body.decode()
    operation = _find_operation(method, path.partition("?")[0])
    if operation is not None and operation["operationId"] != "describe_interface":
        leaks = [word for word in _INSIDE if word in text]
        assert not leaks, f"{method} {path} tells of its inside ({leaks}): {text}"
    if status >= HTTPStatus.BAD_REQUEST and not _is_own_refusal(operation, status, headers):
        _check_problem(path, status, headers, text)
    if operation is None:
        assert status == HTTPStatus.NOT_FOUND, f"{method} {path} is no route, yet {status}: {text}"
        return
    declared = operation["responses"]
    assert str(status) in declared, f"{method} {path} may not answer {status}: {text}"
    media_type = headers.get("content-type", "")
    content = declared[str(status)].get("content", {})
    if content:
        value = json.loads(text) if media_type.endswith("json") else text
        _check_body(content[media_type]["schema"], value, f"{method} {path} {status}")


def _is_own_refusal(operation: Mapping[str, Any] | None, status: int, headers: Headers) -> bool:
    """Whether a route refuses as another standard wants it: tokens, by RFC 6749 §5.2."""
    declared = (operation or {}).get("responses", {}).get(str(status), {}).get("content", {})
    media_type = headers.get("content-type", "")
    return media_type != PROBLEM and media_type in declared


def check_headers(headers: Headers) -> None:
    """Fail where a header is missing that every answer of a route has."""
    assert _SECURITY.items() <= dict(headers).items()
    assert headers["x-request-id"]
    assert headers["cache-control"]


def _check_problem(path: str, status: int, headers: Headers, text: str) -> None:
    """RFC 9457, with the code that its `type` explains."""
    assert headers.get("content-type") == PROBLEM, f"{path} {status}: {text}"
    problem = json.loads(text)
    _check_body({"$ref": "#/components/schemas/Problem"}, problem, f"{path} {status}")
    assert problem["status"] == status
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["request_id"]
    told = [problem[name] for name in ("title", "detail", "mend", "detail_en", "mend_en")]
    assert all(told)
    assert not re.search(r"{\w+}", "".join(told)), f"a value is not filled in: {text}"


def _check_body(schema: Mapping[str, Any], value: Any, what: str) -> None:
    whole = {**schema, "components": document()["components"]}
    faults = [f"{e.json_path}: {e.message[:200]}" for e in OAS31Validator(whole).iter_errors(value)]
    assert not faults, f"{what} is not as described: {faults[:5]}"


def _find_operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in document()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None
