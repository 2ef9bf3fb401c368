"""What a share (政务共享) says, and what follows from it on a day (JS-21, SZ-21).

An application is written once and never changed. Whatever becomes of it is a fact of its own,
written once too: what each provider says, the decision, the end. The state is what these add up to.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct

from chalicelib.runtime.clock import lawful_day

Way = Literal["query", "check"]
"""共享方式: single queries, batch checks."""

_ID: Final = re.compile(r"S[A-Z2-7]{24}")


def is_share(text: str) -> bool:
    """Whether `text` may be the id of a share."""
    return _ID.fullmatch(text) is not None


class State(StrEnum):
    """What a share has come to on a day."""

    APPLIED = "applied"  # providers and the operator have not all said what is theirs to say
    REFUSED = "refused"
    ACTIVE = "active"
    RETURNED = "returned"  # the agency has given it back
    REVOKED = "revoked"
    ENDED = "ended"  # its last day is over, decided or not


class Terms(Struct, frozen=True, kw_only=True):
    """Who applies for what content, why, in which ways, on which legal basis, until when.

    `applicant` is an agency's code, `items` are of the catalogue, `purpose` is a code of `purposes`;
    `until` the last day, of the lawful clock.
    """

    applicant: str
    items: tuple[str, ...]
    purpose: str
    ways: tuple[Way, ...]
    basis: str
    until: date


class Act(Struct, frozen=True, kw_only=True):
    """Who did something, and when; `organisation` is the code of the one acted for."""

    at: datetime
    by: str
    role: str
    organisation: str


class Verdict(Struct, frozen=True, kw_only=True):
    """Which of the items a provider agrees to, or the operator approves; none is a refusal.

    Whoever leaves any out says why in `reason`.
    """

    items: tuple[str, ...]
    reason: str
    act: Act


class Ending(Struct, frozen=True, kw_only=True):
    """That the agency gave a share back, or the operator revoked it, and why."""

    reason: str
    act: Act


class Share(Struct, frozen=True, kw_only=True):
    """An application, and everything that has become of it; `answers` by the provider's code."""

    id: str
    terms: Terms
    applicant_name: str
    made: Act
    answers: Mapping[str, Verdict] = {}
    decision: Verdict | None = None
    ending: Ending | None = None

    @property
    def approved(self) -> tuple[str, ...]:
        """The items that it was approved for, however it ended."""
        return self.decision.items if self.decision else ()

    def state_on(self, day: date) -> State:
        """What it has come to by `day`."""
        if self.decision and not self.decision.items:
            return State.REFUSED
        if self.ending:
            given_back = self.ending.act.role != "operator"
            return State.RETURNED if given_back else State.REVOKED
        if self.terms.until < day:
            return State.ENDED
        return State.ACTIVE if self.decision else State.APPLIED

    def agreed_to(self, item: str) -> frozenset[str]:
        """The providers that agree that what they say of `item` is shared."""
        return frozenset(code for code, said in self.answers.items() if item in said.items)


class Scope(Struct, frozen=True):
    """What may be read: records of these items; where providers are named, in their words alone."""

    items: Mapping[str, frozenset[str] | None]

    def holds(self, item: str, provider: str) -> bool:
        """Whether a record of `item` in the words of `provider` is within it."""
        if item not in self.items:
            return False
        agreed = self.items[item]
        return agreed is None or provider in agreed


class Wanted(Struct, frozen=True, kw_only=True):
    """What an agency wants to ask under a share, and how.

    `item` is empty for everything in its scope, `purpose` for that of the share.
    """

    applicant: str
    way: Way
    item: str = ""
    purpose: str = ""


def allows(share: Share, wanted: Wanted, at: datetime) -> bool:
    """Whether `wanted` may be asked under `share` at the moment `at` (JS-32: no further, for nothing
    else)."""
    terms = share.terms
    return (
        share.state_on(lawful_day(at)) is State.ACTIVE
        and wanted.applicant == terms.applicant
        and wanted.way in terms.ways
        and (not wanted.item or wanted.item in share.approved)
        and wanted.purpose in ("", terms.purpose)
    )
