"""Cookies (RFC 6265bis): read from a request, written so that scripts and other sites get none."""

from collections.abc import Mapping
from typing import Final

from chalicelib.runtime.settings import settings

_YEAR: Final = 365 * 24 * 3600


def read_cookies(header: str) -> Mapping[str, str]:
    """The cookies of a `Cookie` header by name, ours without their prefix."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name.removeprefix(_prefix()): value for name, _, value in pairs if name}


def write_cookie(name: str, value: str, seconds: int = _YEAR) -> str:
    """A `Set-Cookie` value; gone at once where `seconds` is 0.

    On https the name says that the cookie is bound to this host (`__Host-`).
    """
    secure = "; Secure" if _prefix() else ""
    return f"{_prefix()}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _prefix() -> str:
    return "__Host-" if settings().public_url.startswith("https:") else ""
