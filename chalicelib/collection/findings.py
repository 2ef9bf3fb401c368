"""Findings: what accepted rows look like beside the rest of the archive.

They are derived when asked for and never stored, for they change as the archive grows; they never
refuse a row.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from chalicelib.archive import profile
from chalicelib.archive import store as archive
from chalicelib.archive.profile import Profile
from chalicelib.archive.statements import Assertion, Statement, Value
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.layout import column_letter
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.results import Problem, RowResult, read_result
from chalicelib.runtime.clock import lawful_day, moment_of
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import is_person
from chalicelib.subjects.names import Likeness, same_name


class Finding(msgspec.Struct, frozen=True):
    """Something to know about one accepted row."""

    row: int
    finding: Problem


def find_in_range(upload: str, index: int) -> list[Finding]:
    """The findings of one merged range, in the order of its rows.

    Raises DomainError `E-UPLOAD-07` where it is not merged (yet).
    """
    plan = read_plan(upload)
    result = read_result(upload, index)
    if plan is None or result is None:
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=index)
    item = load_catalogue().item(plan.item)
    said = _find_statements(plan, result.rows)
    found = [*_find_unchanged(plan, said), *_find_names(plan, item, said)]
    return sorted(found, key=lambda finding: (finding.row, finding.finding.code))


def _find_statements(plan: Plan, rows: Iterable[RowResult]) -> dict[int, Statement]:
    """The statement that each accepted row made, or repeated."""
    places = {
        row.row: (row.subject, f"{plan.item}/{row.record}/{plan.provider}/{row.digest}")
        for row in rows
        if row.accepted
    }
    held = archive.find_statements(places.values())
    return {row: held[place] for row, place in places.items() if place in held}


def _find_unchanged(plan: Plan, said: Mapping[int, Statement]) -> Iterator[Finding]:
    """Rows whose very words were said before they were registered here."""
    for row, statement in said.items():
        first = statement.first
        if first < Assertion(plan.registered, plan.upload, row):
            values: dict[str, str | int] = {
                "day": lawful_day(moment_of(first.registered)).isoformat(),
                "upload": first.upload,
                "row": first.row,
            }
            yield Finding(row, Problem(code=codes.UNCHANGED.id, values=values))


def _find_names(plan: Plan, item: Item, said: Mapping[int, Statement]) -> Iterator[Finding]:
    """Rows that call an organisation otherwise than its registration does (JS-18)."""
    if item.id == profile.REGISTRATION:
        return
    field = item.subject.name
    column = plan.columns.index(field) if field in plan.columns else None
    profiles = profile.read_profiles(
        statement.subject for statement in said.values() if not is_person(statement.subject)
    )
    for row, statement in said.items():
        known = profiles.get(statement.subject)
        code = _compare(statement.words.fields.get(field), known)
        if known is not None and code is not None:
            yield Finding(
                row,
                Problem(
                    code=code,
                    column="" if column is None else column_letter(column),
                    field=field,
                    label=item.field(field).title,
                    values={"name": known.name},
                ),
            )


def _compare(name: Value | None, known: Profile | None) -> str | None:
    if known is None or not known.name or not isinstance(name, str):
        return None
    if same_name(name, known.name) is not Likeness.DIFFERENT:
        return None
    former = any(same_name(name, other) is not Likeness.DIFFERENT for other in known.former)
    return codes.NAME_FORMER.id if former else codes.NAME_DIFFERS.id
