"""A file becomes a plan whose ranges hold every row once, or goes into quarantine with a reason."""

import json
from collections import deque
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.collection import planning, plans, results, scanning, uploads
from chalicelib.collection.merging import read_range_rows
from chalicelib.collection.plans import Plan
from chalicelib.collection.ranges import Range
from chalicelib.runtime import blobs, clients
from chalicelib.runtime import settings as configured
from tests.collection.files import ORGANISATION, csv_of, receive, registration, uscc

pytestmark = pytest.mark.usefixtures("aws", "entitled")


def _plan(body: bytes) -> Plan:
    upload = receive(body)
    planning.plan_from_message(json.dumps({"upload": upload}))
    plan = plans.read_plan(upload)
    assert plan is not None, results.read_quarantine(upload)
    return plan


def _reason(body: bytes) -> results.Quarantine:
    upload = receive(body)
    planning.plan_upload(upload)
    assert plans.read_plan(upload) is None
    reason = results.read_quarantine(upload)
    assert reason is not None
    assert blobs.read(uploads.inbox_key(upload)) == body
    return reason


def _queued() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    while True:
        answer = clients.sqs().receive_message(
            QueueUrl=configured.settings().ranges_queue_url, MaxNumberOfMessages=10
        )
        if not answer.get("Messages"):
            return found
        found += [json.loads(message["Body"]) for message in answer["Messages"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_should_tell_encoding_by_content_when_file_is_read(encoding: str) -> None:
    plan = _plan(csv_of("registration", [registration()], encoding=encoding))
    assert plan.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")
    assert plan.columns == ("uni_social_crd_cd", "comp_nm", "est_dt", "reg_capt")
    (row,) = read_range_rows(plan, plan.ranges[0])
    assert (row.number, row.cells[0]) == (2, ORGANISATION)


def test_should_queue_a_message_for_each_range_when_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 2)
    rows = [registration(uni_social_crd_cd=uscc(number)) for number in range(25)]
    plan = _plan(csv_of("registration", rows))
    assert [each.rows for each in plan.ranges] == [2] * 12 + [1]
    expected = [{"upload": plan.upload, "range": index} for index in range(13)]
    assert sorted(_queued(), key=str) == sorted(expected, key=str)


def test_should_send_again_but_plan_once_when_told_again() -> None:
    plan = _plan(csv_of("registration", [registration()]))
    planning.plan_upload(plan.upload)
    assert len(_queued()) == 2
    assert plans.read_plan(plan.upload) == plan


def test_should_skip_second_header_when_codes_stand_below_labels() -> None:
    row = registration()
    labels, line = csv_of("registration", [row]).split(b"\r\n", 1)
    body = b"\r\n".join((b"", labels, b",,", ",".join(row).encode(), line))
    plan = _plan(body)
    assert plan.header_rows == (2, 4)
    assert plan.rows == 1
    assert [each.number for each in read_range_rows(plan, plan.ranges[0])] == [5]


GOOD = csv_of("registration", [registration()])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (GOOD + "\n张".encode() + b"\xff", "E-FILE-02"),
        (b"PK\x03\x04" + GOOD, "E-FILE-07"),
        (b"PK\x05\x06" + GOOD, "E-FILE-03"),
        ("企业名称\t统一".encode("utf-16"), "E-HEAD-03"),
        ("a,企业名称".encode("utf-16-le"), "E-FILE-03"),
        (GOOD.split(b"\r\n")[0], "E-FILE-04"),
        (b"\r\n,,\r\n", "E-FILE-04"),
        (GOOD + b'"open', "E-FILE-05"),
        (GOOD + b"x" * (1 << 20) + b"x", "E-FILE-06"),
        (GOOD.split(b"\r\n", 1)[1], "E-HEAD-01"),
        ("企业名称,宗教\nx,y\n".encode(), "E-HEAD-02"),
        ("企业名称,甲乙\nx,y\n".encode(), "E-HEAD-03"),
        ("企业名称,comp_nm\nx,y\n".encode(), "E-HEAD-04"),
        ("企业名称\nx\n".encode(), "E-HEAD-05"),
    ],
)
def test_should_quarantine_with_reason_when_file_cannot_be_read(body: bytes, code: str) -> None:
    reason = _reason(body)
    assert reason.code == code
    assert reason.text.zh
    assert _queued() == []


