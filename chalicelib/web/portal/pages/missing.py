"""Addresses that nothing has."""

from typing import Never

from chalicelib.runtime.errors import DomainError
from chalicelib.web.codes import ROUTE_UNKNOWN
from chalicelib.web.portal.visits import Visit


def refuse(_visit: Visit) -> Never:
    """Raises E-HTTP-04, always."""
    raise DomainError(ROUTE_UNKNOWN)
