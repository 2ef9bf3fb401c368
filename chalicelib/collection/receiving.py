"""A received file read once: told what it is, verified, laid out, and converted where it must be."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from chalicelib.catalogue.model import Item
from chalicelib.collection import codes
from chalicelib.collection.conversion import convert_text, is_plain
from chalicelib.collection.examining import Examination
from chalicelib.collection.formats import UTF_16_MARKS, Format, tell_format
from chalicelib.collection.heads import SEARCHED, tell_delimiter
from chalicelib.collection.isolation import kept_on_disk, opened_sheet
from chalicelib.collection.jsonlines import columns_of, convert_lines
from chalicelib.collection.problems import Remark
from chalicelib.collection.readers import split_records
from chalicelib.collection.remarks import doubt_numbers
from chalicelib.collection.scanning import Layout, Scanner, known_in
from chalicelib.runtime.errors import DomainError

_UTF_8: Final = "utf-8"
_SAMPLE: Final = 256 << 10


class Received(NamedTuple):
    """A file as it comes in: `start` is the beginning of its `chunks`, `size` and `sha256` (base64)
    are those that it must turn out to have.

    `again` reads it from its beginning, `keep` keeps its converted form, unless it is interrupted.
    """

    item: Item
    file_name: str
    size: int
    sha256: str
    start: bytes
    chunks: Iterable[bytes]
    again: Callable[[], Iterable[bytes]]
    keep: Callable[[Iterable[bytes]], None]


class Read(NamedTuple):
    """How a file is read from now on."""

    layout: Layout
    encoding: str = _UTF_8
    delimiter: str = ","
    converted: bool = True
    lettered: bool = True
    serial_offset: int = 0
    remarks: Sequence[Remark] = ()


def read_received(file: Received) -> Read:
    """How the file is to be read, its converted form kept where it is not read as it is.

    Raises DomainError for a file that cannot be read as the item's rows; then nothing is kept.
    """
    match tell_format(file.start, file.file_name):
        case Format.TEXT:
            return _read_text(file)
        case Format.LINES:
            return _read_lines(file)
        case form:
            return _read_sheet(file, form)


def _read_text(file: Received) -> Read:
    delimiter = tell_delimiter(_first_lines(file.start), known_in(file.item))
    examination = Examination()
    chunks = examination.watch(file.chunks)
    wide = file.start.startswith(UTF_16_MARKS)
    old_mac = b"\r" in file.start and b"\n" not in file.start  # lines end with a return alone
    if is_plain(_UTF_8, delimiter) and not (wide or old_mac):
        scanner = Scanner(file.item, delimiter)
        for record in split_records(chunks, file_start=True, delimiter=delimiter):
            scanner.add(record)
        _verify(examination, file)
        encoding = examination.encoding
        return Read(scanner.finish(encoding), encoding, delimiter, converted=False)
    encoding = _examine(examination, chunks, file)
    line_end = "\r" if old_mac else "\n"
    records = convert_text(file.again(), encoding, delimiter, line_end=line_end)
    return Read(_convert(file, records, Scanner(file.item)))


def _read_lines(file: Received) -> Read:
    examination = Examination()
    encoding = _examine(examination, examination.watch(file.chunks), file)
    scanner = Scanner(file.item, columns=columns_of(file.item))
    records = convert_lines(file.again(), encoding, file.item)
    return Read(_convert(file, records, scanner), lettered=False)


def _read_sheet(file: Received, form: Format) -> Read:
    examination = Examination()
    with kept_on_disk(examination.watch(file.chunks)) as path:
        _verify(examination, file)
        with opened_sheet(path, form, file.file_name, file.item) as opened:
            records = split_records(opened.records)
            layout = _convert(file, records, Scanner(file.item))
            reading = opened.reading
            doubts = doubt_numbers(file.item, layout.columns, layout.labels, reading.numbers)
            remarks = (*reading.remarks, *doubts)
            return Read(layout, serial_offset=reading.serial_offset, remarks=remarks)


def _convert(file: Received, records: Iterable[bytes], scanner: Scanner) -> Layout:
    """Keep the converted file, unless it cannot be laid out."""
    layouts = []

    def scanned() -> Iterator[bytes]:
        for record in records:
            scanner.add(record)
            yield record
        layouts.append(scanner.finish(_UTF_8))

    file.keep(scanned())
    return layouts[0]


def _examine(examination: Examination, chunks: Iterable[bytes], file: Received) -> str:
    """The encoding of the whole file, which is verified."""
    for _ in chunks:
        pass
    _verify(examination, file)
    return examination.encoding


def _verify(examination: Examination, file: Received) -> None:
    if (examination.size, examination.sha256) != (file.size, file.sha256):
        raise DomainError(codes.FILE_DIGEST)


def _first_lines(start: bytes) -> list[str]:
    """The first lines of a text in whichever encoding it is; a cut letter at its end is left out."""
    sample = start[:_SAMPLE]
    encodings = ("utf-16",) if sample.startswith(UTF_16_MARKS) else (_UTF_8, "gb18030")
    for encoding in encodings:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4:
                continue
            text = sample[: error.start].decode(encoding)
        return list(islice(text.removeprefix("\ufeff").splitlines(keepends=True), 10 * SEARCHED))
    return []
