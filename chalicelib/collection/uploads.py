"""Registering an upload: who will send what, and from when it counts (JS-9, JS-16, SD-11)."""

import base64
import os
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypedDict, Unpack

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Catalogue
from chalicelib.collection import codes, store
from chalicelib.collection.formats import largest, media_type
from chalicelib.collection.parts import VALID as PARTS_VALID
from chalicelib.collection.parts import Parts, check_digest, check_parts, open_parts
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Fault, check_uscc

MAX_SINGLE: Final = 200 << 20
"""Bytes of a file that is sent in one piece; a larger one is sent in parts."""

VALID: Final = timedelta(hours=1)
"""How long a file that is sent in one piece may be PUT to its address."""

_RANDOM_BYTES: Final = 8
_ID_LETTERS: Final = 12
_ID: Final = re.compile(r"[0-9]{8}-[A-Z2-7]{12}")

Randomness = Callable[[int], bytes]
Mode = Literal["partial", "whole"]


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """An upload as registered; `registered` (`stamp` text) is when its rows were said.

    `mode` says what becomes of good rows where others are refused: `partial` merges them, `whole`
    merges all rows or none.

    Kept in S3 as well, so that the archive can be made again from the files alone.
    """

    upload: str
    provider: str
    item: str
    registered: str
    size: int
    sha256: str
    file_name: str
    mode: Mode = "partial"


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """Where the file is to be PUT until `expires`, with exactly these headers.

    `url` is None where it is sent in parts: each has an address of its own (`assembling`).
    """

    registration: Registration
    expires: datetime
    url: str | None = None
    headers: Mapping[str, str] = {}


class Options(TypedDict, total=False):
    """What need not be said of a new upload: its `mode`, `parts` if it is sent in such."""

    mode: Mode
    parts: Parts | None
    randomness: Randomness


class ProviderEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A provider 信息提供单位, and the items it is entitled to report."""

    provider: str
    name: str
    items: tuple[str, ...]


def register_upload(
    *,
    provider: str,
    item: str,
    size: int,
    sha256: str,
    file_name: str,
    now: datetime,
    **options: Unpack[Options],
) -> Registered:
    """Register a file of `size` bytes whose SHA-256 in base64 is `sha256`.

    Raises DomainError: `E-UPLOAD-02` to `E-UPLOAD-05`, `E-UPLOAD-08`, `E-PART-01`, `E-PART-02`, or
    the catalogue's where there is no such item.
    """
    load_local_catalogue(lawful_day(now)).item(item)
    check_entitled(provider, item)
    content_type, parts = media_type(file_name), options.get("parts")
    _check_size(size, file_name, parts)
    check_digest(sha256, "/sha256")
    registration = Registration(
        upload=make_id(now, options.get("randomness", os.urandom)),
        provider=provider,
        item=item,
        registered=stamp(now),
        size=size,
        sha256=sha256,
        file_name=file_name,
        mode=options.get("mode", "partial"),
    )
    if parts is not None:
        open_parts(registration.upload, inbox_key(registration.upload), content_type, parts)
    add_registration(registration)
    log(LogCode.UPLOAD_REGISTERED, upload=registration.upload, provider=provider, item=item)
    if parts is not None:
        return Registered(registration=registration, expires=now + PARTS_VALID)
    return _invite(registration, now)


def load_local_catalogue(day: date) -> Catalogue:
    """What is collected here on `day`: the catalogue under the rulebook's texts (JS-7, SZ-8)."""
    return load_catalogue(day).under(load_rulebook(settings().rulebook).texts)


def check_entitled(provider: str, item: str) -> None:
    """Refuse a provider that may not report `item`. Raises DomainError `E-UPLOAD-02`, `E-UPLOAD-03`."""
    entry = store.find_provider(provider) if provider else None
    if entry is None:
        raise DomainError(codes.PROVIDER_UNKNOWN, provider=provider)
    items: Collection[str] = entry.items or ()
    if item not in items:
        raise DomainError(
            codes.ITEM_NOT_ENTITLED,
            pointer="/item",
            provider=provider,
            item=item,
            items="、".join(sorted(items)),
        )


