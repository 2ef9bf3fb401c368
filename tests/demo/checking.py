"""The system's own pure rules over one file, without anything that stores."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.checks import Checked, Checker
from chalicelib.collection.readers import read_rows
from chalicelib.collection.receiving import Received, read_received
from chalicelib.collection.remarks import left_out
from infra.local.demo.files import DemoFile

DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules make of a file: its encoding and each of its rows."""

    encoding: str
    rows: tuple[Checked, ...]

    @property
    def told(self) -> dict[int, tuple[str, ...]]:
        """The codes told of each row of which anything is told."""
        return {
            row.row: tuple(sorted(problem.code for problem in row.problems))
            for row in self.rows
            if row.problems
        }


def check_file(file: DemoFile, day: date = DAY) -> Outcome:
    """Read, match and check `file`; raises `DomainError` where it cannot be taken."""
    item = load_catalogue(day).item(file.item)
    kept = [file.content]
    read = read_received(
        Received(
            item=item,
            file_name=file.name,
            size=len(file.content),
            sha256=base64.b64encode(hashlib.sha256(file.content).digest()).decode(),
            start=file.content,
            chunks=[file.content],
            again=lambda: [file.content],
            keep=lambda records: kept.append(b"".join(records)),
        )
    )
    checker = Checker(item, read.layout.columns, day, lettered=read.lettered)
    checked = [
        checker.check(row)
        for span in read.layout.ranges
        for row in read_rows(
            kept[-1][span.start : span.end],
            encoding=read.encoding,
            first_row=span.first_row,
            skipped=left_out(read.layout.remarks),
            delimiter=read.delimiter,
        )
    ]
    return Outcome(read.encoding, tuple(checked))
