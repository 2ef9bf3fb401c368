"""Whole uploads: all ranges are checked before any merges, and what was checked is what merges.

Between checking and merging a new catalogue or new rules may be deployed. So the checked rows are
kept, with the version they were checked against, until they are merged: a row that was accepted
then cannot be refused any more, and an upload is never merged in part.
"""

from collections.abc import Callable, Sequence

import msgspec

from chalicelib.collection.operations import Operated
from chalicelib.collection.plans import Plan
from chalicelib.collection.results import (
    RangeResult,
    RowResult,
    list_checked,
    note_checked,
    read_result,
    write_result,
)
from chalicelib.collection.tallies import keep_block
from chalicelib.runtime import blobs

_TYPE = "application/msgpack"


class Checkup(msgspec.Struct, frozen=True):
    """The rows of a range as checked against this version of their item.

    They hold what is personal in plain, like the file that they come from.
    """

    version: str
    rows: tuple[Operated, ...]


def take_checked(
    plan: Plan, index: int, version: str, check: Callable[[], Sequence[Operated]]
) -> Checkup | None:
    """The rows of a whole upload's range that are to be merged now.

    None as long as not all ranges are checked, and where a row of any of them is refused: then the
    result of this range is that nothing was merged. `check` checks the rows, if nobody has yet.
    """
    checkup = _read(plan.upload, index)
    if checkup is None and read_result(plan.upload, index) is not None:  # forgotten just now
        return None
    if checkup is None:
        checkup = Checkup(version, tuple(check()))
        blobs.write(_key(plan.upload, index), msgspec.msgpack.encode(checkup), _TYPE)
    checked = list_checked(plan.upload)
    if len(checked) < len(plan.ranges):
        refused = sum(row.checked.identified is None for row in checkup.rows)
        note_checked(plan.upload, index, refused)
        return None
    if any(checked.values()):
        _withhold(plan, index, checkup)
        return None
    return checkup


def forget_checked(upload: str, index: int) -> None:
    """Remove what was kept of a range that has its result."""
    blobs.delete(_key(upload, index))


def forget_all_checked(upload: str) -> None:
    """Remove what was kept of all ranges: a person in them is to be erased.

    Those not merged yet are checked again as their file is then.
    """
    for key in blobs.list_keys(_prefix(upload)):
        blobs.delete(key)


def _withhold(plan: Plan, index: int, checkup: Checkup) -> None:
    told = tuple(
        RowResult(row=row.checked.row, problems=row.checked.problems) for row in checkup.rows
    )
    write_result(RangeResult(upload=plan.upload, range=index, version=checkup.version, rows=told))
    keep_block(plan, index)
    forget_checked(plan.upload, index)


def _read(upload: str, index: int) -> Checkup | None:
    body = blobs.read(_key(upload, index))
    return None if body is None else msgspec.msgpack.decode(body, type=Checkup)


def _prefix(upload: str) -> str:
    return f"checkups/{upload}/"


def _key(upload: str, index: int) -> str:
    return f"{_prefix(upload)}{index:06d}"
