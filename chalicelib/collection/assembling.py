"""Putting a file together from its parts: which of them are there, where the rest goes.

Each part's address takes the declared bytes and no others, so whatever is there is right; the whole
is verified once more when it is read. All of it may be asked again: whoever was interrupted goes on
with what is missing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.collection import codes
from chalicelib.collection.parts import VALID, Opened, read_parts, size_of_part
from chalicelib.collection.uploads import Registration, inbox_key
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import moment_of
from chalicelib.runtime.errors import DomainError

PAGE: Final = 100
ADDRESS_VALID: Final = timedelta(hours=1)
"""How long a part may be PUT to its address."""

_NAMED: Final = 20


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Part `number` (from 1) of a file; it is to be PUT to `url`, None where it is there."""

    number: int
    size: int
    sha256: str
    url: str | None

    @property
    def headers(self) -> Mapping[str, str]:
        """With exactly these headers."""
        return {} if self.url is None else {"x-amz-checksum-sha256": self.sha256}


class PartPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of parts; those after number `following` are on the next, None where there are none.

    The addresses hold until `expires`.
    """

    parts: tuple[Part, ...]
    following: int | None
    expires: datetime


def list_parts(registration: Registration, after: int, now: datetime) -> PartPage:
    """The parts of an upload behind number `after`.

    Raises DomainError `E-PART-03`; `E-PART-05` where they can no longer be sent.
    """
    opened = _find(registration)
    held = _list_held(registration, opened, now)
    declared = opened.parts
    numbers = range(1, len(declared.sha256) + 1)[after : after + PAGE]
    valid = min(ADDRESS_VALID, _deadline(registration) - now)

    def show(number: int) -> Part:
        sha256 = declared.sha256[number - 1]
        size = size_of_part(declared, number, registration.size)
        url = None
        if held is not None and number not in held:
            url = blobs.presign_part(
                inbox_key(registration.upload),
                opened.multipart,
                number,
                size=size,
                sha256=sha256,
                seconds=max(1, int(valid.total_seconds())),
            )
        return Part(number=number, size=size, sha256=sha256, url=url)

    parts = tuple(map(show, numbers))
    last = after + len(parts)
    following = last if parts and last < len(declared.sha256) else None
    return PartPage(parts=parts, following=following, expires=now + valid)


def assemble(registration: Registration, now: datetime) -> None:
    """Make the file of its parts; where it is made already, nothing happens.

    Raises DomainError `E-PART-03` to `E-PART-05`.
    """
    opened = _find(registration)
    held = _list_held(registration, opened, now)
    if held is None:
        return
    numbers = range(1, len(opened.parts.sha256) + 1)
    missing = [number for number in numbers if number not in held]
    if missing:
        named = [str(number) for number in missing[:_NAMED]]
        raise DomainError(
            codes.PARTS_MISSING,
            upload=registration.upload,
            count=len(missing),
            missing="、".join(named) + ("…" if len(missing) > _NAMED else ""),
        )
    parts = [(number, held[number], opened.parts.sha256[number - 1]) for number in numbers]
    made = blobs.finish_parts(inbox_key(registration.upload), opened.multipart, parts)
    if not made and not _is_made(registration):
        raise _expired(registration)


def _find(registration: Registration) -> Opened:
    opened = read_parts(registration.upload)
    if opened is None:
        raise DomainError(codes.NOT_IN_PARTS, upload=registration.upload)
    return opened


def _list_held(
    registration: Registration, opened: Opened, now: datetime
) -> Mapping[int, str] | None:
    """The tag of each part that is there; None once the file has been made of them."""
    if _is_made(registration):
        return None
    held = blobs.list_parts(inbox_key(registration.upload), opened.multipart)
    if held is None and _is_made(registration):  # just now
        return None
    if held is None or now >= _deadline(registration):
        raise _expired(registration)
    return held


def _is_made(registration: Registration) -> bool:
    key = inbox_key(registration.upload)
    return key in blobs.list_keys(key)


def _deadline(registration: Registration) -> datetime:
    return moment_of(registration.registered) + VALID


def _expired(registration: Registration) -> DomainError:
    hours = int(VALID.total_seconds() // 3600)
    return DomainError(codes.PARTS_EXPIRED, upload=registration.upload, hours=hours)
