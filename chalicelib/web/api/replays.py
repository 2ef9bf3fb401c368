"""Asking for the past (DESIGN §4, replay): which day is meant, and whether it stands still yet."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.archive.replay import last_instant
from chalicelib.collection.settling import settled_until
from chalicelib.disclosure.codes import DAY_TO_COME
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.web.endpoints import Asked


class Moment(Struct, frozen=True, kw_only=True):
    """The moment that an answer is of: now, or the end of a past day.

    A past day is `final` once every upload registered by its end is settled: whoever asks again
    gets the same. Until then `settled_until` tells how far that is so; at most to the day's end.
    """

    as_of: datetime
    final: bool = False
    settled_until: datetime | None = None


def read_day(wanted: date | None, asked: Asked) -> date | None:
    """The past day that is asked for; None where it is today.

    Raises `E-ARCHIVE-04` for a day that has not come.
    """
    today = lawful_day(asked.at)
    if wanted is None or wanted == today:
        return None
    if wanted > today:
        raise DomainError(DAY_TO_COME, pointer="/as_of", today=today.isoformat())
    return wanted


def find_moment(day: date | None, asked: Asked) -> Moment:
    """The end of the past `day`, or now; to be asked before the archive is read."""
    if day is None:
        return Moment(as_of=asked.at)
    end = last_instant(day)
    settled = settled_until(asked.at)
    return Moment(as_of=end, final=settled > end, settled_until=min(settled, end))
