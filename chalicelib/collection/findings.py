"""Findings: what accepted rows look like beside the rest of the archive.

They are derived when asked for and never stored, for they change as the archive grows; they never
refuse a row.
"""

from collections.abc import Iterable, Iterator

import msgspec

from chalicelib.archive import profile
from chalicelib.archive import store as archive
from chalicelib.archive.profile import Profile
from chalicelib.archive.statements import Assertion
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.layout import column_letter
from chalicelib.collection.merging import read_range_rows
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
    accepted = [row for row in result.rows if row.accepted]
    found = [*_find_unchanged(plan, accepted), *_find_names(plan, index, item, accepted)]
    return sorted(found, key=lambda finding: (finding.row, finding.finding.code))


def _find_unchanged(plan: Plan, rows: Iterable[RowResult]) -> Iterator[Finding]:
    """Rows whose very words were said before they were registered here."""
    places = {
        row.row: (row.subject, f"{plan.item}/{row.record}/{plan.provider}/{row.digest}")
        for row in rows
    }
    first = archive.find_first_assertions(places.values())
    for number, place in places.items():
        said = first.get(place)
        if said is not None and said < Assertion(plan.registered, plan.upload, number):
            values: dict[str, str | int] = {
                "day": lawful_day(moment_of(said.registered)).isoformat(),
                "upload": said.upload,
                "row": said.row,
            }
            yield Finding(number, Problem(code=codes.UNCHANGED.id, values=values))


def _find_names(
    plan: Plan, index: int, item: Item, accepted: Iterable[RowResult]
) -> Iterator[Finding]:
    """Rows that call an organisation otherwise than its registration does (JS-18)."""
    if item.id == profile.REGISTRATION or item.subject.name not in plan.columns:
        return
    subjects = {row.row: row.subject for row in accepted if not is_person(row.subject)}
    profiles = profile.read_profiles(subjects.values())
    column = plan.columns.index(item.subject.name)
    for row in read_range_rows(plan, plan.ranges[index]):
        known = profiles.get(subjects.get(row.number, ""))
        if known is None or not known.name or len(row.cells) <= column:
            continue
        code = _compare(row.cells[column].strip(), known)
        if code is not None:
            yield Finding(
                row.number,
                Problem(
                    code=code,
                    column=column_letter(column),
                    field=item.subject.name,
                    label=item.field(item.subject.name).title,
                    values={"name": known.name},
                ),
            )


def _compare(name: str, known: Profile) -> str | None:
    if same_name(name, known.name) is not Likeness.DIFFERENT:
        return None
    former = any(same_name(name, other) is not Likeness.DIFFERENT for other in known.former)
    return codes.NAME_FORMER.id if former else codes.NAME_DIFFERS.id
