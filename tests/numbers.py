"""ID numbers in text: whatever looks like one and has its check digit (GB 11643-1999)."""

import logging
import re
from datetime import date
from typing import Final

from chalicelib.subjects.identifiers import Fault, check_id_number

_SHAPE: Final = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)


def find_numbers(text: str) -> set[str]:
    """The ID numbers in `text`, those of people who are not born yet included."""
    found = set(_SHAPE.findall(text))
    return {each for each in found if not isinstance(check_id_number(each, date.max), Fault)}


class Watch(logging.Handler):
    """Looks at every line that is logged, and keeps those that hold an ID number."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line with everything that was logged beside its message."""
        if find_numbers(f"{record.getMessage()} {vars(record)}"):
            self.found.append(f"{record.name} {record.pathname}:{record.lineno}")
