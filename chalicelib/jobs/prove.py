"""Proving expiry: no surface shows what the rules withhold (DESIGN §5).

What the rules say is decided straight from the archive, without any view, for every record on every
channel; then each surface is looked at. By schedule it goes through the archive in steps, every
night after `expire`, and leaves a certificate of what it looked at; by the operator's command it
answers a part at a call.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any, get_args

import msgspec
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.archive.visibility import Decision
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.jobs import store
from chalicelib.jobs.archives import (
    Law,
    Marker,
    Part,
    find_subjects,
    judge_by,
    read_whole,
    split_evenly,
)
from chalicelib.jobs.surfaces import SURFACES, Look
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log, metrics, warn
from chalicelib.runtime.settings import settings

JOB = "proof"
CERTIFICATES = "proofs/"
_CHANNELS: tuple[Channel, ...] = get_args(Channel)
_READ = 200  # items of the archive a part
_SEGMENTS = 4  # side by side in one invocation
_ENOUGH_MS = 120_000  # for a step
_MOST = 1000  # violations kept; more are counted


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One surface: how many records were looked for on it, how many of them the rules withhold, and
    how many of those it shows all the same."""

    surface: str
    channel: Channel
    looked_at: int
    withheld: int
    still_shown: int


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A record that a surface shows though the rules withhold it, and the rule that does."""

    surface: str
    subject: str
    record: str
    about: str
    source: str
    rulebook: str


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at. `withheld`: the records that the public may not see, by subject."""

    subjects: int = 0
    records: int = 0
    surfaces: tuple[Sight, ...] = ()
    violations: tuple[Violation, ...] = ()
    withheld: Mapping[str, tuple[str, ...]] = {}


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """The proof of one lawful day; `complete` where the whole archive was looked at.

    `rules` is the edition of rules and catalogue. Records and subjects are named by their keys.
    """

    day: date
    rules: str
    begun: str
    ended: str
    complete: bool
    subjects: int
    records: int
    surfaces: tuple[Sight, ...]
    violations: tuple[Violation, ...]


