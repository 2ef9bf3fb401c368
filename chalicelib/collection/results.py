"""What became of each row: one object in S3 for each range, under a key that says which.

It holds no personal value, and depends only on the rows and the item's version.
"""

from typing import Final

import msgspec

from chalicelib.collection.problems import Problem, Values, find_code
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import Text, explain

CHECKED: Final = "checked/"
"""Where the ranges of whole uploads are noted that are checked."""


class RowResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row: its problems and, where accepted, whose record it is and what statement it made.

    `operation` is `correct` or `withdraw` where the row does not only add; a withdrawal makes no
    statement. `replaced` is the record (`str` of its key) that a correction moved the words from.
    """

    row: int
    problems: tuple[Problem, ...] = ()
    subject: str = ""
    record: str = ""
    digest: str = ""
    operation: str = ""
    replaced: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the row is in the archive."""
        return bool(self.subject)

    @property
    def withheld(self) -> bool:
        """Whether the row would be, had no other row of a whole upload been refused."""
        return not self.accepted and not any(problem.refuses for problem in self.problems)


class RangeResult(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one range of an upload, and the item's version they were checked against."""

    upload: str
    range: int
    version: str
    rows: tuple[RowResult, ...]


class Quarantine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a file could not be read at all, and the items that its header would fit better."""

    code: str
    values: Values
    suggests: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """The code's texts with the values filled in."""
        return explain(find_code(self.code), self.values)


class ResultContested(Exception):
    """Somebody else was keeping the same result and may have failed; the message comes again."""


def write_result(result: RangeResult) -> None:
    """Keep what became of a range. What is kept stays: a receipt never changes.

    Raises `ResultContested`.
    """
    key = _key(result.upload, result.range)
    if not blobs.create_value(key, result) and blobs.read(key) is None:
        raise ResultContested


def read_result(upload: str, index: int) -> RangeResult | None:
    """What became of a range, None while it is not merged."""
    return blobs.read_value(_key(upload, index), RangeResult)


def list_merged(upload: str) -> list[int]:
    """The ranges of an upload that have a result, in order."""
    prefix = f"results/{upload}/"
    return [int(key[len(prefix) : -len(".json")]) for key in blobs.list_keys(prefix)]


def list_merged_between(upload: str, start: int, end: int) -> list[int]:
    """Those of the ranges from `start` up to but without `end` that have a result, in order."""
    prefix = f"results/{upload}/"
    found = blobs.list_keys_after(prefix, f"{prefix}{start:06d}", end - start)
    indexes = (int(key[len(prefix) : -len(".json")]) for key in found)
    return [index for index in indexes if index < end]


def note_checked(upload: str, index: int, refused: int) -> None:
    """Note that so many rows of a range of a whole upload would be refused."""
    blobs.write(f"{CHECKED}{upload}/{index:06d}-{refused}", b"", "text/plain")


def list_checked(upload: str) -> dict[int, int]:
    """The ranges of a whole upload that are checked, and how many rows of each are refused."""
    prefix = f"{CHECKED}{upload}/"
    noted = (key[len(prefix) :].split("-") for key in blobs.list_keys(prefix))
    return {int(index): int(refused) for index, refused in noted}


def claim_merging(upload: str, index: int) -> bool:
    """Whether it is for range `index` to have a checked whole upload merged: the first that asks.

    Asked again, it is told the same.
    """
    key = f"merging/{upload}.json"
    return blobs.create_value(key, index) or blobs.read_value(key, int) == index


def write_quarantine(upload: str, reason: Quarantine) -> None:
    """Note that an upload cannot be read; the original stays where it is."""
    blobs.write_value(f"quarantine/{upload}.json", reason)


def read_quarantine(upload: str) -> Quarantine | None:
    """Why an upload could not be read, None where it could or nobody has tried."""
    return blobs.read_value(f"quarantine/{upload}.json", Quarantine)


def _key(upload: str, index: int) -> str:
    return f"results/{upload}/{index:06d}.json"
