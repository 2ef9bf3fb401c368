"""Registering: entitlement, limits, what is kept, and the address that takes exactly one file."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.collection import codes, store, uploads
from chalicelib.collection.formats import MAX_SHEET, MAX_TEXT
from chalicelib.collection.uploads import (
    MAX_SINGLE,
    ProviderEntry,
    Registered,
    find_registration,
    list_providers,
    list_registrations,
    read_registration,
    register_provider,
    register_upload,
)
from chalicelib.runtime.errors import Code, DomainError
from tests.collection.files import DAY, NOW, OTHER_PROVIDER, PROVIDER, entitle

pytestmark = pytest.mark.usefixtures("aws")

SHA256 = base64.b64encode(hashlib.sha256(b"x").digest()).decode()


def _register(now: datetime = NOW, **changed: Any) -> Registered:
    given: dict[str, Any] = {
        "provider": PROVIDER,
        "item": "penalty",
        "size": 1,
        "sha256": SHA256,
        "file_name": "处罚.csv",
        "now": now,
        **changed,
    }
    return register_upload(**given)


def test_should_keep_registration_twice_when_registered() -> None:
    entitle()
    registration = _register(randomness=bytes).registration
    assert registration.upload == "20261122-AAAAAAAAAAAA"
    assert registration.registered == "20261122T010000.000Z"
    assert find_registration(registration.upload) == registration
    assert read_registration(registration.upload) == registration


def test_should_date_by_lawful_day_when_it_is_still_yesterday_in_utc() -> None:
    entitle()
    late = datetime(2026, 11, 22, 17, tzinfo=UTC)
    assert _register(late).registration.upload.startswith("20261123-")


def test_should_sign_size_digest_and_first_write_when_inviting() -> None:
    entitle()
    registered = _register()
    assert registered.url is not None
    address = urlsplit(registered.url)
    assert address.path.endswith(f"inbox/{registered.registration.upload}")
    signed = parse_qs(address.query)["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "content-type", "if-none-match", "x-amz-checksum-sha256"} <= {*signed}
    assert registered.headers == {
        "Content-Type": "text/csv",
        "If-None-Match": "*",
        "x-amz-checksum-sha256": SHA256,
    }
    assert registered.expires == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"provider": OTHER_PROVIDER}, codes.PROVIDER_UNKNOWN),
        ({"item": "licence"}, codes.ITEM_NOT_ENTITLED),
        ({"size": 0}, codes.SIZE_REFUSED),
        ({"size": MAX_TEXT + 1}, codes.SIZE_REFUSED),
        ({"size": MAX_SHEET + 1, "file_name": "处罚.xlsx"}, codes.SIZE_REFUSED),
        ({"size": MAX_SINGLE + 1}, codes.PARTS_REQUIRED),
        ({"sha256": ""}, codes.DIGEST_MALFORMED),
        ({"sha256": SHA256[:-1]}, codes.DIGEST_MALFORMED),
        ({"sha256": SHA256 + "\n"}, codes.DIGEST_MALFORMED),
        ({"sha256": "é" * 44}, codes.DIGEST_MALFORMED),
        ({"sha256": hashlib.sha256(b"x").hexdigest()}, codes.DIGEST_MALFORMED),
        ({"file_name": "处罚.xlsm"}, codes.EXTENSION_REFUSED),
        ({"file_name": "处罚.zip"}, codes.EXTENSION_REFUSED),
        ({"file_name": "处罚.xlsx.exe"}, codes.EXTENSION_REFUSED),
        ({"file_name": "处罚"}, codes.EXTENSION_REFUSED),
    ],
)
def test_should_refuse_and_keep_nothing_when_upload_is_wrong(
    changed: dict[str, Any], code: Code
) -> None:
    entitle()
    with pytest.raises(DomainError) as caught:
        _register(**changed)
    assert caught.value.code is code
    assert caught.value.text.en
    assert list_registrations(PROVIDER, None, 10) == ([], None)


@pytest.mark.parametrize(
    ("file_name", "content_type"),
    [
        ("处罚.CSV", "text/csv"),
        ("a/b.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("b.xls ", "application/vnd.ms-excel"),
        ("b.2026.jsonl", "application/jsonl"),
    ],
)
def test_should_invite_a_file_as_what_its_name_says(file_name: str, content_type: str) -> None:
    entitle()
    assert _register(file_name=file_name).headers["Content-Type"] == content_type


def test_should_refuse_when_catalogue_has_no_such_item() -> None:
    entitle()
    with pytest.raises(DomainError) as caught:
        _register(item="horoscope")
    assert caught.value.code.id == "E-CAT-11"


def test_should_not_mind_when_the_same_write_is_retried() -> None:
    entitle()
    upload = _register().registration.upload
    store.add_upload(store.Upload.get(upload))


def test_should_list_newest_first_by_pages_when_there_are_many() -> None:
    entitle()
    made = [_register(NOW + timedelta(minutes=minute)).registration for minute in range(5)]
    found, start = list_registrations(PROVIDER, None, 3)
    rest, end = list_registrations(PROVIDER, start, 3)
    assert [*found, *rest] == made[::-1]
    assert end is None
    assert list_registrations(OTHER_PROVIDER, None, 3) == ([], None)


@pytest.mark.parametrize("upload", ["", "20261122-AAAAAAAAAAAA", "x" * 5000])
def test_should_not_find_upload_when_there_is_none(upload: str) -> None:
    with pytest.raises(DomainError) as caught:
        find_registration(upload)
    assert caught.value.code is codes.UPLOAD_UNKNOWN


def test_should_replace_provider_when_registered_again() -> None:
    entry = ProviderEntry(provider=PROVIDER, name="某局", items=("penalty",))
    register_provider(entry, DAY)
    register_provider(ProviderEntry(provider=PROVIDER, name="某局", items=()), DAY)
    register_provider(ProviderEntry(provider=OTHER_PROVIDER, name="另一局", items=("honour",)), DAY)
    assert [(each.provider, each.items) for each in list_providers()] == [
        (PROVIDER, ()),
        (OTHER_PROVIDER, ("honour",)),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"provider": PROVIDER[:-1]}, "E-UPLOAD-06"), ({"items": ("horoscope",)}, "E-CAT-11")],
)
def test_should_refuse_provider_when_code_or_item_is_wrong(
    changed: dict[str, Any], code: str
) -> None:
    given: dict[str, Any] = {"provider": PROVIDER, "name": "某局", "items": (), **changed}
    with pytest.raises(DomainError) as caught:
        uploads.register_provider(ProviderEntry(**given), DAY)
    assert caught.value.code.id == code
