"""Signing in: a bearer token that was given, or one asked of the system (OAuth 2.0 RFC 6749 §4.4).

Tokens and keys are never taken from the command line, where other users could read them.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from creditctl import words
from creditctl.assertions import sign_assertion
from creditctl.exits import Exit, Failure, Unreachable

_EARLY: Final = 30  # seconds before its end in which a token is not used any more
_TIMEOUT: Final = 30
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFETIME: Final = 300
"""Seconds for which a token is used of which it is not said how long it holds."""


class Signer(Protocol):
    """Gives the token for the next request."""

    def token(self) -> str:
        """A bearer token."""

    def renew(self) -> bool:
        """Forget the token, which was refused; whether another one can be had."""


class Given:
    """A token from the environment or standard input: there is no other."""

    def __init__(self, token: str) -> None:
        self._token = token.strip()

    def token(self) -> str:
        """The token."""
        return self._token

    def renew(self) -> bool:
        """No."""
        return False


class FromFile:
    """A token in a file that somebody else keeps fresh."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._used = ""

    def token(self) -> str:
        """The token that stands in the file now."""
        try:
            self._used = self._path.read_text("utf-8").strip()
        except OSError as error:
            reason = error.strerror or str(error)
            raise Failure(
                Exit.USAGE, words.FILE_UNREADABLE, file=str(self._path), reason=reason
            ) from None
        return self._used

    def renew(self) -> bool:
        """Whether another token has come into the file."""
        refused = self._used
        return self.token() != refused


class Client(NamedTuple):
    """A registered client: the system that knows it, its id and its private key."""

    server: str
    name: str
    key_file: Path
    key_id: str = ""
    scope: str = ""


class FromServer:
    """Tokens for client credentials with `private_key_jwt`; the endpoint is asked for (RFC 8414)."""

    def __init__(
        self,
        client: Client,
        now: Callable[[], float] = time.monotonic,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._now = now
        self._clock = clock
        self._endpoint = ""
        self._token = ""
        self._end = 0.0

    def token(self) -> str:
        """A token that holds for a while yet."""
        if not self._token or self._now() > self._end - _EARLY:
            self._ask()
        return self._token

    def renew(self) -> bool:
        """Another one is asked for next time."""
        self._token = ""
        return True

    def _ask(self) -> None:
        client = self._client
        if not self._endpoint:
            place = f"{client.server.rstrip('/')}/.well-known/oauth-authorization-server"
            self._endpoint = str(_ask(_request(place)).get("token_endpoint", ""))
        assertion = sign_assertion(
            client.key_file,
            key_id=client.key_id,
            client=client.name,
            audience=self._endpoint,
            now=int(self._clock()),
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        if client.scope:
            form["scope"] = client.scope
        answer = _ask(_request(self._endpoint, urlencode(form).encode()))
        self._token = str(answer.get("access_token", ""))
        self._end = self._now() + float(answer.get("expires_in", _LIFETIME))
        if not self._token:
            raise Failure(Exit.REFUSED, words.TOKEN_REFUSED, reason="access_token")


def _request(url: str, form: bytes | None = None) -> Request:
    if not url.startswith(("https://", "http://")):
        raise Failure(Exit.USAGE, words.BAD_ADDRESS, url=url)
    return Request(url, data=form, headers={"Accept": "application/json"})  # noqa: S310


def _ask(request: Request) -> Mapping[str, Any]:
    try:
        with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - the user's own issuer
            found = json.load(answer)
    except HTTPError as error:
        reason = f"HTTP {error.code} {error.read(200).decode(errors='replace')}"
        raise Failure(Exit.REFUSED, words.TOKEN_REFUSED, reason=reason) from None
    except (URLError, OSError) as error:
        place, reason = request.full_url, str(getattr(error, "reason", error))
        raise Unreachable(Exit.UNREACHABLE, words.UNREACHABLE, place=place, reason=reason) from None
    except ValueError:
        raise Failure(Exit.REFUSED, words.TOKEN_REFUSED, reason=request.full_url) from None
    return found if isinstance(found, dict) else {}


def find_signer(environment: Mapping[str, str], server: str, token_file: str | None) -> Signer:
    """How to sign in: `token_file` (`-` is standard input), `CREDIT_TOKEN`, a registered client's key.

    Raises `Failure` where there is none of them.
    """
    if token_file == "-":  # noqa: S105
        return Given(sys.stdin.readline())
    if token_file:
        return FromFile(Path(token_file))
    if token := environment.get("CREDIT_TOKEN"):
        return Given(token)
    name, key = environment.get("CREDIT_CLIENT_ID", ""), environment.get("CREDIT_CLIENT_KEY", "")
    if not (name and key):
        raise Failure(Exit.USAGE, words.NO_TOKEN)
    key_id, scope = (environment.get(f"CREDIT_{part}", "") for part in ("CLIENT_KEY_ID", "SCOPE"))
    return FromServer(Client(server, name, Path(key), key_id, scope))
