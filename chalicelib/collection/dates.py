"""Dates as people write them, understood as ISO 8601."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

LONG_TERM: Final = "2099-12-31"
"""长期, as the national data standard writes a validity without an end."""

EARLIEST: Final = "1900-01-01"
"""The first day that is understood; databases write it for none."""

_LONG_TERM_WORDS: Final = frozenset(("长期", "长期有效", "永久", "永久有效", "无固定期限"))
_NO_END: Final = 2999  # real files hold 9999-09-09, 9999-12-31, 2999-12-31
_EARLIEST: Final = 1900
_DAY_0: Final = date(1899, 12, 30)  # as spreadsheets count from 1900-03-01 on
_SERIAL: Final = re.compile(r"([2-7]\d{4})(?:\.\d+)?", re.ASCII)
_LAST_SERIAL: Final = 73_050  # 2099-12-31
_CLOCK: Final = r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_AROUND_UNITS: Final = re.compile(r" ?([年月日]) ?")
_FORMS: Final = tuple(
    re.compile(form + _CLOCK, re.ASCII)
    for form in (
        r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})",
        r"(\d{4})(年)(\d{1,2})月(\d{1,2})日",
        r"(\d{4})()(\d{2})(\d{2})",
    )
)


def read_date(typed: str) -> str | None:
    """`typed` as `YYYY-MM-DD`, or None where it is no date from 1900 on.

    `2026-03-25`, `2026/3/5`, `2026.3.5`, `20180302`, `2026年3月25日`, a time of day after any of
    them (left out). 长期, and days as far off as 9999-09-09, are `LONG_TERM`. A spreadsheet's serial
    number (`43164`) is its day, from 1954 to 2099.
    """
    if match := _FORMS[0].fullmatch(typed):
        return _checked(int(match[1]), int(match[3]), int(match[4]))
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    if text in _LONG_TERM_WORDS:
        return LONG_TERM
    if is_serial(text):
        return (_DAY_0 + timedelta(int(text[:5]))).isoformat()
    for form in _FORMS:
        if match := form.fullmatch(_AROUND_UNITS.sub(r"\1", text)):
            return _checked(int(match[1]), int(match[3]), int(match[4]))
    return None


def is_serial(typed: str) -> bool:
    """Whether `typed` is a day as spreadsheets count them, perhaps with a fraction for the time."""
    if "-" in typed or "/" in typed:
        return False
    found = _SERIAL.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    return found is not None and int(found[1]) <= _LAST_SERIAL


def _checked(year: int, month: int, day: int) -> str | None:
    if year < _EARLIEST:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return LONG_TERM if year >= _NO_END else found.isoformat()
