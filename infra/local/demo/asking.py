"""Asking the running system as one of its personas; what comes out wrong ends the demo."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import MappingProxyType
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from infra.local.problems import Problem

_SECONDS = 60
_PAUSE = 0.2
_EXCERPT = 200

Json = Any
Found = TypeVar("Found")


class DemoFailure(Problem):
    """A step of the demo did not come out as it must."""


class System(Protocol):
    """What the demo needs of `infra.local.stack.Stack`."""

    @property
    def url(self) -> str:
        """The address of the system."""

    @property
    def rulebook(self) -> str:
        """The name of the rulebook that it runs under."""

    def token(self, persona: str, **claims: str) -> str:
        """A bearer token of a persona."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks: a persona with claims of its own, or the public (no persona)."""

    system: System
    persona: str = ""
    organisation: str = ""

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        purpose: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
        expect: tuple[int, ...] = (200,),
    ) -> Json:
        """The JSON answer. Raises `DemoFailure` for a status that is not expected."""
        headers = dict(headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.persona:
            claims = {"organisation": self.organisation} if self.organisation else {}
            headers["Authorization"] = "Bearer " + self.system.token(self.persona, **claims)
        if purpose:
            headers["X-Query-Purpose"] = purpose
        content = None if body is None else json.dumps(body).encode()
        status, answer = send(method, self.system.url + path, content, headers)
        if status not in expect:
            told = answer.decode(errors="replace")[:_EXCERPT]
            raise DemoFailure(f"{method} {path} answered {status}: {told}")
        return json.loads(answer)

    def get(self, path: str, *, purpose: str = "") -> Json:
        """The JSON at `path`."""
        return self.ask("GET", path, purpose=purpose)


def send(
    method: str, url: str, content: bytes | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """One request: status and body. Raises `DemoFailure` where nobody answers."""
    address = urlsplit(url)
    target = address.path + (f"?{address.query}" if address.query else "")
    connection = HTTPConnection(address.netloc, timeout=_SECONDS)
    try:
        connection.request(method, target, content, dict(headers))
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException) as error:
        raise DemoFailure(f"{method} {address.path}: no answer ({error!r})") from None
    finally:
        connection.close()


def check(*, holds: bool, otherwise: str) -> None:
    """Raises `DemoFailure` with what went wrong, unless it holds."""
    if not holds:
        raise DemoFailure(otherwise)


def check_equal(what: str, found: object, expected: object) -> None:
    """Raises `DemoFailure` where `what` is not what was known beforehand."""
    if found != expected:
        raise DemoFailure(f"{what}: {_shorten(found)}, expected {_shorten(expected)}")


def check_rows(what: str, found: Mapping[int, object], expected: Mapping[int, object]) -> None:
    """Raises `DemoFailure` with the first row of which something else is told than expected."""
    for row in sorted({*found, *expected}):
        check_equal(f"{what}, row {row}", found.get(row, ()), expected.get(row, ()))


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "..."


def comes_true(look: Callable[[], object], seconds: float) -> bool:
    """Whether `look` finds something within `seconds`."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def wait_for(what: str, look: Callable[[], Found | None], seconds: float) -> Found:
    """The first thing that `look` finds. Raises `DemoFailure` after `seconds`."""
    found: list[Found] = []

    def seen() -> bool:
        found.extend(one for one in (look(),) if one)
        return bool(found)

    if not comes_true(seen, seconds):
        raise DemoFailure(f"{what}: not within {seconds:.0f} s")
    return found[0]
