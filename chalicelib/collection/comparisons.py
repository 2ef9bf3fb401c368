"""What rows say beside what was said about the same records before, or by others.

Each row's record is read once, for all that is found of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import msgspec

from chalicelib.archive import profile
from chalicelib.archive import store as archive
from chalicelib.archive.statements import Assertion, Holding, RecordKey, Statement, spoken
from chalicelib.catalogue.model import Field, Item
from chalicelib.collection import codes
from chalicelib.collection.layout import column_letter
from chalicelib.collection.plans import Plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import RowResult
from chalicelib.runtime.clock import day_of
from chalicelib.runtime.errors import Code
from chalicelib.subjects.names import Likeness, same_name

_READERS: Final = 8
_MOST_ROWS: Final = 10
_SOURCE: Final = "数据来源单位"  # differs between providers by its nature


class Finding(msgspec.Struct, frozen=True):
    """Something to know about one accepted row."""

    row: int
    finding: Problem


class Said(NamedTuple):
    """An accepted row's statement, and all that is held on its record."""

    statement: Statement
    held: Holding


def read_holdings(plan: Plan, rows: Iterable[RowResult]) -> dict[RecordKey, Holding]:
    """What is held on the record of each accepted row."""
    keys = {record_of(plan, row) for row in rows if row.accepted}
    with ThreadPoolExecutor(_READERS) as readers:
        return dict(zip(keys, readers.map(archive.read_alone, keys), strict=True))


def said_in(
    plan: Plan, rows: Iterable[RowResult], holdings: Mapping[RecordKey, Holding]
) -> dict[int, Said]:
    """What each accepted row said, or repeated; a withdrawal says nothing."""
    words = {key: {each.key: each for each in held.statements} for key, held in holdings.items()}
    said: dict[int, Said] = {}
    for row in rows:
        key = record_of(plan, row)
        made = f"{plan.item}/{row.record}/{plan.provider}/{row.digest}"
        if row.accepted and made in words[key]:
            said[row.row] = Said(words[key][made], holdings[key])
    return said


def record_of(plan: Plan, row: RowResult) -> RecordKey:
    """The record that an accepted row is about."""
    return RecordKey(row.subject, plan.item, row.record)


def find_comparisons(
    plan: Plan, item: Item, said: Mapping[int, Said], operated: Collection[int]
) -> Iterator[Finding]:
    """Rows that repeat or contradict others of their file, change what their provider said before,
    disagree with other providers, or share a code.

    Rows `operated` say themselves what they change. Only what is not sealed for a person is
    compared. A file is checked range by range at once, so what its rows are beside each other is
    a finding, and no part of the receipt.
    """
    for row, (statement, held) in said.items():
        for problem in _find_duplicates(plan.upload, row, statement, held):
            yield Finding(row, problem)
        if statement.first == assertion_of(plan, row) and row not in operated:
            for problem in _compare(plan, item, statement, _others(statement, held)):
                yield Finding(row, problem)


def find_reused(plan: Plan, item: Item, said: Mapping[int, Said]) -> Iterator[Finding]:
    """Registrations under a code that another subject is registered under (重码, JS-5)."""
    if item.id != profile.REGISTRATION:
        return
    for row, (statement, held) in said.items():
        problem = _tell_reuse(plan, item, statement, _others(statement, held))
        if problem is not None:
            yield Finding(row, problem)


def problem_in(plan: Plan, field: Field, code: Code, values: dict[str, str | int]) -> Problem:
    """`code` told of a field of the file that was planned."""
    column = plan.columns.index(field.name) if field.name in plan.columns else None
    return Problem(
        code=code.id,
        column="" if column is None or not plan.lettered else column_letter(column),
        field=field.name,
        label=field.title,
        values=values,
    )


def assertion_of(plan: Plan, row: int) -> Assertion:
    """A row as the place where something was said."""
    return Assertion(plan.registered, plan.upload, row)


def _others(statement: Statement, held: Holding) -> list[Statement]:
    """What else was said on the record of `statement`, the latest last."""
    others = [each for each in held.statements if each.key != statement.key]
    return sorted(others, key=lambda each: each.first)


def _find_duplicates(
    upload: str, row: int, statement: Statement, held: Holding
) -> Iterator[Problem]:
    """Other rows of the same upload on the record of a row."""
    said = [(each.key, each.first) for each in held.statements] + [*held.assertions]
    rows = {one.row: key for key, one in said if one.upload == upload and one.row != row}
    same = sorted(other for other, key in rows.items() if key == statement.key)
    different = sorted(rows.keys() - set(same))
    if same:
        yield Problem(code=codes.REPEATED.id, values={"rows": _list(same)})
    if different:
        values: dict[str, str | int] = {"rows": _list(different), "last": max(row, *rows)}
        yield Problem(code=codes.CONTRADICTED.id, values=values)


def _list(rows: Sequence[int]) -> str:
    told = "、".join(map(str, rows[:_MOST_ROWS]))
    return f"{told}…" if len(rows) > _MOST_ROWS else told


def _compare(
    plan: Plan, item: Item, statement: Statement, others: Sequence[Statement]
) -> Iterator[Problem]:
    upload, first = plan.upload, statement.first
    before = [each for each in others if each.first < first and each.first.upload != upload]
    latest = {each.provider: each for each in before}
    own = latest.pop(statement.provider, None)
    if own is not None:
        values = {**_place(own), "fields": _differences(item, statement, own)}
        yield Problem(code=codes.CHANGED.id, values=values)
    for provider, other in sorted(latest.items()):
        fields = _differences(item, statement, other)
        if fields != _NONE:
            day = day_of(other.first.registered).isoformat()
            told: dict[str, str | int] = {"provider": provider, "day": day, "fields": fields}
            yield Problem(code=codes.DISAGREES.id, values=told)
    reuse = _tell_reuse(plan, item, statement, others)
    if reuse is not None:
        yield reuse


_NONE: Final = "—"


def _place(statement: Statement) -> dict[str, str | int]:
    first = statement.first
    day = day_of(first.registered).isoformat()
    return {"day": day, "upload": first.upload, "row": first.row}


def _differences(item: Item, one: Statement, other: Statement) -> str:
    """The titles of the fields that say something else; `_NONE` where only sealed ones may."""
    titles = [
        field.title
        for field in item.schema.fields
        if field.openness != "internal"
        and not field.title.startswith(_SOURCE)
        and one.words.fields.get(field.name) != other.words.fields.get(field.name)
    ]
    return "、".join(titles) or _NONE


def _tell_reuse(
    plan: Plan, item: Item, statement: Statement, others: Sequence[Statement]
) -> Problem | None:
    """A registration of a different name and day of formation: no mere change of name."""
    if item.id != profile.REGISTRATION:
        return None
    name, formed = _registered(item, statement)
    for other in others:
        known, day = _registered(item, other)
        if same_name(name, known) is Likeness.DIFFERENT and day != formed:
            field = item.field(item.subject.uscc or item.subject.name)
            return problem_in(plan, field, codes.CODE_REUSED, {"name": known, "day": day})
    return None


def _registered(item: Item, statement: Statement) -> tuple[str, str]:
    fields = statement.words.fields
    return spoken(fields.get(item.subject.name, "")), spoken(fields.get(item.dates.formed, ""))
