"""Signing in: tokens from the environment, a file, standard input, or for client credentials."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from chalicelib.web.machines.assertions import read_assertion
from creditctl.assertions import sign_assertion
from creditctl.exits import Failure, Unreachable
from creditctl.signing_in import Client, FromFile, FromServer, Given, find_signer
from tests.creditctl.conftest import Run
from tests.creditctl.system import TOKEN, System
from tests.web.events import NOW
from tests.web.issuer import SECONDS, any_key
from tests.web.machines.machine import URL
from tests.web.machines.test_assertions import any_client


class _Issuer(BaseHTTPRequestHandler):
    asked: ClassVar[list[dict[str, str]]] = []
    answer: ClassVar[dict[str, Any]] = {}
    status: ClassVar[int] = 200

    def _send(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        assert self.path == "/.well-known/oauth-authorization-server"
        self._send(200, {"token_endpoint": f"http://{self.headers['Host']}/token"})

    def do_POST(self) -> None:
        form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append(dict(form))
        self._send(self.status, self.answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    """A system that gives tokens for client credentials."""
    _Issuer.asked.clear()
    _Issuer.status = 200
    _Issuer.answer = {"access_token": TOKEN, "expires_in": 600}
    with HTTPServer(("127.0.0.1", 0), _Issuer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def write_key(folder: Path, name: str = "ec-1") -> Path:
    """A private key in a file."""
    file = folder / f"{name}.pem"
    file.write_bytes(
        any_key(name).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.mark.parametrize("key", ["ec-1", "rsa-1"])
def test_should_sign_an_assertion_when_there_is_a_key(
    issuer: str, key: str, tmp_path: Path
) -> None:
    clock = [0.0]
    client = Client(f"{issuer}/", "清市监", write_key(tmp_path, key), "1", "uploads")
    signer = FromServer(client, now=lambda: clock[0], clock=lambda: SECONDS)
    assert (signer.token(), signer.token()) == (TOKEN, TOKEN)
    (form,) = _Issuer.asked
    assert (form["grant_type"], form["scope"]) == ("client_credentials", "uploads")
    assertion = form["client_assertion"]
    assert jwt.get_unverified_header(assertion)["kid"] == "1"
    options: Any = {"verify_exp": False, "verify_iat": False}
    public: Any = any_key(key).public_key()
    algorithm = "ES256" if key == "ec-1" else "RS256"
    endpoint = f"{issuer}/token"
    claims = jwt.decode(assertion, public, [algorithm], audience=endpoint, options=options)
    assert (claims["iss"], claims["sub"], claims["exp"]) == ("清市监", "清市监", SECONDS + 120)
    clock[0] = 571.0
    signer.token()
    assert len(_Issuer.asked) == 2
    assert signer.renew()
    signer.token()
    assert len({form["client_assertion"] for form in _Issuer.asked}) == 3


def test_should_be_what_the_system_accepts_when_signed(tmp_path: Path) -> None:
    endpoint = f"{URL}/v1/token"
    for key in ("ec-1", "rsa-1"):
        text = sign_assertion(
            write_key(tmp_path, key), key_id=key, client="exchange", audience=endpoint, now=SECONDS
        )
        known = {"exchange": any_client()}
        client, _ = read_assertion(text, find=known.get, audiences={endpoint}, now=NOW)
        assert client.id == "exchange"


def test_should_say_why_when_there_is_no_key_of_use(issuer: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    for file in (empty, tmp_path / "missing.pem", write_key(tmp_path, "p384-1")):
        with pytest.raises(Failure) as failure:
            FromServer(Client(issuer, "a", file)).token()
        assert failure.value.exit == 2
        assert failure.value.values["file"] == str(file)


def test_should_say_why_when_the_system_refuses(issuer: str, tmp_path: Path) -> None:
    client = Client(issuer, "a", write_key(tmp_path))
    _Issuer.status, _Issuer.answer = 401, {"error": "invalid_client"}
    with pytest.raises(Failure) as failure:
        FromServer(client).token()
    assert failure.value.exit == 3
    assert "invalid_client" in str(failure.value.values["reason"])
    _Issuer.status, _Issuer.answer = 200, {}
    with pytest.raises(Failure):
        FromServer(client).token()


def test_should_be_unreachable_when_the_issuer_does_not_answer() -> None:
    with pytest.raises(Unreachable):
        FromServer(Client("http://127.0.0.1:9", "a", Path("b"))).token()
    with pytest.raises(Failure) as failure:
        FromServer(Client("file:///etc", "a", Path("b"))).token()
    assert failure.value.exit == 2


def test_should_take_the_first_that_there_is_when_signing_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {"CREDIT_TOKEN": "t", "CREDIT_CLIENT_ID": "a", "CREDIT_CLIENT_KEY": "b"}
    assert find_signer(both, "https://x", None).token() == "t"
    monkeypatch.setattr("sys.stdin", io.StringIO("from-stdin\nmore"))
    assert find_signer(both, "https://x", "-").token() == "from-stdin"
    file = tmp_path / "token"
    file.write_text("from-file\n")
    assert find_signer(both, "https://x", str(file)).token() == "from-file"
    client = find_signer({**both, "CREDIT_TOKEN": ""}, "https://x", None)
    assert isinstance(client, FromServer)
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
    system: System, issuer: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signed_in = FromServer(Client(issuer, "a", write_key(tmp_path)))
    monkeypatch.setattr("creditctl.commands.find_signer", lambda *_: signed_in)
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
