"""Erasing a person (删除个人信息) in a legal procedure: from the files as received, then the key.

The archive holds what is personal only under the person's own key, so destroying the key erases
the person there. Received files hold plain text, so the person is blanked in them, and earlier
versions are removed. What a file was converted to is blanked like a file; it then takes the place
of the original, which cannot be blanked byte for byte. A file may name a representative without a paper; that it is this person,
other rows tell: of the same organisation, with the same name and the paper. So the files are gone
through three times, and what leads to the rest goes last: an erasure that died is run again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from typing import Final

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.blanking import Blanker, Sought, read_records
from chalicelib.collection.containers import is_container, may_name
from chalicelib.collection.examining import Examination
from chalicelib.collection.linking import paper_of_name
from chalicelib.collection.plans import Plan, converted_key, read_plan, source_key
from chalicelib.collection.results import read_quarantine
from chalicelib.collection.returning import forget_returned
from chalicelib.collection.uploads import (
    inbox_key,
    keep_registration,
    read_registration,
)
from chalicelib.collection.wholes import forget_all_checked
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of, stamp
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.identities import destroy_person, find_people

_INBOX: Final = "inbox/"
_FILES: Final = 20  # a call, and of so many bytes together; a larger file is done alone
_BYTES: Final = 1 << 30
_CSV: Final = "text/csv"


class FileUnplanned(Exception):
    """A workbook has just come in and is being read; it can be blanked once that is done."""


class Round(StrEnum):
    """What is done to each file in a round, in this order."""

    FIND = "find"  # organisations whose rows name the person with the paper
    NAMES = "names"  # blank the name in rows of these organisations that give no paper
    PAPERS = "papers"  # blank the paper and what stands beside it


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far an erasure has come: in which round, behind which file, with what was found."""

    round: Round = Round.FIND
    file: str = ""
    organisations: tuple[str, ...] = ()


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to erase, and from where to go on."""

    paper: Paper
    name: str
    place: Place


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """How many files and records were blanked, and from where to go on (None once all is done)."""

    files: int
    records: int
    after: Place | None


def erase_part(erasure: Erasure, now: datetime) -> Erased:
    """Do some of the received files; after the last round, destroy the key.

    The organisations' representatives of the same name, whom only name and organisation identify,
    are destroyed before. Raises FileUnplanned, to be run again.
    """
    place = erasure.place
    keys, over = _list_files(place.file)
    uploads = [key.removeprefix(_INBOX) for key in keys]
    blanked: list[int] = []
    if place.round is Round.FIND:
        found = {name for upload in uploads for name in _find_organisations(upload, erasure)}
        organisations = tuple(sorted({*place.organisations, *found}))
        place = msgspec.structs.replace(place, organisations=organisations)
    else:
        blanked = [_blank_file(upload, erasure) for upload in uploads]
    if not over:
        after: Place | None = msgspec.structs.replace(place, file=keys[-1])
    else:
        after = _finish_round(erasure, place, now)
    return Erased(files=sum(map(bool, blanked)), records=sum(blanked), after=after)


def _list_files(after: str) -> tuple[list[str], bool]:
    """The files behind `after` that one call does, and whether they are the last."""
    found = blobs.list_sizes_after(_INBOX, after, _FILES)
    held = [*accumulate(found.values())]
    few = [key for key, size in zip(found, held, strict=True) if size <= _BYTES]
    keys = few or list(found)[:1]
    return keys, len(keys) == len(found) < _FILES


def _finish_round(erasure: Erasure, place: Place, now: datetime) -> Place | None:
    """Destroy what the round was for; returns the next one."""
    match place.round:
        case Round.FIND:
            following = Round.NAMES if place.organisations else Round.PAPERS
            return Place(round=following, organisations=place.organisations)
        case Round.NAMES:
            _destroy((paper_of_name(erasure.name, each) for each in place.organisations), now)
            return Place(round=Round.PAPERS)
    _destroy([erasure.paper], now)
    return None


def _destroy(papers: Iterable[Paper], now: datetime) -> None:
    for person in find_people(papers).values():
        if destroy_person(person.subject, when=stamp(now)):
            log(LogCode.PERSON_ERASED)


def _find_organisations(upload: str, erasure: Erasure) -> Iterator[str]:
    plan = read_plan(upload)
    if plan is None:
        if read_quarantine(upload) is None and is_container(_original(upload)):
            raise FileUnplanned(upload)
        return
    blanker = _blanker(plan, erasure)
    for record in _read(upload, plan):
        organisation = blanker.organisation_in(record)
        if organisation is not None:
            yield organisation


def _blank_file(upload: str, erasure: Erasure) -> int:
    """Blank the person in one file as the round asks for; returns in how many records."""
    plan = read_plan(upload)
    blanker = _blanker(plan, erasure)
    organisations = frozenset(erasure.place.organisations)
    papers = erasure.place.round is Round.PAPERS

    def blank(record: bytes) -> bytes:
        return blanker.blank_paper(record) if papers else blanker.blank_name(record, organisations)

    changed = sum(blank(record) != record for record in _read(upload, plan))
    if changed:
        _rewrite(
            _source(upload, plan), upload, lambda chunks: map(blank, read_records(chunks, plan))
        )
    if changed or papers:
        _replace_original(upload, plan, erasure, changed=bool(changed))
    forget_returned(upload)
    forget_all_checked(upload)
    if papers:
        blobs.forget_earlier(inbox_key(upload))
        blobs.forget_earlier(converted_key(upload))
    return changed


def _replace_original(upload: str, plan: Plan | None, erasure: Erasure, *, changed: bool) -> None:
    """Put what is left in the place of an original that cannot be blanked byte for byte.

    It goes also where the person only stands in a part that is no row, such as another sheet; of
    one that could not be read nothing is left.
    """
    blanked = not is_container(_original(upload)) if plan is None else not plan.converted
    if blanked:
        return
    sought = Sought(erasure.paper, erasure.name)
    if changed or may_name(_original(upload), sought):
        left = blobs.chunks if plan is not None else _nothing
        _rewrite(inbox_key(upload), upload, lambda _: left(converted_key(upload)) or ())


def _nothing(_: str) -> Iterator[bytes]:
    return iter(())


def _blanker(plan: Plan | None, erasure: Erasure) -> Blanker:
    item = None
    if plan is not None:
        item = load_catalogue(day_of(plan.registered)).item(plan.item)
    return Blanker(Sought(erasure.paper, erasure.name), plan, item)


def _source(upload: str, plan: Plan | None) -> str:
    return inbox_key(upload) if plan is None else source_key(plan)


def _original(upload: str) -> Iterator[bytes]:
    return blobs.chunks(inbox_key(upload)) or iter(())


def _read(upload: str, plan: Plan | None) -> Iterator[bytes]:
    return read_records(blobs.chunks(_source(upload, plan)) or (), plan)


def _rewrite(key: str, upload: str, change: Callable[[Iterator[bytes]], Iterable[bytes]]) -> None:
    """Put the file as `change` makes it of its chunks in its place, in bounded memory.

    Again, where another erasure was faster. The registration learns the new digest of an original
    first: a file is never found to be another one.
    """
    while (found := blobs.open_tagged(key)) is not None:
        chunks, tag = found
        registration = read_registration(upload) if key == inbox_key(upload) else None
        if registration is not None:
            examined = Examination()
            for _ in examined.watch(change(chunks)):
                pass
            keep_registration(
                msgspec.structs.replace(registration, sha256=examined.sha256, size=examined.size)
            )
            chunks, again = blobs.open_tagged(key) or (iter(()), "")
            if again != tag:
                continue
        if blobs.replace_chunks(key, change(chunks), _CSV, tag=tag):
            return
