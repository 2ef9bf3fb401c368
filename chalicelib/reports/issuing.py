"""Issuing reports (出具): composed, kept as evidence, then entered under their number.

The JSON is kept before the entry is written, so there is no number without its report. What is
kept is sealed under the key of every person whose values are in it.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.catalogue.model import Catalogue
from chalicelib.law.rulebook import Rulebook
from chalicelib.reports import store
from chalicelib.reports.codes import PERSON_UNKNOWN, REPORT_TOO_LONG
from chalicelib.reports.compose import compose_standard, encode, encode_content
from chalicelib.reports.model import DisclosedRecord, ReportSubject, StandardReport
from chalicelib.reports.numbers import make_number
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.sealing import seal_for, unseal_for
from chalicelib.subjects.identifiers import is_person
from chalicelib.subjects.identities import find_by_subject
from chalicelib.subjects.names import mask_name

_LONGEST = 4_000_000  # bytes of JSON: an answer may be 6 MB, in which quotation marks count twice


class Issued(Struct, frozen=True, kw_only=True):
    """A report that was issued; `body` is its JSON, and `digest` the SHA-256 of exactly that.

    `content_digest` is that of the JSON without number and time of issue: the same for every report
    that says the same of the same moment.
    """

    number: str
    digest: str
    content_digest: str
    report: StandardReport
    body: bytes


def issue_standard_report(
    subject: ReportSubject,
    records: Iterable[DisclosedRecord],
    keys: Mapping[str, bytes],
    *,
    generated: datetime,
    as_of: datetime,
    rulebook: Rulebook,
    catalogue: Catalogue,
    randomness: Callable[[int], bytes],
) -> Issued:
    """Issue a standard report on `subject` from `records` (JS-23).

    `keys` are the persons' keys with which the records were laid open. Should two reports draw one
    number, the later draws again.

    Raises:
        DomainError: `E-REPORT-02` where the subject is a person without a key (any more);
            `E-REPORT-03` where the report would be longer than an answer may be;
            `E-CAT-11` for a record of an item that the catalogue does not have.
    """
    listed = tuple(records)
    own_key = _own_key(subject)
    sealing = {**keys, **own_key}
    while True:
        number = make_number(generated, randomness)
        report = compose_standard(
            subject,
            listed,
            number=number,
            generated=generated,
            as_of=as_of,
            rulebook=rulebook,
            catalogue=catalogue,
        )
        body = encode(report)
        if len(body) > _LONGEST:
            raise DomainError(REPORT_TOO_LONG, records=len(listed))
        digest = hashlib.sha256(body).hexdigest()
        blobs.write(
            _path(number, digest), seal_for(sealing, body, number), "application/octet-stream"
        )
        row = store.Report(
            number,
            subject=subject.key,
            kind=report.kind,
            generated=report.generated,
            digest=digest,
            name=seal_for(own_key, _masked(subject).encode(), number),
            people=set(sealing),
        )
        if store.insert(row):
            content_digest = hashlib.sha256(encode_content(report)).hexdigest()
            return Issued(
                number=number,
                digest=digest,
                content_digest=content_digest,
                report=report,
                body=body,
            )


def read_report(number: str) -> bytes | None:
    """An issued report's JSON as it was handed over.

    None where there is no such report, or where a person named in it has been erased since.
    """
    row = store.find(number)
    keys = None if row is None else open_keys(row.people or set())
    if row is None or keys is None:
        return None
    sealed = blobs.read(_path(number, row.digest))
    return None if sealed is None else unseal_for(keys, sealed, number)


def open_keys(people: set[str]) -> Mapping[str, bytes] | None:
    """The keys of all of `people`; None where one of them is destroyed."""
    found = find_by_subject(people) if people else {}
    keys = {subject: person.key for subject, person in found.items() if person.key is not None}
    return keys if keys.keys() == people else None


def _own_key(subject: ReportSubject) -> Mapping[str, bytes]:
    """The key of the subject where it is a person; nothing for others."""
    people = {subject.key} if is_person(subject.key) else set()
    keys = open_keys(people)
    if keys is None:
        raise DomainError(PERSON_UNKNOWN)
    return keys


def _path(number: str, digest: str) -> str:
    """Where the JSON is kept: by its content too, so that no report can stand in another's place."""
    return f"reports/{number}/{digest}"


def _masked(subject: ReportSubject) -> str:
    """The subject's name with a part hidden, enough to compare with the paper in one's hand."""
    if is_person(subject.key):
        return mask_name(subject.name)
    length = len(subject.name)
    return f"{subject.name[: max(1, length // 3)]}***{subject.name[length - length // 4 :]}"
