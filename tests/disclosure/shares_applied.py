"""Shares to put into the emulated account, and queries to make under them."""

import os
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.disclosure import ledger
from chalicelib.disclosure.shares.applying import apply, find_faults
from chalicelib.disclosure.shares.deciding import answer_share, decide_share, end_share
from chalicelib.disclosure.shares.using import Use, use_share
from chalicelib.disclosure.shares.values import Act, Ending, Share, Terms, Verdict, Wanted
from chalicelib.law.rulebook import Rulebook
from tests.disclosure.archives import JIANGSU
from tests.factories import ORGANISATION, PROVIDER
from tests.web.events import NOW

TREASURY = "11329900009901024T"
OTHER_AGENCY = "11329900MB0000003C"
CENTRE = "123299000099010082"
AGENCY_ACT = Act(at=NOW, by="clerk-1", role="agency", organisation=TREASURY)
OPERATOR_ACT = Act(at=NOW, by="operator-1", role="operator", organisation=CENTRE)
ITEMS = ("penalty", "levy", "tax_paid")
"""One of each openness: 社会公开, 政务共享, 授权查询."""
TERMS = Terms(
    applicant=TREASURY,
    items=ITEMS,
    purpose="supervision",
    ways=("query", "check"),
    basis="清江市财政专项资金管理办法第八条",
    until=date(2026, 12, 31),
)
WANTED = Wanted(applicant=TREASURY, way="query")


def by_provider(provider: str = PROVIDER) -> Act:
    """The act of a clerk of a provider."""
    return Act(at=NOW, by="clerk-9", role="provider", organisation=provider)


def applied(at: datetime = NOW, **terms: Any) -> Share:
    """An application under the rulebook `jiangsu`."""
    asked = replace(TERMS, **terms)
    assert find_faults(asked, date(2026, 11, 22), JIANGSU) == []
    return apply(asked, replace(AGENCY_ACT, at=at), "清江市财政局", os.urandom)


def agree(
    share: Share,
    items: Collection[str] = ("tax_paid",),
    provider: str = PROVIDER,
    reason: str = "数据不宜共享",
    rulebook: Rulebook = JIANGSU,
) -> Share:
    """A provider that may report everything says to what of a share it agrees."""
    verdict = Verdict(items=tuple(items), reason=reason, act=by_provider(provider))
    return answer_share(share, verdict, ITEMS, rulebook)


def decide(
    share: Share,
    items: Collection[str] = ITEMS,
    reason: str = "其余与用途无关",
    rulebook: Rulebook = JIANGSU,
) -> Share:
    """The operator approves `items`, or refuses."""
    verdict = Verdict(items=tuple(items), reason=reason, act=OPERATOR_ACT)
    return decide_share(share, verdict, rulebook)


def end(share: Share, act: Act = AGENCY_ACT, reason: str = "工作已完成") -> Share:
    """One side ends a share."""
    return end_share(share, Ending(reason=reason, act=act))


def approved(**terms: Any) -> Share:
    """A share that its provider and the operator have said yes to in full."""
    share = applied(**terms)
    if "tax_paid" in share.terms.items:
        share = agree(share)
    return decide(share, share.terms.items)


def query(share: str, at: datetime = NOW, subject: str = ORGANISATION, **wanted: Any) -> Use:
    """A single query of the agency under the share of this id."""

    def enter(found: Share) -> ledger.Entry:
        return entry_under(found, subject, at)

    return use_share(share, replace(WANTED, **wanted), at, enter)


def entry_under(share: Share, subject: str, at: datetime = NOW, entry_id: str = "") -> ledger.Entry:
    """The ledger entry of a query under a share."""
    return ledger.Entry(
        id=entry_id or os.urandom(8).hex(),
        subject=subject,
        at=at,
        by="clerk-1",
        role="agency",
        channel="shared",
        purpose=share.terms.purpose,
        basis=share.id,
        organisation=share.terms.applicant,
        organisation_name=share.applicant_name,
    )
