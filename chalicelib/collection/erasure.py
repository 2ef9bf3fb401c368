"""Erasing a person (删除个人信息) in a legal procedure: from the files as received, then the key.

The archive holds what is personal only under the person's own key, so destroying the key erases
the person there. Received files hold plain text, so the person is blanked in them, and earlier
versions are removed. A file may name a representative without a paper; that it is this person,
other rows tell: of the same organisation, with the same name and the paper. So the files are gone
through three times, and what leads to the rest goes last: an erasure that died is run again.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.blanking import Blanker, Sought, read_records
from chalicelib.collection.linking import paper_of_name
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.uploads import (
    CONTENT_TYPE,
    inbox_key,
    keep_registration,
    read_registration,
)
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import stamp
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.identities import destroy_person, find_people

_INBOX: Final = "inbox/"
_FILES: Final = 20  # a call


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
    are destroyed before.
    """
    place = erasure.place
    keys = blobs.list_keys_after(_INBOX, place.file, _FILES)
    uploads = [key.removeprefix(_INBOX) for key in keys]
    blanked: list[int] = []
    if place.round is Round.FIND:
        found = {name for upload in uploads for name in _find_organisations(upload, erasure)}
        organisations = tuple(sorted({*place.organisations, *found}))
        place = msgspec.structs.replace(place, organisations=organisations)
    else:
        blanked = [_blank_file(upload, erasure) for upload in uploads]
    if len(keys) == _FILES:
        after: Place | None = msgspec.structs.replace(place, file=keys[-1])
    else:
        after = _finish_round(erasure, place, now)
    return Erased(files=sum(map(bool, blanked)), records=sum(blanked), after=after)


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
        _rewrite(upload, plan, blank)
    if papers:
        blobs.forget_earlier(inbox_key(upload))
    return changed


def _blanker(plan: Plan | None, erasure: Erasure) -> Blanker:
    item = None if plan is None else load_catalogue().item(plan.item)
    return Blanker(Sought(erasure.paper, erasure.name), plan, item)


def _read(upload: str, plan: Plan | None) -> Iterator[bytes]:
    return read_records(blobs.chunks(inbox_key(upload)) or (), plan)


def _rewrite(upload: str, plan: Plan | None, blank: Callable[[bytes], bytes]) -> None:
    """Put the file with `blank` records in its place; again, where another erasure was faster.

    The registration learns the new digest first: a file is never found to be another one.
    """
    while (found := blobs.open_tagged(inbox_key(upload))) is not None:
        chunks, tag = found
        body = b"".join(map(blank, read_records(chunks, plan)))
        registration = read_registration(upload)
        if registration is not None:
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            keep_registration(msgspec.structs.replace(registration, sha256=digest))
        if blobs.replace(inbox_key(upload), body, CONTENT_TYPE, tag=tag):
            return
