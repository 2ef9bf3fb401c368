"""Reading the file of a batch check (核查名单): the columns it may have, and what each row asks.

It is read by the same readers as providers' files. A column that is not one of these refuses the
file: what is not needed for a check shall not come in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain
from typing import Final

from chalicelib.catalogue.model import (
    Dates,
    Field,
    FieldType,
    Item,
    Schema,
    SubjectFields,
)
from chalicelib.collection.adapting import adapt_rows
from chalicelib.collection.codes.files import FILE_DIGEST
from chalicelib.collection.normalising import compile_reader
from chalicelib.collection.readers import Row, read_rows
from chalicelib.collection.receiving import Read, Received, read_received
from chalicelib.collection.remarks import left_out
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.codes import (
    NAME_LONG,
    ROW_BOTH,
    ROW_EMPTY,
    ROW_REPEATED,
    TOO_MANY_ROWS,
)
from chalicelib.disclosure.checks.values import Asked, Check, Told, tell
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import (
    PAPER_LABELS,
    Fault,
    PaperKind,
    check_paper,
    check_registration_number,
    check_uscc,
    organisation_subject,
    read_paper_kind,
    sole_trader_subject,
)
from chalicelib.subjects.names import search_text

MAX_ROWS: Final = 100_000

_LONGEST_NAME: Final = 200
_LONGEST_GRANT: Final = 64
_REGISTRATION_NUMBER: Final = 15
_MISSING: Final = ("无", "空", "/", "-", "--", "NULL")
_CODE: Final = "code"
_NAME: Final = "name"
_PAPER_KIND: Final = "paper_kind"
_PAPER_NUMBER: Final = "paper_number"
_GRANT: Final = "grant"


class _Wrong(Exception):
    """A row that cannot be asked about; the argument says why."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.code)
        self.told = told


def read_list(check: Check, day: date) -> tuple[Read, Iterator[Asked]]:
    """How the file of a check is read, and its rows; one that repeats another says which.

    Raises:
        DomainError: for a file that cannot be read as a list; `E-CHECK-04`.
    """
    read = read_received(_receive(check))
    if sum(each.rows for each in read.layout.ranges) > MAX_ROWS:
        raise DomainError(TOO_MANY_ROWS, limit=MAX_ROWS)
    return read, _tell_repeated(_read_rows(check, read, day))


def _receive(check: Check) -> Received:
    key = objects.inbox_key(check.id)
    chunks = blobs.chunks(key)
    if chunks is None:
        raise DomainError(FILE_DIGEST)
    start = next(chunks, b"")
    return Received(
        item=_list_item(),
        file_name=check.file_name,
        size=check.size,
        sha256=check.sha256,
        start=start,
        chunks=chain((start,), chunks),
        again=lambda: blobs.chunks(key) or (),
        keep=lambda records: blobs.write_chunks(
            objects.converted_key(check.id), records, "text/csv"
        ),
    )


def _read_rows(check: Check, read: Read, day: date) -> Iterator[Asked]:
    key = (objects.converted_key if read.converted else objects.inbox_key)(check.id)
    layout, item = read.layout, _list_item()
    skipped = left_out((*read.remarks, *layout.remarks))
    understand = _understanding(layout.columns, day)
    for span in layout.ranges:
        rows = read_rows(
            blobs.read_range(key, span.start, span.end),
            encoding=read.encoding,
            first_row=span.first_row,
            skipped=skipped,
            delimiter=read.delimiter,
        )
        adapted = adapt_rows(
            rows,
            item,
            layout.columns,
            unread=layout.unread,
            serial_offset=read.serial_offset,
        )
        yield from map(understand, adapted)


def _tell_repeated(rows: Iterable[Asked]) -> Iterator[Asked]:
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        name = "" if row.subject or row.paper_number else search_text(row.name)
        key = (row.subject, row.paper_kind, row.paper_number, name, row.grant)
        known = row.row if row.problem else first.setdefault(key, row.row)
        yield row if known == row.row else Asked(row=row.row, problem=tell(ROW_REPEATED, row=known))


# -- one row ---------------------------------------------------------------------------------------


