"""Spending of a limit: one conditional write, before a request is looked at any further."""

from datetime import datetime
from typing import Final

from chalice.app import Request

from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log_failure
from chalicelib.web import codes
from chalicelib.web.callers import Caller
from chalicelib.web.limiting import store
from chalicelib.web.limiting.limits import LIMITS, WINDOW, Allowance, Limited
from chalicelib.web.limiting.sources import counted_as

_GRACE: Final = 3600
"""Seconds after which a count may be deleted: long after any clock says that its window is over."""


def spend(name: Limited, caller: Caller, request: Request, at: datetime) -> Allowance | None:
    """What `caller` has left of a limit when this request is counted.

    None where it can't be counted and goes through all the same. Raises `E-HTTP-10` where it can't be
    counted and does not.
    """
    limit = LIMITS[name]
    most = limit.most[caller.role]
    second = int(at.timestamp())
    window = second - second % WINDOW
    counted = f"{name}/{counted_as(caller, request, at)}/{window}"
    try:
        count = store.count(counted, most, window + _GRACE)
    except store.Uncounted as error:
        log_failure(LogCode.REQUEST_UNCOUNTED, error.__cause__ or error, limit=name)
        if not limit.open:
            raise DomainError(codes.UNCOUNTED) from None
        return None
    left = None if count is None else most - count
    return Allowance(name=name, most=most, left=left, seconds=window + WINDOW - second)