class _State(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    rules: str
    begun: str
    ended: str
    proven: Proven
    todo: tuple[Part, ...]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a command: one part, and from where to go on (None at the segment's end)."""

    day: date
    rules: str
    proven: Proven
    start: Marker | None


def prove_part(part: Part, day: date, rulebook: Rulebook) -> tuple[Proven, Marker | None]:
    """Look at every surface of every subject of one part."""
    subjects, marker = find_subjects(part, _READ)
    return add_up([_prove_subject(subject, day, rulebook) for subject in subjects]), marker


def add_up(parts: Iterable[Proven]) -> Proven:
    """The proof of several parts together."""
    given = list(parts)
    sights: dict[str, Sight] = {}
    for sight in (sight for part in given for sight in part.surfaces):
        so_far = sights.get(sight.surface)
        sights[sight.surface] = sight if so_far is None else _add(so_far, sight)
    violations = tuple(each for part in given for each in part.violations)
    return Proven(
        subjects=sum(part.subjects for part in given),
        records=sum(part.records for part in given),
        surfaces=tuple(sights.values()),
        violations=violations[:_MOST],
        withheld={subject: paths for part in given for subject, paths in part.withheld.items()},
    )


def _add(one: Sight, other: Sight) -> Sight:
    return msgspec.structs.replace(
        one,
        looked_at=one.looked_at + other.looked_at,
        withheld=one.withheld + other.withheld,
        still_shown=one.still_shown + other.still_shown,
    )


def _prove_subject(subject: str, day: date, rulebook: Rulebook) -> Proven:
    """What shows at first sight is looked at again: a mark may have been set or lifted between."""
    proven = _look_at(subject, day, rulebook)
    return _look_at(subject, day, rulebook) if proven.violations else proven


def _look_at(subject: str, day: date, rulebook: Rulebook) -> Proven:
    archive = read_whole(subject)
    law = Law(rulebook=rulebook, catalogue=load_catalogue(day), day=day)
    withheld: dict[Channel, dict[str, Decision]] = {channel: {} for channel in _CHANNELS}
    for holding in archive.holdings:
        for channel, decision in judge_by(law, archive, holding, _CHANNELS).decisions.items():
            if not decision.shown:
                withheld[channel][holding.key.path] = decision
    look = Look(archive=archive, day=day, rulebook=rulebook)
    violations: list[Violation] = []
    for surface in SURFACES:
        hidden = withheld[surface.channel]
        shown = sorted(surface.shown(look) & hidden.keys()) if hidden else []
        violations += [_violation(surface.name, subject, path, hidden[path]) for path in shown]
    counts = Counter(each.surface for each in violations)
    return Proven(
        subjects=1,
        records=len(archive.holdings),
        surfaces=tuple(
            Sight(
                surface=surface.name,
                channel=surface.channel,
                looked_at=len(archive.holdings),
                withheld=len(withheld[surface.channel]),
                still_shown=counts[surface.name],
            )
            for surface in SURFACES
        ),
        violations=tuple(violations),
        withheld={subject: tuple(withheld["public"])} if withheld["public"] else {},
    )


def _violation(surface: str, subject: str, path: str, decision: Decision) -> Violation:
    return Violation(
        surface=surface,
        subject=subject,
        record=path,
        about=decision.reason.about,
        source=decision.reason.source,
        rulebook=decision.reason.rulebook,
    )


def prove_further(
    now: datetime, rulebook: Rulebook, remaining_ms: Callable[[], int]
) -> Certificate:
    """Go on with the proof of the lawful day of `now` where the last run stopped.

    Of two runs at a time one finds that a step is not its own, and stops. The certificate is kept
    after every run, so a day that was not finished says so.
    """
    day = lawful_day(now)
    step, state = _find_state(now, rulebook)
    with ThreadPoolExecutor(_SEGMENTS) as pool:
        while state.todo and remaining_ms() > _ENOUGH_MS:
            done = list(pool.map(lambda part: prove_part(part, day, rulebook), state.todo))
            step, further = step + 1, _go_on(state, done, now)
            if not store.keep_progress(JOB, step, msgspec.msgpack.encode(further)):
                _, state = _find_state(now, rulebook)
                break
            state = further
            _tell(each for part, _ in done for each in part.violations)
    return _certify(state)


def _find_state(now: datetime, rulebook: Rulebook) -> tuple[int, _State]:
    day = lawful_day(now)
    rules = edition_on(day, rulebook).text
    step, kept = store.read_progress(JOB)
    if kept is not None:
        state = msgspec.msgpack.decode(kept, type=_State)
        if (state.day, state.rules) == (day, rules):
            return step, state
    begun = stamp(now)
    return step, _State(
        day=day,
        rules=rules,
        begun=begun,
        ended=begun,
        proven=Proven(),
        todo=split_evenly(_SEGMENTS),
    )


def _go_on(state: _State, done: list[tuple[Proven, Marker | None]], now: datetime) -> _State:
    proven = add_up([state.proven, *(part for part, _ in done)])
    return msgspec.structs.replace(
        state,
        ended=stamp(now),
        proven=msgspec.structs.replace(proven, withheld={}),
        todo=tuple(
            msgspec.structs.replace(part, start=start)
            for part, (_, start) in zip(state.todo, done, strict=True)
            if start is not None
        ),
    )


def _certify(state: _State) -> Certificate:
    """Keep the certificate of what was done so far, unless it is kept already."""
    certificate = Certificate(
        day=state.day,
        rules=state.rules,
        begun=state.begun,
        ended=state.ended,
        complete=not state.todo,
        subjects=state.proven.subjects,
        records=state.proven.records,
        surfaces=state.proven.surfaces,
        violations=state.proven.violations,
    )
    path = f"{CERTIFICATES}{state.day}.json"
    if blobs.read_value(path, Certificate) != certificate:
        blobs.write_value(path, certificate)
    return certificate


def _tell(violations: Iterable[Violation]) -> None:
    for each in violations:
        metrics.add_metric(name="StillShown", unit=MetricUnit.Count, value=1)
        warn(
            LogCode.STILL_SHOWN,
            surface=each.surface,
            subject=each.subject,
            record=each.record,
            about=each.about,
            source=each.source,
        )


def run(asked: Mapping[str, Any], now: datetime, remaining_ms: Callable[[], int]) -> dict[str, Any]:
    """The scheduled job, for what is shown now; or one part, where the command asks for it."""
    rulebook = load_rulebook(settings().rulebook)
    if "segment" in asked:
        told: dict[str, Any] = msgspec.to_builtins(_look(asked, lawful_day(now), rulebook))
        return told
    certificate = prove_further(now, rulebook, remaining_ms)
    shown = sum(sight.still_shown for sight in certificate.surfaces)
    log(LogCode.EXPIRY_PROVEN, records=certificate.records, shown=shown)
    return {
        "day": certificate.day.isoformat(),
        "records": certificate.records,
        "still_shown": shown,
        "complete": certificate.complete,
    }


def _look(asked: Mapping[str, Any], day: date, rulebook: Rulebook) -> Looked:
    proven, start = prove_part(msgspec.convert(asked, Part), day, rulebook)
    _tell(proven.violations)
    rules = edition_on(day, rulebook).text
    return Looked(day=day, rules=rules, proven=proven, start=start)
