"""How a grant looks in answers: without who did what, which the ledger of accounts knows."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.disclosure.grants.values import (
    AmountBand,
    Decided,
    Grant,
    Outcome,
    PaperShown,
    Product,
    ReportKind,
    State,
    Uses,
)
from chalicelib.law.rules import AuthorisationWay


class OutcomeShown(Struct, frozen=True, kw_only=True):
    """What a bank made of what it read (JP-2); `amount` in yuan, the upper figure not included."""

    decided: Decided
    product: Product
    amount: AmountBand | None
    at: datetime


class GrantShown(Struct, frozen=True, kw_only=True):
    """A grant as it stands today.

    `made_at` is when it was given or, where it was `asked` for, when that was. `way`, `papers` and
    `reference` tell how the subject agreed: papers of a window grant are in the file `reference`.
    `consumed_by` is the entry of the ledger that consumed a grant for once.
    """

    id: str
    subject: str
    recipient: str
    recipient_name: str
    items: tuple[str, ...]
    report: ReportKind | None
    purpose: str
    until: date
    uses: Uses
    state: State
    asked: bool
    made_at: datetime
    answered_at: datetime | None
    way: AuthorisationWay | None
    papers: tuple[PaperShown, ...]
    reference: str
    revoked_at: datetime | None
    consumed_at: datetime | None
    consumed_by: str | None
    outcome: OutcomeShown | None


class GrantsShown(Struct, frozen=True, kw_only=True):
    """A page of grants, newest first."""

    grants: tuple[GrantShown, ...]
    next_cursor: str | None


def show_grant(grant: Grant, day: date) -> GrantShown:
    """The grant as it stands on `day`."""
    terms = grant.terms
    agreed = (grant.answer.act if grant.answer else None) if grant.asked else grant.made
    window = agreed.window if agreed else None
    return GrantShown(
        id=grant.id,
        subject=terms.subject,
        recipient=terms.recipient,
        recipient_name=grant.recipient_name,
        items=terms.scope.items,
        report=terms.scope.report,
        purpose=terms.purpose,
        until=terms.until,
        uses=terms.uses,
        state=grant.state_on(day),
        asked=grant.asked,
        made_at=grant.made.at,
        answered_at=grant.answer.act.at if grant.answer else None,
        way=("window" if window else "online") if agreed else None,
        papers=window.papers if window else (),
        reference=window.reference if window else "",
        revoked_at=grant.revoked.at if grant.revoked else None,
        consumed_at=grant.consumption.at if grant.consumption else None,
        consumed_by=grant.consumption.entry if grant.consumption else None,
        outcome=_show_outcome(grant.outcome) if grant.outcome else None,
    )


def _show_outcome(outcome: Outcome) -> OutcomeShown:
    return OutcomeShown(
        decided=outcome.decided, product=outcome.product, amount=outcome.amount, at=outcome.at
    )
