"""The front passes on what it is asked and signs personas in."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest

from infra.local.emulator import HOST, free_port
from infra.local.front import Front
from infra.local.issuer import Issuers


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
        told = {"path": self.path, "body": body, "headers": dict(self.headers)}
        content = json.dumps(told).encode()
        self.send_response(409)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("front")
    upstream = ThreadingHTTPServer((HOST, 0), _Echo)
    thread = Thread(target=upstream.serve_forever)
    thread.start()
    own = free_port()
    front = Front(own, Issuers(f"http://localhost:{own}", folder))
    front.start(f"http://{HOST}:{upstream.server_port}", "abc", "local")
    yield own
    front.stop()
    upstream.shutdown()
    upstream.server_close()
    thread.join()


def _ask(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[HTTPResponse, Any]:
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, json.loads(content)


def test_should_change_nothing_when_it_passes_a_request_on(port: int) -> None:
    response, told = _ask(port, "POST", "/v1/a%2Fb?c=%E6%B8%85", b"\xe6\xb8\x85", Accept="x/y")
    assert response.status == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert told["path"] == "/restapis/abc/local/_user_request_/v1/a%2Fb?c=%E6%B8%85"
    assert told["body"] == "清"
    assert told["headers"]["Accept"] == "x/y"
    assert told["headers"]["X-Forwarded-For"] == HOST


def test_should_tell_where_its_keys_are_when_discovered(port: int) -> None:
    for name in ("people", "staff"):
        own = f"/issuer/{name}"
        _, configuration = _ask(port, "GET", f"{own}/.well-known/openid-configuration")
        assert configuration["issuer"] == f"http://localhost:{port}{own}"
        assert configuration["jwks_uri"] == f"http://localhost:{port}{own}/jwks.json"
        _, keys = _ask(port, "GET", f"{own}/jwks.json")
        assert {key["alg"] for key in keys["keys"]} == {"RS256"}


def test_should_publish_one_more_key_when_an_issuer_rotates(port: int) -> None:
    before = _ask(port, "GET", "/issuer/staff/jwks.json")[1]["keys"]
    _, keys = _ask(port, "POST", "/issuer/staff/rotation")
    assert _ask(port, "GET", "/issuer/staff/jwks.json")[1] == keys
    assert len({key["kid"] for key in keys["keys"]}) == len(before) + 1


def test_should_give_a_token_when_a_persona_signs_in(port: int) -> None:
    _, told = _ask(port, "POST", "/issuer/token", b"persona=operator&name=x")
    assert told["token_type"] == "Bearer"
    claims = jwt.decode(told["access_token"], options={"verify_signature": False})
    assert (claims["role"], claims["name"]) == ("operator", "x")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/issuer/token", b"persona=nobody", 400),
        ("GET", "/issuer/token", None, 404),
        ("GET", "/issuer/else", None, 404),
        ("GET", "/issuer/people/else", None, 404),
        ("GET", "/issuer/people/token", None, 404),
    ],
)
def test_should_refuse_when_asked_for_what_it_has_not(
    port: int, method: str, path: str, body: bytes | None, status: int
) -> None:
    response, _ = _ask(port, method, path, body)
    assert response.status == status


def test_should_refuse_to_sign_in_when_called_by_another_name(port: int) -> None:
    response, _ = _ask(port, "POST", "/issuer/token", b"persona=operator", Host="evil.example")
    assert response.status == 421


def test_should_say_so_when_nothing_is_behind_it(tmp_path: Path) -> None:
    own = free_port()
    front = Front(own, Issuers("http://localhost", tmp_path))
    front.start(f"http://{HOST}:{free_port()}", "abc", "local")
    response, _ = _ask(own, "GET", "/v1/health")
    front.stop()
    assert response.status == 502
