"""The plan of an upload: how its file is read, and the ranges that are merged one by one."""

import msgspec

from chalicelib.collection.layout import Columns
from chalicelib.runtime import blobs


class Range(msgspec.Struct, frozen=True):
    """Bytes `start` up to but without `end`: whole records from number `first_row` on.

    `rows` of them hold data; blank lines and a repeated header do not count.
    """

    start: int
    end: int
    first_row: int
    rows: int


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Made once from an upload's bytes and registration, the same whenever it is made.

    `version` is that of the item whose header rules the file met; `header_rows` are the numbers of
    the rows that hold labels.
    """

    upload: str
    provider: str
    item: str
    version: str
    registered: str
    encoding: str
    columns: Columns
    header_rows: tuple[int, ...]
    ranges: tuple[Range, ...]

    @property
    def rows(self) -> int:
        """How many rows of data the file has."""
        return sum(each.rows for each in self.ranges)


def write_plan(plan: Plan) -> None:
    """Keep `plan`."""
    blobs.write_value(_key(plan.upload), plan)


def read_plan(upload: str) -> Plan | None:
    """The plan of an upload, None while there is none."""
    return blobs.read_value(_key(upload), Plan)


def _key(upload: str) -> str:
    return f"plans/{upload}.json"
