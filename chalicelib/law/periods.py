"""Disclosure periods 公示期限、查询期限: from a first day to the day on which disclosure ends.

Days are those of the lawful clock (Asia/Shanghai). Which rules apply is decided by the first day.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Case, DateRole, MonthEnd, Ruled, Severity, Span, Term

ONE_DAY = timedelta(days=1)
_SHORTEST_MONTH = 28

Reason = Literal["term", "overall_maximum", "stated_end", "validity", "prolonged", "always"]
"""What ends a period: the rule for such records, the limit for all, what the provider states, the
fact's own validity, a measure that runs on, or nothing."""


class Dates(Struct, frozen=True, kw_only=True):
    """The days of one record that bear on its period.

    `stated_end`: until when its provider says that it is disclosed (公示截止期). `measures_until`:
    the last day of a measure of the serious list (惩戒期限), the calendar's last where it runs on.
    """

    formed: date | None = None
    effective: date | None = None
    valid_until: date | None = None
    stated_end: date | None = None
    measures_until: date | None = None


class Period(Struct, frozen=True, kw_only=True):
    """When one record is disclosed, and which rule says so.

    `minimum_until`: the last day before whose end no repair may take it down, None where there is
    no minimum. `last_day`: the last day of disclosure, None where nothing ends it; `hidden_from`:
    the first day without it, from 00:00. `published`: whether such records are disclosed at all.
    `reason`: what set the end; `source`, `effective`, `rulebook` are of the rule that did.
    """

    span: Span
    severity: Severity | None
    start: date | None
    minimum_until: date | None
    last_day: date | None
    published: bool
    reason: Reason
    source: str
    effective: date
    rulebook: str

    @property
    def hidden_from(self) -> date | None:
        """The day after the last."""
        return None if self.last_day is None else _following(self.last_day)

    def ended_on(self, day: date) -> bool:
        """Whether `day` lies after the last day."""
        return self.last_day is not None and day > self.last_day


def start_day(rulebook: Rulebook, span: Span, dates: Dates) -> Ruled[date] | None:
    """The day from which a period runs, or None where the record states no date (JS-26, NJ-56).

    The rules in force on the day on which the act was formed say which of its dates counts.
    """
    known: dict[DateRole, date] = {}
    if dates.formed is not None:
        known["formed"] = dates.formed
    if dates.effective is not None:
        known["effective"] = dates.effective
    if not known:
        return None
    rule = rulebook.start[span].on(known.get("formed") or min(known.values()))
    first = next((known[role] for role in rule.value if role in known), None)
    return None if first is None else rule.leading_to(first)


def disclosure_period(rulebook: Rulebook, case: Case, dates: Dates) -> Period | None:
    """How long a record such as `case` is disclosed (JS-26, NJ-56, SZ-24, NAT).

    None where it would run for months but the record states no date to count from.
    """
    start = start_day(rulebook, case.span, dates)
    on = date.max if start is None else start.value
    ruled = rulebook.term.on(case, on)
    term = ruled.value
    if term.runs != "months" or term.maximum_months is None:
        last = dates.valid_until if term.runs == "validity" else None
        reason: Reason = "always" if last is None else "validity"
        return _period(case, start, None, _End(last, reason, ruled), published=term.published)
    if start is None:
        return None
    shortest = term.minimum_months
    minimum = None if shortest is None else _last_day(rulebook, on, shortest)
    end = _shortened(rulebook, _longest(rulebook, case.span, on, ruled), minimum, dates, on)
    if term.prolonged and dates.measures_until and end.last and dates.measures_until > end.last:
        running = None if dates.measures_until == date.max else dates.measures_until
        end = _End(running, "prolonged", ruled)
    return _period(case, start, minimum, end, published=term.published)


class _End(Struct, frozen=True):
    last: date | None
    reason: Reason
    ruled: Ruled[Any]


def _longest(rulebook: Rulebook, span: Span, start: date, ruled: Ruled[Term]) -> _End:
    """The end by the rule for such records, or by the limit for all of them if that is sooner."""
    longest = ruled.value.maximum_months or 0
    overall = rulebook.overall_maximum_months[span].on(start)
    if overall.value == "unlimited" or longest <= overall.value:
        return _End(_last_day(rulebook, start, longest), "term", ruled)
    return _End(_last_day(rulebook, start, overall.value), "overall_maximum", overall)


def _shortened(
    rulebook: Rulebook, end: _End, minimum: date | None, dates: Dates, start: date
) -> _End:
    """The end that the provider states, where that counts and is sooner; never before the minimum."""
    rule = rulebook.stated_end.on(start)
    if rule.value == "ignored" or dates.stated_end is None or end.last is None:
        return end
    stated = max(dates.stated_end, minimum or start)
    return _End(stated, "stated_end", rule) if stated < end.last else end


def _period(
    case: Case, start: Ruled[date] | None, minimum: date | None, end: _End, *, published: bool
) -> Period:
    return Period(
        span=case.span,
        severity=case.severity,
        start=None if start is None else start.value,
        minimum_until=minimum,
        last_day=end.last,
        published=published,
        reason=end.reason,
        source=end.ruled.source,
        effective=end.ruled.effective,
        rulebook=end.ruled.rulebook,
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
    if day.day <= _SHORTEST_MONTH:
        return date(year, month + 1, day.day)
    length = monthrange(year, month + 1)[1]
    if day.day <= length:
        return date(year, month + 1, day.day)
    last = date(year, month + 1, length)
    return last if month_end == "clamp" else _following(last)
