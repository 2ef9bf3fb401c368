"""Received files go when a rulebook fixes their term and it has passed; never while none is fixed."""

import base64
import hashlib
import shutil
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from chalicelib.archive.statements import Phase
from chalicelib.collection import receipts, uploads
from chalicelib.collection.plans import converted_key
from chalicelib.disclosure import store
from chalicelib.disclosure.retention.certificates import digest_of, list_certificates
from chalicelib.disclosure.retention.holds import Note, held_before, holds_of_file, set_hold_on_file
from chalicelib.disclosure.retention.store import HoldItem
from chalicelib.jobs import originals
from chalicelib.jobs.purge import Purged, purge
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clients import s3
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from tests.factories import PROVIDER

pytestmark = pytest.mark.usefixtures("aws")

MADE = datetime(2026, 11, 22, 23, 59, 59, tzinfo=LAWFUL_ZONE)
BODY = "处罚".encode()


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    """Files are kept two years; the texts that we hold fix no such term."""
    shutil.copy(RULEBOOKS / "national.toml", tmp_path)
    (tmp_path / "qing.toml").write_text(
        'name = "qing"\ntitle = "清"\ntitle_en = "Qing"\nedition = 1\nbeneath = "national"\n'
        "[rules.retention_years]\n"
        'originals = [{ effective = 2020-01-01, source = "OWN", value = 2 }]\n',
        "utf-8",
    )
    return load_rulebook("qing", tmp_path)


@pytest.fixture(autouse=True)
def no_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SHARDS", ())


def receive(at: datetime, number: int = 0) -> str:
    """A file registered at a time and received, twice over in S3."""
    uploads.register_provider(
        uploads.ProviderEntry(provider=PROVIDER, name="清江市某局", items=("penalty",)), at.date()
    )
    registered = uploads.register_upload(
        provider=PROVIDER,
        item="penalty",
        size=len(BODY),
        sha256=base64.b64encode(hashlib.sha256(BODY).digest()).decode(),
        file_name="a.csv",
        now=at,
        randomness=lambda size: bytes([number]) * size,
    )
    upload = registered.registration.upload
    for _ in range(2):
        blobs.write(uploads.inbox_key(upload), BODY, "text/csv")
    return upload


def run(day: str, rulebook: Rulebook) -> Purged:
    return purge(datetime.fromisoformat(day + "T02:00:00+08:00"), rulebook, lambda: 900_000)


def versions() -> set[str]:
    """Every key in the bucket of which S3 keeps any version."""
    told = s3().list_object_versions(Bucket=settings().files_bucket)
    return {each["Key"] for each in [*told.get("Versions", []), *told.get("DeleteMarkers", [])]}


def test_a_file_goes_after_the_last_day_of_its_term_in_every_version(rulebook: Rulebook) -> None:
    upload = receive(MADE)
    young = receive(MADE + timedelta(seconds=1))
    blobs.write(converted_key(upload), BODY)

    assert run("2028-11-22", rulebook).count == 0
    [certificate] = run("2028-11-23", rulebook).certificates

    assert (certificate.id, certificate.kept, certificate.count) == (
        "originals-00000001",
        "originals",
        1,
    )
    assert certificate.digest == digest_of([upload])
    assert (certificate.retention_years, certificate.source) == (2, "OWN")
    assert {key for key in versions() if upload in key} == {f"registrations/{upload}.json"}
    assert uploads.inbox_key(young) in versions()
    assert list_certificates("", 10) == [certificate]


def test_the_receipt_stays(rulebook: Rulebook) -> None:
    upload = receive(MADE)
    blobs.write(f"plans/{upload}.json", b"{}")
    blobs.write(f"results/{upload}/000000.json", b"{}")

    run("2030-01-01", rulebook)

    assert {key for key in versions() if upload in key} == {
        f"registrations/{upload}.json",
        f"plans/{upload}.json",
        f"results/{upload}/000000.json",
    }
    assert uploads.find_registration(upload).upload == upload


