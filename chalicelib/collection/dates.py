"""Dates as people write them, understood as ISO 8601."""

import re
import unicodedata
from datetime import date
from typing import Final

LONG_TERM: Final = "2099-12-31"
"""长期, as the national data standard writes a validity without an end."""

_LONG_TERM_WORDS: Final = frozenset(("长期", "长期有效", "永久", "永久有效"))
_EARLIEST: Final = 1900
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
    them (left out), and 长期.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    if text in _LONG_TERM_WORDS:
        return LONG_TERM
    for form in _FORMS:
        if match := form.fullmatch(_AROUND_UNITS.sub(r"\1", text)):
            return _checked(int(match[1]), int(match[3]), int(match[4]))
    return None


def _checked(year: int, month: int, day: int) -> str | None:
    if year < _EARLIEST:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
