"""Going through the whole archive, subject by subject: what previews and proofs do."""

from collections.abc import Mapping
from datetime import date
from itertools import chain

import msgspec

from chalicelib.archive.facts import Facts, lay_open, precedence_of
from chalicelib.archive.fold import fold
from chalicelib.archive.profile import REGISTRATION, fold_profile
from chalicelib.archive.statements import Holding
from chalicelib.archive.store import read_records, scan_records
from chalicelib.archive.visibility import PUBLIC, Decision, Viewer, decide
from chalicelib.catalogue.model import Catalogue, Item
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.subjects.identities import find_by_subject

Marker = Mapping[str, str]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the archive: a segment of the table, from behind `start`."""

    segment: int = 0
    segments: int = 1
    start: Marker | None = None


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """A rulebook and a catalogue, as they hold on a lawful day."""

    rulebook: Rulebook
    catalogue: Catalogue
    day: date


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """One subject's records as they are held, with the keys of the persons named in them."""

    subject: str
    holdings: tuple[Holding, ...]
    keys: Mapping[str, bytes]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One record under one law, and what each channel makes of it."""

    item: Item
    facts: Facts
    decisions: Mapping[Channel, Decision]


def split_evenly(segments: int) -> tuple[Part, ...]:
    """The whole archive in so many parts."""
    return tuple(Part(segment=number, segments=segments) for number in range(segments))


def find_subjects(part: Part, limit: int) -> tuple[list[str], Marker | None]:
    """The subjects of up to `limit` items of a part, and from where to go on.

    A subject whose items lie on both sides of a border belongs to the side where its records begin.
    """
    found, marker = scan_records(part.segment, part.segments, part.start, limit)
    return sorted({key.subject for key in found} - _begun(part)), marker


def _begun(part: Part) -> set[str]:
    """The subject of which records stand before the part; its views stand before all records."""
    start = part.start
    return set() if start is None or start["key"].startswith("@") else {start["subject"]}


def read_whole(subject: str) -> Archive:
    """A subject's archive, straight from the table."""
    holdings = tuple(read_records(subject))
    said = chain.from_iterable(holding.statements for holding in holdings)
    people = {box.person for statement in said for box in statement.words.boxes}
    found = find_by_subject(people) if people else {}
    keys = {person.subject: person.key for person in found.values() if person.key is not None}
    return Archive(subject=subject, holdings=holdings, keys=keys)


def _find_end(law: Law, archive: Archive) -> date | None:
    """The day on which the subject ceased to exist, where that matters under `law`."""
    if not law.rulebook.heeds_existence:
        return None
    registrations = [each for each in archive.holdings if each.key.item == REGISTRATION]
    item = law.catalogue.item_held(REGISTRATION)
    return fold_profile(archive.subject, registrations, item)[0].ceased


def judge_by(law: Law, archive: Archive, holding: Holding, channels: tuple[Channel, ...]) -> Judged:
    """What `law` makes of a record on each of `channels`; its own subject asks on `own`."""
    item = law.catalogue.item_held(holding.key.item)
    record = fold(holding, precedence_of(item, law.rulebook, law.day))
    facts = lay_open(record, archive.keys, _find_end(law, archive))
    decisions = {
        channel: decide(
            facts,
            item,
            Viewer(archive.subject) if channel == "own" else PUBLIC,
            channel,
            law.day,
            law.rulebook,
        )
        for channel in channels
    }
    return Judged(item=item, facts=facts, decisions=decisions)
