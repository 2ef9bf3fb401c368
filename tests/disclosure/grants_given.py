"""Grants to put into the emulated account, and queries to make under them."""

import os
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.disclosure import ledger
from chalicelib.disclosure.grants.giving import make_grant
from chalicelib.disclosure.grants.using import Use, use_grant
from chalicelib.disclosure.grants.values import Act, Grant, Scope, Terms, Wanted
from tests.disclosure.archives import JIANGSU
from tests.factories import ORGANISATION
from tests.web.events import NOW

BANK = "91329900MA99010471"
OTHER_BANK = "91329900MA99010396"
ONLINE = Act(at=NOW, by="representative-1", role="subject")
TERMS = Terms(
    subject=ORGANISATION,
    recipient=BANK,
    scope=Scope(items=("penalty",)),
    purpose="financing",
    until=date(2026, 12, 31),
    uses="many",
)


def give(asked: bool = False, act: Act = ONLINE, **terms: Any) -> Grant:
    """A grant under the rulebook `jiangsu`."""
    return make_grant(
        replace(TERMS, **terms),
        act,
        JIANGSU,
        recipient_name="清江农商银行",
        asked=asked,
        randomness=os.urandom,
    )


def query(grant: str, at: datetime = NOW, entry_id: str = "", **wanted: Any) -> Use:
    """A query of the bank under the grant of this id."""
    asked = replace(Wanted(subject=ORGANISATION, recipient=BANK), **wanted)

    def enter(found: Grant) -> ledger.Entry:
        return ledger.Entry(
            id=entry_id or os.urandom(8).hex(),
            subject=found.terms.subject,
            at=at,
            by="clerk-1",
            role="third_party",
            channel="authorised",
            purpose=found.terms.purpose,
            basis=found.id,
            organisation=found.terms.recipient,
            organisation_name=found.recipient_name,
        )

    return use_grant(grant, asked, at, enter)
