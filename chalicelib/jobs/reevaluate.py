"""Bringing the views up to rules and catalogue once these change: by schedule, in steps.

Until it is done readers are answered by the new rules all the same: they believe no row that was
made under others (`publication.reading`), and read its record from the archive.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.jobs import store
from chalicelib.jobs.archives import Part, split_evenly
from chalicelib.jobs.rebuild import Done, rebuild_part
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings

JOB = "reevaluation"
_SEGMENTS = 4  # side by side in one invocation
_ENOUGH_MS = 120_000  # for a step


class Reevaluation(msgspec.Struct, frozen=True, kw_only=True):
    """How far the views are: `todo` is what is left to be made under `edition`.

    `records` counts what was projected since `begun` (`stamp` text); one whose items lie on both
    sides of a border counts twice.
    """

    edition: str
    begun: str
    records: int
    todo: tuple[Part, ...]


def reevaluate(now: datetime, rulebook: Rulebook, remaining_ms: Callable[[], int]) -> Reevaluation:
    """Go on where the last run stopped, as long as there is time; a new edition begins anew.

    Of two runs at a time one finds that a step is not its own, and stops.
    """
    day = lawful_day(now)
    step, state = find_progress(now, rulebook)
    with ThreadPoolExecutor(_SEGMENTS) as pool:
        while state.todo and remaining_ms() > _ENOUGH_MS:
            done = list(pool.map(lambda part: rebuild_part(part, day, rulebook), state.todo))
            state = _go_on(state, done)
            step += 1
            if not store.keep_progress(JOB, step, msgspec.msgpack.encode(state)):
                break
    return state


def find_progress(now: datetime, rulebook: Rulebook) -> tuple[int, Reevaluation]:
    """The last step's number and how far the edition in force at `now` has come."""
    edition = edition_on(lawful_day(now), rulebook).text
    step, kept = store.read_progress(JOB)
    if kept is not None:
        state = msgspec.msgpack.decode(kept, type=Reevaluation)
        if state.edition == edition:
            return step, state
    return step, Reevaluation(
        edition=edition, begun=stamp(now), records=0, todo=split_evenly(_SEGMENTS)
    )


def _go_on(state: Reevaluation, done: list[Done]) -> Reevaluation:
    pairs = zip(state.todo, done, strict=True)
    return msgspec.structs.replace(
        state,
        records=state.records + sum(each.records for each in done),
        todo=tuple(
            msgspec.structs.replace(part, start=each.start)
            for part, each in pairs
            if each.start is not None
        ),
    )


def run(
    asked: Mapping[str, Any], now: datetime, remaining_ms: Callable[[], int]
) -> dict[str, str | int]:
    """The scheduled job, for the rules in force now; where `look` is asked, nothing is done."""
    rulebook = load_rulebook(settings().rulebook)
    step, state = find_progress(now, rulebook)
    if state.todo and not asked.get("look"):
        reevaluate(now, rulebook, remaining_ms)
        step, state = find_progress(now, rulebook)
        log(LogCode.VIEWS_REEVALUATED, records=state.records, segments_left=len(state.todo))
    return {
        "step": step,
        "edition": state.edition,
        "begun": state.begun,
        "records": state.records,
        "segments_left": len(state.todo),
    }
