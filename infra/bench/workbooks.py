"""A workbook of rows, and the reader alone: `python -m infra.bench.workbooks FILE ROWS`."""

import json
import sys
import time
from pathlib import Path

import xlsxwriter
from python_calamine import load_workbook

from infra.bench.workload import COLUMNS, write_rows


def write_workbook(path: Path, count: int) -> None:
    """`count` rows under a header, all cells text, as a registry exports them."""
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate((COLUMNS, *write_rows(count))):
            sheet.write_row(number, 0, [cell or None for cell in cells])


def read_alone(path: Path) -> int:
    """How many rows the reader finds; each of them is looked at."""
    sheet = load_workbook(str(path)).get_sheet_by_index(0)
    return sum(1 for _ in sheet.iter_rows())


def main() -> None:
    """The command."""
    path, rows = Path(sys.argv[1]), int(sys.argv[2])
    begun = time.process_time()
    if read_alone(path) != rows + 1:
        raise SystemExit("the reader has lost rows")
    print(json.dumps({"cpu": (time.process_time() - begun) / rows * 1e6}))


if __name__ == "__main__":
    main()
