"""Whom the rows of a check are about: by exact code, exact paper, or the exact name of one organisation.

What cannot be asked is told before anything is looked up, and a name leads nowhere but to the one
organisation that is, or was, registered under it.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from chalicelib.disclosure.checks.codes import NAME_AMBIGUOUS, PAPER_NEEDS_BASIS
from chalicelib.disclosure.checks.values import Asked, Check, Status, Told, tell
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.search.finding import find_exactly
from chalicelib.law.rulebook import Rulebook
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import Person, find_people

_MOST_CANDIDATES = 10


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and the subject that it is about; or, where there is none, what the row is told."""

    row: Asked
    subject: str = ""
    status: Status = Status.FOUND
    candidates: tuple[str, ...] = ()
    told: Told | None = None

    @property
    def missed_person(self) -> bool:
        """Whether it looked for the archive of a person, and found none."""
        return bool(self.row.paper_number) and self.status is Status.NOT_FOUND


def identify(rows: Sequence[Asked], check: Check, day: date, rulebook: Rulebook) -> list[Target]:
    """Whom each row is about, as far as may be told on `day`."""
    papers = {_paper(row) for row in rows if row.paper_number and _may_ask(row, check)}
    people = find_people(papers) if papers else {}
    names = {row.name: find_exactly(row.name, day, rulebook) for row in rows if _is_name_only(row)}
    return [_identify(row, check, people, names.get(row.name, ())) for row in rows]


def _identify(
    row: Asked, check: Check, people: dict[Paper, Person], named: Sequence[str]
) -> Target:
    if row.problem:
        return Target(row=row, status=Status.REFUSED, told=row.problem)
    if row.subject:
        return Target(row=row, subject=row.subject)
    if row.paper_number:
        if not _may_ask(row, check):
            return Target(row=row, status=Status.REFUSED, told=tell(PAPER_NEEDS_BASIS))
        person = people.get(_paper(row))
        return missing(row) if person is None else Target(row=row, subject=person.subject)
    if len(named) > 1:
        told = tell(NAME_AMBIGUOUS, count=len(named))
        candidates = tuple(named[:_MOST_CANDIDATES])
        return Target(row=row, status=Status.AMBIGUOUS, candidates=candidates, told=told)
    return Target(row=row, subject=named[0]) if named else missing(row)


def missing(row: Asked) -> Target:
    """What is told alike of what is not held and of what is not for whoever asks."""
    return Target(row=row, status=Status.NOT_FOUND, told=tell(ARCHIVE_UNKNOWN))


def subjects_of(targets: Iterable[Target]) -> list[str]:
    """The subjects of targets that have one, each once."""
    return list(dict.fromkeys(target.subject for target in targets if target.subject))


def _may_ask(row: Asked, check: Check) -> bool:
    """Whether a person may be looked for at all: on duty, or under a grant."""
    return check.channel != "public" or (check.asker.by_grant and bool(row.grant))


def _is_name_only(row: Asked) -> bool:
    return bool(row.name) and not (row.problem or row.subject or row.paper_number)


def _paper(row: Asked) -> Paper:
    return Paper(PaperKind(row.paper_kind), row.paper_number)
