"""The provider's keys: which are taken, how long they are kept, where they come from."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes
from chalicelib.web.signing_keys import OLDEST, PAUSE, SigningKeys, fetch_document, read_keys
from tests.web.events import NOW
from tests.web.issuer import Published, any_key, public_jwk

SECOND = timedelta(seconds=1)


def test_should_fetch_once_when_keys_are_fresh() -> None:
    published = Published()
    keys = SigningKeys("https://x", fetch=published)
    for later in range(int(OLDEST.total_seconds())):
        assert keys.find("rsa-1", NOW + later * SECOND) is not None
    assert published.fetched == 1


def test_should_fetch_again_when_keys_are_old() -> None:
    published = Published()
    keys = SigningKeys("https://x", fetch=published)
    keys.find("rsa-1", NOW)
    published.keys = [public_jwk("rsa-2")]
    assert keys.find("rsa-1", NOW + OLDEST) is None
    assert published.fetched == 2


def test_should_find_a_new_key_when_the_provider_rotates() -> None:
    published = Published()
    keys = SigningKeys("https://x", fetch=published)
    keys.find("rsa-1", NOW)
    published.keys.append(public_jwk("ec-2"))
    assert keys.find("ec-2", NOW + PAUSE - SECOND) is None
    found = keys.find("ec-2", NOW + PAUSE)
    assert found is not None
    assert found.algorithm == "ES256"
    assert published.fetched == 2


def test_should_ask_at_most_every_pause_when_key_ids_are_invented() -> None:
    published = Published()
    keys = SigningKeys("https://x", fetch=published)
    for later in range(120):
        assert keys.find(f"no-{later}", NOW + later * SECOND) is None
    assert published.fetched == 4


def test_should_keep_known_keys_when_the_provider_is_down_for_a_while() -> None:
    published = Published()
    keys = SigningKeys("https://x", fetch=published)
    keys.find("rsa-1", NOW)
    published.failure = DomainError(codes.KEYS_UNAVAILABLE)
    with pytest.raises(DomainError):
        keys.find("other", NOW + PAUSE)
    assert keys.find("other", NOW + PAUSE + SECOND) is None
    assert keys.find("rsa-1", NOW + OLDEST - SECOND) is not None
    with pytest.raises(DomainError) as refusal:
        keys.find("rsa-1", NOW + OLDEST)
    assert refusal.value.code is codes.KEYS_UNAVAILABLE
    published.failure = None
    assert keys.find("rsa-1", NOW + OLDEST) is not None


def test_should_take_only_public_signing_keys_of_our_algorithms_when_reading() -> None:
    rsa, private = public_jwk("rsa-1"), any_key("rsa-1")
    document = [
        rsa,
        public_jwk("ec-1"),
        public_jwk("rsa-2", alg="RS256"),
        {**public_jwk("rsa-3"), "alg": "RS512"},
        {**public_jwk("rsa-4"), "use": "enc"},
        {**public_jwk("rsa-5"), "d": "AQAB"},
        {name: value for name, value in public_jwk("rsa-6").items() if name != "kid"},
        public_jwk("short-1"),
        public_jwk("p384-1"),
        {"kty": "oct", "kid": "hmac", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "broken", "n": "?", "e": "AQAB"},
        {"kty": "EC", "kid": "off", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": ["RSA"], "kid": "odd"},
    ]
    found = read_keys(json.dumps({"keys": document}).encode())
    assert {name: key.algorithm for name, key in found.items()} == {
        "rsa-1": "RS256",
        "ec-1": "ES256",
        "rsa-2": "RS256",
    }
    assert found["rsa-1"].public_key.public_numbers() == private.public_key().public_numbers()


@pytest.mark.parametrize("document", [b"", b"<html>", b"[]", b'{"keys": 1}', b"[" * 100_000])
def test_should_refuse_what_is_not_a_key_document_when_reading(document: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        read_keys(document)
    assert refusal.value.code is codes.KEYS_UNAVAILABLE


@pytest.mark.parametrize(
    "url",
    [
        "http://identity.example.cn/keys",
        "http://localhost.example.cn/keys",
        "http://127.0.0.1.example.cn/keys",
        "http://localhost@example.cn/keys",
        "file:///etc/hostname",
        "ftp://localhost/keys",
        "",
    ],
)
def test_should_refuse_the_address_when_it_is_neither_https_nor_this_machine(url: str) -> None:
    with pytest.raises(DomainError) as refusal:
        fetch_document(url)
    assert refusal.value.code is codes.KEYS_UNAVAILABLE


class _Provider(BaseHTTPRequestHandler):
    """Serves a document, one that is too long, a redirect, and nothing."""

    def do_GET(self) -> None:
        """Answer."""
        status = {"/moved": 302, "/missing": 404}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Location", "/keys")
        self.end_headers()
        self.wfile.write(b" " * 300_000 if self.path == "/long" else b'{"keys": []}')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _serving() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Provider)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_should_fetch_from_this_machine_and_refuse_detours_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with _serving() as address:
        assert fetch_document(f"{address}/keys") == b'{"keys": []}'
        for path in ("/moved", "/missing", "/long"):
            with pytest.raises(DomainError):
                fetch_document(address + path)
    with pytest.raises(DomainError):
        fetch_document(f"{address}/keys")
