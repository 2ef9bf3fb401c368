"""Workbooks are read by a process of their own, which may die of them (`sheets`)."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, NamedTuple

import msgspec

from chalicelib.catalogue.model import Item, labels_of
from chalicelib.collection import codes
from chalicelib.collection.formats import MAX_SHEET, Format
from chalicelib.collection.problems import Remark, find_code
from chalicelib.collection.sheets import READY, Order, Reading
from chalicelib.runtime.errors import DomainError

MAX_SIZE: Final = MAX_SHEET
"""Bytes of a workbook, as sent."""

MAX_MEMORY: Final = 2560 << 20
MAX_SECONDS: Final = 200

_CHUNK: Final = 256 << 10


class Opened(NamedTuple):
    """A workbook's sheet: the records, and what came before them."""

    reading: Reading
    records: Iterator[bytes]


class ReaderBroken(Exception):
    """The process that reads workbooks could not even begin: no fault of the file."""


@contextmanager
def kept_on_disk(chunks: Iterable[bytes]) -> Iterator[Path]:
    """A file with `chunks`, gone afterwards. Raises DomainError `E-SHEET-03` beyond `MAX_SIZE`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book"
        size = 0
        with path.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size <= MAX_SIZE:
                    file.write(chunk)
        if size > MAX_SIZE:
            raise DomainError(codes.SHEET_SIZE, what="字节数", what_en="bytes", limit=MAX_SIZE)
        yield path


@contextmanager
def opened_sheet(path: Path, form: Format, file_name: str, item: Item) -> Iterator[Opened]:
    """The sheet with rows of `item` in the workbook at `path`, sent as `file_name`.

    Raises DomainError `E-SHEET-01` to `E-SHEET-05`, `E-FILE-03`, `E-FILE-04`, `E-FILE-07`; the process's death
    by its limits, also while records are read, is `E-SHEET-03`.
    """
    labels = {label: field.name for field in item.schema.fields for label in labels_of(field)}
    order = Order(str(path.resolve()), form, labels, MAX_MEMORY, MAX_SECONDS, file_name)
    with _process() as process:
        told, answers = _pipes(process)
        told.write(msgspec.json.encode(order))
        told.close()
        if answers.readline() != READY:
            raise ReaderBroken
        line = answers.readline()
        if not line:
            raise _cause_of_death(process)
        reading = msgspec.json.decode(line, type=Reading)
        if reading.refused is not None:
            raise _refusal(reading.refused)
        yield Opened(reading, _read(process, answers))


@contextmanager
def _process() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "chalicelib.collection.sheets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
    )
    try:
        with process:
            try:
                yield process
            finally:
                process.kill()
    finally:
        process.wait()


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ReaderBroken
    return process.stdin, process.stdout


def _read(process: "subprocess.Popen[bytes]", answers: IO[bytes]) -> Iterator[bytes]:
    while chunk := answers.read(_CHUNK):
        yield chunk
    if process.wait():
        raise _cause_of_death(process)


def _cause_of_death(process: "subprocess.Popen[bytes]") -> DomainError:
    """A signal comes from the limits (memory, time); else the reader stumbled over the content."""
    if process.wait() < 0:
        return DomainError(
            codes.SHEET_SIZE,
            what="读取所需内存字节数或时间",
            what_en="bytes of memory for reading it, or the time for it,",
            limit=MAX_MEMORY,
        )
    return DomainError(codes.SHEET_DAMAGED)


def _refusal(reason: Remark) -> DomainError:
    refusal = DomainError(find_code(reason.code))
    refusal.values.update(reason.values)
    return refusal
