"""Who counts as one caller; where nobody has signed in, a source address that nobody can read back."""

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

from chalice.app import Request

from chalicelib.runtime import cipher
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import keyring
from chalicelib.web.callers import Caller, Role

_IPV6_HOME: Final = 64
"""Leading bits of an IPv6 address that are one connection's: the rest is its own to choose."""


def counted_as(caller: Caller, request: Request, at: datetime) -> str:
    """The organisation, for its staff and machines together; else the person; else the source.

    An address is hashed with a key of the lawful day: nobody without the keyring can test it, and
    tomorrow's is another.
    """
    if caller.role is not Role.PUBLIC:
        return (
            caller.organisation or caller.person or f"sub.{cipher.short_hash(caller.sub.encode())}"
        )
    key = cipher.derive(keyring().sessions, f"sources.{lawful_day(at)}")
    return f"from.{cipher.keyed_hash(key, _network(_address(request)))}"


def _address(request: Request) -> str:
    """Where the request comes from, as the nearest machine that is ours saw it.

    Each proxy in front (`settings().proxies`, the CDN) appends to X-Forwarded-For whom it was asked
    by, API Gateway last; what stands before that was written by whoever asked.
    """
    context: dict[str, Any] = request.context
    source = str(context.get("identity", {}).get("sourceIp", ""))
    proxies = settings().proxies
    seen = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    return seen[-1 - proxies] if 0 < proxies < len(seen) else source


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""  # all of them together
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_HOME), strict=False))
    return str(parsed)
