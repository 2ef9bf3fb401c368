"""A person erased is gone from what files were converted to, and from originals no one can blank."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import erasure, planning, plans, results, uploads
from chalicelib.runtime import blobs
from chalicelib.subjects.identities import find_people
from tests.collection import persons
from tests.collection.files import (
    DAY,
    csv_of,
    entitle,
    merge_all,
    penalty,
    person_penalty,
    receipt_of,
    receive,
    send,
)
from tests.collection.persons import NAME, NUMBER, OTHER_NUMBER, PAPER, erase
from tests.collection.workbooks import workbook_of, workbook_of_sheets

pytestmark = pytest.mark.usefixtures("aws")

ITEM = load_catalogue(DAY).item("penalty")
OWN = person_penalty(1, cf_xdr_mc=NAME, cf_xdr_zjhm=NUMBER, cf_wsh="1号")
OTHER = person_penalty(1, cf_xdr_mc="李四", cf_xdr_zjhm=OTHER_NUMBER, cf_wsh="2号")
NAMED = penalty(cf_frdb=NAME, cf_fr_zjlx="身份证", cf_fr_zjhm=NUMBER, cf_wsh="3号")
BARE = penalty(cf_frdb=NAME, cf_wsh="4号")
ROWS = [OWN, OTHER, NAMED, BARE]


def _table(rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    labels = [ITEM.field(name).title for name in names]
    return [labels, *([row.get(name, "") for name in names] for row in rows)]


def _delimited(delimiter: str, encoding: str) -> bytes:
    lines = (delimiter.join(row) for row in _table(ROWS))
    return "\n".join(lines).encode(encoding)


@pytest.mark.parametrize(
    ("body", "file_name"),
    [
        (workbook_of(_table(ROWS)), "a.xlsx"),
        (_delimited("|", "gb18030"), "a.txt"),
        (_delimited("\t", "utf-16"), "a.txt"),
        (_delimited("\t", "gb18030"), "a.tsv"),
        (_delimited(";", "utf-8"), "a.csv"),
    ],
)
def test_a_person_goes_from_every_form_of_a_file(body: bytes, file_name: str) -> None:
    entitle()
    upload = send(body, "penalty", file_name=file_name)
    assert receipt_of(upload).accepted == 4

    assert erase() == (2, 3)

    assert persons.traces((NUMBER, NAME)) == []
    assert erase() == (0, 0)
    for key in blobs.list_keys("results/"):
        blobs.delete(key)
    planning.plan_upload(upload)
    merge_all(upload)
    receipt = receipt_of(upload)
    assert receipt.accepted == 3  # the person's own row is blank, and so no row any more
    assert find_people([PAPER]) == {}
    _is_registered_as_it_is(upload)


def _is_registered_as_it_is(upload: str) -> None:
    held = blobs.read(uploads.inbox_key(upload)) or b""
    registration = uploads.read_registration(upload)
    assert registration is not None
    digest = base64.b64encode(hashlib.sha256(held).digest()).decode()
    assert (registration.size, registration.sha256) == (len(held), digest)


def test_an_original_goes_when_only_a_part_that_was_not_read_names_the_person() -> None:
    entitle()
    books = {"数据": _table([OTHER]), "底稿": [["备查", NAME, NUMBER]]}
    upload = send(workbook_of_sheets(books), "penalty", file_name="a.xlsx")
    other = send(workbook_of(_table([OTHER])), "penalty", file_name="b.xlsx")
    kept = blobs.read(uploads.inbox_key(other))

    erase()

    plan = plans.read_plan(upload)
    assert plan is not None
    assert blobs.read(uploads.inbox_key(upload)) == blobs.read(plans.source_key(plan))
    assert blobs.read(uploads.inbox_key(other)) == kept
    _is_registered_as_it_is(upload)


def test_nothing_is_left_of_a_workbook_that_could_not_be_read() -> None:
    entitle()
    upload = receive(workbook_of([["姓名", "证件"], [NAME, NUMBER]]), "penalty", file_name="a.xlsx")
    planning.plan_upload(upload)
    assert results.read_quarantine(upload) is not None

    erase()

    assert blobs.read(uploads.inbox_key(upload)) == b""
    _is_registered_as_it_is(upload)


def test_a_workbook_that_is_just_being_read_is_waited_for() -> None:
    entitle()
    upload = receive(workbook_of(_table(ROWS)), "penalty", file_name="a.xlsx")
    with pytest.raises(erasure.FileUnplanned):
        erase()

    planning.plan_upload(upload)
    merge_all(upload)
    assert erase() == (2, 3)
    assert persons.traces((NUMBER, NAME)) == []


def test_a_file_with_the_same_rows_as_text_is_counted_the_same() -> None:
    entitle()
    send(csv_of("penalty", ROWS), "penalty")
    assert erase() == (2, 3)