def test_should_quarantine_when_bytes_are_not_those_registered() -> None:
    upload = receive(GOOD)
    blobs.write(uploads.inbox_key(upload), GOOD + b"\r\n")
    planning.plan_upload(upload)
    reason = results.read_quarantine(upload)
    assert reason is not None
    assert reason.code == "E-FILE-01"
    blobs.write(uploads.inbox_key(upload), GOOD)
    planning.plan_upload(upload)  # it stays where it is
    assert plans.read_plan(upload) is None


def test_should_keep_ranges_small_when_rows_are_long() -> None:
    rows = [registration(uni_social_crd_cd=uscc(n), opt_scop="营" * 9_000) for n in range(120)]
    plan = _plan(csv_of("registration", rows))
    assert len(plan.ranges) == 4
    assert all(each.end - each.start <= scanning.MAX_BYTES for each in plan.ranges)


LINES = st.lists(
    st.sampled_from(
        [
            f"{ORGANISATION},甲公司,2018-01-06",
            "坏行,,",
            "",
            ",,",
            f'{ORGANISATION},"乙\n公司",无',
            '"",',
        ],
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES, size=st.integers(1, 4), second=st.booleans())
def test_should_hold_every_row_once_when_cut_into_ranges(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], size: int, second: bool
) -> None:
    lines.append(f"{ORGANISATION},丙公司,2018-01-06")
    header = ["统一社会信用代码,企业名称,成立日期"]
    if second:
        header.append("uni_social_crd_cd,comp_nm,est_dt")
    body = "\n".join((*header, *lines)).encode()
    monkeypatch.setattr(scanning, "MAX_ROWS", size)
    plan = _plan(body)
    expected = [number for number, line in enumerate(lines, len(header) + 1) if line.strip(',"')]
    found = [[row.number for row in read_range_rows(plan, each)] for each in plan.ranges]
    assert [number for part in found for number in part] == expected
    assert [len(part) for part in found] == [each.rows for each in plan.ranges]
    ends = [each.end for each in plan.ranges]
    assert all(each.start >= end for each, end in zip(plan.ranges[1:], ends, strict=False))


def test_should_need_little_memory_when_file_is_large(
    monkeypatch: pytest.MonkeyPatch, peak_of: Callable[[Callable[[], object]], int]
) -> None:
    row = csv_of("registration", [registration(opt_scop="营" * 300)]).split(b"\r\n")
    header, line = row[0] + b"\r\n", row[1] + b"\r\n"
    parts = 40 << 20
    pieces = [header, *[line * 1000] * (parts // (len(line) * 1000))]
    upload = receive(GOOD)
    monkeypatch.setattr(blobs, "chunks", lambda _: iter(pieces))
    assert peak_of(lambda: planning.plan_upload(upload)) < 12 << 20


def test_should_need_little_memory_when_a_large_file_is_converted(
    monkeypatch: pytest.MonkeyPatch, peak_of: Callable[[Callable[[], object]], int]
) -> None:
    row = csv_of("registration", [registration(opt_scop="营" * 300)]).replace(b",", b"|")
    header, line = row.splitlines(keepends=True)
    pieces = [header, *[line * 1000] * ((40 << 20) // (len(line) * 1000))]
    body = b"".join(pieces)
    upload = receive(body)
    monkeypatch.setattr(blobs, "chunks", lambda _: iter(pieces))
    monkeypatch.setattr(blobs, "write_chunks", lambda _, chunks, __: deque(chunks, maxlen=0))
    assert peak_of(lambda: planning.plan_upload(upload)) < 12 << 20
    plan = plans.read_plan(upload)
    assert plan is not None
    assert plan.rows == 1000 * (len(pieces) - 1)


@pytest.mark.parametrize("end", [b"", b"\n" * 3], ids=["rows", "blank rows"])
def test_should_quarantine_a_file_of_too_many_rows(
    end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [registration()] * (3 if end else 5)
    body = csv_of("registration", rows) + end
    monkeypatch.setattr(scanning, "MAX_RECORDS", 6)
    assert _plan(csv_of("registration", rows)).rows == len(rows)
    monkeypatch.setattr(scanning, "MAX_RECORDS", 5)
    assert _reason(body).code == "E-FILE-08"


def test_should_keep_a_small_plan_of_a_file_of_five_million_rows() -> None:
    span = Range(2_000_000_000, 2_000_400_000, 5_000_000, 1_000)
    plan = _plan(csv_of("registration", [registration()]))
    large = msgspec.structs.replace(plan, ranges=(span,) * 5_000)
    assert len(msgspec.json.encode(large)) < 1 << 20
