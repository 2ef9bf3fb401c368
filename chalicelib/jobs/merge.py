"""Merging a range of a file, with all that a past day is found by (`disclosure.following.refer_to`).

Collection knows nothing of disclosure; here the two meet.
"""

from datetime import datetime
from functools import partial

from chalicelib.collection.merging import merge_from_message
from chalicelib.disclosure.following import refer_to
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.settings import settings


def merge(body: str, now: datetime) -> None:
    """Merge the range that a message of the ranges queue names, as of `now`."""
    rulebook = load_rulebook(settings().rulebook)
    merge_from_message(body, partial(refer_to, lawful_day(now), rulebook))
