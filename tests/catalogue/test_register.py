"""Versions by their days of adoption, drafts, and what a register refuses."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.loader import (
    DRAFTS,
    ITEMS,
    load_catalogue,
    load_register,
    read_register,
)
from chalicelib.catalogue.register import Register
from chalicelib.runtime.errors import DomainError
from tests.factories import DAY

FIRST, SECOND, THIRD = date(2026, 2, 1), date(2026, 7, 1), date(2027, 1, 1)


class Folders:
    """Two folders with item files of a test."""

    def __init__(self, path: Path) -> None:
        self.items, self.drafts = path / "items", path / "drafts"
        self.items.mkdir()

    def adopt(self, file: str, like: str = "penalty", **changed: Any) -> None:
        """Put a file into the catalogue that differs from item `like` in `changed`."""
        _write(self.items / file, like, changed)

    def propose(self, file: str, like: str = "penalty", **changed: Any) -> None:
        """Put out a draft."""
        self.drafts.mkdir(exist_ok=True)
        _write(self.drafts / file, like, {"comments_until": "2026-12-31", **changed})

    def read(self) -> Register:
        return read_register(self.items, self.drafts)

    def refusal(self) -> DomainError:
        with pytest.raises(DomainError) as caught:
            self.read()
        return caught.value


def _write(path: Path, like: str, changed: dict[str, object]) -> None:
    document: dict[str, Any] = json.loads((ITEMS / f"{like}.json").read_text("utf-8"))
    path.write_text(json.dumps({**document, **changed}), "utf-8")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def three(folders: Folders) -> Register:
    """Penalty in three versions, and honour from the second day on."""
    folders.adopt("penalty.json", version="1", adopted="2026-02-01")
    folders.adopt("penalty@2.json", version="2", adopted="2026-07-01")
    folders.adopt("penalty@2027.1.json", version="2027.1", adopted="2027-01-01")
    folders.adopt("honour.json", "honour", version="1", adopted="2026-07-01")
    return folders.read()


@pytest.mark.parametrize(
    ("day", "versions"),
    [
        (date.min, {}),
        (FIRST - timedelta(days=1), {}),
        (FIRST, {"penalty": "1"}),
        (SECOND - timedelta(days=1), {"penalty": "1"}),
        (SECOND, {"penalty": "2", "honour": "1"}),
        (THIRD - timedelta(days=1), {"penalty": "2", "honour": "1"}),
        (THIRD, {"penalty": "2027.1", "honour": "1"}),
        (date.max, {"penalty": "2027.1", "honour": "1"}),
    ],
)
def test_a_version_holds_from_its_adoption_to_the_next_ones(
    three: Register, day: date, versions: dict[str, str]
) -> None:
    catalogue = three.on(day)
    assert {name: item.version for name, item in catalogue.items.items()} == versions
    assert three.on(three.last_adoption(day)) == catalogue


def test_an_item_is_unknown_before_its_adoption(three: Register) -> None:
    with pytest.raises(DomainError) as caught:
        three.on(SECOND - timedelta(days=1)).item("honour")
    assert caught.value.code.id == "E-CAT-11"


def test_the_catalogues_version_changes_on_days_of_adoption_only(three: Register) -> None:
    days = [FIRST + timedelta(days=n) for n in range(400)]
    versions = [three.on(day).version for day in days]
    changed = [
        day for day, old, new in zip(days[1:], versions, versions[1:], strict=False) if old != new
    ]
    assert changed == [SECOND, THIRD]
    assert [version.partition(".")[0] for version in dict.fromkeys(versions)] == [
        day.isoformat() for day in (FIRST, SECOND, THIRD)
    ]


def test_the_catalogues_version_follows_the_content(folders: Folders) -> None:
    folders.adopt("penalty.json")
    one = folders.read().on(DAY).version
    assert folders.read().on(DAY).version == one
    folders.adopt("penalty.json", source="other")
    other = folders.read().on(DAY).version
    assert one.rsplit(".", 1)[0] == other.rsplit(".", 1)[0]
    assert one != other


def test_what_is_not_in_force_does_not_change_the_catalogues_version(folders: Folders) -> None:
    folders.adopt("penalty.json")
    one = folders.read().on(DAY).version
    folders.adopt("penalty@2.json", version="2", adopted="2027-01-01")
    folders.propose("honour.json", "honour")
    assert folders.read().on(DAY).version == one


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        ({"licence.json": {}}, "E-CAT-10", ["licence.json", "penalty"]),
        ({"penalty@3.json": {"version": "2"}}, "E-CAT-10", ["penalty@3.json", "2"]),
        ({"penalty@2.json": {"version": "2"}}, "E-CAT-10", ["penalty@2.json", "2"]),
        (
            {"penalty.json": {}, "penalty@2.json": {"version": "2"}},
            "E-CAT-14",
            ["penalty@2.json", "2026-02-01"],
        ),
        (
            {"penalty.json": {}, "penalty@2.json": {"version": "2", "adopted": "2026-01-31"}},
            "E-CAT-14",
            ["penalty.json", "2026-01-31"],
        ),
        (
            {
                "penalty.json": {"version": "2"},
                "penalty@2.json": {"version": "2", "adopted": "2026-07-01"},
            },
            "E-CAT-14",
            ["penalty@2.json", "2026-07-01"],
        ),
    ],
)
def test_versions_out_of_order_are_refused_with_file_and_reason(
    folders: Folders, files: dict[str, dict[str, Any]], code: str, words: list[str]
) -> None:
    for file, changed in files.items():
        folders.adopt(file, **changed)
    error = folders.refusal()
    assert error.code.id == code
    for text in (error.text.zh, error.text.en):
        assert [word for word in words if word not in text] == []


def test_a_later_version_is_checked_too(folders: Folders) -> None:
    folders.adopt("penalty.json")
    folders.adopt("penalty@2.json", version="2", adopted="2027-01-01", weak_key=["cf_none"])
    error = folders.refusal()
    assert (error.code.id, error.values["file"]) == ("E-CAT-04", "penalty@2.json:1")


def test_a_draft_is_listed_and_never_in_force(folders: Folders) -> None:
    folders.adopt("penalty.json")
    folders.propose("penalty.json", version="2", adopted="2026-03-01")
    folders.propose("honour.json", "honour", adopted="2026-03-01")
    register = folders.read()
    assert set(register.drafts) == {"penalty", "honour"}
    assert register.drafts["penalty"].comments_until == date(2026, 12, 31)
    for day in (DAY, date.max):
        catalogue = register.on(day)
        assert set(catalogue.items) == {"penalty"}
        assert catalogue.item("penalty").version == "2026.1"


@pytest.mark.parametrize(
    ("file", "changed", "code"),
    [
        ("licence.json", {"version": "2"}, "E-CAT-10"),
        ("penalty@2.json", {"version": "2"}, "E-CAT-10"),
        ("penalty.json", {}, "E-CAT-14"),
        ("penalty.json", {"version": "2", "comments_until": "soon"}, "E-CAT-01"),
    ],
)
def test_a_draft_that_could_not_be_adopted_is_refused(
    folders: Folders, file: str, changed: dict[str, Any], code: str
) -> None:
    folders.adopt("penalty.json")
    folders.propose(file, **changed)
    assert folders.refusal().code.id == code


def test_this_deployments_register_loads_and_is_read_once() -> None:
    assert read_register(ITEMS, DRAFTS) == load_register()
    assert load_register() is load_register()
    assert load_catalogue(DAY) is load_catalogue(DAY + timedelta(days=1))
    assert load_catalogue(date.min).items == {}
