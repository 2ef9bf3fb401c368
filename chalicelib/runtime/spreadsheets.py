"""CSV for people, who open it in a spreadsheet (RFC 4180, UTF-8 with byte order mark)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA: Final = frozenset("=+-@＝＋－＠")
_CONTROLS: Final = frozenset("\t\r\n")


def write_csv(rows: Iterable[Sequence[str]], *, marked: bool = True) -> str:
    """`rows` as CSV that no spreadsheet takes for a formula; `marked` where they begin the file.

    Text that would begin one has an apostrophe before it, which spreadsheets do not show (OWASP,
    CSV injection).
    """
    out = io.StringIO(newline="")
    out.write("\ufeff" if marked else "")
    csv.writer(out).writerows([_defuse(cell) for cell in row] for row in rows)
    return out.getvalue()


def _defuse(cell: str) -> str:
    begins = cell[:1] in _CONTROLS or cell.lstrip()[:1] in _FORMULA
    return f"'{cell}" if begins else cell
