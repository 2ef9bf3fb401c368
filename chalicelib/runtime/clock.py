"""The lawful clock. Only `web` and `app.py` ask what time it is; below, time is an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LAWFUL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def lawful_day(moment: datetime) -> date:
    """The day on which `moment` falls where the law applies (Asia/Shanghai)."""
    return moment.astimezone(LAWFUL_ZONE).date()


def day_of(stamped: str) -> date:
    """The lawful day of the moment that `stamp` wrote."""
    return lawful_day(moment_of(stamped))


def stamp(moment: datetime) -> str:
    """`moment` as sortable text in UTC with milliseconds: `20261122T035500.123Z`."""
    utc = moment.astimezone(UTC)
    return f"{utc.year:04d}{utc:%m%dT%H%M%S.%f}"[:-3] + "Z"  # %Y does not pad


def moment_of(stamped: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.fromisoformat(stamped)
