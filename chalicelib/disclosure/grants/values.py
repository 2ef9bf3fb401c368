"""What a grant (授权) says, and what follows from it on a day.

A grant is written once and never changed. Whatever becomes of it is a fact of its own, written once
too: answered, revoked, consumed, its outcome. The state is what these add up to.
"""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct

from chalicelib.runtime.clock import lawful_day

Uses = Literal["once", "many"]
ReportKind = Literal["standard"]
PaperShown = Literal["subject_paper", "mandate", "agent_paper"]
"""信用主体有效身份证件, 授权委托书, 经办人身份证件 (JS-24, NJ-54, SZ-22)."""

FINANCING: Final = "financing"
"""The purpose under which banks ask, and report back what became of it (JP-2)."""

REPEATING: Final = timedelta(minutes=15)
"""How long a query that consumed its grant may be repeated under the same key."""


_ID: Final = re.compile(r"G[A-Z2-7]{24}")


def is_grant(text: str) -> bool:
    """Whether `text` may be the id of a grant."""
    return _ID.fullmatch(text) is not None


class State(StrEnum):
    """What a grant has come to on a day."""

    ASKED = "asked"  # a third party asks, the subject has not answered
    DECLINED = "declined"
    ACTIVE = "active"
    CONSUMED = "consumed"  # it was for once, and that was
    REVOKED = "revoked"
    ENDED = "ended"  # its last day is over, answered or not


class Scope(Struct, frozen=True, kw_only=True):
    """What may be queried: records of these catalogue items, or reports of this kind."""

    items: tuple[str, ...] = ()
    report: ReportKind | None = None

    def holds(self, item: str, _: str) -> bool:
        """Whether a record of `item`, whoever said it, is within it."""
        return self.report is not None or item in self.items


class Terms(Struct, frozen=True, kw_only=True):
    """Whose information, for whom, what, why, until when, and how often.

    `recipient` is the code of an organisation, or the subject key of a person. `purpose` is a code
    of `purposes`; `until` the last day, of the lawful clock.
    """

    subject: str
    recipient: str
    scope: Scope
    purpose: str
    until: date
    uses: Uses


class Window(Struct, frozen=True, kw_only=True):
    """Papers that were shown at the window; `reference` is that of the file that they are kept in."""

    papers: tuple[PaperShown, ...]
    reference: str


class Act(Struct, frozen=True, kw_only=True):
    """Who did something and when; `window` where an operator recorded what somebody did there."""

    at: datetime
    by: str
    role: str
    window: Window | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What the subject said to a third party that asks."""

    accepted: bool
    act: Act


class Consumption(Struct, frozen=True, kw_only=True):
    """The query that consumed a grant for once; `key` is its idempotency key, empty for none.

    `item` and `as_of` are what it asked for, empty for everything, and as it was then.
    """

    at: datetime
    entry: str
    key: str
    item: str = ""
    as_of: date | None = None


Decided = Literal["granted", "declined"]
Product = Literal["loan", "credit_line", "guarantee", "other"]
AmountBand = Literal[
    "to_100k", "100k_to_500k", "500k_to_1m", "1m_to_3m", "3m_to_10m", "10m_to_30m", "from_30m"
]
"""Yuan, from the first figure up to but not including the second."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What a bank made of what it read (JP-2): `amount` only of what was granted."""

    decided: Decided
    product: Product
    amount: AmountBand | None
    at: datetime


class Grant(Struct, frozen=True, kw_only=True):
    """A grant, and everything that has become of it.

    `made` is when a subject gave it or, where `asked`, when the third party asked for it.
    `recipient_name` is what the organisation is called, as far as known; never a person's name.
    """

    id: str
    terms: Terms
    recipient_name: str
    asked: bool
    made: Act
    answer: Answer | None = None
    revoked: Act | None = None
    consumption: Consumption | None = None
    outcome: Outcome | None = None

    @property
    def given(self) -> bool:
        """Whether the subject has agreed, however it ended."""
        return self.answer.accepted if self.answer else not self.asked

    def state_on(self, day: date) -> State:
        """What it has come to by `day`."""
        if self.answer and not self.answer.accepted:
            return State.DECLINED
        if self.revoked:
            return State.REVOKED
        if self.consumption:
            return State.CONSUMED
        if self.terms.until < day:
            return State.ENDED
        return State.ACTIVE if self.given else State.ASKED


class Wanted(Struct, frozen=True, kw_only=True):
    """A query that somebody wants to make under a grant.

    `item` is empty for everything in the scope, `purpose` for that of the grant; `as_of` is the past
    day that is asked for, if any. `key` is the idempotency key, empty for none; `entry` the key of
    the query's ledger entry, where the query is made again under the same one.
    """

    subject: str
    recipient: str | None
    item: str = ""
    report: ReportKind | None = None
    purpose: str = ""
    as_of: date | None = None
    key: str = ""
    entry: str = ""


def allows(grant: Grant, wanted: Wanted, at: datetime) -> bool:
    """Whether `wanted` may be queried under `grant` at the moment `at`.

    Who acts at the window for the recipient passes None for it.
    """
    terms = grant.terms
    return (
        wanted.subject == terms.subject
        and wanted.recipient in (None, terms.recipient)
        and wanted.report == terms.scope.report
        and (not wanted.item or wanted.item in terms.scope.items)
        and wanted.purpose in ("", terms.purpose)
        and _stands(grant, wanted, at)
    )


def _stands(grant: Grant, wanted: Wanted, at: datetime) -> bool:
    state = grant.state_on(lawful_day(at))
    if state is State.CONSUMED and grant.consumption:
        consumed = grant.consumption
        in_time = at <= consumed.at + REPEATING
        same = (wanted.key, wanted.item, wanted.as_of) == (
            consumed.key,
            consumed.item,
            consumed.as_of,
        )
        repeated = bool(wanted.key) and same and in_time
        again = repeated or wanted.entry == consumed.entry
        return again and lawful_day(at) <= grant.terms.until
    return state is State.ACTIVE
