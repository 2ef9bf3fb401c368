"""Answering, deciding and ending shares (政务共享): who writes an act first has done it (SZ-21).

Acts that exclude one another are one item: a decision approves or refuses. An act taken again, by
whoever has lost the answer to the first, changes nothing.
"""

from collections.abc import Collection
from datetime import date

from chalicelib.disclosure.shares import store
from chalicelib.disclosure.shares.applying import encode, find_share
from chalicelib.disclosure.shares.codes import (
    AGREEMENT_MISSING,
    REASON_MISSING,
    SHARE_UNKNOWN,
    STATE_CONFLICT,
    VERDICT_REFUSED,
)
from chalicelib.disclosure.shares.contents import asked_of, needs_provider
from chalicelib.disclosure.shares.values import Ending, Share, State, Verdict
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError

_OPEN = frozenset({State.APPLIED, State.ACTIVE})


def awaits(
    entitled: Collection[str], provider: str, share: Share, day: date, book: Rulebook
) -> bool:
    """Whether a provider, `entitled` to report some items, is still to answer for any of a share."""
    unanswered = provider not in share.answers and share.state_on(day) in _OPEN
    return unanswered and bool(asked_of(entitled, share, day, book))


def answer_share(
    share: Share, verdict: Verdict, entitled: Collection[str], rulebook: Rulebook
) -> Share:
    """Note what a provider agrees to, of the items that it is `entitled` to report.

    It may also answer once a share is approved: what it says is opened from then on, or not.

    Raises:
        DomainError: `E-SHARE-01` there is nothing to answer for, `-07` it is over or was answered
            otherwise, `-08` and `-09` of the verdict.
    """
    day, provider = lawful_day(verdict.act.at), verdict.act.organisation
    asked = asked_of(entitled, share, day, rulebook)
    if not asked:
        raise DomainError(SHARE_UNKNOWN)
    _check_verdict(verdict, asked)
    if provider not in share.answers:
        _demand(share, _OPEN, day)
        store.insert_fact(share.id, store.ANSWERED + provider, encode(verdict))
    standing = find_share(share.id)
    return _confirm(standing, standing.answers.get(provider), verdict, day)


def decide_share(share: Share, verdict: Verdict, rulebook: Rulebook) -> Share:
    """Approve an application, in full or for fewer items, or refuse it (no items).

    Raises:
        DomainError: `E-SHARE-07` it is over or was decided otherwise, `-08` and `-09` of the
            verdict, `-10` an item that no provider has agreed to, where one must.
    """
    day = lawful_day(verdict.act.at)
    _check_verdict(verdict, share.terms.items)
    if share.decision is None:
        _demand(share, frozenset({State.APPLIED}), day)
        _check_agreed(share, verdict, day, rulebook)
        store.insert_fact(share.id, store.DECIDED, encode(verdict))
    standing = find_share(share.id)
    return _confirm(standing, standing.decision, verdict, day)


def end_share(share: Share, ending: Ending) -> Share:
    """End a share: no single query is entered in the ledger under it once this has returned.

    The agency may take an application back as well; the operator refuses those.

    Raises:
        DomainError: `E-SHARE-07` it is over, or was ended by the other side.
    """
    day = lawful_day(ending.act.at)
    if share.ending is None:
        endable = {State.ACTIVE} if ending.act.role == "operator" else _OPEN
        _demand(share, endable, day)
        store.insert_fact(share.id, store.ENDED, encode(ending))
    standing = find_share(share.id)
    ended = standing.ending
    if ended is None or (ended.act.role, ended.reason) != (ending.act.role, ending.reason):
        raise DomainError(STATE_CONFLICT, state=standing.state_on(day))
    return standing


def _check_verdict(verdict: Verdict, asked: Collection[str]) -> None:
    chosen = set(verdict.items)
    if len(chosen) != len(verdict.items) or not chosen <= set(asked):
        raise DomainError(VERDICT_REFUSED, pointer="/items", items=", ".join(asked))
    if chosen != set(asked) and not verdict.reason:
        raise DomainError(REASON_MISSING, pointer="/reason")


def _check_agreed(share: Share, verdict: Verdict, day: date, rulebook: Rulebook) -> None:
    for index, item in enumerate(verdict.items):
        if needs_provider(item, day, rulebook) and not share.agreed_to(item):
            source = rulebook.sharing_needs_provider.on(day).source
            pointer = f"/items/{index}"
            raise DomainError(AGREEMENT_MISSING, pointer=pointer, item=item, source=source)


def _demand(share: Share, states: Collection[State], day: date) -> None:
    state = share.state_on(day)
    if state not in states:
        raise DomainError(STATE_CONFLICT, state=state)


def _confirm(share: Share, standing: Verdict | None, meant: Verdict, day: date) -> Share:
    """The share, where what stands in it is what was meant."""
    if standing is None or set(standing.items) != set(meant.items):
        raise DomainError(STATE_CONFLICT, state=share.state_on(day))
    return share
