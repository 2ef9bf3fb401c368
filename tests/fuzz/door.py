"""The API as a WSGI application: what API Gateway does before it, and the function behind it."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler, make_server

from app import app
from chalicelib.runtime.clock import now
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.routes import BLUEPRINTS
from infra.gateway import answers
from tests.web.events import LambdaContext, any_event, signed_in

_ROUTES: Final = [
    (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(endpoint.path))), endpoint)
    for blueprint in BLUEPRINTS
    for endpoint in sorted(blueprint.endpoints, key=lambda each: each.path.count("{"))
]


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Thousands of requests, of which nobody reads."""


@contextmanager
def serving() -> Iterator[str]:
    """The API on a port of this machine; yields its address."""
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Answer = tuple[int, dict[str, str], bytes]


def door(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """One request; who asks may say from where. A bearer token is `<role>~<organisation>`."""
    status, headers, content = _answer(environ)
    start(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return [content]


def _answer(environ: dict[str, Any]) -> Answer:
    path = environ["REQUEST_URI"].partition("?")[0]
    route = _find(environ["REQUEST_METHOD"], path)
    if route is None:
        return _refuse("MISSING_AUTHENTICATION_TOKEN")
    endpoint, parameters = route
    caller = None
    if not endpoint.public:
        token = re.fullmatch(r"Bearer (\w+)~(\w+)", environ.get("HTTP_AUTHORIZATION", ""))
        if token is None:
            return _refuse("UNAUTHORIZED")
        expires = str(int(now().timestamp()) + 600)
        caller = {**signed_in(token[1], organisation=token[2]), "expires": expires}
    event = any_event(
        endpoint.method,
        endpoint.path,
        path=parameters,
        query=parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True) or None,
        headers=_headers(environ),
        caller=caller,
    )
    source = environ.get("HTTP_X_FORWARDED_FOR", environ["REMOTE_ADDR"])
    event["requestContext"]["identity"]["sourceIp"] = source
    content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    event |= {"path": path, **_body(content)}
    answer = app(event, LambdaContext())
    text = answer["body"].encode()
    told = base64.b64decode(text) if answer.get("isBase64Encoded") else text
    return answer["statusCode"], answer["headers"], told


def _find(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    for pattern, endpoint in _ROUTES:
        found = pattern.fullmatch(path)
        if found and endpoint.method == method:
            return endpoint, found.groupdict()
    return None


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    told = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return (
        {**told, "Content-Type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else told
    )


def _body(content: bytes) -> dict[str, Any]:
    try:
        return {"body": content.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}


def _refuse(kind: str) -> Answer:
    """What API Gateway answers by itself."""
    answer = answers()[kind]
    headers = {
        name.removeprefix("gatewayresponse.header."): value.strip("'")
        for name, value in answer["responseParameters"].items()
    }
    content = answer["responseTemplates"]["application/json"].replace("$context.requestId", "1")
    return int(answer["statusCode"]), headers, content.encode()
