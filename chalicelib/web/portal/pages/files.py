"""Styles and scripts."""

from typing import Final

from chalicelib.runtime.errors import DomainError
from chalicelib.web.codes import ROUTE_UNKNOWN
from chalicelib.web.portal.statics import find_file
from chalicelib.web.portal.visits import Sent, Visit

_FOR_EVER: Final = "public, max-age=31536000, immutable"


def send_file(_visit: Visit, name: str) -> Sent:
    """A file under the name that holds its digest: it may be kept for ever."""
    file = find_file(name)
    if file is None:
        raise DomainError(ROUTE_UNKNOWN)
    return Sent(file.text, {"Content-Type": file.media_type, "Cache-Control": _FOR_EVER})
