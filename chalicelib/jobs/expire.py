"""Ending disclosures (公示期满): publication rows whose period is over are emptied."""

from datetime import date, datetime

from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.publication.store import SHARDS, find_ended
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings


def end_disclosures(day: date, rulebook: Rulebook) -> int:
    """Project every record whose display ends before `day` begins; returns how many.

    Readers have not been shown them since midnight. Rows that are still there from days on which
    the job did not run are found too, and running it again finds nothing.
    """
    ended = 0
    for number in range(SHARDS):
        for subject, path in find_ended(f"{number:02d}", day.isoformat()):
            item, record = path.split("/")
            ended += project(RecordKey(subject, item, record), day, rulebook)
    return ended


def run(at: datetime, now: datetime) -> dict[str, int]:
    """The scheduled job, driven by its event's time; one from the future ends nothing early."""
    ended = end_disclosures(lawful_day(min(at, now)), load_rulebook(settings().rulebook))
    log(LogCode.DISCLOSURE_ENDED, records=ended)
    return {"ended": ended}
