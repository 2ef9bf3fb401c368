"""Files as providers send them, and what is known beforehand about their rows."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.local.demo.providers import Provider

Row = dict[str, str]
"""The cells of one row by the field's national code, as typed."""

STRAY = "*"
"""Under this name a row keeps a cell that stands past the header."""

FIRST_ROW = 2  # as a spreadsheet numbers rows: the header is row 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFile:
    """One file to be sent, and what must come of it.

    `planted` are the codes that must be told of each row, by row number; every other row must be
    accepted in silence. `findings` are those expected beside the receipt. `quarantine` is the code
    under which the whole file must be put aside; then the rest is empty.
    """

    name: str
    provider: Provider
    item: str
    content: bytes
    rows: int = 0
    planted: Mapping[int, tuple[str, ...]]
    findings: Mapping[int, tuple[str, ...]]
    quarantine: str = ""

    @property
    def refused(self) -> frozenset[int]:
        """The numbers of the rows that must be refused."""
        return frozenset(
            row
            for row, codes in self.planted.items()
            if any(code.startswith("E-") for code in codes)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a file: each field's code with the header text that stands for it."""

    columns: Mapping[str, str]
    encoding: str = "utf-8"

    def write(self, rows: Sequence[Row]) -> bytes:
        """`rows` as CSV with a header."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.columns.values())
        for row in rows:
            cells = [row.get(field, "") for field in self.columns]
            writer.writerow([*cells, row[STRAY]] if STRAY in row else cells)
        return text.getvalue().encode(self.encoding)
