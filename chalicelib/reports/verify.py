"""Verifying a report (核验): authenticity only, never its content."""

from datetime import datetime

from msgspec import Struct

from chalicelib.reports import store
from chalicelib.reports.issuing import open_keys
from chalicelib.reports.numbers import read_number
from chalicelib.runtime.sealing import unseal_for
from chalicelib.subjects.identifiers import is_person


class Verification(Struct, frozen=True, kw_only=True):
    """That a report was issued; who holds its JSON can compare the digest (SHA-256, hexadecimal).

    `subject_name` is masked, and empty where the person it was about has been erased.
    """

    number: str
    kind: str
    subject_name: str
    generated: datetime
    digest: str


def verify(number: str) -> Verification | None:
    """What is known of the report `number`, as somebody typed it; None where none was issued."""
    typed = read_number(number)
    row = None if typed is None else store.find(typed)
    if row is None:
        return None
    return Verification(
        number=row.number,
        kind=row.kind,
        subject_name=_subject_name(row),
        generated=datetime.fromisoformat(row.generated),
        digest=row.digest,
    )


def _subject_name(row: store.Report) -> str:
    keys = open_keys({row.subject} if is_person(row.subject) else set())
    return "" if keys is None else unseal_for(keys, row.name, row.number).decode()
