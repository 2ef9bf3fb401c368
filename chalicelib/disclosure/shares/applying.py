"""Applying for shares (政务共享申请, JS-21): content, purpose, way, basis and end; written once."""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from chalicelib.disclosure.purposes import find_purpose
from chalicelib.disclosure.shares import store
from chalicelib.disclosure.shares.codes import SHARE_UNKNOWN, UNTIL_REFUSED, WAY_REFUSED
from chalicelib.disclosure.shares.contents import find_content_faults
from chalicelib.disclosure.shares.values import Act, Ending, Share, Terms, Verdict, is_share
from chalicelib.law.periods import add_months
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.clock import stamp
from chalicelib.runtime.errors import DomainError

T = TypeVar("T")

_ID_BYTES: Final = 15


class Page(Struct, frozen=True):
    """Shares, newest first, and from where to go on (None at the end). The cursor is not signed."""

    shares: tuple[Share, ...]
    cursor: str | None


class _Applied(Struct, frozen=True, kw_only=True):
    """What stands under `@applied`."""

    terms: Terms
    applicant_name: str
    made: Act


def find_faults(terms: Terms, day: date, rulebook: Rulebook) -> list[DomainError]:
    """All that an application of `day` lacks, each with its field: `E-SHARE-03` to `-06`, `E-CAT-11`,
    `E-PURPOSE-01` to `-03`."""
    faults = [
        *find_content_faults(terms.items, day, rulebook),
        *_find_purpose_faults(terms.purpose),
    ]
    if not terms.ways or len(set(terms.ways)) != len(terms.ways):
        faults.append(DomainError(WAY_REFUSED, pointer="/ways"))
    rule = rulebook.sharing_maximum_months.on(day)
    latest = add_months(day, rule.value, rulebook.month_end.on(day).value)
    if not day <= terms.until <= latest:
        told = {"latest": latest.isoformat(), "source": rule.source}
        faults.append(DomainError(UNTIL_REFUSED, pointer="/until", **told))
    return faults


def _find_purpose_faults(purpose: str) -> Iterator[DomainError]:
    try:
        find_purpose(purpose, "shared")
    except DomainError as unfit:
        yield DomainError(unfit.code, pointer="/purpose", **unfit.values)


def apply(terms: Terms, act: Act, applicant_name: str, randomness: Callable[[int], bytes]) -> Share:
    """Keep an application in which `find_faults` finds none, under a new id."""
    body = encode(_Applied(terms=terms, applicant_name=applicant_name, made=act))
    while True:
        share = "S" + base64.b32encode(randomness(_ID_BYTES)).decode()
        if store.insert_application(share, terms.applicant, f"{stamp(act.at)}.{share}", body):
            return _assemble(share, {store.APPLIED: body})


def find_share(share: str) -> Share:
    """The share with this id. Raises `E-SHARE-01` where there is none."""
    facts = store.find(share) if is_share(share) else {}
    if store.APPLIED not in facts:
        raise DomainError(SHARE_UNKNOWN)
    return _assemble(share, facts)


def shares_of(applicant: str, cursor: str | None, limit: int) -> Page:
    """What an agency has applied for, newest first."""
    return _page(store.read_applied(applicant, cursor, limit + 1), limit)


def every_share(cursor: str | None, limit: int) -> Page:
    """What was applied for by all agencies, newest first."""
    return _page(store.read_every(cursor, limit + 1), limit)


def encode(fact: Struct) -> bytes:
    """A fact as its item holds it."""
    return msgspec.msgpack.encode(fact)


def _page(found: list[tuple[str, str]], limit: int) -> Page:
    shown = found[:limit]
    shares = tuple(find_share(share) for share, _ in shown)
    return Page(shares, shown[-1][1] if len(found) > limit else None)


def _assemble(share: str, facts: Mapping[str, bytes]) -> Share:
    applied = msgspec.msgpack.decode(facts[store.APPLIED], type=_Applied)
    return Share(
        id=share,
        terms=applied.terms,
        applicant_name=applied.applicant_name,
        made=applied.made,
        answers={
            part.removeprefix(store.ANSWERED): msgspec.msgpack.decode(body, type=Verdict)
            for part, body in facts.items()
            if part.startswith(store.ANSWERED)
        },
        decision=_decode(facts, store.DECIDED, Verdict),
        ending=_decode(facts, store.ENDED, Ending),
    )


def _decode(facts: Mapping[str, Any], part: str, shape: type[T]) -> T | None:
    return msgspec.msgpack.decode(facts[part], type=shape) if part in facts else None