def _understanding(columns: Iterable[str | None], day: date) -> Callable[[Row], Asked]:
    """How the rows of a file with these columns are understood."""
    item = _list_item()
    readers = [
        (index, name, compile_reader(item.field(name)))
        for index, name in enumerate(columns)
        if name is not None
    ]

    def understand(row: Row) -> Asked:
        if row.fault is not None:
            return Asked(row=row.number, problem=tell(row.fault))
        said: dict[str, str] = {}
        for index, name, read in readers:
            cell = read(row.cells[index] if index < len(row.cells) else "")
            if cell.faults:
                return Asked(row=row.number, problem=_tell_fault(cell.faults[0]))
            said[name] = cell.value if isinstance(cell.value, str) else ""
        try:
            return _ask(row.number, said, day)
        except _Wrong as wrong:
            return Asked(row=row.number, problem=wrong.told)

    return understand


def _ask(row: int, said: Mapping[str, str], day: date) -> Asked:
    code, name = said.get(_CODE, ""), said.get(_NAME, "")
    number, grant = said.get(_PAPER_NUMBER, ""), said.get(_GRANT, "")[:_LONGEST_GRANT]
    if code and number:
        raise _Wrong(tell(ROW_BOTH))
    if not (code or number or name):
        raise _Wrong(tell(ROW_EMPTY))
    if len(name) > _LONGEST_NAME:
        raise _Wrong(tell(NAME_LONG, limit=_LONGEST_NAME))
    if not number:
        return Asked(row=row, subject=_read_code(code), name=name, grant=grant)
    kind = read_paper_kind(said.get(_PAPER_KIND) or PAPER_LABELS[PaperKind.ID_NUMBER])
    paper = kind if isinstance(kind, Fault) else check_paper(kind, number, day)
    if isinstance(paper, Fault):
        raise _Wrong(_tell_fault(paper))
    return Asked(row=row, paper_kind=paper.kind, paper_number=paper.number, grant=grant)


def _read_code(code: str) -> str:
    """The subject key that a unified social credit code or a registration number says."""
    if not code:
        return ""
    if len(code) == _REGISTRATION_NUMBER:
        number = check_registration_number(code)
        checked = number if isinstance(number, Fault) else sole_trader_subject(number)
    else:
        uscc = check_uscc(code)
        checked = uscc if isinstance(uscc, Fault) else organisation_subject(uscc)
    if isinstance(checked, Fault):
        raise _Wrong(_tell_fault(checked))
    return checked


def _tell_fault(fault: Fault) -> Told:
    return tell(fault.code, **fault.values)


# -- the columns -----------------------------------------------------------------------------------


@cache
def _list_item() -> Item:
    """The columns, as the readers ask for them: an item that is in no catalogue."""
    fields = (
        _field(_CODE, "统一社会信用代码", "string", "信用代码", "社会信用代码", "注册号", "uscc"),
        _field(_NAME, "名称", "string", "机构名称", "企业名称", "单位名称", "姓名", "主体名称"),
        _field(_PAPER_KIND, "证件类型", "string", "证件种类"),
        _field(_PAPER_NUMBER, "证件号码", "string", "身份证号", "身份证号码", "公民身份号码"),
        _field(_GRANT, "授权编号", "string", "授权书编号"),
    )
    return Item(
        id="check-list",
        title="核查名单",
        title_en="List to check",
        category="other",
        origin="supplement",
        version="1",
        adopted=date.min,
        basis=(),
        source="OWN",
        openness="shared",
        frequency_working_days=0,
        channels=(),
        users=(),
        use_period="unlimited",
        retention="originals",
        subject=SubjectFields(name=_NAME, uscc=_CODE, paper_number=_PAPER_NUMBER),
        dates=Dates(formed="", effective=""),
        natural_keys=(),
        weak_key=(),
        schema=Schema(fields=fields, missing_values=_MISSING),
    )


def _field(name: str, title: str, kind: FieldType, *aliases: str) -> Field:
    return Field(
        name=name,
        title=title,
        title_en=name.replace("_", " "),
        type=kind,
        openness="internal",
        missing_values=_MISSING,
        aliases=aliases,
    )