def _check_size(size: int, file_name: str, parts: Parts | None) -> None:
    """Refuse a file that is too large for its format, or for being sent as it is to be."""
    limit = largest(file_name)
    if not 0 < size <= limit:
        raise DomainError(codes.SIZE_REFUSED, pointer="/size", size=size, limit=limit)
    if parts is not None:
        check_parts(parts, size)
    elif size > MAX_SINGLE:
        raise DomainError(codes.PARTS_REQUIRED, pointer="/parts", size=size, limit=MAX_SINGLE)


def make_id(now: datetime, randomness: Randomness) -> str:
    """`<yyyymmdd>-<12 base32 letters>`: sorts by lawful day, cannot be guessed."""
    letters = base64.b32encode(randomness(_RANDOM_BYTES)).decode()[:_ID_LETTERS]
    return f"{lawful_day(now):%Y%m%d}-{letters}"


def add_registration(registration: Registration) -> None:
    """Keep a new upload. S3 first: whatever is in the table can be found again from the files."""
    blobs.write_value(_key(registration.upload), registration)
    unsettled = store.shard_of(registration.upload)
    store.add_upload(store.Upload(**msgspec.structs.asdict(registration), unsettled=unsettled))


def _invite(registration: Registration, now: datetime) -> Registered:
    content_type = media_type(registration.file_name)
    url, headers = blobs.presign_upload(
        inbox_key(registration.upload),
        size=registration.size,
        sha256=registration.sha256,
        content_type=content_type,
        seconds=int(VALID.total_seconds()),
    )
    return Registered(registration=registration, url=url, headers=headers, expires=now + VALID)


def read_registration(upload: str) -> Registration | None:
    """The registration kept beside the files, None where there is none."""
    return blobs.read_value(_key(upload), Registration)


def keep_registration(registration: Registration) -> None:
    """Replace what is kept of an upload beside its file: erasing a person changes its digest."""
    blobs.write_value(_key(registration.upload), registration)


def find_registration(upload: str) -> Registration:
    """The registered upload. Raises DomainError `E-UPLOAD-01`."""
    found = store.find_upload(upload) if _ID.fullmatch(upload) else None
    if found is None:
        raise DomainError(codes.UPLOAD_UNKNOWN, upload=upload)
    return _registration(found)


def check_kept(upload: str) -> None:
    """Refuse an upload whose file was never received, or is purged. Raises `E-UPLOAD-01`, `-09`."""
    find_registration(upload)
    if inbox_key(upload) not in blobs.list_keys(inbox_key(upload)):
        raise DomainError(codes.FILE_NOT_KEPT, upload=upload)


def list_registrations(
    provider: str, start: Mapping[str, str] | None, limit: int
) -> tuple[list[Registration], dict[str, str] | None]:
    """A page of a provider's uploads, newest first, and where the next one starts."""
    found, following = store.page_uploads(provider, start, limit)
    return [_registration(upload) for upload in found], following


def inbox_key(upload: str) -> str:
    """Where the file of an upload is in the bucket."""
    return f"inbox/{upload}"


def _key(upload: str) -> str:
    return f"registrations/{upload}.json"


def _registration(upload: store.Upload) -> Registration:
    return msgspec.convert({**upload.attribute_values}, Registration)


# -- providers ------------------------------------------------------------------------------------


def register_provider(entry: ProviderEntry, day: date) -> None:
    """Register a provider, or replace its name and items, all in the catalogue of `day`.

    Raises DomainError: `E-UPLOAD-06`, or the catalogue's for an item that it does not have.
    """
    if (
        isinstance(check_uscc(entry.provider), Fault)
        or check_uscc(entry.provider) != entry.provider
    ):
        raise DomainError(codes.PROVIDER_CODE, provider=entry.provider)
    catalogue = load_local_catalogue(day)
    for item in entry.items:
        catalogue.item(item)
    store.put_provider(
        store.Provider(provider=entry.provider, name=entry.name, items=set(entry.items) or None)
    )


def list_providers() -> list[ProviderEntry]:
    """Every registered provider, in the order of their codes."""
    return sorted(map(_entry, store.list_providers()), key=lambda entry: entry.provider)


def find_provider(provider: str) -> ProviderEntry | None:
    """The provider with this code, None where none is registered."""
    found = store.find_provider(provider) if provider else None
    return None if found is None else _entry(found)


def _entry(found: store.Provider) -> ProviderEntry:
    return ProviderEntry(
        provider=found.provider, name=found.name, items=tuple(sorted(found.items or ()))
    )
