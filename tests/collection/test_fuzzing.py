"""Whatever bytes come in: a reason, or every record that holds anything is accounted for.

And every row that is counted has its answer: accepted, or refused for a reason that is told of it.
"""

import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.readers import is_blank, read_rows, split_records
from chalicelib.collection.receiving import Read, Received, read_received
from chalicelib.collection.remarks import left_out
from chalicelib.runtime.errors import DomainError
from creditctl.checking import check_file
from tests.collection.files import DAY, ORGANISATION, id_number
from tests.collection.old_workbooks import old_workbook_of
from tests.collection.workbooks import workbook_of

ITEM = load_catalogue(DAY).item("registration")
HEADER = "统一社会信用代码,企业名称,成立日期\n"
BOOK = workbook_of([HEADER.strip().split(","), [ORGANISATION, "甲", "2018-01-06"]])


class Done(NamedTuple):
    """How a file is read, and the bytes that are read from now on."""

    read: Read
    body: bytes


def _receive(body: bytes, file_name: str) -> Done | str:
    kept: list[bytes] = []

    def keep(records: Iterable[bytes]) -> None:
        kept.append(b"".join(records))

    def again() -> Iterator[bytes]:
        return (body[start : start + 97] for start in range(0, len(body), 97))

    file = Received(
        item=ITEM,
        file_name=file_name,
        size=len(body),
        sha256=base64.b64encode(hashlib.sha256(body).digest()).decode(),
        start=body,
        chunks=[body] if body else [],
        again=again,
        keep=keep,
    )
    with suppress(DomainError):
        return Done(read_received(file), kept[0] if kept else body)
    assert not kept
    with pytest.raises(DomainError) as caught:
        read_received(file)
    assert caught.value.text.zh
    return caught.value.code.id


def _account_for_everything(done: Done) -> None:
    read, body = done
    delimiter = read.delimiter
    records = enumerate(split_records([body], file_start=True, delimiter=delimiter), 1)
    holding = {number for number, record in records if not is_blank(record, delimiter)}
    left = left_out((*read.remarks, *read.layout.remarks))
    rows = [
        row.number
        for span in read.layout.ranges
        for row in read_rows(
            body[span.start : span.end],
            encoding=read.encoding,
            first_row=span.first_row,
            skipped=left,
            delimiter=delimiter,
        )
    ]
    assert len(rows) == sum(span.rows for span in read.layout.ranges)
    assert sorted([*rows, *left, *read.layout.header_rows]) == sorted(holding)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                HEADER,
                "合计,1\n",
                "注：甲\n",
                "\n",
                '"',
                ",",
                "|",
                "\t",
                ";",
                "\0",
                "\r",
                ORGANISATION,
                "张",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=25,
).map("".join)
TEXTS = st.one_of(
    st.builds(str.encode, PIECES),
    st.builds(lambda text: (HEADER + text).encode("utf-8", "replace"), PIECES),
    st.builds(lambda text: (HEADER + text).replace(",", "|").encode("gb18030", "replace"), PIECES),
    st.builds(lambda text: (HEADER + text).encode("utf-16", "replace"), PIECES),
    st.binary(max_size=60),
    st.builds(lambda more: HEADER.encode() + more, st.binary(max_size=60)),
)


@settings(max_examples=300, deadline=None)
@given(body=TEXTS)
def test_should_refuse_or_account_for_any_text(body: bytes) -> None:
    done = _receive(body, "a")
    if isinstance(done, Done):
        _account_for_everything(done)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
