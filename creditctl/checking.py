"""Checking a file where it is, by the server's own rules: the same readers, checks and codes.

What the archive holds is not known here, so findings beside a receipt are not told.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection.adapting import adapt_rows
from chalicelib.collection.checks import Checked
from chalicelib.collection.layout import HeaderRefused
from chalicelib.collection.operation_columns import with_operations
from chalicelib.collection.operations import OperationChecker
from chalicelib.collection.problems import Problem, Values, find_code
from chalicelib.collection.readers import read_rows
from chalicelib.collection.receiving import Read, Received, read_received
from chalicelib.collection.remarks import left_out
from chalicelib.collection.scanning import Layout
from chalicelib.collection.suggesting import doubt_item, suggest_items, tell_suggested
from chalicelib.runtime.errors import DomainError, explain
from creditctl import words
from creditctl.exits import Exit, Failure
from creditctl.server import Json
from creditctl.storing import file_failure

_CHUNK: Final = 1 << 20

Watch = Callable[[int, int], None]
"""Is told how many of how many rows have been checked."""


class _File(NamedTuple):
    """A file, and where its converted form is kept meanwhile."""

    path: Path
    size: int
    sha256: str
    converted: Path


def find_item(item: str, day: date) -> Item:
    """The item of the catalogue in force on `day`. Raises `Failure` that lists what there is."""
    items = load_catalogue(day).items
    found = items.get(item)
    if found is None:
        known = "\n".join(f"  {name}  {each.title}" for name, each in sorted(items.items()))
        raise Failure(Exit.USAGE, words.ITEM_UNKNOWN, item=item, items=known)
    return found


def check_file(
    path: Path, item_id: str, day: date, tell: Callable[[Json], None] | None, watch: Watch
) -> Json:
    """The receipt that the file at `path` would get on `day`.

    `problems` are all there are, unless `tell` is given each as it is found. Raises `Failure`.
    """
    item = find_item(item_id, day)
    with _opened(path) as file:
        try:
            read = read_received(_receive(file, with_operations(item)))
        except DomainError as error:
            return _quarantined(file, item, day, error)
        return _check(file, item, day, read, _Teller(tell), watch)


class _Teller:
    """Counts what becomes of rows; what is told of them is passed on, or kept."""

    def __init__(self, tell: Callable[[Json], None] | None) -> None:
        self.codes: Counter[str] = Counter()
        self.received = self.accepted = self.warned = self.refused = 0
        self.problems: list[Json] = []
        self._tell = tell or self.problems.append

    def add(self, row: Checked) -> None:
        """The next row."""
        self.received += 1
        if row.identified is None:
            self.refused += 1
        else:
            self.accepted += 1
            self.warned += bool(row.problems)
        for problem in row.problems:
            self.codes[problem.code] += 1
            self._tell({"row": row.row, "told": tell_problem(problem)})


@contextmanager
def _opened(path: Path) -> Iterator[_File]:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
            size = file.tell()
    except OSError as error:
        raise file_failure(path, error) from None
    if not size:
        raise Failure(Exit.USAGE, words.FILE_EMPTY, file=str(path))
    with TemporaryDirectory(prefix="creditctl-") as folder:
        sha256 = base64.b64encode(digest.digest()).decode()
        yield _File(path, size, sha256, Path(folder) / "converted.csv")


def _receive(file: _File, item: Item) -> Received:
    chunks = _chunks(file.path)
    start = next(chunks, b"")
    return Received(
        item=item,
        file_name=file.path.name,
        size=file.size,
        sha256=file.sha256,
        start=start,
        chunks=chain((start,), chunks),
        again=lambda: _chunks(file.path),
        keep=lambda records: _keep(file.converted, records),
    )


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _keep(path: Path, records: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(records)


def _check(file: _File, item: Item, day: date, read: Read, teller: _Teller, watch: Watch) -> Json:
    layout = read.layout
    remarks = (*read.remarks, *layout.remarks)
    skipped = left_out(remarks)
    columns = with_operations(item)
    checker = OperationChecker(item, layout.columns, day, lettered=read.lettered)
    total = sum(span.rows for span in layout.ranges)
    with (file.converted if read.converted else file.path).open("rb") as source:
        for span in layout.ranges:
            source.seek(span.start)
            rows = read_rows(
                source.read(span.end - span.start),
                encoding=read.encoding,
                first_row=span.first_row,
                skipped=skipped,
                delimiter=read.delimiter,
            )
            for row in adapt_rows(
                rows,
                columns,
                layout.columns,
                unread=layout.unread,
                serial_offset=read.serial_offset,
            ):
                teller.add(checker.check(row).checked)
            watch(teller.received, total)
    return {
        **_head(file, item, day, "done"),
        "received": teller.received,
        "accepted": teller.accepted,
        "warned": teller.warned,
        "refused": teller.refused,
        "codes": dict(sorted(teller.codes.items())),
        "problems": teller.problems,
        "remarks": [
            *_of_file(_doubt(item, day, layout, teller)),
            *(
                {"row": each.row, "told": tell_problem(Problem(code=each.code, values=each.values))}
                for each in remarks
            ),
        ],
        "reason": None,
    }


def _quarantined(file: _File, item: Item, day: date, error: DomainError) -> Json:
    reason = Problem(code=error.code.id, values=error.values)
    return {
        **_head(file, item, day, "quarantined"),
        **dict.fromkeys(("received", "accepted", "warned", "refused"), 0),
        "codes": {},
        "problems": [],
        "remarks": _of_file(_suggest(item, day, error)),
        "reason": tell_problem(reason),
    }


def _doubt(item: Item, day: date, layout: Layout, teller: _Teller) -> tuple[Problem, ...]:
    catalogue = load_catalogue(day)
    suggests = suggest_items(catalogue, with_operations(item), layout.labels, as_well=True)
    return doubt_item(catalogue, suggests, refused=teller.refused, received=teller.received)


def _suggest(item: Item, day: date, error: DomainError) -> tuple[Problem, ...]:
    if not isinstance(error, HeaderRefused):
        return ()
    catalogue = load_catalogue(day)
    return tell_suggested(catalogue, suggest_items(catalogue, item, error.labels))


def _of_file(problems: Iterable[Problem]) -> list[Json]:
    return [{"row": 0, "told": tell_problem(problem)} for problem in problems]


def _head(file: _File, item: Item, day: date, state: str) -> Json:
    return {
        "file_name": file.path.name,
        "item": item.id,
        "size": file.size,
        "sha256": file.sha256,
        "checked_on": day.isoformat(),
        "state": state,
        "catalogue_version": item.version,
    }


def tell_problem(problem: Problem) -> Json:
    """A problem in the words and the shape in which the server tells it."""
    values: Values = problem.values
    text = explain(find_code(problem.code), values)
    return {
        "code": problem.code,
        "type": f"/problems/{problem.code}",
        "column": problem.column,
        "field": problem.field,
        "label": problem.label,
        "values": values,
        "detail": text.zh,
        "mend": text.mend_zh,
        "detail_en": text.en,
        "mend_en": text.mend_en,
    }
