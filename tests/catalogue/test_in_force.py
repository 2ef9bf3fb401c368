"""A file is checked against the catalogue of the lawful day on which it was registered."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chalicelib.archive.visibility import PUBLIC, Viewer
from chalicelib.catalogue import loader
from chalicelib.catalogue.loader import ITEMS
from chalicelib.collection import results
from chalicelib.collection.uploads import ProviderEntry, register_provider
from chalicelib.disclosure.queries import read_archive
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.errors import DomainError
from tests.collection.files import (
    ORGANISATION,
    PROVIDER,
    csv_of,
    entitle,
    receipt_of,
    receive,
    registration,
    send,
)

pytestmark = pytest.mark.usefixtures("aws", "versions")

CHANGE = date(2026, 11, 22)
LAST_MOMENT = datetime(2026, 11, 21, 15, 59, 59, 999_000, tzinfo=UTC)  # 23:59:59.999 in Shanghai
FIRST_MOMENT = datetime(2026, 11, 21, 16, tzinfo=UTC)
JIANGSU = load_rulebook("jiangsu")


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Registration has no field for capital any more from the day of the change on."""
    document = json.loads((ITEMS / "registration.json").read_text("utf-8"))
    _write(tmp_path / "registration.json", {**document, "version": "1"})
    fields = [each for each in document["schema"]["fields"] if each["name"] != "reg_capt"]
    document["schema"]["fields"] = fields
    later = {**document, "version": "2", "adopted": CHANGE.isoformat()}
    _write(tmp_path / "registration@2.json", later)
    honour = json.loads((ITEMS / "honour.json").read_text("utf-8"))
    _write(tmp_path / "honour.json", {**honour, "adopted": CHANGE.isoformat()})
    _write(tmp_path / "drafts" / "licence.json", {**_licence(), "comments_until": "2026-12-31"})
    monkeypatch.setattr(loader, "ITEMS", tmp_path)
    monkeypatch.setattr(loader, "DRAFTS", tmp_path / "drafts")
    _forget()
    yield
    _forget()


def _licence() -> dict[str, object]:
    document: dict[str, object] = json.loads((ITEMS / "licence.json").read_text("utf-8"))
    return document


def _write(path: Path, document: dict[str, object]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document), "utf-8")


def _forget() -> None:
    loader.load_register.cache_clear()
    loader._load_as_adopted.cache_clear()


def with_capital() -> bytes:
    """A file of registrations with a column that the later version does not have."""
    row = registration()
    return f"{','.join(row)}\r\n{','.join(row.values())}\r\n".encode()


def sent(body: bytes, now: datetime) -> str:
    """A file that was registered at `now`, and read and merged whenever; returns its id."""
    entitle(items=("registration",))
    return send(body, now=now)


def test_a_file_of_the_last_moment_is_checked_by_the_version_of_its_day() -> None:
    receipt = receipt_of(sent(with_capital(), LAST_MOMENT))
    assert (receipt.accepted, receipt.version) == (1, "1")


def test_a_file_of_the_first_moment_is_checked_by_the_new_version() -> None:
    quarantine = results.read_quarantine(sent(with_capital(), FIRST_MOMENT))
    assert quarantine is not None
    assert quarantine.code.startswith("E-HEAD-")


def test_a_later_version_says_the_version_with_every_record() -> None:
    row = registration()
    del row["reg_capt"]
    upload = sent(csv_of("registration", [row]), FIRST_MOMENT)
    (shown,) = read_archive(ORGANISATION, Viewer(ORGANISATION), "own", CHANGE, JIANGSU).disclosed
    assert (shown.facts.version, receipt_of(upload).version) == ("2", "2")


def test_a_record_of_an_earlier_version_is_still_shown() -> None:
    sent(with_capital(), LAST_MOMENT)
    own = read_archive(ORGANISATION, Viewer(ORGANISATION), "own", CHANGE, JIANGSU)
    assert own.disclosed[0].facts.version == "1"
    assert own.disclosed[0].decision.fields["reg_capt"] == "200"
    outward = read_archive(ORGANISATION, PUBLIC, "public", CHANGE, JIANGSU)
    assert "reg_capt" not in outward.disclosed[0].decision.fields


@pytest.mark.parametrize(
    ("item", "now", "known"),
    [
        ("honour", LAST_MOMENT, False),
        ("honour", FIRST_MOMENT, True),
        ("licence", FIRST_MOMENT, False),  # a draft
    ],
)
def test_an_upload_may_be_registered_from_its_items_adoption_on(
    item: str, now: datetime, *, known: bool
) -> None:
    entitle(items=("honour",))
    if known:
        assert receive(b"x", item, now=now)
        return
    with pytest.raises(DomainError) as caught:
        receive(b"x", item, now=now)
    assert caught.value.code.id == "E-CAT-11"


def test_providers_are_entitled_to_items_in_force() -> None:
    entry = ProviderEntry(provider=PROVIDER, name="某局", items=("honour",))
    with pytest.raises(DomainError) as caught:
        register_provider(entry, date(2026, 11, 21))
    assert caught.value.code.id == "E-CAT-11"
    register_provider(entry, CHANGE)
