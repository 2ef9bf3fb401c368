"""Disclosure periods 公示期限: from a class and a first day to the day on which display ends.

Days are those of the lawful clock (Asia/Shanghai). Which rules apply is decided by the first day.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import DateRole, MonthEnd, Ruled, Severity

ONE_DAY = timedelta(days=1)


class Period(Struct, frozen=True, kw_only=True):
    """When one record is disclosed, and which rule says so.

    `minimum_until`: the last day before whose end no repair may take it down, None where there is
    no minimum. `last_day`: the last day of display. `hidden_from`: the first day without it, from
    00:00. `published`: whether its class is disclosed at all. `reason`: what set the end, the
    class's maximum or the overall one; `source`, `effective`, `rulebook` are of the rule that did.
    """

    severity: Severity
    start: date
    minimum_until: date | None
    last_day: date
    hidden_from: date
    published: bool
    reason: Literal["class_maximum", "overall_maximum"]
    source: str
    effective: date
    rulebook: str

    def ended_on(self, day: date) -> bool:
        """Whether `day` lies after the last day of display."""
        return day >= self.hidden_from


def start_day(rulebook: Rulebook, dates: Mapping[DateRole, date | None]) -> Ruled[date] | None:
    """The day from which a record's period runs, or None where it states no date (JS-26).

    The rules in force on the day on which the act was formed say which of its dates counts.
    """
    known = {role: day for role, day in dates.items() if day is not None}
    if not known:
        return None
    rule = rulebook.start.on(known.get("formed") or min(known.values()))
    first = next((known[role] for role in rule.value if role in known), None)
    return None if first is None else rule.leading_to(first)


def display_period(rulebook: Rulebook, severity: Severity, start: date) -> Period:
    """How long a record of this class whose period starts on `start` is disclosed (JS-26, NAT)."""
    disclosure = rulebook.disclosure[severity].on(start)
    overall = rulebook.overall_maximum_months.on(start)
    longest, shortest = disclosure.value.maximum_months, disclosure.value.minimum_months
    months = longest if overall.value == "unlimited" else min(longest, overall.value)
    last_day = _last_day(rulebook, start, months)
    decisive = disclosure if months == longest else overall
    return Period(
        severity=severity,
        start=start,
        minimum_until=None if shortest is None else _last_day(rulebook, start, shortest),
        last_day=last_day,
        hidden_from=_following(last_day),
        published=disclosure.value.published,
        reason="class_maximum" if months == longest else "overall_maximum",
        source=decisive.source,
        effective=decisive.effective,
        rulebook=decisive.rulebook,
    )


def _last_day(rulebook: Rulebook, start: date, months: int) -> date:
    """The last day of a period of `months` that starts on `start`."""
    corresponding = add_months(start, months, rulebook.month_end.on(start).value)
    inclusive = rulebook.end_day.on(start).value == "inclusive"
    return corresponding if inclusive else corresponding - ONE_DAY


def _following(day: date) -> date:
    return day if day == date.max else day + ONE_DAY


def add_months(day: date, months: int, month_end: MonthEnd) -> date:
    """The day of the same number `months` later.

    Where that month is too short: its last day (`clamp`), or the first of the next (`next_day`).
    Past the end of the calendar (real files hold 9999-09-09): its last day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    length = monthrange(year, month + 1)[1]
    if day.day <= length:
        return date(year, month + 1, day.day)
    last = date(year, month + 1, length)
    return last if month_end == "clamp" else _following(last)
