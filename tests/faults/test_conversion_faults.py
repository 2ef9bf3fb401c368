"""Every AWS call of planning a file that must be converted failed: the same plan and file."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from chalicelib.collection import planning, plans
from chalicelib.runtime import blobs
from chalicelib.runtime.clients import s3
from chalicelib.runtime.settings import settings
from tests.aws import emulated_aws
from tests.collection.files import csv_of, entitle, receive, registration, uscc
from tests.faults.sweep import Fault, sweep

UPLOAD = "20261122-AAAAAAAAAAAA"
ROWS = [registration(uni_social_crd_cd=uscc(n), opt_scop="营" * 900) for n in range(10)]
BODY = csv_of("registration", ROWS).replace(b",", b"|")


@pytest.fixture(autouse=True)
def small_parts() -> Iterator[None]:
    """Parts of 15 KB; on S3 they hold 5 MiB at least."""
    with (
        patch.object(blobs, "_PART", 15_000),
        patch("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1),
    ):
        yield


def _start() -> None:
    entitle()
    assert receive(BODY, randomness=bytes, file_name="a.txt") == UPLOAD


def _check() -> None:
    plan = plans.read_plan(UPLOAD)
    assert plan is not None
    assert plan.rows == len(ROWS)
    assert blobs.read(plans.source_key(plan)) == BODY.replace(b"|", b",").replace(b"\r", b"")


@pytest.mark.timeout(300)
def test_should_convert_once_when_planning_fails_anywhere() -> None:
    places = sweep(emulated_aws, _start, lambda: planning.plan_upload(UPLOAD), _check)
    operations = {"CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"}
    assert {(op, fault) for op in operations for fault in Fault} <= {
        (place.operation, place.fault) for place in places
    }


def test_should_leave_no_parts_when_a_file_turns_out_to_be_none() -> None:
    with emulated_aws():
        entitle()
        upload = receive(BODY + b'"open', file_name="a.txt")
        planning.plan_upload(upload)
        assert plans.read_plan(upload) is None
        pending = s3().list_multipart_uploads(Bucket=settings().files_bucket)
        assert pending.get("Uploads", []) == []
        assert list(blobs.list_keys("converted/")) == []
