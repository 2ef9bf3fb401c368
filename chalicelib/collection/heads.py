"""Finding the header: behind titles, over two rows with merged cells, as labels and codes."""

import csv
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

SEARCHED: Final = 30
"""Among so many first rows that hold anything the header is looked for."""

_DELIMITERS: Final = (",", "\t", ";", "|", "，", "；", "\x01", "^")

Known = Callable[[str], str | None]
"""The field that a cell of a header means, None where it means none."""


class Head(NamedTuple):
    """Rows `first` to `last` hold the header whose cells are `labels`; `found` are fields."""

    first: int
    last: int
    labels: Sequence[str]
    found: int


def find_head(rows: Sequence[Sequence[str]], known: Known) -> Head | None:
    """The header among the first rows of a file, None where no row names a field.

    It is the row, or pair of rows under merged cells, that names the most fields; the rows below
    that name them again (codes under labels, labels under codes) belong to it. Anywhere but in the
    first row a single field is no header: data may repeat a label.
    """
    heads = [Head(index, index, cells, _count(cells, known)) for index, cells in enumerate(rows)]
    for index, (upper, lower) in enumerate(pairwise(rows)):
        labels = _combine(upper, lower, known)
        heads.append(Head(index, index + 1, labels, _count(labels, known)))
    counted = [head for head in heads if head.found > (head.last > 0)]
    if not counted:
        return None
    return _with_repetitions(max(counted, key=lambda head: head.found), rows, known)


def _count(labels: Iterable[str], known: Known) -> int:
    return len({name for name in map(known, labels) if name is not None})


def _combine(upper: Sequence[str], lower: Sequence[str], known: Known) -> list[str]:
    """The labels of a header of two rows: a merged cell above stands over all cells it spans."""
    labels: list[str] = []
    over = ""
    for index in range(max(len(upper), len(lower))):
        above, below = (row[index].strip() if index < len(row) else "" for row in (upper, lower))
        over = above or over
        if not below:
            labels.append(above)
            continue
        together = over + below
        labels.append(together if known(together) else below)
    return labels


def _with_repetitions(head: Head, rows: Sequence[Sequence[str]], known: Known) -> Head:
    names = [known(label) for label in head.labels]
    last = head.last
    while last + 1 < len(rows) and repeats(rows[last + 1], names, known):
        last += 1
    return head._replace(last=last)


def repeats(cells: Sequence[str], names: Sequence[str | None], known: Known) -> bool:
    """Whether at least half of what a row holds names again the fields of its columns."""
    held = [(cell, name) for cell, name in zip(cells, names, strict=False) if cell.strip()]
    again = sum(name is not None and known(cell) == name for cell, name in held)
    return bool(held) and 2 * again >= len(held)


def tell_delimiter(lines: Iterable[str], known: Known) -> str:
    """The delimiter under which the first lines of a file hold the fullest header; else a comma."""
    lines = list(lines)
    used = [each for each in _DELIMITERS if any(each in line for line in lines)]
    found = {delimiter: _count_fields(lines, delimiter, known) for delimiter in used}
    return max(used, key=lambda delimiter: found[delimiter], default=_DELIMITERS[0])


def _count_fields(lines: Iterable[str], delimiter: str, known: Known) -> int:
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if any(map(str.strip, cells)):
                rows.append(cells)
            if len(rows) == SEARCHED:
                break
    except csv.Error:
        return 0
    head = find_head(rows, known)
    return 0 if head is None else head.found
