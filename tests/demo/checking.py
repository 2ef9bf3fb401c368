"""The system's own pure rules over one file, without anything that stores."""

from dataclasses import dataclass
from datetime import date

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.checks import Checked, Checker
from chalicelib.collection.examining import Examination
from chalicelib.collection.layout import match_header
from chalicelib.collection.readers import BYTE_ORDER_MARKS, read_cells, read_rows, split_records
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
    item = load_catalogue(DAY).item(file.item)
    examination = Examination()
    head, *rest = split_records(examination.watch([file.content]), file_start=True)
    encoding = examination.encoding
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    checker = Checker(item, match_header(item, read_cells(head, encoding), 1), day)
    rows = read_rows(b"".join(rest), encoding=encoding, first_row=2)
    return Outcome(encoding, tuple(checker.check(row) for row in rows))
