"""Registering a batch check: who asks why, and the one file that may be sent for it."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from chalicelib.disclosure.checks import store
from chalicelib.disclosure.checks.agreements import demand_agreement
from chalicelib.disclosure.checks.codes import BASIS_MISSING, CHECK_UNKNOWN, SIZE_REFUSED
from chalicelib.disclosure.checks.objects import inbox_key
from chalicelib.disclosure.checks.values import Asker, Check, is_check
from chalicelib.disclosure.purposes import find_purpose
from chalicelib.disclosure.shares.using import demand_share
from chalicelib.disclosure.shares.values import Wanted
from chalicelib.disclosure.volumes import values as volumes
from chalicelib.disclosure.volumes.watching import count_queries
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings

MAX_SIZE: Final = 32 * 1024 * 1024
VALID: Final = timedelta(hours=1)
"""How long a file may be PUT to its address."""

_RANDOM_BYTES: Final = 8
_ID_LETTERS: Final = 12


class Invited(Struct, frozen=True, kw_only=True):
    """Where the file is to be PUT until `expires`, with exactly these headers."""

    check: Check
    url: str
    headers: Mapping[str, str]
    expires: datetime


class Page(Struct, frozen=True):
    """Checks, newest first, and from where to go on (None at the end). The cursor is not signed."""

    checks: tuple[Check, ...]
    cursor: str | None


def register_check(
    check: Check, now: datetime, media_type: str, randomness: Callable[[int], bytes]
) -> Invited:
    """Register `check` under a new id.

    Raises:
        DomainError: `E-CHECK-02`, `E-CHECK-03`, `E-PURPOSE-01` to `-03`; `E-CHECK-14` for who
            asks under agreements and has none for this, `E-ARCHIVE-01` for who asks under a share
            that does not allow it; `E-VOLUME-01` while the asker's queries are stopped.
    """
    find_purpose(check.purpose, check.channel)
    if not check.basis.strip():
        raise DomainError(BASIS_MISSING, pointer="/basis")
    if not 0 < check.size <= MAX_SIZE:
        raise DomainError(SIZE_REFUSED, pointer="/size", size=check.size, limit=MAX_SIZE)
    if check.channel == "shared":
        demand_share(check.basis, wanted_by(check), now)
    if check.asker.by_grant:
        demand_agreement(check.asker.organisation, check.basis, check.purpose, lawful_day(now))
    watch(check, 0, now)
    while True:
        letters = base64.b32encode(randomness(_RANDOM_BYTES)).decode()[:_ID_LETTERS]
        named = msgspec.structs.replace(check, id=f"{lawful_day(now):%Y%m%d}-{letters}")
        if store.insert(named):
            break
    log(LogCode.CHECK_REGISTERED, check=named.id, channel=named.channel)
    return _invite(named, now, media_type)


def wanted_by(check: Check) -> Wanted:
    """What a check that is made under a share wants of it."""
    return Wanted(applicant=check.asker.party, way="check", purpose=check.purpose)


def watch(check: Check, subjects: int, now: datetime) -> None:
    """Count the subjects of a check among the asker's queries (NJ-52).

    Raises `E-VOLUME-01` while these are stopped, or where that stops them.
    """
    asker = check.asker
    watched = volumes.Asker(organisation=asker.party or asker.by, staff=asker.staff)
    count_queries(watched, subjects, now, load_rulebook(settings().rulebook))


def _invite(check: Check, now: datetime, media_type: str) -> Invited:
    url, headers = blobs.presign_upload(
        inbox_key(check.id),
        size=check.size,
        sha256=check.sha256,
        content_type=media_type,
        seconds=int(VALID.total_seconds()),
    )
    return Invited(check=check, url=url, headers=headers, expires=now + VALID)


def find_check(check: str) -> Check | None:
    """The check with this id."""
    return store.find_many([check]).get(check) if is_check(check) else None


def find_own(check: str, asker: Asker) -> Check:
    """The check, where it is the asker's own.

    Raises `E-CHECK-01`, the same for what does not exist and for another account's.
    """
    found = find_check(check)
    if found is None or found.asker.account != asker.account:
        raise DomainError(CHECK_UNKNOWN)
    return found


def list_own(asker: Asker, cursor: str | None, limit: int) -> Page:
    """The asker's own checks, newest first."""
    found = store.read_account(asker.account, cursor, limit + 1)
    shown = found[:limit]
    checks = store.find_many(check for check, _ in shown)
    listed = tuple(checks[check] for check, _ in shown if check in checks)
    return Page(listed, shown[-1][1] if len(found) > limit else None)
