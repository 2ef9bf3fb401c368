"""Previewing a staged rulebook or catalogue item against the running archive."""

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.jobs.candidates import Candidate, File, stage
from chalicelib.jobs.preview import Change, Previewed, Sample, Side
from chalicelib.law.reading import RulebookError
from chalicelib.runtime.errors import DomainError
from infra.stack import CommandError, Functions
from infra.tables import draw

_KINDS = {
    "withheld": "shown → withheld",
    "shown": "withheld → shown",
    "marks": "marked otherwise",
    "end_day": "last day moved",
    "class": "class changed",
    "fields": "fields changed",
}


def read_candidate(rulebook: Path | None, item: Path | None, jurisdiction: str) -> Candidate:
    """The candidate in one or two files, checked as a build would.

    Raises `CommandError` with file, place and reason where it is refused.
    """
    candidate = Candidate(rulebook=_read(rulebook), item=_read(item))
    try:
        stage(candidate, jurisdiction)
    except RulebookError as refused:
        raise CommandError(f"refused: {refused}") from refused
    except DomainError as refused:
        raise CommandError(f"refused: {refused.code.id} {refused.text.en}") from refused
    return candidate


def _read(path: Path | None) -> File | None:
    if path is None:
        return None
    try:
        return File(name=path.name, text=path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as unreadable:
        raise CommandError(f"refused: {path}: {unreadable}") from unreadable


def preview(
    functions: Functions, candidate: Candidate, day: date | None, samples: int, segments: int
) -> Previewed:
    """What `candidate` would change in the whole archive on `day`, or when it has taken effect."""
    order: dict[str, Any] = {"candidate": msgspec.to_builtins(candidate), "samples": samples}
    opening = {**order, "day": day and day.isoformat(), "segment": 0, "segments": segments}
    first = msgspec.convert(functions.call("PreviewName", opening), Previewed)
    order["day"] = first.day.isoformat()

    def preview_segment(segment: int) -> list[Previewed]:
        start = first.start if segment == 0 else None
        if segment == 0 and start is None:
            return []
        part = {**order, "segment": segment, "segments": segments, "start": start}
        told = functions.drive("PreviewName", part, "start")
        return [msgspec.convert(each, Previewed) for each in told]

    with ThreadPoolExecutor(segments) as pool:
        parts = list(chain.from_iterable(pool.map(preview_segment, range(segments))))
    return add_up([first, *parts], samples)


def add_up(parts: list[Previewed], samples: int) -> Previewed:
    """Several parts of one preview together."""
    records: Counter[tuple[Any, Any]] = Counter()
    subjects: Counter[tuple[Any, Any]] = Counter()
    for change in (change for part in parts for change in part.changes):
        records[change.channel, change.kind] += change.records
        subjects[change.channel, change.kind] += change.subjects
    return msgspec.structs.replace(
        parts[0],
        subjects=sum(part.subjects for part in parts),
        records=sum(part.records for part in parts),
        changes=tuple(
            Change(channel=channel, kind=kind, records=count, subjects=subjects[channel, kind])
            for (channel, kind), count in sorted(records.items())
        ),
        samples=tuple(_first((each for part in parts for each in part.samples), samples)),
        start=None,
    )


def _first(found: Iterable[Sample], most: int) -> Iterable[Sample]:
    """Up to `most` samples of each kind."""
    told: Counter[str] = Counter()
    for each in found:
        told[each.kind] += 1
        if told[each.kind] <= most:
            yield each


def tell(previewed: Previewed) -> str:
    """What would change, for people."""
    rows = [
        (each.channel, _KINDS[each.kind], each.records, each.subjects) for each in previewed.changes
    ]
    lines = [
        f"on {previewed.day}: {previewed.records} records of {previewed.subjects} subjects",
        f"  deployed  {' · '.join(previewed.deployed)}",
        f"  candidate {' · '.join(previewed.candidate)}",
        draw(("channel", "change", "records", "subjects"), rows) if rows else "nothing changes",
    ]
    for each in previewed.samples:
        lines.append(
            f"{_KINDS[each.kind]}: {each.subject} {each.record} ({', '.join(each.channels)})"
        )
        lines += [f"  before {_describe(each.before)}", f"  after  {_describe(each.after)}"]
    return "\n".join(lines)


def _describe(side: Side) -> str:
    parts: Mapping[str, str | None] = {
        "class": side.severity,
        "until": str(side.last_day or ""),
        "marks": ", ".join(side.marks),
        "masked": ", ".join(side.masked),
    }
    told = [f"{name} {value}" for name, value in parts.items() if value]
    told.append(f"{len(side.fields)} fields")
    ground = " ".join(filter(None, (side.source, side.rulebook)))
    return f"{side.outcome} by {side.about} ({ground}); {'; '.join(told)}"
