"""Disclosure periods 公示期限、查询期限: from a first day to the day on which disclosure ends.

Days are those of the lawful clock (Asia/Shanghai). Which rules apply is decided by the first day.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Case, MonthEnd, Ruled, Severity, Span, Term

ONE_DAY = timedelta(days=1)
_SHORTEST_MONTH = 28

Reason = Literal[
    "term", "overall_maximum", "stated_end", "validity", "existence", "prolonged", "always"
]
"""What ends a period: the rule for such records, the limit for all, what the provider states, the
fact's own validity, that of its subject, a measure that runs on, or nothing."""


class Dates(Struct, frozen=True, kw_only=True):
    """The days of one record that bear on its period.

    `stated_end`: until when its provider says that it is disclosed (公示截止期). `measures_until`:
    the last day of a measure of the serious list (惩戒期限), the calendar's last where it runs on.
    `ceased`: the day on which the subject ceased to exist (注销).
    """

    formed: date | None = None
    effective: date | None = None
    valid_until: date | None = None
    stated_end: date | None = None
    measures_until: date | None = None
    ceased: date | None = None


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
    formed = dates.formed or dates.effective
    if formed is None:
        return None
    rule = rulebook.start[span].on(formed)
    for role in rule.value:
        first: date | None = getattr(dates, role)
        if first is not None:
            return rule.leading_to(first)
    return None


def disclosure_period(rulebook: Rulebook, case: Case, dates: Dates) -> Period | None:
    """How long a record such as `case` is disclosed (JS-26, NJ-56, SZ-24, NAT).

    None where it would run for months but the record states no date to count from.
    """
    start = start_day(rulebook, case.span, dates)
    on = date.max if start is None else start.value
    limits = _limits_since(rulebook, case, rulebook.since(on))
    ruled, term = limits.ruled, limits.ruled.value
    if term.runs != "months" or term.maximum_months is None:
        return _period(case, start, None, _lasting(ruled, dates), published=term.published)
    if start is None:
        return None
    shortest = term.minimum_months
    minimum = None if shortest is None else limits.last_day(on, shortest)
    end = _shortened(limits, minimum, dates, on)
    if term.prolonged and dates.measures_until and end.last and dates.measures_until > end.last:
        running = None if dates.measures_until == date.max else dates.measures_until
        end = _End(running, "prolonged", ruled)
    return _period(case, start, minimum, end, published=term.published)


class _End(Struct, frozen=True):
    last: date | None
    reason: Reason
    ruled: Ruled[Any]


def _lasting(ruled: Ruled[Term], dates: Dates) -> _End:
    """The end of what is not counted in months."""
    if ruled.value.runs == "existence":
        return _End(dates.ceased, "existence", ruled)
    last = dates.valid_until if ruled.value.runs == "validity" else None
    return _End(last, "always" if last is None else "validity", ruled)


class _Limits(Struct, frozen=True, kw_only=True):
    """What the rules say of the periods of records of one case, whatever their days."""

    ruled: Ruled[Term]
    longest: int
    reason: Reason
    longest_by: Ruled[Any]
    stated_end: Ruled[Literal["shortens", "ignored"]]
    month_end: MonthEnd
    inclusive: bool

    def last_day(self, start: date, months: int) -> date:
        """The last day of a period of `months` that starts on `start`."""
        corresponding = add_months(start, months, self.month_end)
        return corresponding if self.inclusive else corresponding - ONE_DAY


@lru_cache(maxsize=4096)  # far fewer cases than records
def _limits_since(rulebook: Rulebook, case: Case, since: date) -> _Limits:
    """The end by the rule for such records, or by the limit for all of them if that is sooner."""
    ruled = rulebook.term.on(case, since)
    longest = ruled.value.maximum_months or 0
    overall = rulebook.overall_maximum_months[case.span].on(since)
    limit = longest if overall.value == "unlimited" else overall.value
    within = longest <= limit or ruled.value.by_law
    return _Limits(
        ruled=ruled,
        longest=longest if within else limit,
        reason="term" if within else "overall_maximum",
        longest_by=ruled if within else overall,
        stated_end=rulebook.stated_end.on(since),
        month_end=rulebook.month_end.on(since).value,
        inclusive=rulebook.end_day.on(since).value == "inclusive",
    )


def _shortened(limits: _Limits, minimum: date | None, dates: Dates, start: date) -> _End:
    """The end that the provider states, where that counts and is sooner; never before the minimum."""
    last = limits.last_day(start, limits.longest)
    if limits.stated_end.value == "shortens" and dates.stated_end is not None:
        stated = max(dates.stated_end, minimum or start)
        if stated < last:
            return _End(stated, "stated_end", limits.stated_end)
    return _End(last, limits.reason, limits.longest_by)


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
