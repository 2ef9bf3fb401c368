"""From a request to an answer, by the contract of its endpoint."""

import hashlib
import typing
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import msgspec
from chalice.app import Request, Response

from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log, log_failure
from chalicelib.web import codes, problems
from chalicelib.web.callers import ANONYMOUS, MACHINES, Caller, Role, caller_from
from chalicelib.web.endpoints import Answer, Asked, Endpoint
from chalicelib.web.inputs import FORM, read_body, read_form, read_headers, read_query
from chalicelib.web.limiting.limits import Allowance
from chalicelib.web.limiting.spending import spend
from chalicelib.web.outputs import JSON, encode
from chalicelib.web.preferences import prefers_page
from chalicelib.web.scopes import Scope

_LONGEST_CACHING: Final = 60
_LONGEST_NAME: Final = 256


def serve(endpoint: Endpoint, request: Request, path: Mapping[str, str], at: datetime) -> Response:
    """The answer of `endpoint` to `request`; whatever goes wrong is answered as a problem."""
    case = problems.case_of(request)
    allowance: Allowance | None = None
    try:
        caller = admit(endpoint, request.context, at)
        allowance = spend(endpoint.limited, caller, request, at) if endpoint.limited else None
        refuse_excess(allowance)
        given = _collect(endpoint, request, path, caller, _ask(request, case, at))
        answer = endpoint.handler(**{name: given[name] for name in endpoint.wants})
        response = _encode(endpoint, answer, request, at)
    except DomainError as error:
        _log_refusal(endpoint, error)
        response = problems.respond(error, case)
    except Exception as error:  # noqa: BLE001 - the outermost place; Chalice would log the values
        log_failure(LogCode.REQUEST_FAILED, error, operation=endpoint.name)
        response = problems.respond(DomainError(codes.INTERNAL), case)
    if allowance:
        kept = endpoint.cached and response.status_code < HTTPStatus.BAD_REQUEST
        response.headers.update(allowance.headers(kept=kept))
    return response


def _ask(request: Request, case: problems.Case, at: datetime) -> Asked:
    page = prefers_page(request.headers.get("accept", ""))
    return Asked(at, case.request_id, page)


def _collect(
    endpoint: Endpoint, request: Request, path: Mapping[str, str], caller: Caller, asked: Asked
) -> dict[str, Any]:
    """Everything that the contract offers its handler."""
    _check_path(path)
    given: dict[str, Any] = {**path, "caller": caller, "asked": asked}
    parameters = request.query_params
    texts = {name: parameters.getlist(name) for name in parameters} if parameters else {}
    given["query"] = read_query(texts, endpoint.query)
    if endpoint.headers is not None:
        given["headers"] = read_headers(request.headers, endpoint.headers)
    if endpoint.request is not None:
        read = read_form if endpoint.form else read_body
        given["body"] = read(_take_body(request, endpoint), endpoint.request)
    return given


def _check_path(path: Mapping[str, str]) -> None:
    """Refuse names that nothing has: too long for a key, or with letters that nobody sees."""
    if any(len(name) > _LONGEST_NAME or not name.isprintable() for name in path.values()):
        raise DomainError(codes.ROUTE_UNKNOWN)


def admit(endpoint: Endpoint, context: Mapping[str, Any], at: datetime) -> Caller:
    """The caller that the request's `context` names, if the contract lets it in.

    Raises E-AUTH-01 where nobody has signed in, E-AUTH-02 by role, E-AUTH-05 by scope.
    """
    if endpoint.public:
        return ANONYMOUS
    caller = caller_from(context, at)
    check_rights(endpoint, caller)
    return caller


def check_rights(endpoint: Endpoint, caller: Caller) -> None:
    """Raises E-AUTH-02 where a route is not for the caller's role, E-AUTH-05 for its scopes."""
    if endpoint.public:
        return
    if caller.role not in endpoint.roles:
        raise DomainError(codes.ROLE_REFUSED, roles=", ".join(sorted(endpoint.roles)))
    if caller.scopes is not None and not _is_in_scope(endpoint, caller.role, caller.scopes):
        raise DomainError(codes.SCOPE_REFUSED, scope=endpoint.scope or "")


def _is_in_scope(endpoint: Endpoint, role: Role, scopes: frozenset[Scope]) -> bool:
    return role in MACHINES and endpoint.scope in scopes


def refuse_excess(allowance: Allowance | None) -> None:
    """Raises E-HTTP-08 where a caller has used up what is allowed."""
    if allowance and allowance.exceeded:
        raise DomainError(codes.TOO_MANY)


def _take_body(request: Request, endpoint: Endpoint) -> bytes:
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != (FORM if endpoint.form else JSON):
        raise DomainError(codes.MEDIA_TYPE)
    body = request.raw_body
    raw = body.encode() if isinstance(body, str) else body
    if len(raw) > endpoint.longest:
        raise DomainError(codes.BODY_TOO_LARGE, limit=endpoint.longest)
    return raw


def _encode(endpoint: Endpoint, answer: Any, request: Request, at: datetime) -> Response:
    told = answer if isinstance(answer, Answer) else Answer(answer)
    _check_promise(endpoint, told)
    headers: dict[str, str | list[str]] = {**told.headers}
    if told.body is None:
        return Response(body="", headers=headers, status_code=told.status)
    media_type, body = encode(told.body)
    if endpoint.cached:
        headers["Cache-Control"] = f"public, max-age={_cache_seconds(at)}"
    if endpoint.tagged and told.status == HTTPStatus.OK:
        headers["ETag"] = tag = _tag(endpoint, told.body, body)
        if _is_held(request.headers.get("if-none-match", ""), tag):
            return Response(body="", headers=headers, status_code=HTTPStatus.NOT_MODIFIED)
    headers = {"Content-Type": media_type, **headers}
    return Response(body=body.decode(), headers=headers, status_code=told.status)


def _tag(endpoint: Endpoint, answered: Any, body: bytes) -> str:
    """The entity tag of a `body`; a weak one where it tells nothing of when the answer was made.

    RFC 9110 §8.8.3.
    """
    if endpoint.dated is None:
        return f'"{_digest(body)}"'
    _, undated = encode(msgspec.structs.replace(answered, **{endpoint.dated: None}))
    return f'W/"{_digest(undated)}"'


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _check_promise(endpoint: Endpoint, answer: Answer) -> None:
    """Refuse to send what the contract does not name: callers are told by the contract."""
    known = answer.status in endpoint.answers
    shapes = endpoint.shapes(answer.status) if known else ()
    kinds = tuple(typing.get_origin(shape) or shape for shape in shapes) or (type(None),)
    if not known or not isinstance(answer.body, kinds):
        raise TypeError(endpoint.name, answer.status, type(answer.body).__name__)


def _cache_seconds(at: datetime) -> int:
    """A minute at most, and never past midnight (DESIGN §5.2): what ends today ends then."""
    local = at.astimezone(LAWFUL_ZONE)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(_LONGEST_CACHING, int((midnight - local).total_seconds()))


def _is_held(if_none_match: str, tag: str) -> bool:
    """Whether the caller has this very answer (RFC 9110 §13.1.2, weak comparison)."""
    held = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return tag.removeprefix("W/") in held or "*" in held


def _log_refusal(endpoint: Endpoint, error: DomainError) -> None:
    log(
        LogCode.REQUEST_REFUSED,
        operation=endpoint.name,
        error=error.code.id,
        status=problems.status_of(error.code),
    )
