"""Files sent in parts: what is declared of each part when the file is registered."""

import base64
import binascii
import hashlib
from datetime import timedelta
from typing import Final

import msgspec

from chalicelib.collection import codes
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError

MIN_PART: Final = 5 << 20
"""Bytes of every part but the last: S3 takes no smaller ones."""

MAX_PART: Final = 200 << 20

VALID: Final = timedelta(hours=24)
"""How long after its registration a file may be put together."""


class Parts(msgspec.Struct, frozen=True):
    """Parts of `size` bytes, the last one of what is left, and the SHA-256 of each in base64."""

    size: int
    sha256: tuple[str, ...]


class Opened(msgspec.Struct, frozen=True):
    """Declared parts, and the multipart upload of S3 that takes them."""

    multipart: str
    parts: Parts


def check_digest(sha256: str, pointer: str) -> None:
    """Refuse what is no SHA-256 in base64. Raises DomainError `E-UPLOAD-05`."""
    try:
        digest = base64.b64decode(sha256.encode(), validate=True)
    except binascii.Error:
        digest = b""
    length = hashlib.sha256().digest_size
    if len(digest) != length or base64.b64encode(digest).decode() != sha256:
        raise DomainError(codes.DIGEST_MALFORMED, pointer=pointer)


def check_parts(parts: Parts, size: int) -> None:
    """Refuse parts that a file of `size` bytes is not made of.

    Raises DomainError `E-PART-02`, `E-UPLOAD-05`.
    """
    count = len(parts.sha256)
    if not MIN_PART <= parts.size <= MAX_PART or count != -(-size // parts.size):
        raise DomainError(
            codes.PARTS_MALFORMED,
            pointer="/parts",
            part=parts.size,
            count=count,
            size=size,
            least=MIN_PART,
            most=MAX_PART,
        )
    for index, sha256 in enumerate(parts.sha256):
        check_digest(sha256, f"/parts/sha256/{index}")


def open_parts(upload: str, key: str, content_type: str, parts: Parts) -> None:
    """Have S3 take the parts of the object that will be `key`.

    Where the registration dies of it, S3 gives the parts up by itself (`files.yaml`).
    """
    multipart = blobs.begin_parts(key, content_type)
    blobs.write_value(_key(upload), Opened(multipart, parts))


def read_parts(upload: str) -> Opened | None:
    """The parts of an upload, None where it is sent in one piece."""
    return blobs.read_value(_key(upload), Opened)


def size_of_part(parts: Parts, number: int, size: int) -> int:
    """Bytes of part `number` (from 1) of a file of `size` bytes."""
    return min(parts.size, size - (number - 1) * parts.size)


def _key(upload: str) -> str:
    return f"parts/{upload}.json"
