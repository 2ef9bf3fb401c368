"""What API Gateway answers by itself, as the same problem documents as the API's (RFC 9457)."""

import json
from typing import Any, Final

import msgspec

from chalicelib.runtime.errors import Code, explain
from chalicelib.web import codes
from chalicelib.web.problems import MEDIA_TYPE, TITLES, Problem

_LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own limit
_BEARER = {"WWW-Authenticate": "Bearer"}
_LATER = {"Retry-After": "5"}

# API Gateway says "missing authentication token" for every address that no route has.
_CASES: Final[tuple[tuple[str, int, Code, dict[str, str]], ...]] = (
    ("MISSING_AUTHENTICATION_TOKEN", 404, codes.ROUTE_UNKNOWN, {}),
    ("RESOURCE_NOT_FOUND", 404, codes.ROUTE_UNKNOWN, {}),
    ("UNAUTHORIZED", 401, codes.SIGN_IN, _BEARER),
    ("ACCESS_DENIED", 401, codes.SIGN_IN, _BEARER),
    ("EXPIRED_TOKEN", 401, codes.SIGN_IN, _BEARER),
    ("AUTHORIZER_FAILURE", 503, codes.KEYS_UNAVAILABLE, _LATER),
    ("REQUEST_TOO_LARGE", 413, codes.BODY_TOO_LARGE, {}),
    ("UNSUPPORTED_MEDIA_TYPE", 415, codes.MEDIA_TYPE, {}),
    ("THROTTLED", 429, codes.TOO_MANY, _LATER),
    ("QUOTA_EXCEEDED", 429, codes.TOO_MANY, _LATER),
    ("DEFAULT_4XX", 400, codes.BODY_MALFORMED, {}),
    ("DEFAULT_5XX", 500, codes.INTERNAL, {}),
)


def answers() -> dict[str, Any]:
    """`x-amazon-apigateway-gateway-responses` by response type."""
    return {kind: _answer(status, code, headers) for kind, status, code, headers in _CASES}


def _answer(status: int, code: Code, headers: dict[str, str]) -> dict[str, Any]:
    told = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **headers}
    return {
        "statusCode": str(status),
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in told.items()
        },
        "responseTemplates": {"application/json": _template(status, code)},
    }


def _template(status: int, code: Code) -> str:
    text = explain(code, {"limit": _LARGEST_BODY})
    problem = Problem(
        type=f"/problems/{code.id}",
        title=TITLES[status][0],
        status=status,
        detail=text.zh,
        instance="",
        code=code.id,
        request_id="$context.requestId",
        mend=text.mend_zh,
        detail_en=text.en,
        mend_en=text.mend_en,
    )
    return json.dumps(msgspec.to_builtins(problem), ensure_ascii=False)
