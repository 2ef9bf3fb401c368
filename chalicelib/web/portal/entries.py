"""Entries of the ledger as pages show them."""

from datetime import datetime

from msgspec import Struct

from chalicelib.disclosure.purposes import PURPOSES
from chalicelib.web.api.archives import EntryShown
from chalicelib.web.portal.records import say_word
from chalicelib.web.portal.texts import text_of
from chalicelib.web.portal.visits import Visit


class EntryView(Struct, frozen=True, kw_only=True):
    """Who looked, when, over which channel, why, on what basis, at how much.

    `account` is that of who looked, where the visitor may know it.
    """

    at: datetime
    who: str
    channel: str
    purpose: str
    basis: str
    seen: str
    account: str


def view_entry(entry: EntryShown, visit: Visit, account: str = "") -> EntryView:
    """An entry in the visitor's language."""
    purpose = PURPOSES.get(entry.purpose)
    return EntryView(
        at=entry.at,
        who=_say_who(entry, visit),
        channel=say_word("channel", entry.channel, visit),
        purpose=visit.say(purpose.zh, purpose.en) if purpose else entry.purpose,
        basis=_say_basis(entry, visit),
        seen=_say_seen(entry, visit),
        account=account,
    )


def _say_basis(entry: EntryShown, visit: Visit) -> str:
    under_grant = entry.channel == "authorised"
    return (
        text_of(visit.language, "entry.grant", number=entry.basis) if under_grant else entry.basis
    )


def _say_who(entry: EntryShown, visit: Visit) -> str:
    if entry.channel == "own" and not entry.papers:
        return text_of(visit.language, "entry.oneself")
    named = entry.organisation_name or entry.organisation
    role = say_word("role", entry.role, visit)
    return visit.say(f"{named}（{role}）", f"{named} ({role})") if named else role


def _say_seen(entry: EntryShown, visit: Visit) -> str:
    if not entry.handed_over:
        return text_of(visit.language, "entry.nothing")
    if entry.report:
        return text_of(visit.language, "entry.report", number=entry.report)
    return text_of(visit.language, "entry.records", count=len(entry.records))
