"""Signed cursors: a place in a listing that only its own listing accepts back."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Final

import msgspec

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes

_SEAL_BYTES: Final = 16
_LONGEST: Final = 2048


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
