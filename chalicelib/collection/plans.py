"""The plan of an upload: how its file is read, and the ranges that are merged one by one."""

import msgspec

from chalicelib.collection.layout import Columns
from chalicelib.collection.problems import Remark
from chalicelib.collection.ranges import Range
from chalicelib.collection.uploads import Mode, inbox_key
from chalicelib.runtime import blobs


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Made once from an upload's bytes and registration, the same whenever it is made.

    `version` is that of the item whose header rules the file met; `header_rows` are the numbers of
    the rows that hold labels, `remarks` name what else is no data. A file that is no plain CSV has
    been `converted`: its ranges are those of the converted file, which has the same rows and
    columns (`lettered` where the original has columns with letters). Columns `unread` are left
    out; `serial_offset` days are added to bare serial numbers of dates. `suggests` are other items
    whose header the file has too. A `whole` upload is merged only once all of it is checked.
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
    delimiter: str = ","
    converted: bool = False
    lettered: bool = True
    unread: tuple[int, ...] = ()
    serial_offset: int = 0
    remarks: tuple[Remark, ...] = ()
    suggests: tuple[str, ...] = ()
    mode: Mode = "partial"

    @property
    def rows(self) -> int:
        """How many rows of data the file has."""
        return sum(each.rows for each in self.ranges)


def source_key(plan: Plan) -> str:
    """Where the file is that the ranges of `plan` are parts of."""
    return converted_key(plan.upload) if plan.converted else inbox_key(plan.upload)


def converted_key(upload: str) -> str:
    """Where the converted file of an upload is, if it has one."""
    return f"converted/{upload}.csv"


def write_plan(plan: Plan) -> None:
    """Keep `plan`."""
    blobs.write_value(_key(plan.upload), plan)


def read_plan(upload: str) -> Plan | None:
    """The plan of an upload, None while there is none."""
    return blobs.read_value(_key(upload), Plan)


def _key(upload: str) -> str:
    return f"plans/{upload}.json"
