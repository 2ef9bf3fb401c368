"""Records are told apart as the csv module does, however the bytes arrive."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.collection import codes
from chalicelib.collection.readers import (
    MAX_CELL,
    MAX_RECORD,
    is_blank,
    read_cells,
    read_rows,
    split_records,
)
from chalicelib.runtime.errors import DomainError

CELLS = st.text(alphabet='a",\n 仝，"市', max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8)
LOOSE = st.text(alphabet='a",,\n"仝', max_size=40)  # quotation marks anywhere


def _cut(body: bytes, sizes: list[int]) -> list[bytes]:
    chunks = []
    for size in sizes:
        chunks.append(body[:size])
        body = body[size:]
    return [*chunks, body]


@given(
    table=TABLES, encoding=st.sampled_from(["utf-8", "gb18030"]), sizes=st.lists(st.integers(0, 9))
)
def test_should_find_every_record_when_bytes_arrive_in_any_pieces(
    table: list[list[str]], encoding: str, sizes: list[int]
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    body = out.getvalue().encode(encoding)

    records = list(split_records(_cut(body, sizes)))

    assert b"".join(records) == body
    assert [read_cells(record, encoding) for record in records] == table


@given(text=LOOSE)
def test_should_agree_with_the_csv_module_when_quotation_marks_are_untidy(text: str) -> None:
    body = text.encode()
    expected = list(csv.reader(io.StringIO(text, newline="")))
    if _ends_inside_quotes(text):
        with pytest.raises(DomainError):
            list(split_records([body]))
        return
    rows = [read_cells(record, "utf-8") for record in split_records([body])]
    assert rows == expected


def _ends_inside_quotes(text: str) -> bool:
    return list(csv.reader(io.StringIO(f"{text}\nend", newline="")))[-1] != ["end"]


@given(text=st.text(), encoding=st.sampled_from(["gb18030"]))
def test_should_never_meet_a_separator_inside_a_character_when_text_is_gb18030(
    text: str, encoding: str
) -> None:
    for letter in text:
        if letter in '\n",':
            continue
        try:
            raw = letter.encode(encoding)
        except UnicodeEncodeError:
            continue
        assert not set(raw) & set(b'\n",')


def test_should_start_quoted_cell_after_byte_order_mark_when_file_begins_with_one() -> None:
    body = '\ufeff"企业\n名称",code\n1,2\n'.encode()
    assert len(list(split_records([body], file_start=True))) == 2
    # Elsewhere the mark is a letter like any other, and the cell is not a quoted one.
    assert len(list(split_records(['\ufeff"a,b\n1,2\n'.encode()]))) == 2


def test_should_name_the_row_when_a_quotation_mark_is_never_closed() -> None:
    with pytest.raises(DomainError) as caught:
        list(split_records([b'a,b\n1,2\n3,"4\n5,6\n']))
    assert (caught.value.code, caught.value.values) == (codes.FILE_QUOTE, {"row": 3})


@pytest.mark.parametrize(("start", "code"), [(b"x", codes.FILE_RECORD), (b'"', codes.FILE_QUOTE)])
def test_should_stop_early_when_a_record_does_not_end(start: bytes, code: object) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b"a,b\n" + start
        while True:
            taken += 1
            yield b"x" * 1000 + (b"\n" if code is codes.FILE_QUOTE else b"")

    with pytest.raises(DomainError) as caught:
        list(split_records(endless()))
    assert caught.value.code is code
    assert caught.value.values["row"] == 2
    assert taken <= MAX_RECORD // 1000 + 2


def test_should_number_rows_as_a_spreadsheet_does_when_lines_are_blank() -> None:
    body = b'a,1\r\n\r\n,,\r\n"",""\r\nb,"x\r\ny"\r\nc,3'
    rows = list(read_rows(body, encoding="utf-8", first_row=2))
    assert [(row.number, row.cells) for row in rows] == [
        (2, ["a", "1"]),
        (6, ["b", "x\r\ny"]),
        (7, ["c", "3"]),
    ]


def test_should_tell_what_is_wrong_when_a_row_cannot_be_read() -> None:
    big = b"x" * (MAX_CELL + 1)
    enormous = b"x" * (3 * MAX_CELL)
    long = b",".join([b"x" * (MAX_CELL // 2)] * 5)
    body = b"\n".join((b"a\0,1", b"a\rb,1", big + b",1", enormous + b",1", long, b"a,1"))
    faults = [row.fault for row in read_rows(body, encoding="utf-8", first_row=2)]
    assert faults == [
        codes.ROW_NUL,
        codes.ROW_UNREADABLE,
        codes.ROW_CELL,
        codes.ROW_CELL,
        codes.ROW_SIZE,
        None,
    ]


@pytest.mark.parametrize("record", [b"", b"\r\n", b" , ,\n", b'"",""\r\n', b"\t\n"])
def test_should_ignore_record_when_it_holds_nothing(record: bytes) -> None:
    assert is_blank(record)


def test_should_keep_record_when_it_holds_a_zero() -> None:
    assert not is_blank(b",0,\n")
