"""API Gateway proxy events as API Gateway makes them (Chalice's test client leaves much out)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


@dataclass(frozen=True)
class LambdaContext:
    """What the Lambda runtime passes to a handler."""

    function_name: str = "credit-test-api_handler"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws-cn:lambda:cn-north-1:000000000000:function:api_handler"
    aws_request_id: str = "5e6ee4e7-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Answered:
    """An answer of the app."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.text)


def signed_in(role: str, **more: str) -> dict[str, str]:
    """What the authorizer hands on for a caller of this role."""
    return {
        "principalId": "someone",
        "integrationLatency": "12",
        "role": role,
        "sub": "someone",
        "expires": str(int(NOW.timestamp()) + 600),
        **more,
    }


def any_event(
    method: str,
    resource: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
    caller: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The event of one request; `caller` is what the authorizer handed on."""
    context: dict[str, Any] = {
        "resourcePath": resource,
        "httpMethod": method,
        "path": f"/api{resource}",
        "stage": "api",
        "requestId": REQUEST_ID,
        "identity": {"sourceIp": "127.0.0.1"},
    }
    if caller is not None:
        context["authorizer"] = dict(caller)
    return {
        "resource": resource,
        "path": resource,
        "httpMethod": method,
        "headers": None if headers is None else dict(headers),
        "multiValueHeaders": None,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None if query is None else dict(query),
        "pathParameters": None if path is None else dict(path),
        "stageVariables": None,
        "requestContext": context,
        "body": body,
        "isBase64Encoded": False,
    }


def ask(app: Callable[..., Any], method: str, resource: str, **parts: Any) -> Answered:
    """Send `app` one event, as Lambda would, and read its answer."""
    answer = app(any_event(method, resource, **parts), LambdaContext())
    json.dumps(answer)  # the Lambda runtime does
    return Answered(answer["statusCode"], answer["headers"], answer["body"])


def post(app: Callable[..., Any], resource: str, body: object, **parts: Any) -> Answered:
    """Send a JSON body; text is sent as it is."""
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": "application/json", **parts.pop("headers", {})}
    return ask(app, "POST", resource, body=text, headers=headers, **parts)
