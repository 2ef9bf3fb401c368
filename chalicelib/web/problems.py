"""Errors as RFC 9457 problem documents, in Chinese and English.

`respond` is the only place where an error becomes an HTTP answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from chalice.app import Request, Response
from msgspec import Struct

from chalicelib.runtime.errors import Code, DomainError, Kind
from chalicelib.web import codes
from chalicelib.web.preferences import Language, choose_language

MEDIA_TYPE: Final = "application/problem+json"

Part = Literal["body", "query", "header"]

STATUSES: Final[Mapping[Kind, int]] = {
    Kind.MALFORMED: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.UNKNOWN: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.INVALID: 422,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
# What only HTTP distinguishes.
_SPECIAL: Final = {codes.METHOD_REFUSED: 405, codes.MEDIA_TYPE: 415, codes.INTERNAL: 500}

TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("请求无法识别", "Bad request"),
    401: ("需要登录", "Sign-in required"),
    403: ("无权操作", "Not allowed"),
    404: ("未找到", "Not found"),
    405: ("不支持的请求方法", "Method not allowed"),
    409: ("与现有数据冲突", "Conflict"),
    413: ("请求过大", "Request too large"),
    415: ("不支持的内容类型", "Unsupported media type"),
    422: ("请求内容不符合要求", "Request not valid"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("系统内部错误", "Internal error"),
    503: ("服务暂不可用", "Service unavailable"),
}
HEADERS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "60"},
    503: {"Retry-After": "5"},
}
"""What an error's status alone says in headers."""


class Fault(Struct, frozen=True, kw_only=True):
    """One place of a request that is wrong: part, RFC 6901 pointer into it, code, what to do."""

    part: Part
    pointer: str
    code: str
    detail: str
    mend: str
    detail_en: str
    mend_en: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem document (RFC 9457). `title`, `detail` and `mend` follow Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    mend: str
    detail_en: str
    mend_en: str
    errors: tuple[Fault, ...] = ()


class RequestInvalid(DomainError):
    """A request whose `part` is wrong in the places that `faults` name.

    `code` says how, where the part is as the interface describes it; its texts tell the `{count}`.
    """

    def __init__(
        self, part: Part, faults: Sequence[DomainError], code: Code = codes.REQUEST_INVALID
    ) -> None:
        super().__init__(code, count=len(faults))
        self.part = part
        self.faults = tuple(faults)


class Case(Struct, frozen=True):
    """The request that a problem is told to: its language, id and path."""

    language: Language
    request_id: str
    instance: str


def case_of(request: Request) -> Case:
    """The case of `request`."""
    return read_case(request.to_original_event(), request.lambda_context)


def read_case(event: Mapping[str, Any], context: object) -> Case:
    """The case of an API Gateway proxy `event`, invoked with a Lambda `context`."""
    asked = event.get("requestContext") or {}
    accepted = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return Case(
        language=choose_language(accepted.get("accept-language", "")),
        request_id=str(asked.get("requestId") or getattr(context, "aws_request_id", "")),
        instance=event.get("path") or asked.get("path", ""),
    )


def status_of(code: Code) -> int:
    """The HTTP status that an error with `code` is answered with."""
    return _SPECIAL.get(code, STATUSES[code.kind])


def respond(error: DomainError, case: Case) -> Response:
    """`error` as a problem document for `case`."""
    status = status_of(error.code)
    body = msgspec.json.encode(_describe(error, status, case)).decode()
    headers: dict[str, str | list[str]] = {
        "Content-Type": MEDIA_TYPE,
        "Content-Language": "zh-CN" if case.language == "zh" else "en",
        "Vary": "Accept-Language",
        **HEADERS.get(status, {}),
    }
    if error.code is codes.SCOPE_REFUSED:  # RFC 6750 §3.1
        scope = error.values["scope"]
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    return Response(body=body, headers=headers, status_code=status)


def _describe(error: DomainError, status: int, case: Case) -> Problem:
    text = error.text
    chinese = case.language == "zh"
    return Problem(
        type=f"/problems/{error.code.id}",
        title=TITLES[status][0 if chinese else 1],
        status=status,
        detail=text.zh if chinese else text.en,
        instance=case.instance,
        code=error.code.id,
        request_id=case.request_id,
        mend=text.mend_zh if chinese else text.mend_en,
        detail_en=text.en,
        mend_en=text.mend_en,
        errors=_list_faults(error, chinese=chinese),
    )


def _list_faults(error: DomainError, *, chinese: bool) -> tuple[Fault, ...]:
    if isinstance(error, RequestInvalid):
        return tuple(_tell(fault, error.part, chinese=chinese) for fault in error.faults)
    if error.pointer:
        return (_tell(error, "body", chinese=chinese),)
    return ()


def _tell(fault: DomainError, part: Part, *, chinese: bool) -> Fault:
    text = fault.text
    return Fault(
        part=part,
        pointer=fault.pointer,
        code=fault.code.id,
        detail=text.zh if chinese else text.en,
        mend=text.mend_zh if chinese else text.mend_en,
        detail_en=text.en,
        mend_en=text.mend_en,
    )