LINES = st.lists(
    st.one_of(
        st.builds(json.dumps, st.dictionaries(st.sampled_from([*ITEM.fields, "企业名称"]), VALUES)),
        st.builds(json.dumps, VALUES),
        st.text(max_size=10),
        st.just(""),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(lines=LINES)
def test_should_refuse_or_account_for_any_lines(lines: list[str]) -> None:
    body = "\n".join(['{"comp_nm": "甲"}', *lines]).encode("utf-8", "replace")
    done = _receive(body, "a.jsonl")
    if isinstance(done, Done):
        _account_for_everything(done)


def _damaged(part: str, place: int, more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as given_, zipfile.ZipFile(out, "w") as made:
        for name in given_.namelist():
            content = given_.read(name)
            if name == part:
                cut = place % (len(content) + 1)
                content = content[:cut] + more + content[cut + len(more) :]
            made.writestr(name, content)
    return out.getvalue()


PARTS = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
PARTS += ["xl/sharedStrings.xml", "xl/styles.xml"]
DAMAGE = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.sampled_from(
        [b'r="XFE1"', b'r="A99999999"', b't="e"', b't="d"', b't="s"><v>999</v>', b"&lol;"]
    ),
)


@settings(max_examples=25, deadline=None)
@given(part=st.sampled_from(PARTS), place=st.integers(0, 5000), more=DAMAGE)
def test_should_refuse_or_account_for_any_workbook(part: str, place: int, more: bytes) -> None:
    done = _receive(_damaged(part, place, more), "a.xlsx")
    if isinstance(done, Done):
        _account_for_everything(done)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.xls", "a.jsonl", "a"])
def test_should_refuse_a_file_when_it_is_empty(name: str) -> None:
    assert _receive(b"", name) in {"E-FILE-04", "E-FILE-07"}


# -- each row's answer can be found ----------------------------------------------------------------


def _answer_every_row(body: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        receipt = check_file(path, ITEM.id, DAY, None, lambda *_: None)
    if receipt["state"] == "quarantined":
        assert receipt["reason"]["detail"]
        return
    refused = {each["row"] for each in receipt["problems"] if each["told"]["code"][0] == "E"}
    assert receipt["received"] == receipt["accepted"] + receipt["refused"]
    assert len(refused) == receipt["refused"]
    assert sum(receipt["codes"].values()) == len(receipt["problems"])
    assert all(each["told"]["mend"] for each in receipt["problems"])


TYPED = st.sampled_from(
    [
        ORGANISATION,
        id_number(1),
        "2018-01-06",
        "43164",
        "无",
        "同上",
        "=1+1",
        "#REF!",
        "9.13205E+17",
        "合计",
        "新增",
        "撤销",
        "张三",
    ]
)
LABELLED = [*HEADER.strip().split(","), "注册资本", "操作", "操作原因"]
ROWS = st.lists(st.lists(st.one_of(TYPED, st.text(max_size=6)), max_size=8), max_size=6)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_should_answer_every_row_of_any_text(rows: list[list[str]], encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([LABELLED, *rows])
    _answer_every_row(out.getvalue().encode(encoding, "replace"), "a.csv")


@settings(max_examples=100, deadline=None)
@given(body=st.one_of(TEXTS, st.binary(min_size=1, max_size=200)))
def test_should_answer_every_row_of_any_bytes(body: bytes) -> None:
    _answer_every_row(body or b"\n", "a")


@settings(max_examples=50, deadline=None)
@given(lines=LINES)
def test_should_answer_every_row_of_any_lines(lines: list[str]) -> None:
    body = "\n".join([json.dumps({"comp_nm": "甲"}), *lines]).encode("utf-8", "replace")
    _answer_every_row(body, "a.jsonl")


LETTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
CELLS = st.one_of(
    TYPED,
    st.text(LETTERS, max_size=6),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(min_value=date(1900, 3, 1), max_value=date(2099, 12, 31)),
)
SHEETS = st.lists(st.lists(CELLS, max_size=7), max_size=5)


@settings(max_examples=15, deadline=None)
@given(rows=SHEETS)
def test_should_answer_every_row_of_any_workbook(rows: list[list[object]]) -> None:
    _answer_every_row(workbook_of([LABELLED, *rows]), "a.xlsx")


@settings(max_examples=15, deadline=None)
@given(rows=SHEETS)
def test_should_answer_every_row_of_any_old_workbook(rows: list[list[object]]) -> None:
    _answer_every_row(old_workbook_of([LABELLED, *rows]), "a.xls")


OLD_BOOK = old_workbook_of([LABELLED, [ORGANISATION, "甲", date(2018, 1, 6), 200]])


@settings(max_examples=25, deadline=None)
@given(place=st.integers(0, len(OLD_BOOK) - 1), more=st.binary(min_size=1, max_size=8))
def test_should_refuse_or_account_for_any_damaged_old_workbook(place: int, more: bytes) -> None:
    body = OLD_BOOK[:place] + more + OLD_BOOK[place + len(more) :]
    done = _receive(body, "a.xls")
    if isinstance(done, Done):
        _account_for_everything(done)
