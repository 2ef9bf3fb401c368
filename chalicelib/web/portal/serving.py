"""From a request for a page to its answer: who visits, in which language, what goes wrong."""

import importlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

import msgspec
from chalice.app import Request, Response

from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log, log_failure
from chalicelib.runtime.settings import settings
from chalicelib.web import codes, problems
from chalicelib.web.callers import ANONYMOUS
from chalicelib.web.endpoints import Asked
from chalicelib.web.outputs import HTML, SCRIPTS, localise
from chalicelib.web.portal.codes import FORM_STALE
from chalicelib.web.portal.cookies import read_cookies, write_cookie
from chalicelib.web.portal.errors import say_whole, show_error
from chalicelib.web.portal.rendering import render
from chalicelib.web.portal.routes import PAGES, Page
from chalicelib.web.portal.sessions import COOKIE, check_form, csrf_of, recognise
from chalicelib.web.portal.visits import Away, Reply, Sent, Shown, Told, Visit
from chalicelib.web.preferences import choose_language, prefers_page

_LONGEST_FORM: Final = 128 * 1024
_FORM: Final = "application/x-www-form-urlencoded"
_CSRF: Final = "csrf"
_LOOKS: Final[Mapping[str, frozenset[str]]] = {
    "lang": frozenset({"zh", "en"}),
    "size": frozenset({"normal", "large"}),
}
"""What an address may say of how to show a page; a cookie remembers it."""

_SEEN: Final = frozenset(page.path for page in PAGES if page.method == "GET")

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; worker-src 'self';"
    " connect-src {reaches}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": HTML,
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer browsers send no Origin with forms (Fetch, “append a request Origin header”).
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}


def serve_page(page: Page, request: Request, path: Mapping[str, str], at: datetime) -> Response:
    """The answer of `page` to `request`; whatever goes wrong is told on a page too."""
    case = problems.case_of(request)
    visit = _greet(request, Asked(at, case.request_id))
    try:
        visit = visit if page.plain else _recognise(visit)
        _check(page, visit)
        visit = _take_form(request, visit) if page.method == "POST" else visit
        return _respond(_find(page)(visit, **path), visit, request)
    except DomainError as error:
        log(
            LogCode.REQUEST_REFUSED,
            operation=page.name,
            error=error.code.id,
            status=problems.status_of(error.code),
        )
        return _refuse(error, page, visit, request)
    except Exception as error:  # noqa: BLE001 - the outermost place; Chalice would log the values
        log_failure(LogCode.REQUEST_FAILED, error, operation=page.name)
        return _refuse(DomainError(codes.INTERNAL), page, visit, request)


def _find(page: Page) -> Callable[..., Reply]:
    module, _, name = page.place.partition(":")
    found: Callable[..., Reply] = getattr(
        importlib.import_module(f"chalicelib.web.portal.pages.{module}"), name
    )
    return found


def _greet(request: Request, asked: Asked) -> Visit:
    """The visit of somebody who is not known yet."""
    parameters = request.query_params
    query = {name: parameters.getlist(name) for name in parameters} if parameters else {}
    cookies = read_cookies(request.headers.get("cookie", ""))
    looks = {name: _look(name, query, cookies) for name in _LOOKS}
    accepted = choose_language(request.headers.get("accept-language", ""))
    kept = {name: texts for name, texts in query.items() if name not in _LOOKS}
    return Visit(
        request=request,
        caller=ANONYMOUS,
        asked=asked,
        language="en" if (looks["lang"] or accepted) == "en" else "zh",
        large=looks["size"] == "large",
        address=_address(request, kept),
        query=kept,
        form={},
        cookies=cookies,
        csrf="",
    )


def _look(name: str, query: Mapping[str, list[str]], cookies: Mapping[str, str]) -> str:
    """What is asked for, or was before; empty where that is neither."""
    wanted = query.get(name, [""])[-1] or cookies.get(name, "")
    return wanted if wanted in _LOOKS[name] else ""


