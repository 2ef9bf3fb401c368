"""What became of each row: one object in S3 for each range, under a key that says which.

It holds no personal value, and depends only on the rows and the item's version.
"""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

import msgspec

from chalicelib.catalogue import codes as catalogue_codes
from chalicelib.collection import codes as collection_codes
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import Code, Text, explain
from chalicelib.subjects import codes as subject_codes

Values = dict[str, str | int]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong in one cell, or in the row where `field` is empty.

    `column` is the letter over it, empty where the file has no such column. `values` fill the
    code's texts; `value` among them is what was typed, where that cannot be personal.
    """

    code: str
    column: str = ""
    field: str = ""
    label: str = ""
    values: Values = {}

    @property
    def refuses(self) -> bool:
        """Whether the row is refused for it; otherwise it only tells."""
        return self.code.startswith("E-")

    @property
    def text(self) -> Text:
        """The code's texts with the values filled in."""
        return explain(find_code(self.code), self.values)


class RowResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row: its problems and, where accepted, whose record it is and what statement it made."""

    row: int
    problems: tuple[Problem, ...] = ()
    subject: str = ""
    record: str = ""
    digest: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the row is in the archive."""
        return bool(self.subject)


class RangeResult(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one range of an upload, and the item's version they were checked against."""

    upload: str
    range: int
    version: str
    rows: tuple[RowResult, ...]


class Quarantine(msgspec.Struct, frozen=True):
    """Why a file could not be read at all."""

    code: str
    values: Values

    @property
    def text(self) -> Text:
        """The code's texts with the values filled in."""
        return explain(find_code(self.code), self.values)


def find_code(code_id: str) -> Code:
    """The code with this id; KeyError where there is none."""
    return _codes()[code_id]


@cache
def _codes() -> Mapping[str, Code]:
    modules: tuple[ModuleType, ...] = (collection_codes, subject_codes, catalogue_codes)
    return {
        code.id: code
        for module in modules
        for code in vars(module).values()
        if isinstance(code, Code)
    }


def write_result(result: RangeResult) -> None:
    """Keep what became of a range; writing it again changes nothing."""
    blobs.write_value(_key(result.upload, result.range), result)


def read_result(upload: str, index: int) -> RangeResult | None:
    """What became of a range, None while it is not merged."""
    return blobs.read_value(_key(upload, index), RangeResult)


def list_merged(upload: str) -> list[int]:
    """The ranges of an upload that have a result, in order."""
    prefix = f"results/{upload}/"
    return [int(key[len(prefix) : -len(".json")]) for key in blobs.list_keys(prefix)]


def write_quarantine(upload: str, reason: Quarantine) -> None:
    """Note that an upload cannot be read; the original stays where it is."""
    blobs.write_value(f"quarantine/{upload}.json", reason)


def read_quarantine(upload: str) -> Quarantine | None:
    """Why an upload could not be read, None where it could or nobody has tried."""
    return blobs.read_value(f"quarantine/{upload}.json", Quarantine)


def _key(upload: str, index: int) -> str:
    return f"results/{upload}/{index:06d}.json"
