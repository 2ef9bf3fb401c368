"""Retention 保存期限: what may be purged on a day, so that nothing ever goes early (JS-25)."""

from datetime import date, timedelta

from chalicelib.law.periods import add_months
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Kept, Ruled

ONE_DAY = timedelta(days=1)


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
