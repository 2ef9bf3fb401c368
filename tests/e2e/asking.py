"""Asking the system over HTTP, as one persona or as nobody."""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.contract import check_answer

_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The JSON in it; an empty object where it is another kind of document."""
        kind = self.headers.get("content-type", "").partition(";")[0]
        return json.loads(self.content) if kind.endswith("json") else {}

    def of(self, status: int) -> Any:
        """The JSON in it, where it has this status."""
        assert self.status == status, f"{self.status}: {self.content.decode()}"
        return self.body

    def refused(self, status: int, code: str) -> Any:
        """The problem, where it has this status and code."""
        problem = self.of(status)
        assert problem["code"] == code, problem
        return problem


def request(
    method: str, url: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """One request on a connection of its own."""
    address = urlsplit(url)
    target = address.path + (f"?{address.query}" if address.query else "")
    with closing(HTTPConnection(address.netloc, timeout=_SECONDS)) as connection:
        connection.request(method, target, content, dict(headers or {}))
        with connection.getresponse() as response:
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks; every answer is held against the interface's description."""

    url: str
    token: Callable[[], str] | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask for `path`; `_` in the names of `headers` stands for `-`."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            told["Authorization"] = f"Bearer {self.token()}"
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            told["Content-Type"] = "application/json"
        answer = request(method, self.url + path, content, told)
        check_answer(method, path, answer.status, answer.headers, answer.content)
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        """GET `path`."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """POST `body` to `path`."""
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any) -> Answer:
        """PUT `body` to `path`."""
        return self.ask("PUT", path, body)
