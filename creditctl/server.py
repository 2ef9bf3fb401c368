"""The system's API over HTTP: one JSON value out, one back, problems as failures (RFC 9457)."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from chalicelib.runtime.words import Language
from creditctl import words
from creditctl.exits import Exit, Failure, Refused, Unreachable
from creditctl.signing_in import Signer

Json = dict[str, Any]
Pause = Callable[[float], None]

TIMEOUT: Final = 60
ATTEMPTS: Final = 5

_BUSY: Final = frozenset(
    (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    )
)
_NEVER_TAKEN: Final = frozenset((HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE))
_LONGEST: Final = 60.0


class _Staying(HTTPRedirectHandler):
    """Follows no redirection: it could carry the token to another host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """None: what redirects is a failure."""


opener = build_opener(_Staying)
"""Opens requests, never another place than the one asked for."""


class Server:
    """One system, as one signed-in provider sees it."""

    def __init__(
        self, url: str, signer: Signer, language: Language, pause: Pause = time.sleep
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise Failure(Exit.USAGE, words.BAD_ADDRESS, url=url)
        self.url = url.rstrip("/")
        self.pause = pause
        self._signer = signer
        self._preferred = "zh, en;q=0.8" if language == "zh" else "en, zh;q=0.8"

    @property
    def is_plain(self) -> bool:
        """Whether what goes to it can be read on the way (on this machine nobody does)."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}

    def get(self, *path: str, **query: str | int) -> Json:
        """What stands at a path, given in parts."""
        found: Json = json.loads(self._ask("GET", path, query, None))
        return found

    def post(self, *path: str, body: Json | None = None, repeatable: bool = False) -> Json:
        """The answer to `body`, if any is needed. `repeatable` tells that asking twice is as good as once."""
        found: Json = json.loads(self._ask("POST", path, {}, body, repeatable=repeatable))
        return found

    def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        query: Mapping[str, str | int],
        body: Json | None,
        *,
        repeatable: bool = True,
    ) -> bytes:
        """Raises `Refused` or `Unreachable`, after trying again where that may help."""
        address = f"{self.url}/{'/'.join(quote(part, safe='') for part in path)}"
        if query:
            address = f"{address}?{urlencode(query)}"
        renewed = False
        for wait in back_off():
            try:
                return self._open(method, address, body)
            except HTTPError as error:
                if error.code == HTTPStatus.UNAUTHORIZED and not renewed and self._signer.renew():
                    renewed = True
                    continue
                again = error.code in (_BUSY if repeatable else _NEVER_TAKEN)
                if wait is None or not again:
                    raise _failure(address, error) from None
                self.pause(min(_told_to_wait(error) or wait, _LONGEST))
            except (URLError, OSError, HTTPException) as error:
                if wait is None or not repeatable:
                    raise unreachable(address, error) from None
                self.pause(wait)
        raise Unreachable(Exit.UNREACHABLE, words.UNREACHABLE, place=address, reason="")

    def _open(self, method: str, address: str, body: Json | None) -> bytes:
        headers = {
            "Authorization": f"Bearer {self._signer.token()}",
            "Accept-Language": self._preferred,
        }
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        request = Request(address, data=data, headers=headers, method=method)  # noqa: S310
        with opener.open(request, timeout=TIMEOUT) as answer:
            content: bytes = answer.read()
            return content


def fetch(url: str) -> bytes:
    """What stands at an address that the server gave; the token does not go there."""
    try:
        with opener.open(url, timeout=TIMEOUT) as answer:
            content: bytes = answer.read()
            return content
    except HTTPError as error:
        raise _failure(url, error) from None
    except (URLError, OSError, HTTPException) as error:
        raise unreachable(url, error) from None


def back_off() -> Iterator[float | None]:
    """Seconds to wait after each attempt that fails, None after the last."""
    for attempt in range(ATTEMPTS - 1):
        yield float(2**attempt)
    yield None


def unreachable(place: str, error: Exception) -> Unreachable:
    """The failure that `error` on the way to `place` is."""
    reason = str(getattr(error, "reason", error)) or type(error).__name__
    parts = urlsplit(place)
    return Unreachable(
        Exit.UNREACHABLE,
        words.UNREACHABLE,
        place=f"{parts.scheme}://{parts.netloc}{parts.path}",
        reason=reason,
    )


def _told_to_wait(error: HTTPError) -> float | None:
    told = error.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _failure(place: str, error: HTTPError) -> Failure:
    problem = _read_problem(error)
    if problem is None:
        if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return unreachable(place, error)
        return Failure(Exit.REFUSED, words.NOT_THE_SYSTEM, place=place, status=error.code)
    return Refused(words.PROBLEM, error.code, problem, **_texts(problem))


def _read_problem(answer: IO[bytes]) -> Json | None:
    try:
        found = json.loads(answer.read())
    except (ValueError, OSError, HTTPException):
        return None
    return found if isinstance(found, dict) and "code" in found else None


def _texts(problem: Json) -> dict[str, str]:
    """What a problem says; where one language is missing, the other stands in."""
    lines = {name: str(problem.get(name, "")) for name in ("code", "detail", "mend")}
    for name in ("detail", "mend"):
        lines[f"{name}_en"] = str(problem.get(f"{name}_en") or lines[name])
    places = [
        f"\n  {each.get('pointer', '')}: {each.get('detail', '')}"
        for each in problem.get("errors", ())
    ]
    lines["mend"] += "".join(places)
    lines["mend_en"] += "".join(places)
    return lines
