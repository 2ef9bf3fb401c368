"""Making the views anew from the archive: a part at a call, driven by the operator's command."""

from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.archive.store import scan_records
from chalicelib.disclosure.following import update_views
from chalicelib.jobs.archives import Marker, Part
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings

_READ = 1000  # items of the archive a call


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """How many records were projected, and from where to go on (None at the segment's end)."""

    records: int
    start: Marker | None


def rebuild_part(part: Part, day: date, rulebook: Rulebook) -> Done:
    """Project every record of one part; doing a part twice, or beside readers, does no harm."""
    found, marker = scan_records(part.segment, part.segments, part.start, _READ)
    for key in sorted(found):
        update_views(key, day, rulebook)
    return Done(records=len(found), start=marker)


def run(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One part, as the command asks for it."""
    part = msgspec.convert(event, Part)
    done = rebuild_part(part, lawful_day(now), load_rulebook(settings().rulebook))
    log(LogCode.VIEWS_REBUILT, segment=part.segment, records=done.records)
    told: dict[str, Any] = msgspec.to_builtins(done)
    return told
