"""Giving grants (授权): asked for, answered, given, revoked; each step is written once.

Two steps that exclude one another are one item, so whoever writes first decides: an answer is yes
or no. A step taken again, by whoever has lost the answer to the first, changes nothing.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.grants import store
from chalicelib.disclosure.grants.codes import (
    GRANT_UNKNOWN,
    ITEM_REFUSED,
    MANDATE_MISSING,
    RECIPIENT_REFUSED,
    SCOPE_REFUSED,
    STATE_CONFLICT,
    UNTIL_REFUSED,
    WAY_REFUSED,
)
from chalicelib.disclosure.grants.values import (
    Act,
    Answer,
    Consumption,
    Grant,
    Outcome,
    Scope,
    State,
    Terms,
    Window,
    is_grant,
)
from chalicelib.disclosure.purposes import find_purpose
from chalicelib.law.periods import add_months
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import AuthorisationWay
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import check_uscc, is_person

T = TypeVar("T")

_ID_BYTES: Final = 15


class Page(Struct, frozen=True):
    """Grants, newest first, and from where to go on (None at the end). The cursor is not signed."""

    grants: tuple[Grant, ...]
    cursor: str | None


class _Made(Struct, frozen=True, kw_only=True):
    """What stands under `@grant`."""

    terms: Terms
    recipient_name: str
    asked: bool
    made: Act


def make_grant(
    terms: Terms,
    act: Act,
    rulebook: Rulebook,
    *,
    recipient_name: str,
    asked: bool,
    randomness: Callable[[int], bytes],
) -> Grant:
    """Give a grant or, where it is `asked`, ask for one.

    Raises:
        DomainError: `E-GRANT-02` the rulebook does not know the way; `-03` for its last day, `-04`
            and `-05` for its scope, `-07` for its recipient, `-08` for papers; `E-CAT-11` for an
            item that there is not; `E-PURPOSE-01` to `-03`.
    """
    day = lawful_day(act.at)
    check_way("window" if act.window else "online", day, rulebook)
    _check_window(act.window)
    _check_terms(terms, day, rulebook)
    made = _Made(terms=terms, recipient_name=recipient_name, asked=asked, made=act)
    while True:
        grant = "G" + base64.b32encode(randomness(_ID_BYTES)).decode()
        item = store.GrantItem(
            grant,
            store.GRANT,
            subject=terms.subject,
            recipient=terms.recipient,
            made=f"{stamp(act.at)}.{grant}",
            body=encode(made),
        )
        if store.insert(item):
            return _assemble(grant, {store.GRANT: encode(made)})


def answer_grant(grant: Grant, answer: Answer, rulebook: Rulebook) -> Grant:
    """Accept or decline what a third party asks for.

    Raises:
        DomainError: `E-GRANT-02` the rulebook does not know the way, `-06` nothing is asked (any
            more) or it was answered otherwise, `-08` for papers.
    """
    day = lawful_day(answer.act.at)
    check_way("window" if answer.act.window else "online", day, rulebook)
    _check_window(answer.act.window if answer.accepted else None)
    if grant.answer is None and grant.state_on(day) is not State.ASKED:
        raise DomainError(STATE_CONFLICT, state=grant.state_on(day))
    if grant.answer is None:
        store.insert(store.GrantItem(grant.id, store.ANSWER, body=encode(answer)))
    standing = find_grant(grant.id)
    if standing.answer is None or standing.answer.accepted != answer.accepted:
        raise DomainError(STATE_CONFLICT, state=standing.state_on(day))
    return standing


def revoke_grant(grant: Grant, act: Act) -> Grant:
    """End a grant: nothing is entered in the ledger under it once this has returned.

    It may be revoked whatever the rulebook's way and however it ended. Raises `E-GRANT-06` where
    the subject has not given it.
    """
    if not grant.given:
        raise DomainError(STATE_CONFLICT, state=grant.state_on(lawful_day(act.at)))
    store.insert(store.GrantItem(grant.id, store.REVOKED, body=encode(act)))
    return find_grant(grant.id)


def find_grant(grant: str) -> Grant:
    """The grant with this id. Raises `E-GRANT-01` where there is none."""
    facts = store.find(grant) if is_grant(grant) else {}
    if store.GRANT not in facts:
        raise DomainError(GRANT_UNKNOWN)
    return _assemble(grant, facts)


def grants_of(subject: str, cursor: str | None, limit: int) -> Page:
    """What `subject` was asked for and has given, newest first."""
    return _page(store.read_given(subject, cursor, limit + 1), limit)


def grants_for(recipient: str, cursor: str | None, limit: int) -> Page:
    """What a third party has asked for and was given, newest first."""
    return _page(store.read_received(recipient, cursor, limit + 1), limit)


def check_way(way: AuthorisationWay, day: date, rulebook: Rulebook) -> None:
    """Refuse (`E-GRANT-02`) a way that the rulebook does not provide on `day` (JS-24, SZ-22)."""
    rule = rulebook.authorisation_ways.on(day)
    if way not in rule.value:
        raise DomainError(WAY_REFUSED, source=rule.source, ways=", ".join(rule.value))


def encode(fact: Struct) -> bytes:
    """A fact as its item holds it."""
    return msgspec.msgpack.encode(fact)


def _check_window(window: Window | None) -> None:
    papers = set(window.papers) if window else {"mandate", "subject_paper"}
    if "mandate" not in papers or len(papers) == 1:
        raise DomainError(MANDATE_MISSING, pointer="/window/papers")


def _check_terms(terms: Terms, day: date, rulebook: Rulebook) -> None:
    find_purpose(terms.purpose, "authorised")
    _check_scope(terms.scope, day, rulebook)
    known = is_person(terms.recipient) or check_uscc(terms.recipient) == terms.recipient
    if not known or terms.recipient == terms.subject:
        raise DomainError(RECIPIENT_REFUSED, pointer="/recipient")
    rule = rulebook.authorisation_maximum_months.on(day)
    latest = add_months(day, rule.value, rulebook.month_end.on(day).value)
    if not day <= terms.until <= latest:
        raise DomainError(
            UNTIL_REFUSED, pointer="/until", latest=latest.isoformat(), source=rule.source
        )


def _check_scope(scope: Scope, day: date, rulebook: Rulebook) -> None:
    repeated = len(set(scope.items)) != len(scope.items)
    if bool(scope.items) == bool(scope.report) or repeated:
        raise DomainError(SCOPE_REFUSED, pointer="/items")
    catalogue = load_catalogue(day)
    for index, name in enumerate(scope.items):
        rule = rulebook.openness[catalogue.item(name).openness]["authorised"].on(day)
        if rule.value == "withheld":
            pointer = f"/items/{index}"
            raise DomainError(ITEM_REFUSED, pointer=pointer, item=name, source=rule.source)


def _page(found: list[tuple[str, str]], limit: int) -> Page:
    shown = found[:limit]
    facts = store.find_many(grant for grant, _ in shown)
    grants = tuple(_assemble(grant, facts[grant]) for grant, _ in shown)
    return Page(grants, shown[-1][1] if len(found) > limit else None)


def _assemble(grant: str, facts: Mapping[str, bytes]) -> Grant:
    made = msgspec.msgpack.decode(facts[store.GRANT], type=_Made)
    return Grant(
        id=grant,
        terms=made.terms,
        recipient_name=made.recipient_name,
        asked=made.asked,
        made=made.made,
        answer=_decode(facts, store.ANSWER, Answer),
        revoked=_decode(facts, store.REVOKED, Act),
        consumption=_decode(facts, store.CONSUMED, Consumption),
        outcome=_decode(facts, store.OUTCOME, Outcome),
    )


def _decode(facts: Mapping[str, Any], part: str, shape: type[T]) -> T | None:
    return msgspec.msgpack.decode(facts[part], type=shape) if part in facts else None
