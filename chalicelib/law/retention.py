"""Retention 保存期限: what may be purged on a day, so that nothing ever goes early (JS-25)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from chalicelib.law.periods import add_months
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel, Kept, Ruled

ONE_DAY = timedelta(days=1)

LEDGER_KINDS: Final[tuple[Kept, ...]] = ("ledger", "ledger_authorised", "ledger_agency")
"""Ledger entries of different terms 查询台账."""

_KEPT_AS: Final[Mapping[Channel, Kept]] = {
    "authorised": "ledger_authorised",
    "ex_officio": "ledger_agency",
    "shared": "ledger_agency",
    "judicial": "ledger_agency",
    "operator": "ledger_agency",
}


def kept_as(channel: Channel) -> Kept:
    """What the ledger entry of a query over `channel` is kept as.

    Authorised queries for themselves (SZ-23), those of agencies as their query logs 查询日志
    (NJ-52), the rest as JS-25 has it for all.
    """
    return _KEPT_AS.get(channel, "ledger")


def purgeable_before(rulebook: Rulebook, what: Kept, day: date) -> Ruled[date] | None:
    """The cut-off for a purge on `day`: only what was created before it may go; None keeps all.

    All are days of the lawful clock. The term in force on `day` must have passed in full: what was
    created on 2024-03-01 for three years is kept through 2027-03-01 and goes on 2027-03-02.
    """
    term = rulebook.retention_years[what].on(day)
    if term.value == "unlimited":
        return None
    months = 12 * term.value
    month_end = rulebook.retention_month_end.on(day).value
    earliest = max(date.min.toordinal(), day.toordinal() - 366 * term.value)
    cut_off = date.fromordinal(earliest)
    while add_months(cut_off, months, month_end) < day:
        cut_off += ONE_DAY
    return term.leading_to(cut_off)