@pytest.mark.parametrize("name", ["national", "jiangsu"])
def test_no_file_goes_while_no_term_is_fixed(name: str) -> None:
    upload = receive(MADE)

    assert run("2099-01-01", load_rulebook(name)) == Purged((), finished=True)
    assert uploads.inbox_key(upload) in versions()


def hold(upload: str, phase: Phase, basis: str = "立案") -> bool:
    note = Note(at=MADE, by="supervisor-1", basis=basis)
    return set_hold_on_file(upload, "case-1", phase, note, partial(uploads.check_kept, upload))


def test_a_held_file_stays_until_its_case_is_closed_and_others_go(rulebook: Rulebook) -> None:
    """NJ-53, SD-17: what an inquiry needs is not removed."""
    held, other = receive(MADE, 1), receive(MADE, 2)
    assert hold(held, Phase.OPEN)
    assert not hold(held, Phase.OPEN)

    [certificate] = run("2030-01-01", rulebook).certificates
    assert certificate.digest == digest_of([other])
    assert uploads.inbox_key(held) in versions()
    [case] = holds_of_file(held)
    assert (case.opened.basis, case.closed) == ("立案", None)

    assert hold(held, Phase.CLOSE, "结案")
    [certificate] = run("2030-01-02", rulebook).certificates
    assert (certificate.id, certificate.digest) == ("originals-00000002", digest_of([held]))
    assert list(HoldItem.scan(HoldItem.subject == "@holds/originals")) == []


def test_what_is_gone_or_going_can_be_held_no_longer(rulebook: Rulebook) -> None:
    upload = receive(MADE)
    with (
        patch.object(blobs, "delete", side_effect=ConnectionError),
        pytest.raises(ConnectionError),
    ):
        run("2030-01-01", rulebook)
    with pytest.raises(DomainError) as going:
        hold(upload, Phase.OPEN)
    run("2030-01-01", rulebook)
    with pytest.raises(DomainError) as gone:
        hold(upload, Phase.OPEN)

    assert [each.value.code.id for each in (going, gone)] == ["E-LEDGER-03", "E-UPLOAD-09"]


def test_a_hold_that_a_purge_overtakes_is_refused_and_one_before_it_is_honoured(
    rulebook: Rulebook,
) -> None:
    """The purge looks, a hold is set, the purge opens its manifest: it has to look again."""
    upload = receive(MADE)
    find = held_before

    def overtaken(line: str, cut_off: str) -> object:
        found = find(line, cut_off)
        hold(upload, Phase.OPEN)
        return found

    with patch.object(originals, "held_before", overtaken):
        assert run("2030-01-01", rulebook).count == 0

    assert uploads.inbox_key(upload) in versions()


def test_what_nobody_registered_is_left_alone(rulebook: Rulebook) -> None:
    blobs.write("inbox/20200101-AAAAAAAAAAAA", BODY)
    blobs.write("inbox/!", BODY)
    receive(MADE)

    assert run("2030-01-01", rulebook).count == 1
    assert {"inbox/20200101-AAAAAAAAAAAA", "inbox/!"} <= versions()


def test_many_files_go_in_bounded_manifests(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "_MOST", 2)
    for number in range(5):
        receive(MADE, number)

    done = run("2030-01-01", rulebook)

    assert [certificate.count for certificate in done.certificates] == [2, 2, 1]
    assert run("2030-01-01", rulebook) == Purged((), finished=True)


@pytest.mark.parametrize("step", ["delete", "write_value"])
def test_a_purge_that_died_is_finished_with_the_same_certificate(
    rulebook: Rulebook, step: str
) -> None:
    receive(MADE)
    with patch.object(blobs, step, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        run("2030-01-01", rulebook)

    [certificate] = run("2031-01-01", load_rulebook("national")).certificates

    assert certificate.cut_off == "20271231T160000.000Z"
    assert not [key for key in versions() if key.startswith("inbox/")]


def test_a_file_that_was_never_planned_counts_as_not_received_again(rulebook: Rulebook) -> None:
    upload = receive(MADE)
    run("2030-01-01", rulebook)

    receipt = receipts.fold_receipt(uploads.find_registration(upload))
    assert receipt.state is receipts.State.REGISTERED