def _address(request: Request, query: Mapping[str, list[str]]) -> str:
    """Where the page is had again; for a form that has no page of its own, the one above it."""
    route, path = request.context["resourcePath"], str(request.to_original_event()["path"])
    while route not in _SEEN:
        route, path = (each.rpartition("/")[0] or "/" for each in (route, path))
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def _recognise(visit: Visit) -> Visit:
    """The visit of whoever it is."""
    cookie = visit.cookies.get(COOKIE, "")
    caller = recognise(cookie, visit.asked.at)
    csrf = "" if caller is ANONYMOUS else csrf_of(cookie)
    return msgspec.structs.replace(visit, caller=caller, csrf=csrf)


def _check(page: Page, visit: Visit) -> None:
    """Raises E-AUTH-01 or -02 where the page is not for the visitor."""
    if page.roles and not visit.signed_in:
        raise DomainError(codes.SIGN_IN)
    if page.roles and visit.caller.role not in page.roles:
        raise DomainError(codes.ROLE_REFUSED, roles=", ".join(sorted(page.roles)))


def _take_form(request: Request, visit: Visit) -> Visit:
    """The visit with what a form brings; E-PORTAL-01 where no page of this session has sent it."""
    form = _read_form(request)
    _check_origin(request)
    check_form(visit.csrf, "".join(form.pop(_CSRF, [])))
    return msgspec.structs.replace(visit, form=form)


def _read_form(request: Request) -> dict[str, list[str]]:
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != _FORM:
        raise DomainError(codes.MEDIA_TYPE)
    body = request.raw_body
    raw = body.encode() if isinstance(body, str) else body
    if len(raw) > _LONGEST_FORM:
        raise DomainError(codes.BODY_TOO_LARGE, limit=_LONGEST_FORM)
    try:
        return parse_qs(raw.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise DomainError(FORM_STALE) from None


def _check_origin(request: Request) -> None:
    """A form sent from another site's page says so; old browsers say nothing, and bring the token."""
    origin = request.headers.get("origin", settings().public_url)
    if origin != settings().public_url:
        raise DomainError(FORM_STALE)


def _refuse(error: DomainError, page: Page, visit: Visit, request: Request) -> Response:
    if page.weighed and not prefers_page(request.headers.get("accept", "")):
        return problems.respond(error, problems.case_of(request))
    return _respond(_explain(error, page, visit), visit, request)


def _explain(error: DomainError, page: Page, visit: Visit) -> Reply:
    if page.told:
        return Told({"said": say_whole(error, visit)}, problems.status_of(error.code))
    if error.code is codes.SIGN_IN and page.method == "GET":
        return Away(f"/sign-in?{urlencode({'to': visit.address})}")
    return show_error(error, visit)


def _respond(reply: Reply, visit: Visit, request: Request) -> Response:
    match reply:
        case Shown():
            text = render(reply.template, reply.values, visit)
            policy = _POLICY.format(reaches=" ".join(("'self'", *reply.reaches)))
            cookies = (*reply.cookies, *_remember(request))
            told = problems.HEADERS.get(reply.status, {})
            headers = {**_HEADERS, **told, "Content-Security-Policy": policy}
            return _response(text, headers, cookies, reply.status)
        case Away():
            return _response("", {"Location": reply.to}, reply.cookies, 303)
        case Told():
            value = msgspec.json.encode(localise(reply.value)).decode()
            return _response(value, {"Content-Type": SCRIPTS}, (), reply.status)
        case Sent():
            return _response(reply.text, reply.headers, (), 200)


def _remember(request: Request) -> tuple[str, ...]:
    """Cookies for what the address says of how to show pages."""
    given = request.query_params
    wanted = {name: given.get(name, "") for name in _LOOKS} if given else {}
    return tuple(write_cookie(name, text) for name, text in wanted.items() if text in _LOOKS[name])


def _response(
    text: str, headers: Mapping[str, str], cookies: tuple[str, ...], status: int
) -> Response:
    told: dict[str, Any] = {**headers}
    if cookies:
        told["Set-Cookie"] = list(cookies)
    return Response(body=text, headers=told, status_code=status)
