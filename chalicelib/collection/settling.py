"""Settling: from when on nothing more can become of an upload, so that the past stands still.

An upload is settled when its receipt is final (done, quarantined), or when no file has come and
none can come any more. That never changes again, so it is noted whenever somebody finds it; a note
that was lost is made by whoever looks next.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from chalicelib.collection import store
from chalicelib.collection.plans import read_plan
from chalicelib.collection.results import list_merged, read_quarantine
from chalicelib.collection.uploads import VALID, inbox_key
from chalicelib.runtime import blobs
from chalicelib.runtime.batches import batched
from chalicelib.runtime.clock import moment_of, stamp

MOST_EXAMINED: Final = 40
"""How many uploads one question looks at."""

_EXAMINERS: Final = 8
_IN_FLIGHT: Final = timedelta(minutes=5)  # requests end in half a minute, and the index lags
_SENDING: Final = timedelta(days=1)  # a PUT that was begun in time may still be under way


def settled_until(now: datetime) -> datetime:
    """The moment before which every upload and mark that was registered is in the archive for good.

    It is never later than some minutes ago. The oldest uploads are examined, a bounded number of
    them; what has not been examined counts as not settled. Whoever answers from the archive asks
    this first and reads the archive afterwards.
    """
    horizon = stamp(now - _IN_FLIGHT)
    waiting = [each for each in store.find_unsettled(MOST_EXAMINED + 1) if each[0] < horizon]
    for batch in batched(waiting[:MOST_EXAMINED], _EXAMINERS):
        settled = _examine(batch, now)
        for (registered, upload), is_settled in zip(batch, settled, strict=True):
            if not is_settled:
                return moment_of(registered)
            note_settled(upload)
    return moment_of(waiting[MOST_EXAMINED][0] if len(waiting) > MOST_EXAMINED else horizon)


def note_settled(upload: str) -> None:
    """Note that an upload whose receipt is final is settled; once more changes nothing."""
    store.note_settled(upload)


def _examine(batch: Sequence[tuple[str, str]], now: datetime) -> list[bool]:
    with ThreadPoolExecutor(_EXAMINERS) as examiners:
        return list(examiners.map(lambda each: _is_settled(each[0], each[1], now), batch))


def _is_settled(registered: str, upload: str, now: datetime) -> bool:
    plan = read_plan(upload)
    if plan is not None:
        return len(list_merged(upload)) == len(plan.ranges)
    if read_quarantine(upload) is not None:
        return True
    closed = registered < stamp(now - VALID - _SENDING)
    return closed and inbox_key(upload) not in blobs.list_keys(inbox_key(upload))
