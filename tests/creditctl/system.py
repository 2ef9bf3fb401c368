"""The system behind HTTP on this machine, in process: its routes, a store, and faults on demand."""

import base64
import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from chalicelib.collection import planning, uploads
from chalicelib.collection.parts import read_parts
from chalicelib.runtime import blobs, clients
from chalicelib.runtime.settings import settings
from chalicelib.web.api import marks, returns
from chalicelib.web.api import parts as part_routes
from chalicelib.web.api import uploads as routes
from chalicelib.web.app import CreditApp
from tests.collection.files import PROVIDER, merge_all
from tests.web.events import NOW, Answered, ask, signed_in
from tests.web.tiny import NOBODY

TOKEN = "a-token"
_PART = re.compile(r"partNumber=[0-9]+")
_COMPLETION = re.compile("/v1/uploads/([^/]+)/completion")
CALLER = signed_in("provider", organisation=PROVIDER)


@dataclass
class System:
    """Where it answers, what it was asked, and what is to go wrong: `breaks` PUTs are cut
    off, all once so many have come through (`breaks_after`),
    `busy` requests are answered 503, `holds` leaves received files unread.
    """

    app: CreditApp
    url: str = ""
    asked: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    breaks: int = 0
    busy: int = 0
    breaks_after: int | None = None
    holds: bool = False
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    received: int = 0

    def count(self, method: str, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked[:2] == (method, path) for asked in self.asked)

    def process(self, upload: str) -> None:
        """Read a received file to its end."""
        planning.plan_upload(upload)
        for _ in range(2):  # a whole upload is checked first
            merge_all(upload)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Answered:
        """What the routes answer."""
        parts = urlsplit(target)
        for endpoint in (
            *(*routes.api.endpoints, *part_routes.api.endpoints),
            *(*returns.api.endpoints, *marks.api.endpoints),
        ):
            pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", endpoint.path)
            match = re.fullmatch(pattern, parts.path)
            if match and endpoint.method == method:
                return ask(
                    self.app,
                    method,
                    endpoint.path,
                    path={name: unquote(value) for name, value in match.groupdict().items()},
                    query=parse_qs(parts.query) or None,
                    headers=headers,
                    body=body or None,
                    caller=CALLER,
                )
        return Answered(404, {}, "{}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    system: System

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.system.asked.append((self.command, urlsplit(self.path).path, dict(self.headers)))
        if self.path.startswith("/store/"):
            self._store(length)
            return
        body = self.rfile.read(length).decode()
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.system.tokens:
            self._send(401, b'{"code": "E-AUTH-01", "detail": "x", "mend": "y", "detail_en": "z"}')
        elif self.system.busy:
            self.system.busy -= 1
            self._send(503, b"{}")
        else:
            answered = self.system.answer(self.command, self.path, dict(self.headers), body)
            text = re.sub(
                r'"https://[^"]*/((?:inbox|returned)/[^"?]+)[^"]*"',
                self._own_address,
                answered.text,
            )
            self._send(answered.status, text.encode())
            found = _COMPLETION.fullmatch(urlsplit(self.path).path)
            if found and answered.status == 200 and not self.system.holds:
                self.system.process(found[1])

    def _own_address(self, match: re.Match[str]) -> str:
        part = _PART.search(match[0])
        more = "" if part is None else f"?{part[0]}"
        return f'"{self.system.url}/store/{match[1]}{more}"'

    def _store(self, length: int) -> None:
        assert "Authorization" not in self.headers
        parts = urlsplit(self.path)
        key = parts.path.removeprefix("/store/")
        if self.command == "GET":
            self._send(200, blobs.read(key) or b"")
            return
        if self.system.breaks or self.system.breaks_after == 0:
            self.system.breaks = max(0, self.system.breaks - 1)
            self.rfile.read(length // 2)
            self.close_connection = True
            self.connection.close()
            return
        body = self.rfile.read(length)
        self.system.received += len(body)
        if self.system.breaks_after is not None:
            self.system.breaks_after -= 1
        if parts.query:
            self._store_part(key, int(parse_qs(parts.query)["partNumber"][0]), body)
            return
        if blobs.read(key) is not None:
            self._send(412, b"")
            return
        blobs.write(key, body)
        self._send(200, b"")
        if not self.system.holds:
            self.system.process(key.removeprefix("inbox/"))

    def _store_part(self, key: str, number: int, body: bytes) -> None:
        opened = read_parts(key.removeprefix("inbox/"))
        assert opened is not None
        told = self.headers["x-amz-checksum-sha256"]
        assert told == opened.parts.sha256[number - 1]
        assert base64.b64encode(hashlib.sha256(body).digest()).decode() == told
        clients.s3().upload_part(
            Bucket=settings().files_bucket,
            Key=key,
            UploadId=opened.multipart,
            PartNumber=number,
            Body=body,
        )
        self._send(200, b"")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[System]:
    """A system that answers until the end."""
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([routes.api, part_routes.api, returns.api, marks.api], guard=NOBODY)
    system = System(app)
    handler = type("Handler", (_Handler,), {"system": system})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        system.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield system
        finally:
            server.shutdown()
            thread.join()


def inbox(upload: str) -> bytes | None:
    """What the store holds for an upload."""
    return blobs.read(uploads.inbox_key(upload))
