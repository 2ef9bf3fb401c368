"""Adding is a set union: how deliveries arrive changes neither the archive nor a receipt."""

import base64
import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.archive.fold import Record, fold
from chalicelib.archive.store import read_records
from chalicelib.collection import merging, planning, plans, scanning
from chalicelib.collection.tallies import RowProblem
from tests.collection.files import NOW, csv_of, penalty, receipt_of, receive, uscc

pytestmark = pytest.mark.usefixtures("aws", "entitled")

_numbers = itertools.count(1000)


class File(NamedTuple):
    """Rows, as numbers of document and words; and when they were registered."""

    rows: tuple[tuple[int, int], ...]
    minute: int


class Told(NamedTuple):
    """A receipt without what names its upload."""

    state: str
    counts: tuple[int, int, int, int]
    codes: dict[str, int]
    problems: tuple[RowProblem, ...]


ROWS = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 2)), min_size=1, max_size=5)
FILES = st.lists(
    st.builds(File, rows=ROWS.map(tuple), minute=st.integers(0, 2)), min_size=1, max_size=3
)


def _body(file: File, organisation: str) -> bytes:
    """Words 2 are refused: the fine is missing."""
    return csv_of(
        "penalty",
        [
            penalty(
                cf_xdr_shxym=organisation,
                cf_frdb="王小明",
                cf_wsh=f"{document}号",
                cf_nr=f"处罚{words}",
                cf_nr_fk="" if words == 2 else "1",
            )
            for document, words in file.rows
        ],
    )


def _receive(files: Sequence[File], organisation: str) -> list[str]:
    """Uploads with ids of their own for each organisation, the same in each order of files."""
    uploads = []
    for number, file in enumerate(files):
        letters = base64.b32decode(
            f"{organisation[9:16]}{number}".replace("0", "A")
            .replace("1", "B")
            .replace("8", "C")
            .replace("9", "D")
        )
        now = NOW + timedelta(minutes=file.minute)
        uploads.append(_receive_one(file, organisation, now, letters))
    return uploads


def _receive_one(file: File, organisation: str, now: datetime, letters: bytes) -> str:
    seed = (letters + bytes(8))[:8]
    return receive(_body(file, organisation), "penalty", now=now, randomness=lambda _: seed)


def _archive(organisation: str) -> list[Record]:
    """Its records; said of no organisation in particular, so that two can be compared."""
    return [fold(holding) for holding in read_records(organisation)]


def _comparable(records: Sequence[Record], uploads: Sequence[str]) -> list[object]:
    named = {upload: f"upload {number}" for number, upload in enumerate(uploads)}
    return [
        (
            record.key.record,
            dict(record.current.words.fields, cf_xdr_shxym="") if record.current else None,
            record.said and (record.said.registered, named[record.said.upload], record.said.row),
            [(version.at, version.provider) for version in record.history],
            record.size,
        )
        for record in records
    ]


def _told(upload: str) -> Told:
    receipt = receipt_of(upload)
    counts = (receipt.received, receipt.accepted, receipt.warned, receipt.refused)
    return Told(receipt.state, counts, receipt.codes, receipt.problems)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=FILES, data=st.data())
def test_should_be_same_archive_and_receipts_when_deliveries_come_in_any_way(
    monkeypatch: pytest.MonkeyPatch, files: list[File], data: st.DataObject
) -> None:
    straight, mixed = uscc(next(_numbers)), uscc(next(_numbers))

    uploads = _receive(files, straight)
    for upload in uploads:
        planning.plan_upload(upload)
        for index in range(len(_plan(upload).ranges)):
            merging.merge_range(upload, index)
    expected = _comparable(_archive(straight), uploads), [_told(upload) for upload in uploads]

    size = data.draw(st.integers(1, 3), label="rows in a range")
    monkeypatch.setattr(scanning, "MAX_ROWS", size)
    uploads = _receive(files, mixed)
    messages = []
    for upload in data.draw(st.permutations(uploads), label="planned"):
        planning.plan_upload(upload)
        planning.plan_upload(upload)
        messages += [(upload, index) for index in range(len(_plan(upload).ranges))]
    again = data.draw(st.lists(st.sampled_from(messages), max_size=4), label="delivered again")
    for upload, index in data.draw(st.permutations([*messages, *again]), label="delivered"):
        merging.merge_range(upload, index)
    monkeypatch.setattr(scanning, "MAX_ROWS", 1000)

    found = _comparable(_archive(mixed), uploads), [_told(upload) for upload in uploads]
    assert found == expected
    for upload, file in zip(uploads, files, strict=True):
        told = _told(upload)
        assert told.counts[1] + told.counts[3] == told.counts[0] == len(file.rows)


def _plan(upload: str) -> plans.Plan:
    plan = plans.read_plan(upload)
    assert plan is not None
    return plan
