"""Following the archive's change stream (DESIGN §4): views are brought up to date."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure.following import follow
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.deliveries import Event, handle_changes
from chalicelib.runtime.settings import settings


def follow_changes(event: Event, now: datetime) -> Mapping[str, object]:
    """Handle the changes of one batch, as of `now`."""
    rulebook = load_rulebook(settings().rulebook)
    day = lawful_day(now)
    done: set[RecordKey] = set()
    return handle_changes(event, lambda keys: follow(keys, day, rulebook, done))
