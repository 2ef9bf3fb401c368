"""Somebody with a browser: cookies are kept, forms bring what their page holds."""

import html
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from chalicelib.web.app import CreditApp
from tests.web.events import Answered, LambdaContext, any_event

ORIGIN = "http://localhost:8000"
_FORM = "application/x-www-form-urlencoded"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Visitor:
    """Visits the pages of `app` in process."""

    def __init__(self, app: CreditApp, cookies: Mapping[str, str] | None = None) -> None:
        self.app = app
        self.cookies = dict(cookies or {})
        self.last = ""

    def get(self, address: str, **headers: str) -> Answered:
        """Follow a link."""
        return self._ask("GET", address, None, headers)

    def post(self, address: str, form: Mapping[str, str], **headers: str) -> Answered:
        """Send a form as it stands on the page that was seen last."""
        found = _CSRF.search(self.last)
        held = {"csrf": html.unescape(found[1])} if found else {}
        sent = {"Content-Type": _FORM, "Origin": ORIGIN, **headers}
        return self._ask("POST", address, urlencode({**held, **form}), sent)

    def _ask(
        self, method: str, address: str, body: str | None, headers: Mapping[str, str]
    ) -> Answered:
        parts = urlsplit(address)
        resource, path = self._find(method, parts.path)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        event = any_event(
            method,
            resource,
            path=path,
            query=parse_qs(parts.query, keep_blank_values=True) or None,
            headers={"Cookie": cookie, **{k.replace("_", "-"): v for k, v in headers.items()}},
            body=body,
        )
        answer = self.app({**event, "path": parts.path}, LambdaContext())
        self._keep(answer["multiValueHeaders"].get("Set-Cookie", []))
        if method == "GET":
            self.last = answer["body"]
        return Answered(answer["statusCode"], answer["headers"], answer["body"])

    def _find(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        """The route that API Gateway would choose, and its parameters."""
        routes: Mapping[str, Any] = self.app.routes
        found = []
        for route, methods in routes.items():
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(route))
            pattern = pattern.replace(re.escape("{proxy+}"), "(?P<proxy>.+)")
            if method in methods and (match := re.fullmatch(pattern, path)):
                found.append(("proxy" in match.groupdict(), len(match.groupdict()), route, match))
        assert found, f"{method} {path} is no route"
        *_, route, match = min(found, key=lambda each: each[:2])
        parameters = match.groupdict()
        return route, parameters

    def _keep(self, told: list[str]) -> None:
        for text in told:
            for name, morsel in SimpleCookie(text).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
