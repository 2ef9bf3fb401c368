"""Agreements on bulk queries (批量查询协议, NJ-67, SZ-29): given and ended, each act written once.

Third parties have batch checks made under one that is in force on the day and covers their purpose.
"""

from datetime import date, datetime
from typing import Final

import msgspec
from msgspec import Struct

from chalicelib.disclosure.checks import store
from chalicelib.disclosure.checks.codes import (
    AGREEMENT_ENDED_BEFORE,
    AGREEMENT_GIVEN_BEFORE,
    AGREEMENT_MISSING,
    AGREEMENT_TERM,
    AGREEMENT_UNKNOWN,
)
from chalicelib.disclosure.purposes import find_purpose
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Fault, check_uscc, normalise_code

_GIVEN: Final = "given/"
_ENDED: Final = "ended/"


class Terms(Struct, frozen=True, kw_only=True):
    """What was agreed on paper: its `number`, for which purposes, from `since` to `until` inclusive."""

    number: str
    purposes: tuple[str, ...]
    since: date
    until: date


class Giving(Struct, frozen=True, kw_only=True):
    """That an agreement was registered: when, and by whom (`sub`)."""

    terms: Terms
    at: datetime
    by: str


class Ending(Struct, frozen=True, kw_only=True):
    """That an agreement was ended before its time: when, by whom (`sub`), and why."""

    at: datetime
    by: str
    reason: str


class Agreement(Struct, frozen=True):
    """An agreement as registered, and its early end, if it was ended."""

    given: Giving
    ended: Ending | None

    def in_force(self, day: date) -> bool:
        """Whether it holds on `day`."""
        terms = self.given.terms
        return self.ended is None and terms.since <= day <= terms.until

    def covers(self, purpose: str, day: date) -> bool:
        """Whether it is in force on `day` and names `purpose`."""
        return self.in_force(day) and purpose in self.given.terms.purposes


def agreements_of(organisation: str) -> tuple[Agreement, ...]:
    """Every agreement of an organisation, by number."""
    acts = store.read_acts(normalise_code(organisation))
    return tuple(
        Agreement(
            msgspec.json.decode(body, type=Giving),
            _decode_ending(acts.get(_ENDED + act.removeprefix(_GIVEN))),
        )
        for act, body in acts.items()
        if act.startswith(_GIVEN)
    )


def give_agreement(organisation: str, giving: Giving) -> Agreement:
    """Register an agreement of the organisation with this code; the same again changes nothing.

    Raises:
        DomainError: `E-USCC-…` of the code, `E-PURPOSE-02` or `-03` for a purpose over no public
            check, `E-CHECK-18` its end is before its beginning, `-16` other terms have the number.
    """
    code = check_uscc(organisation)
    if isinstance(code, Fault):
        raise DomainError(code.code, pointer="", **dict(code.values))
    terms = giving.terms
    for purpose in terms.purposes:
        find_purpose(purpose, "public")
    if terms.until < terms.since:
        raise DomainError(AGREEMENT_TERM, pointer="/until")
    store.insert_act(code, _GIVEN + terms.number, msgspec.json.encode(giving))
    given = _find(code, terms.number)
    if given.given.terms != terms:
        raise DomainError(AGREEMENT_GIVEN_BEFORE)
    return given


def end_agreement(organisation: str, number: str, ending: Ending) -> Agreement:
    """End an agreement at once; the same again changes nothing. Checks registered before go on.

    Raises:
        DomainError: `E-CHECK-15` there is none, `-17` it was ended for another reason.
    """
    _find(organisation, number)
    store.insert_act(normalise_code(organisation), _ENDED + number, msgspec.json.encode(ending))
    ended = _find(organisation, number)
    if ended.ended is None or ended.ended.reason != ending.reason:
        raise DomainError(AGREEMENT_ENDED_BEFORE)
    return ended


def demand_agreement(organisation: str, number: str, purpose: str, day: date) -> None:
    """Raises `E-CHECK-14` unless the organisation's agreement `number` covers `purpose` on `day`."""
    held = agreements_of(organisation) if organisation else ()
    if not any(each.given.terms.number == number and each.covers(purpose, day) for each in held):
        raise DomainError(AGREEMENT_MISSING, pointer="/basis", purpose=purpose)


def _find(organisation: str, number: str) -> Agreement:
    for each in agreements_of(organisation):
        if each.given.terms.number == number:
            return each
    raise DomainError(AGREEMENT_UNKNOWN)


def _decode_ending(body: bytes | None) -> Ending | None:
    return msgspec.json.decode(body, type=Ending) if body else None
