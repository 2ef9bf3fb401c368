"""What a refused row gives to find its organisation by, where its code is incomplete."""

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import codes
from chalicelib.collection.plans import read_plan
from chalicelib.collection.results import read_result
from chalicelib.runtime.clock import day_of
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.evidence import Given
from chalicelib.subjects.texts import compact


def read_given(upload: str, index: int, number: int) -> Given | None:
    """What row `number` in range `index` of an upload says of its subject.

    None where it was accepted, is about a person, or names nobody. Raises DomainError
    `E-UPLOAD-07` where the range is not merged (yet), or has no such row.
    """
    from chalicelib.collection.merging import read_range_rows

    plan, result = read_plan(upload), read_result(upload, index)
    told = {row.row: row for row in result.rows} if result else {}
    if plan is None or number not in told:
        raise DomainError(codes.RANGE_UNKNOWN, upload=upload, range=index)
    rows = {row.number: row for row in read_range_rows(plan, plan.ranges[index])}
    if told[number].accepted or number not in rows:
        return None
    named = zip(plan.columns, rows[number].cells, strict=False)
    cells = {name: cell for name, cell in named if name is not None}
    subject = load_catalogue(day_of(plan.registered)).item(plan.item).subject
    kind = subject.kind_of(compact(cells.get(subject.kind, ""))) if subject.kind else subject.only
    name = compact(cells.get(subject.name, ""))
    if kind not in ("organisation", "sole_trader") or not name:
        return None
    others = (subject.uscc, subject.organisation_code, subject.registration_number)
    code, organisation_code, number_given = (cells.get(each or "", "") for each in others)
    return Given(
        name=name,
        code=code,
        organisation_code=organisation_code,
        registration_number=number_given,
    )
