"""How a share looks in answers: without whose account did what, which the log knows."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.disclosure.shares.contents import needs_provider
from chalicelib.disclosure.shares.values import Ending, Share, State, Verdict, Way
from chalicelib.law.rulebook import Rulebook


class VerdictShown(Struct, frozen=True, kw_only=True):
    """Which items are agreed to, or approved, and why not the rest; `by` is an organisation's code."""

    items: tuple[str, ...]
    reason: str
    by: str
    at: datetime


class EndingShown(Struct, frozen=True, kw_only=True):
    """Why a share was given back or revoked; `by` is an organisation's code."""

    reason: str
    by: str
    at: datetime


class ShareShown(Struct, frozen=True, kw_only=True):
    """A share as it stands today.

    `items` are those applied for. Of those in `needing_agreement`, what a provider says is shared
    only where it has agreed in `answers`. `decision` holds the items that are approved.
    """

    id: str
    applicant: str
    applicant_name: str
    items: tuple[str, ...]
    purpose: str
    ways: tuple[Way, ...]
    basis: str
    until: date
    state: State
    made_at: datetime
    needing_agreement: tuple[str, ...]
    answers: tuple[VerdictShown, ...]
    decision: VerdictShown | None
    ending: EndingShown | None


class SharesShown(Struct, frozen=True, kw_only=True):
    """A page of shares, newest first: it may hold few, or none, and lead on."""

    shares: tuple[ShareShown, ...]
    next_cursor: str | None


def show_share(share: Share, day: date, rulebook: Rulebook) -> ShareShown:
    """The share as it stands on `day`."""
    terms = share.terms
    return ShareShown(
        id=share.id,
        applicant=terms.applicant,
        applicant_name=share.applicant_name,
        items=terms.items,
        purpose=terms.purpose,
        ways=terms.ways,
        basis=terms.basis,
        until=terms.until,
        state=share.state_on(day),
        made_at=share.made.at,
        needing_agreement=tuple(i for i in terms.items if needs_provider(i, day, rulebook)),
        answers=tuple(_show_verdict(said) for _, said in sorted(share.answers.items())),
        decision=_show_verdict(share.decision) if share.decision else None,
        ending=_show_ending(share.ending) if share.ending else None,
    )


def _show_verdict(verdict: Verdict) -> VerdictShown:
    act = verdict.act
    return VerdictShown(items=verdict.items, reason=verdict.reason, by=act.organisation, at=act.at)


def _show_ending(ending: Ending) -> EndingShown:
    return EndingShown(reason=ending.reason, by=ending.act.organisation, at=ending.act.at)
