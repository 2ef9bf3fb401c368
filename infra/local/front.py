"""http://localhost:8000: stands for the CDN before the API, and carries the development sign-in.

What is asked is passed on to the API's stage as it is, and so is the answer.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.authorising import Desk, RefusedError
from infra.local.emulator import HOST
from infra.local.issuer import SECONDS, Issuer, Issuers

_HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"),
    *("transfer-encoding", "upgrade", "content-length", "host"),
}
_SECONDS = 60


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    issuers: Issuers
    desks: Mapping[str, Desk]
    upstream: tuple[str, int, str]  # host, port, path of the API's stage


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """The emulator logs already."""

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if path.startswith("/issuer/"):
            self._sign_in(path, body)
        else:
            self._pass_on(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        host, port, stage = self.server.upstream
        connection = HTTPConnection(host, port, timeout=_SECONDS)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP}
        headers["X-Forwarded-For"] = self.client_address[0]
        try:
            connection.request(self.command, stage + self.path, body or None, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            self._tell(HTTPStatus.BAD_GATEWAY, {"title": "The emulated AWS does not answer"})
            return
        finally:
            connection.close()
        kept = [(k, v) for k, v in response.getheaders() if k.lower() not in _HOP_BY_HOP]
        self._send(response.status, kept, content)

    def _sign_in(self, path: str, body: bytes) -> None:
        name = self.headers.get("host", "").rsplit(":", 1)[0]
        issuers = self.server.issuers
        whose, _, place = path.removeprefix("/issuer/").partition("/")
        if name not in {"localhost", HOST}:  # a page that rebinds its name to this machine
            self._tell(HTTPStatus.MISDIRECTED_REQUEST, {"title": "Ask for localhost"})
        elif path == "/issuer/token" and self.command == "POST":
            self._give_token(issuers, dict(parse_qsl(body.decode())))
        elif whose in issuers.by_name:
            self._answer_for(whose, place, body)
        else:
            self._tell(HTTPStatus.NOT_FOUND, {"title": "There is no such issuer"})

    def _answer_for(self, whose: str, place: str, body: bytes) -> None:
        issuer = self.server.issuers.by_name[whose]
        match self.command, place:
            case "GET", "authorize":
                self._authorise(self.server.desks[whose])
            case "GET", ".well-known/openid-configuration":
                self._tell(HTTPStatus.OK, issuer.configuration())
            case "GET", "jwks.json":
                self._tell(HTTPStatus.OK, issuer.key_set())
            case "POST", "token":
                self._give_or_redeem(whose, dict(parse_qsl(body.decode())))
            case "POST", "rotation":
                issuer.rotate()
                self._tell(HTTPStatus.OK, issuer.key_set())
            case _:
                self._tell(HTTPStatus.NOT_FOUND, {"title": "The issuer has no such address"})

    def _authorise(self, desk: Desk) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        headers = [("Cache-Control", "no-store")]
        try:
            if "persona" in asked:
                to = ("Location", desk.send_back(asked))
                self._send(HTTPStatus.SEE_OTHER, [*headers, to], b"")
            else:
                page = ("Content-Type", "text/html; charset=utf-8")
                self._send(HTTPStatus.OK, [*headers, page], desk.greet(asked).encode())
        except RefusedError as refusal:
            self._tell(HTTPStatus.BAD_REQUEST, {"error": str(refusal)})

    def _give_or_redeem(self, whose: str, asked: dict[str, str]) -> None:
        if asked.get("grant_type") != "authorization_code":
            self._give_token(self.server.issuers.by_name[whose], asked)
            return
        try:
            self._tell(HTTPStatus.OK, self.server.desks[whose].redeem(asked))
        except RefusedError as refusal:
            self._tell(HTTPStatus.BAD_REQUEST, {"error": str(refusal)})

    def _give_token(self, issuer: Issuer | Issuers, asked: dict[str, str]) -> None:
        persona = asked.pop("persona", "")
        try:
            token = issuer.token(persona, **asked)
        except KeyError:
            self._tell(HTTPStatus.BAD_REQUEST, {"error": "invalid_request", "persona": persona})
            return
        told = {"access_token": token, "token_type": "Bearer", "expires_in": SECONDS}
        self._tell(HTTPStatus.OK, told)

    def _tell(self, status: int, value: dict[str, Any]) -> None:
        headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        self._send(status, headers, json.dumps(value).encode())

    def _send(self, status: int, headers: Iterable[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class Front:
    """The server, answering in threads of its own once started."""

    def __init__(self, port: int, issuers: Issuers) -> None:
        self._server = _Server((HOST, port), _Handler)
        self._server.issuers = issuers
        self._server.desks = {name: Desk(name, each) for name, each in issuers.by_name.items()}
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def start(self, endpoint: str, api: str, stage: str) -> None:
        """Begin to pass requests on to `stage` of the API with id `api` at `endpoint`."""
        address = urlsplit(endpoint)
        path = f"/restapis/{api}/{stage}/_user_request_"
        self._server.upstream = (address.hostname or HOST, address.port or 80, path)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
