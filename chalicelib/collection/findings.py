"""Findings: what accepted rows look like beside the rest of the archive.

They are derived when asked for and never stored, for they change as the archive grows; they never
refuse a row.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from chalicelib.archive import profile
from chalicelib.archive import store as archive
from chalicelib.archive.opening import open_words
from chalicelib.archive.profile import Profile
from chalicelib.archive.statements import Assertion, Statement, Value
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.comparisons import (
    Finding,
    Said,
    assertion_of,
    find_comparisons,
    problem_in,
    read_holdings,
    said_in,
)
from chalicelib.collection.operation_findings import find_operations
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import RowResult, read_result
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.timeliness import judge_timeliness
from chalicelib.runtime.clock import day_of
from chalicelib.runtime.errors import Code, DomainError
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_person
from chalicelib.subjects.identities import find_by_subject
from chalicelib.subjects.names import Likeness, same_name

_SAME: Final = frozenset((Likeness.SAME, Likeness.SAME_AFTER_NORMALISING))


def find_in_range(upload: str, index: int) -> list[Finding]:
    """The findings of one merged range, in the order of its rows.

    Raises DomainError `E-UPLOAD-07` where it is not merged (yet).
    """
    plan = read_plan(upload)
    result = read_result(upload, index)
    if plan is None or result is None:
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=index)
    item = load_catalogue(day_of(plan.registered)).item(plan.item)
    holdings = read_holdings(plan, result.rows)
    said = said_in(plan, result.rows, holdings)
    statements = {row: each.statement for row, each in said.items()}
    moved = {row.row for row in result.rows if row.replaced}  # a correction is never late
    found = [
        *_find_unchanged(plan, statements),
        *find_names(plan, item, statements),
        *find_comparisons(plan, item, said, [row.row for row in result.rows if row.operation]),
        *_find_late(plan, item, {row: each for row, each in said.items() if row not in moved}),
        *(Finding(*each) for each in find_operations(plan, result.rows, holdings)),
    ]
    return sorted(found, key=lambda finding: (finding.row, finding.finding.code))


def find_said(plan: Plan, rows: Iterable[RowResult]) -> dict[int, Statement]:
    """The statement that each accepted row made, or repeated."""
    places = {
        row.row: (row.subject, f"{plan.item}/{row.record}/{plan.provider}/{row.digest}")
        for row in rows
        if row.accepted
    }
    held = archive.find_statements(places.values())
    return {row: held[place] for row, place in places.items() if place in held}


def _find_unchanged(plan: Plan, said: Mapping[int, Statement]) -> Iterator[Finding]:
    """Rows whose very words were said before, in another upload."""
    for row, statement in said.items():
        first = statement.first
        if first < assertion_of(plan, row) and first.upload != plan.upload:
            values: dict[str, str | int] = {
                "day": day_of(first.registered).isoformat(),
                "upload": first.upload,
                "row": first.row,
            }
            yield Finding(row, Problem(code=codes.UNCHANGED.id, values=values))


def _find_late(plan: Plan, item: Item, said: Mapping[int, Said]) -> Iterator[Finding]:
    """Rows that are the first that anybody said on their record, and came late 迟报 (SD-10), or may."""
    rulebook, day = load_rulebook(settings().rulebook), day_of(plan.registered)
    field = item.field(item.dates.formed)
    new = {
        row: each.statement
        for row, each in said.items()
        if _is_first(each, assertion_of(plan, row))
    }
    for row, formed in _read_dates(new, field.name):
        judged = judge_timeliness(rulebook, item.frequency_working_days, formed, day)
        values: dict[str, str | int] = {
            "formed": formed.isoformat(),
            "limit": judged.limit,
            "source": judged.source,
        }
        if judged.verdict == "late" and judged.due is not None:
            values["due"] = judged.due.isoformat()
            yield Finding(row, problem_in(plan, field, codes.LATE, values))
        elif judged.awaits is not None:
            values["year"] = judged.awaits
            yield Finding(row, problem_in(plan, field, codes.UNDETERMINED, values))


def _is_first(said: Said, place: Assertion) -> bool:
    return place == min(each.first for each in said.held.statements)


def _read_dates(said: Mapping[int, Statement], name: str) -> Iterator[tuple[int, date]]:
    """The date in the field `name` of each row that has one; a person's words are sealed whole."""
    subjects = {each.subject for each in said.values() if is_person(each.subject)}
    people = find_by_subject(subjects) if subjects else {}
    keys = {person.subject: person.key for person in people.values() if person.key is not None}
    for row, statement in said.items():
        opened = open_words(statement.words, statement.record_key, keys)
        value = opened.fields.get(name)
        if isinstance(value, str):
            yield row, date.fromisoformat(value)


def find_names(plan: Plan, item: Item, said: Mapping[int, Statement]) -> Iterator[Finding]:
    """Rows that call an organisation otherwise than its registration does, by grade (JS-18)."""
    if item.id == profile.REGISTRATION:
        return
    field = item.field(item.subject.name)
    profiles = profile.read_profiles(
        statement.subject for statement in said.values() if not is_person(statement.subject)
    )
    for row, statement in said.items():
        known = profiles.get(statement.subject)
        code = _compare(statement.words.fields.get(field.name), known)
        if known is not None and code is not None:
            yield Finding(row, problem_in(plan, field, code, {"name": known.name}))


def _compare(name: Value | None, known: Profile | None) -> Code | None:
    if known is None or not known.name or not isinstance(name, str):
        return None
    likeness = same_name(name, known.name)
    if likeness is Likeness.SAME:
        return None
    if likeness is Likeness.SAME_AFTER_NORMALISING:
        return codes.NAME_SPELLING
    if any(same_name(name, other) in _SAME for other in known.former):
        return codes.NAME_FORMER
    return codes.NAME_ABBREVIATED if likeness is Likeness.ABBREVIATED else codes.NAME_DIFFERS
