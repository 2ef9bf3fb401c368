"""Erasing a person (删除个人信息) in a legal procedure: from the files as received, then the key.

The archive holds what is personal only under the person's own key, so destroying the key erases
the person there. Received files hold plain text: whatever names the person's paper is blanked byte
for byte, so that sizes and the plans' byte ranges stay right, and earlier versions of the file are
removed. The key goes last: an erasure that died is run again.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.linking import paper_of_name
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.readers import read_rows, split_records
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
from chalicelib.subjects.identifiers import Paper, normalise_code
from chalicelib.subjects.identities import destroy_person, find_people

_INBOX: Final = "inbox/"
_KEPT: Final = frozenset(b',"\r\n')
_FILES: Final = 20  # a call


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to erase, by which papers' forms and name, and behind which file to go on."""

    paper: Paper
    name: str
    after: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The forms of the number in files: an ID number's old one of 15 digits too."""
        number = self.paper.number
        is_id = len(number) == 18 and number[:17].isdigit()  # noqa: PLR2004
        return (number, number[:6] + number[8:17]) if is_id else (number,)


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """How many files and records were blanked, and from where to go on (None once all is done)."""

    files: int
    records: int
    after: str | None


def erase_part(erasure: Erasure, now: datetime) -> Erased:
    """Blank the person in some of the received files; after the last one, destroy the key.

    The organisations' nameless representatives of the same name, whom only name and organisation
    identify, are destroyed with the rows that give both name and paper.
    """
    keys = blobs.list_keys_after(_INBOX, erasure.after, _FILES)
    blanked = [_blank_file(key.removeprefix(_INBOX), erasure, now) for key in keys]
    if len(keys) < _FILES:
        _destroy(erasure.paper, now)
    records = sum(blanked)
    files = sum(map(bool, blanked))
    return Erased(files=files, records=records, after=keys[-1] if len(keys) == _FILES else None)


def _destroy(paper: Paper, now: datetime) -> None:
    for person in find_people([paper]).values():
        if destroy_person(person.subject, when=stamp(now)):
            log(LogCode.PERSON_ERASED)


def _blank_file(upload: str, erasure: Erasure, now: datetime) -> int:
    """Blank the person in one file; returns in how many records."""
    plan = read_plan(upload)
    if not any(_names(record, erasure) for record in _read_records(upload, plan)):
        return 0
    records = list(_read_records(upload, plan))
    named = [index for index, record in enumerate(records) if _names(record, erasure)]
    for index in named:
        records[index] = _blank_record(records[index], plan, erasure, now)
    _replace(upload, b"".join(records))
    return len(named)


def _read_records(upload: str, plan: Plan | None) -> Iterator[bytes]:
    """The records of a file; of one that could not be read as such, its lines."""
    chunks = blobs.chunks(inbox_key(upload)) or iter(())
    if plan is None:
        return iter(b"".join(chunks).splitlines(keepends=True))
    return split_records(chunks, file_start=True)


def _replace(upload: str, body: bytes) -> None:
    """The registration learns the new digest first: a file is never found to be another one."""
    registration = read_registration(upload)
    if registration is not None:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        keep_registration(msgspec.structs.replace(registration, sha256=digest))
    blobs.replace(inbox_key(upload), body, CONTENT_TYPE)


def _blank_record(record: bytes, plan: Plan | None, erasure: Erasure, now: datetime) -> bytes:
    """A record about the person becomes blank; in others, the person's number and name do."""
    if plan is None or _is_about_person(record, plan):
        return _blank(record)
    left = record
    for text in (*erasure.numbers, *map(str.lower, erasure.numbers), erasure.name):
        raw = text.encode(plan.encoding)
        left = left.replace(raw, b" " * len(raw))
    organisation = _organisation(record, plan)
    if organisation:
        _destroy(paper_of_name(erasure.name, organisation), now)
    return _blank(record) if _names(left, erasure) else left


def _blank(record: bytes) -> bytes:
    return bytes(byte if byte in _KEPT else 0x20 for byte in record)


def _is_about_person(record: bytes, plan: Plan) -> bool:
    item = load_catalogue().item(plan.item)
    kind = _cell(record, plan, item.subject.kind)
    return item.subject.kinds.get(kind) == "person"


def _organisation(record: bytes, plan: Plan) -> str:
    return normalise_code(_cell(record, plan, load_catalogue().item(plan.item).subject.uscc))


def _cell(record: bytes, plan: Plan, field: str | None) -> str:
    for row in read_rows(record, encoding=plan.encoding, first_row=1):
        cells = dict(zip(plan.columns, row.cells, strict=False))
        return cells.get(field, "").strip()
    return ""


def _names(raw: bytes, erasure: Erasure) -> bool:
    """Whether the number stands in `raw`, in full-width letters or with spaces too."""
    readings = {raw.decode("utf-8", "ignore"), raw.decode("gb18030", "ignore")}
    return any(
        number in normalise_code(reading) for reading in readings for number in erasure.numbers
    )
