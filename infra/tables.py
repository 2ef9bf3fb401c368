"""Tables for people at a terminal; Chinese letters are two columns wide."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width


def draw(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Lines of aligned columns; numbers stand to the right."""
    drawn = list(rows)
    cells = [[str(cell) for cell in row] for row in (head, *drawn)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    numeric = [all(isinstance(cell, int) for cell in column) for column in zip(*drawn, strict=True)]
    numeric = numeric or [False] * len(head)
    lines = [
        " | ".join(_pad(*each) for each in zip(row, widths, numeric, strict=True)).rstrip()
        for row in cells
    ]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, width: int, right: bool) -> str:  # noqa: FBT001 - one of a row of three
    space = " " * (width - _width(text))
    return space + text if right else text + space
