"""Files sent in parts: bound one by one, gone on with, put together once, verified as a whole."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from moto.s3 import models as moto_s3

from chalicelib.collection import assembling, codes, parts, planning, settling, uploads
from chalicelib.collection.assembling import assemble, list_parts
from chalicelib.collection.parts import Parts
from chalicelib.collection.results import read_quarantine
from chalicelib.collection.uploads import Registered, Registration
from chalicelib.runtime import blobs, clients
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from tests.aws import emulated_aws
from tests.collection.files import (
    NOW,
    PROVIDER,
    csv_of,
    entitle,
    merge_all,
    receipt_of,
    receive,
    registration,
)
from tests.faults.sweep import sweep

BODY = csv_of("registration", [registration()] * 3)
SIZE = 100
NUMBERS = range(1, -(-len(BODY) // SIZE) + 1)
UPLOAD = "20261122-AAAAAAAAAAAA"


@contextmanager
def _world() -> Iterator[None]:
    with patch.object(moto_s3, "S3_UPLOAD_PART_MIN_SIZE", 1), emulated_aws():
        entitle()
        yield


@pytest.fixture
def world() -> Iterator[None]:
    """An account whose parts may be small."""
    with _world():
        yield


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MIN_PART", 50)


def _digest(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _piece(number: int, body: bytes = BODY) -> bytes:
    return body[(number - 1) * SIZE : number * SIZE]


def _register(body: bytes = BODY, *, sha256: str = "", **more: Any) -> Registered:
    declared = Parts(SIZE, tuple(_digest(_piece(number, body)) for number in NUMBERS))
    given: dict[str, Any] = {"parts": declared, "randomness": bytes, **more}
    return uploads.register_upload(
        provider=PROVIDER,
        item="registration",
        size=len(body),
        sha256=sha256 or _digest(body),
        file_name="rows.csv",
        now=NOW,
        **given,
    )


def _send(upload: str, *numbers: int) -> None:
    """What the addresses of these parts take, without a network between."""
    opened = parts.read_parts(upload)
    assert opened is not None
    for number in numbers:
        clients.s3().upload_part(
            Bucket=settings().files_bucket,
            Key=uploads.inbox_key(upload),
            UploadId=opened.multipart,
            PartNumber=number,
            Body=_piece(number),
            ChecksumSHA256=opened.parts.sha256[number - 1],
        )


def _missing(found: Registration, now: datetime = NOW) -> list[int]:
    return [part.number for part in list_parts(found, 0, now).parts if part.url is not None]


@pytest.mark.usefixtures("world")
def test_should_be_read_like_any_other_file_when_all_parts_are_there() -> None:
    registered = _register()
    assert (registered.url, registered.expires) == (None, NOW + parts.VALID)
    upload = registered.registration.upload
    _send(upload, *NUMBERS)
    assemble(registered.registration, NOW)
    assert blobs.read(uploads.inbox_key(upload)) == BODY
    planning.plan_upload(upload)
    merge_all(upload)
    assert receipt_of(upload).accepted == 3


@pytest.mark.usefixtures("world")
def test_should_bind_each_part_to_its_bytes_when_it_is_addressed() -> None:
    found = _register().registration
    page = list_parts(found, 0, NOW)
    assert [part.size for part in page.parts] == [len(_piece(number)) for number in NUMBERS]
    last = page.parts[-1]
    assert last.url is not None
    address = urlsplit(last.url)
    asked = parse_qs(address.query)
    assert address.path.endswith(f"inbox/{found.upload}")
    assert asked["partNumber"] == [str(NUMBERS[-1])]
    signed = asked["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "x-amz-checksum-sha256"} <= {*signed}
    assert last.headers == {"x-amz-checksum-sha256": _digest(_piece(NUMBERS[-1]))}
    assert page.expires == NOW + timedelta(hours=1)


@pytest.mark.usefixtures("world")
def test_should_ask_for_what_is_missing_when_gone_on_with() -> None:
    found = _register().registration
    _send(found.upload, 1, 3)
    assert _missing(found) == [number for number in NUMBERS if number not in {1, 3}]
    with pytest.raises(DomainError) as caught:
        assemble(found, NOW)
    assert caught.value.code is codes.PARTS_MISSING
    assert caught.value.values["count"] == len(NUMBERS) - 2
    _send(found.upload, *NUMBERS)
    assemble(found, NOW)
    assert _missing(found) == []
    assemble(found, NOW)  # told again


@pytest.mark.usefixtures("world")
def test_should_list_parts_by_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembling, "PAGE", 2)
    found = _register().registration
    numbers, after = [], 0
    while True:
        page = list_parts(found, after, NOW)
        numbers += [part.number for part in page.parts]
        if page.following is None:
            break
        after = page.following
    assert numbers == list(NUMBERS)
    assert list_parts(found, 1_000, NOW).parts == ()


@pytest.mark.usefixtures("world")
def test_should_quarantine_a_whole_that_is_another_file() -> None:
    found = _register(sha256=_digest(b"another")).registration
    _send(found.upload, *NUMBERS)
    assemble(found, NOW)
    planning.plan_upload(found.upload)
    reason = read_quarantine(found.upload)
    assert reason is not None
    assert reason.code == codes.FILE_DIGEST.id


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("gone", [False, True], ids=["late", "given up by S3"])
def test_should_refuse_to_go_on_when_the_time_is_over(gone: bool) -> None:
    found = _register().registration
    _send(found.upload, *NUMBERS)
    opened = parts.read_parts(found.upload)
    assert opened is not None
    if gone:
        clients.s3().abort_multipart_upload(
            Bucket=settings().files_bucket,
            Key=uploads.inbox_key(found.upload),
            UploadId=opened.multipart,
        )
    now = NOW if gone else NOW + parts.VALID
    for ask in (lambda: assemble(found, now), lambda: list_parts(found, 0, now)):
        with pytest.raises(DomainError) as caught:
            ask()
        assert caught.value.code is codes.PARTS_EXPIRED


@pytest.mark.usefixtures("world")
def test_should_count_as_settled_once_no_part_can_come_any_more() -> None:
    _register()
    later = NOW + parts.VALID
    assert settling.settled_until(later) == NOW
    assert settling.settled_until(later + timedelta(hours=2)) > NOW


@pytest.mark.usefixtures("world")
def test_should_refuse_parts_of_a_file_that_is_sent_whole() -> None:
    found = uploads.find_registration(receive(BODY))
    for ask in (lambda: assemble(found, NOW), lambda: list_parts(found, 0, NOW)):
        with pytest.raises(DomainError) as caught:
            ask()
        assert caught.value.code is codes.NOT_IN_PARTS


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (Parts(49, ("x",)), codes.PARTS_MALFORMED),
        (Parts(parts.MAX_PART + 1, ("x",)), codes.PARTS_MALFORMED),
        (Parts(SIZE, ()), codes.PARTS_MALFORMED),
        (Parts(SIZE, (_digest(b""),) * (len(NUMBERS) + 1)), codes.PARTS_MALFORMED),
        (Parts(SIZE, ("x",) * len(NUMBERS)), codes.DIGEST_MALFORMED),
    ],
)
def test_should_refuse_parts_that_do_not_make_the_file(declared: Parts, code: Any) -> None:
    with pytest.raises(DomainError) as caught:
        _register(parts=declared)
    assert caught.value.code is code
    assert caught.value.text.zh


def _check() -> None:
    assert blobs.read(uploads.inbox_key(UPLOAD)) == BODY
    assert uploads.find_registration(UPLOAD) == uploads.read_registration(UPLOAD)


def test_should_end_with_one_file_when_sending_fails_anywhere() -> None:
    def act() -> None:
        found = _register().registration
        _send(UPLOAD, *_missing(found))
        assemble(found, NOW)

    def world() -> AbstractContextManager[None]:
        return _world()

    places = sweep(world, lambda: None, act, _check)
    assert {"CreateMultipartUpload", "ListParts", "CompleteMultipartUpload"} <= {
        each.operation for each in places
    }


def test_should_end_with_one_file_when_gone_on_with_after_a_fault() -> None:
    def arrange() -> None:
        _register()
        _send(UPLOAD, 1)

    def act() -> None:
        found = uploads.find_registration(UPLOAD)
        _send(UPLOAD, *_missing(found))
        assemble(found, NOW)

    sweep(_world, arrange, act, _check)
