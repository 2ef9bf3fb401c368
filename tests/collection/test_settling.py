"""Settling: the past is final when nothing more can become of what was registered by then."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from chalicelib.collection import merging, planning, settling, store, uploads
from chalicelib.collection.settling import note_settled, settled_until
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from tests.collection.files import NOW, PROVIDER, csv_of, merge_all, receive, registration, send
from tests.faults.sweep import failing

pytestmark = pytest.mark.usefixtures("aws", "entitled")

LATER = NOW + timedelta(hours=2)
IN_FLIGHT = timedelta(minutes=5)
BODY = csv_of("registration", [registration()])


def open_uploads() -> list[str]:
    return [upload for _, upload in store.find_unsettled(100)]


def register(at: datetime = NOW) -> str:
    """Register an upload whose file never comes."""
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    return uploads.register_upload(
        provider=PROVIDER,
        item="registration",
        size=len(BODY),
        sha256=digest,
        file_name="rows.csv",
        now=at,
    ).registration.upload


def test_should_trust_no_moment_of_which_requests_may_still_run() -> None:
    assert settled_until(NOW) == NOW - IN_FLIGHT
    register(NOW - timedelta(minutes=1))
    assert settled_until(NOW) == NOW - IN_FLIGHT


def test_should_wait_for_a_file_until_none_can_come() -> None:
    upload = register()
    assert settled_until(LATER) == NOW
    assert settled_until(NOW + timedelta(hours=25)) == NOW
    assert open_uploads() == [upload]

    gone = NOW + timedelta(hours=25, seconds=1)
    assert settled_until(gone) == gone - IN_FLIGHT
    assert open_uploads() == []


def test_should_wait_for_every_range_however_old() -> None:
    rows = [registration(comp_nm=f"清江第{number}商贸有限公司") for number in range(1_500)]
    upload = receive(csv_of("registration", rows))
    years_later = datetime(2029, 1, 1, tzinfo=UTC)
    assert settled_until(years_later) == NOW

    planning.plan_upload(upload)
    assert settled_until(years_later) == NOW

    merging.merge_range(upload, 1)
    assert settled_until(years_later) == NOW

    merging.merge_range(upload, 0)
    assert settled_until(years_later) == years_later - IN_FLIGHT
    assert open_uploads() == []


def test_should_not_wait_for_what_cannot_be_read() -> None:
    upload = receive(b"\x00\x01")
    planning.plan_upload(upload)

    assert settled_until(LATER) == LATER - IN_FLIGHT
    assert open_uploads() == []


def test_should_stop_at_the_oldest_that_is_not_settled() -> None:
    send(BODY, now=NOW - timedelta(minutes=2))
    waiting = receive(BODY, now=NOW - timedelta(minutes=1))
    done = send(BODY)

    assert settled_until(LATER) == NOW - timedelta(minutes=1)
    assert waiting in open_uploads()

    planning.plan_upload(waiting)
    merge_all(waiting)
    note_settled(done)
    assert settled_until(LATER) == LATER - IN_FLIGHT
    assert open_uploads() == []


def test_should_examine_a_few_at_a_time_and_come_further_each_time() -> None:
    for minute in range(5):
        send(BODY, now=NOW + timedelta(minutes=minute))

    with patch.object(settling, "MOST_EXAMINED", 2):
        told = [settled_until(LATER) for _ in range(3)]

    assert told == [NOW + timedelta(minutes=2), NOW + timedelta(minutes=4), LATER - IN_FLIGHT]


def test_should_ask_little_and_scan_nothing() -> None:
    for minute in range(12):
        register(NOW + timedelta(minutes=minute))

    with failing() as calls:
        assert settled_until(LATER) == NOW

    assert calls.operations.count("Query") == 4
    assert len(calls.operations) <= 4 + 8 * 2  # a plan and a quarantine note for each of one batch
    assert set(calls.operations) == {"Query", "GetObject"}


def test_should_change_nothing_when_noted_again_or_unknown() -> None:
    upload = send(BODY)
    for _ in range(2):
        note_settled(upload)
    note_settled("20261122-UNKNOWNUNKNO")

    assert store.find_upload("20261122-UNKNOWNUNKNO") is None
    assert uploads.find_registration(upload).size == len(BODY)
    assert open_uploads() == []


def test_should_hold_only_what_is_open_in_the_index() -> None:
    """Sparse: a settled upload costs the index nothing."""
    send(BODY)
    register(NOW + timedelta(minutes=1))
    settled_until(LATER)

    pages = dynamodb().get_paginator("scan")
    index = pages.paginate(TableName=settings().uploads_table, IndexName="by_unsettled")
    assert [len(page["Items"]) for page in index] == [1]
