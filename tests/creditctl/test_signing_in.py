"""Signing in: tokens from the environment, a file, standard input, or for client credentials."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from creditctl.exits import Failure, Unreachable
from creditctl.signing_in import Client, FromFile, FromIssuer, Given, find_signer
from tests.creditctl.conftest import Run
from tests.creditctl.system import TOKEN, System


class _Issuer(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, dict[str, Any]]]] = []
    answer: ClassVar[dict[str, Any]] = {}
    status: ClassVar[int] = 200

    def _send(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        assert self.path == "/.well-known/openid-configuration"
        self._send(200, {"token_endpoint": f"http://{self.headers['Host']}/token"})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append((self.headers["Authorization"], form))
        self._send(self.status, self.answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    """An issuer that gives tokens for client credentials."""
    _Issuer.asked.clear()
    _Issuer.status = 200
    _Issuer.answer = {"access_token": TOKEN, "expires_in": 600}
    with HTTPServer(("127.0.0.1", 0), _Issuer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_should_ask_the_issuer_when_there_are_client_credentials(issuer: str) -> None:
    clock = [0.0]
    client = Client(f"{issuer}/", "清市监", "s:ecret", "uploads")
    signer = FromIssuer(client, now=lambda: clock[0])
    assert (signer.token(), signer.token()) == (TOKEN, TOKEN)
    ((basic, form),) = _Issuer.asked
    pair = base64.b64decode(basic.removeprefix("Basic ")).decode()
    assert pair == "%E6%B8%85%E5%B8%82%E7%9B%91:s%3Aecret"
    assert form == {"grant_type": ["client_credentials"], "scope": ["uploads"]}
    clock[0] = 571.0
    signer.token()
    assert len(_Issuer.asked) == 2
    assert signer.renew()
    signer.token()
    assert len(_Issuer.asked) == 3


def test_should_say_why_when_the_issuer_refuses(issuer: str) -> None:
    _Issuer.status, _Issuer.answer = 401, {"error": "invalid_client"}
    with pytest.raises(Failure) as failure:
        FromIssuer(Client(issuer, "a", "b")).token()
    assert failure.value.exit == 3
    assert "invalid_client" in str(failure.value.values["reason"])
    _Issuer.status, _Issuer.answer = 200, {}
    with pytest.raises(Failure):
        FromIssuer(Client(issuer, "a", "b")).token()


def test_should_be_unreachable_when_the_issuer_does_not_answer() -> None:
    with pytest.raises(Unreachable):
        FromIssuer(Client("http://127.0.0.1:9", "a", "b")).token()
    with pytest.raises(Failure) as failure:
        FromIssuer(Client("file:///etc", "a", "b")).token()
    assert failure.value.exit == 2


def test_should_take_the_first_that_there_is_when_signing_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {"CREDIT_TOKEN": "t", "CREDIT_CLIENT_ID": "a", "CREDIT_CLIENT_SECRET": "b"}
    assert find_signer(both, "https://x", None).token() == "t"
    monkeypatch.setattr("sys.stdin", io.StringIO("from-stdin\nmore"))
    assert find_signer(both, "https://x", "-").token() == "from-stdin"
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert find_signer(both, "https://x", str(file)).token() == "from-file"
    client = find_signer({**both, "CREDIT_TOKEN": ""}, "https://x", None)
    assert isinstance(client, FromIssuer)
    with pytest.raises(Failure):
        find_signer({}, "https://x", None)
    assert not Given("t").renew()


def test_should_read_the_file_again_when_its_token_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("old")
    signer = FromFile(file)
    assert signer.token() == "old"
    assert not signer.renew()
    file.write_text("new")
    assert signer.renew()
    file.unlink()
    with pytest.raises(Failure):
        signer.token()


def test_should_sign_in_again_when_the_token_has_ended(
    system: System, issuer: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDIT_TOKEN")
    monkeypatch.setenv("CREDIT_CLIENT_ID", "a")
    monkeypatch.setenv("CREDIT_CLIENT_SECRET", "b")
    monkeypatch.setenv("CREDIT_ISSUER", issuer)
    system.tokens = {"another"}
    ran = run("receipt", "20261122-AAAAAAAAAAAA")
    assert ran.exit == 3
    assert len(_Issuer.asked) == 2
    system.tokens = {TOKEN}
    assert "E-UPLOAD-01" in run("receipt", "20261122-AAAAAAAAAAAA").err


def test_should_refuse_use_when_nobody_is_signed_in(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDIT_TOKEN")
    ran = run("receipt", "x", "--server", "https://credit.example")
    assert ran.exit == 2
    assert "CREDIT_TOKEN" in ran.err
    assert run("receipt", "x").exit == 2
