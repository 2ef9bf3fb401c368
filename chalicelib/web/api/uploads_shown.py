"""Uploads as they are answered: receipts, rows, and what is told of them with its texts."""

from datetime import datetime

from msgspec import Struct

from chalicelib.collection.problems import Problem, Values
from chalicelib.collection.receipts import Outcome, Receipt, State
from chalicelib.collection.results import RowResult
from chalicelib.collection.uploads import Mode, Registration
from chalicelib.runtime.clock import moment_of
from chalicelib.runtime.errors import Text


class UploadSummary(Struct, frozen=True, kw_only=True):
    """An upload as registered; its rows count as said at `registered_at`."""

    upload: str
    provider: str
    item: str
    registered_at: datetime
    size: int
    sha256: str
    file_name: str
    mode: Mode


class Told(Struct, frozen=True, kw_only=True):
    """A code with its place and texts; `detail` says what is wrong, `mend` what to do.

    `type` is the code's own page (RFC 9457).
    """

    code: str
    type: str
    column: str
    field: str
    label: str
    values: Values
    detail: str
    mend: str
    detail_en: str
    mend_en: str


class RowTold(Struct, frozen=True, kw_only=True):
    """A row's number, as a spreadsheet shows it, and what is told about it."""

    row: int
    told: Told


class UploadShown(Struct, frozen=True, kw_only=True):
    """The receipt (回执) of an upload; final when `state` is `done` or `quarantined`.

    `outcome` sums it up then.

    `merged` of `ranges` ranges have results; those of `counted` are in `accepted`, `warned`, `refused` and `withheld` (good
    rows of an upload that is merged whole or not at all; so many of its ranges are `checked`). `problems` are
    the first hundred; `/rows` has all of them. `remarks` tell of rows that were not read as data
    (titles, notes, totals), and of the whole file (row 0). `reason` tells why it could not be read.
    """

    upload: UploadSummary
    state: State
    outcome: Outcome
    catalogue_version: str
    ranges: int
    merged: int
    counted: int
    received: int
    accepted: int
    warned: int
    refused: int
    withheld: int
    checked: int
    codes: dict[str, int]
    problems: tuple[RowTold, ...]
    remarks: tuple[RowTold, ...]
    reason: Told | None


class RowShown(Struct, frozen=True, kw_only=True):
    """What became of a row; accepted ones say which record of whose archive they are about.

    `operation` is `correct` or `withdraw` where the row does not only add. `replaced` is the record
    (`<subject>/<item>/<record>`) in whose place a correction puts this one.
    """

    row: int
    accepted: bool
    subject: str
    record: str
    operation: str
    replaced: str
    problems: tuple[Told, ...]


def summarise(registration: Registration) -> UploadSummary:
    """An upload as it is answered."""
    return UploadSummary(
        upload=registration.upload,
        provider=registration.provider,
        item=registration.item,
        registered_at=moment_of(registration.registered),
        size=registration.size,
        sha256=registration.sha256,
        file_name=registration.file_name,
        mode=registration.mode,
    )


def show_receipt(receipt: Receipt) -> UploadShown:
    """A receipt as it is answered."""
    reason = receipt.reason
    return UploadShown(
        upload=summarise(receipt.registration),
        state=receipt.state,
        outcome=receipt.outcome,
        catalogue_version=receipt.version,
        ranges=receipt.ranges,
        merged=receipt.merged,
        counted=receipt.counted,
        received=receipt.received,
        accepted=receipt.accepted,
        warned=receipt.warned,
        refused=receipt.refused,
        withheld=receipt.withheld,
        checked=receipt.checked,
        codes=receipt.codes,
        problems=tuple(RowTold(row=each.row, told=tell(each.problem)) for each in receipt.problems),
        remarks=tuple(RowTold(row=each.row, told=tell(each.problem)) for each in receipt.remarks),
        reason=None if reason is None else tell(Problem(code=reason.code, values=reason.values)),
    )


def show_row(row: RowResult) -> RowShown:
    """What became of a row, as it is answered."""
    return RowShown(
        row=row.row,
        accepted=row.accepted,
        subject=row.subject,
        record=row.record,
        operation=row.operation,
        replaced=row.replaced,
        problems=tuple(map(tell, row.problems)),
    )


def tell(problem: Problem) -> Told:
    """`problem` with its texts."""
    text: Text = problem.text
    return Told(
        code=problem.code,
        type=f"/problems/{problem.code}",
        column=problem.column,
        field=problem.field,
        label=problem.label,
        values=problem.values,
        detail=text.zh,
        mend=text.mend_zh,
        detail_en=text.en,
        mend_en=text.mend_en,
    )
