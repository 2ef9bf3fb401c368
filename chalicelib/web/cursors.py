"""Signed cursors: a place in a listing that only its own listing accepts back.

A route reads where its page starts from the cursor it is given, none for the first page, and writes
from where to go on, None at the end. `scope` names the listing and its caller.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final

import msgspec

from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identities import keyring
from chalicelib.web import codes

_SEAL_BYTES: Final = 16
_LONGEST: Final = 2048


def read_place(cursor: str, scope: str) -> str | None:
    """The place behind which a page starts. Raises E-PAGE-01 as `read_cursor`."""
    position = read_position(cursor, scope)
    return None if position is None else position["place"]


def write_place(place: str | None, scope: str) -> str | None:
    """The cursor of the page behind `place`."""
    return write_position({"place": place} if place else None, scope)


def read_position(cursor: str, scope: str) -> dict[str, str] | None:
    """The same of a listing in which a place has several parts."""
    return read_cursor(cursor, key=keyring().sessions, scope=scope) if cursor else None


def write_position(position: Mapping[str, str] | None, scope: str) -> str | None:
    """The cursor of the page behind `position`."""
    return write_cursor(position, key=keyring().sessions, scope=scope) if position else None


def write_cursor(position: Mapping[str, str], *, key: bytes, scope: str) -> str:
    """`position` as opaque text. `scope` names the listing and its caller; it is not inside."""
    content = msgspec.json.encode(position, order="deterministic")
    sealed = _seal(content, key, scope) + content
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def read_cursor(cursor: str, *, key: bytes, scope: str) -> dict[str, str]:
    """The position in `cursor`.

    Raises E-PAGE-01 where `cursor` is not one that `write_cursor` gave for this `key` and `scope`.
    """
    sealed = _decode(cursor)
    content = sealed[_SEAL_BYTES:]
    if not hmac.compare_digest(sealed[:_SEAL_BYTES], _seal(content, key, scope)):
        raise _refusal()
    return msgspec.json.decode(content, type=dict[str, str])


def _decode(cursor: str) -> bytes:
    if len(cursor) > _LONGEST:
        raise _refusal()
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise _refusal() from None


def _seal(content: bytes, key: bytes, scope: str) -> bytes:
    return hmac.digest(key, scope.encode() + b"\0" + content, "sha256")[:_SEAL_BYTES]


def _refusal() -> DomainError:
    return DomainError(codes.CURSOR_REFUSED, pointer="/cursor")
