"""The report on codes for the code authority (重错码, JS-5): wrong, mismatched, given twice.

Nothing is kept for it: it is read off the results and the archive, a few ranges at a time.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final, Literal

import msgspec

from chalicelib.archive import profile
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import codes, store
from chalicelib.collection.comparisons import find_reused, read_holdings, said_in
from chalicelib.collection.findings import find_names, find_said
from chalicelib.collection.plans import Plan, read_plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import RangeResult, read_result
from chalicelib.runtime.clock import LAWFUL_ZONE, day_of, stamp

MOST_RANGES: Final = 20
"""How many ranges one question looks at."""

_WRONG: Final = ("E-USCC-", "W-USCC-")


class CodeIssue(msgspec.Struct, frozen=True, kw_only=True):
    """A code that its authority should look at, and the row that holds it.

    `wrong`: it contradicts its standard. `mismatched`: the row names another organisation than the
    one registered under it. `duplicate`: two organisations are registered under it. `subject` is
    the code where the row was accepted.
    """

    kind: Literal["wrong", "mismatched", "duplicate"]
    provider: str
    upload: str
    row: int
    subject: str
    problem: Problem


class Place(msgspec.Struct, frozen=True, order=True):
    """From which range of which upload of which provider on to look."""

    provider: str = ""
    upload: str = ""
    range: int = 0


def list_code_issues(day: date, start: Place) -> tuple[list[CodeIssue], Place | None]:
    """Issues in uploads registered on the lawful `day`, from `start` on, and where to go on."""
    places = _list_places(day, start)
    issues = [issue for place, plan in islice(places, MOST_RANGES) for issue in _look(place, plan)]
    rest = next(places, None)
    return issues, None if rest is None else rest[0]


def _list_places(day: date, start: Place) -> Iterator[tuple[Place, Plan]]:
    midnight = datetime.combine(day, time(), LAWFUL_ZONE)
    first, end = stamp(midnight), stamp(midnight + timedelta(days=1))
    for provider in sorted(each.provider for each in store.list_providers()):
        if provider < start.provider:
            continue
        for upload in sorted(store.list_uploads_between(provider, first, end)):
            plan = (
                read_plan(upload) if (provider, upload) >= (start.provider, start.upload) else None
            )
            for index in range(len(plan.ranges) if plan else 0):
                place = Place(provider, upload, index)
                if plan is not None and place >= start:
                    yield place, plan


def _look(place: Place, plan: Plan) -> Iterator[CodeIssue]:
    result = read_result(place.upload, place.range)
    if result is None:
        return
    subjects = {row.row: row.subject for row in result.rows}
    for kind, row, problem in _find(plan, result):
        yield CodeIssue(
            kind=kind,
            provider=place.provider,
            upload=place.upload,
            row=row,
            subject=subjects[row],
            problem=problem,
        )


def _find(
    plan: Plan, result: RangeResult
) -> Iterator[tuple[Literal["wrong", "mismatched", "duplicate"], int, Problem]]:
    for row in result.rows:
        for problem in row.problems:
            if problem.code.startswith(_WRONG):
                yield "wrong", row.row, problem
    item = load_catalogue(day_of(plan.registered)).item(plan.item)
    if item.id == profile.REGISTRATION:
        said = said_in(plan, result.rows, read_holdings(plan, result.rows))
        for each in find_reused(plan, item, said):
            yield "duplicate", each.row, each.finding
        return
    for each in find_names(plan, item, find_said(plan, result.rows)):
        if each.finding.code == codes.NAME_DIFFERS.id:
            yield "mismatched", each.row, each.finding
