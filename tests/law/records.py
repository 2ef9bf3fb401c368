"""Records and their periods, for the tests of periods."""

from datetime import date
from typing import Any

from chalicelib.law.periods import Dates, Period, disclosure_period
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Case, Severity, Span

D = date.fromisoformat
JS = load_rulebook("jiangsu")
NATIONAL = load_rulebook("national")
NJ = load_rulebook("nanjing")
SZ = load_rulebook("shenzhen")
SPANS: tuple[Span, Span] = ("query", "display")


def any_case(severity: Severity | None, span: Span = "display", **said: Any) -> Case:
    about: dict[str, Any] = {"item": "penalty", "group": "adverse", "subject": "organisation"}
    return Case(**{**about, **said}, severity=severity, span=span)


def period_of(
    rulebook: Rulebook,
    severity: Severity | None,
    formed: date | None,
    span: Span = "display",
    dates: dict[str, date] | None = None,
    **said: Any,
) -> Period:
    case = any_case(severity, span, **said)
    period = disclosure_period(rulebook, case, Dates(formed=formed, **(dates or {})))
    assert period is not None
    return period


def any_dates(formed: str | None, effective: str | None) -> Dates:
    return Dates(
        formed=D(formed) if formed else None, effective=D(effective) if effective else None
    )
