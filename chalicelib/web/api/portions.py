"""Portions: how much of a long archive one answer holds, for Lambda sends no more than 6 MB."""

from collections.abc import Sequence
from typing import Final

import msgspec

from chalicelib.disclosure.showing import ShownRecord

MOST: Final = 1000
"""So many records are read for one answer."""

_BYTES: Final = 4_000_000  # of JSON; quotation marks in it double on the way


def count_fitting(records: Sequence[ShownRecord]) -> int:
    """How many of `records`, from the first on, one answer holds: at least one, if there is any."""
    room = _BYTES
    for place, record in enumerate(records):
        room -= len(msgspec.json.encode(record))
        if room < 0:
            return max(place, 1)
    return len(records)
