"""Where one can go from every page, by role."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from chalicelib.web.callers import Role
from chalicelib.web.portal.visits import Visit


class Way(Struct, frozen=True):
    """An address, the name of its text, and whether one is there."""

    to: str
    text: str
    here: bool = False


_REPORTING: Final = (("/reporting", "nav.reporting"),)
_KEEPING: Final = (("/ledger", "nav.ledger"),)
_CHECKING: Final = (("/checks", "nav.checks"),)

OPEN: Final = (
    ("/", "nav.home"),
    ("/search", "nav.search"),
    ("/lists", "nav.lists"),
    ("/catalogue", "nav.catalogue"),
)
"""Ways that everybody has."""
OWN: Final[Mapping[Role, tuple[tuple[str, str], ...]]] = {
    Role.PROVIDER: _REPORTING,
    Role.CODE_AUTHORITY: _REPORTING,
    Role.OPERATOR: _KEEPING,
    Role.SUPERVISOR: (*_KEEPING, ("/alerts", "nav.alerts"), *_CHECKING),
    Role.AGENCY: _CHECKING,
    Role.JUDICIAL: _CHECKING,
    Role.THIRD_PARTY: (("/grants", "nav.held"), *_CHECKING),
    Role.SUBJECT: (("/me", "nav.own"),),
}
"""Ways by role; whoever signs in begins with the first."""


def ways_of(visit: Visit) -> tuple[Way, ...]:
    """The ways that are open to a visitor."""
    found = (*OPEN, *OWN.get(visit.caller.role, ()))
    path = visit.address.partition("?")[0]
    return tuple(Way(to, text, here=_leads(to, path)) for to, text in found)


def home_of(role: Role) -> str:
    """Where somebody who has signed in begins."""
    own = OWN.get(role)
    return own[0][0] if own else "/"


def with_parameter(address: str, name: str, value: object) -> str:
    """`address` with one more parameter of its query."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({name: value})}"


def lead_on(page: str, cursor: str | None) -> str:
    """The address of what follows on `page`; empty where nothing does."""
    return with_parameter(page, "cursor", cursor) if cursor else ""


def is_local(address: str) -> bool:
    """Whether `address` stays on this site, whatever a browser makes of it."""
    return (
        address.startswith("/")
        and not address.startswith("//")
        and address.isascii()
        and address.isprintable()
        and "\\" not in address
    )


def _leads(to: str, path: str) -> bool:
    return path == to or (to != "/" and path.startswith(f"{to}/"))
