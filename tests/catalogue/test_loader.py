"""Item files that must not load, and what the refusal says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue.loader import ITEMS, read_catalogue, read_item
from chalicelib.runtime.errors import DomainError

Document = dict[str, Any]


def penalty() -> Document:
    document: Document = json.loads((ITEMS / "penalty.json").read_text(encoding="utf-8"))
    return document


def refusal(document: Document, file: str = "penalty.json") -> DomainError:
    with pytest.raises(DomainError) as caught:
        read_item(file, json.dumps(document).encode())
    assert file in caught.value.text.zh
    assert file in caught.value.text.en
    return caught.value


def field(document: Document, name: str) -> Document:
    return next(each for each in document["schema"]["fields"] if each["name"] == name)


def added(**more: object) -> Callable[[Document], None]:
    """Adds a field that is right but for `more`."""
    plain = {"name": "extra", "title": "附加", "title_en": "Extra", "type": "string"}

    def add(document: Document) -> None:
        document["schema"]["fields"].append({**plain, "openness": "public", **more})

    return add


def changed(name: str, **more: object) -> Callable[[Document], None]:
    """Changes the field `name`."""

    def change(document: Document) -> None:
        field(document, name).update(more)

    return change


def topped(**more: object) -> Callable[[Document], None]:
    """Changes the item itself."""

    def change(document: Document) -> None:
        document.update(more)

    return change


def test_the_untouched_document_loads() -> None:
    assert read_item("penalty.json", json.dumps(penalty()).encode()).id == "penalty"


@pytest.mark.parametrize(
    ("breaking", "code", "words"),
    [
        (topped(colour="red"), "E-CAT-01", ["colour"]),
        (topped(id="Pen/alty"), "E-CAT-01", ["id"]),
        (topped(category="bad"), "E-CAT-01", ["category"]),
        (topped(subject={"name": "cf_xdr_mc"}), "E-CAT-01", ["uscc"]),
        (topped(natural_keys=[]), "E-CAT-01", ["natural_keys"]),
        (topped(natural_keys=[[]]), "E-CAT-01", ["natural_keys"]),
        (added(weight=3), "E-CAT-01", ["extra", "weight"]),
        (added(type="uscc"), "E-CAT-01", ["extra", "type"]),
        (added(type="date", rule="amount"), "E-CAT-01", ["extra", "amount", "date"]),
        (added(name="Extra"), "E-CAT-01", ["Extra", "name"]),
        (added(constraints={"minimum": 1}), "E-CAT-01", ["extra", "minimum"]),
        (topped(title=""), "E-CAT-05", ["title"]),
        (topped(title_en=" "), "E-CAT-05", ["title_en"]),
        (changed("cf_wsh", title=""), "E-CAT-05", ["cf_wsh", "title"]),
        (changed("cf_wsh", title_en=""), "E-CAT-05", ["cf_wsh", "title_en"]),
        (topped(measures="cf_none"), "E-CAT-04", ["measures", "cf_none"]),
        (topped(weak_key=["cf_none"]), "E-CAT-04", ["weak_key", "cf_none"]),
        (topped(natural_keys=[["cf_wsh"], ["cf_none"]]), "E-CAT-04", ["natural_keys.1", "cf_none"]),
        (topped(mentions=[{"name": "cf_none"}]), "E-CAT-04", ["mentions.0.name", "cf_none"]),
        (
            topped(dates={"formed": "cf_none", "effective": "cf_jdrq"}),
            "E-CAT-04",
            ["dates.formed", "cf_none"],
        ),
        (
            changed("cf_nr_fk", required_when={"field": "cf_none", "filled": True}),
            "E-CAT-04",
            ["required_when", "cf_nr_fk", "cf_none"],
        ),
        (
            topped(dates={"formed": "cf_wsh", "effective": "cf_jdrq"}),
            "E-CAT-08",
            ["dates.formed", "date", "cf_wsh"],
        ),
        (
            topped(mentions=[{"name": "cf_frdb", "paper_number": "cf_wsh"}]),
            "E-CAT-08",
            ["mentions.0.paper_number", "paper", "cf_wsh"],
        ),
        (topped(issuing_authority="cf_cfjg"), "E-CAT-08", ["issuing_authority", "uscc", "cf_cfjg"]),
        (added(unit="万元"), "E-CAT-08", ["万元", "extra"]),
        (added(type="number"), "E-CAT-08", ["amount", "extra"]),
        (added(rule="choice"), "E-CAT-06", ["extra"]),
        (added(rule="choice", constraints={"enum": []}), "E-CAT-06", ["extra"]),
        (added(rule="choices", choices=[]), "E-CAT-06", ["extra"]),
        (added(rule="choice", choices=["a", "a"]), "E-CAT-06", ["extra", "a | a"]),
        (added(rule="choice", choices=["a"], constraints={"enum": ["b"]}), "E-CAT-06", ["extra"]),
        (added(rule="choice", choices=["a"], choice_aliases={"1": "b"}), "E-CAT-06", ["1=b"]),
        (added(rule="choice", choices=["a"], open_choice="b"), "E-CAT-06", ["extra"]),
        (added(choices=["a"]), "E-CAT-06", ["extra"]),
        (changed("cf_xdr_lb", constraints={"enum": ["自然人"]}), "E-CAT-09", ["cf_xdr_shxym"]),
        (
            changed("cf_nr_fk", required_when={"field": "cf_cflb", "contains": ["罚酒"]}),
            "E-CAT-09",
            ["cf_nr_fk", "罚酒"],
        ),
        (
            changed("cf_nr_fk", required_when={"field": "cf_cflb", "in": ["罚款"]}),
            "E-CAT-09",
            ["cf_nr_fk"],
        ),
        (
            changed("cf_frdb", required_when={"field": "cf_xdr_lb", "contains": ["自然人"]}),
            "E-CAT-09",
            ["cf_frdb"],
        ),
        (changed("cf_nr_fk", required_when={"field": "cf_cflb"}), "E-CAT-09", ["cf_nr_fk"]),
        (added(aliases=["处罚机关"]), "E-CAT-07", ["extra", "cf_cfjg", "处罚机关"]),
        (added(name="cf_wsh"), "E-CAT-07", ["cf_wsh"]),
    ],
)
def test_a_broken_item_is_refused_with_place_and_reason(
    breaking: Callable[[Document], None], code: str, words: list[str]
) -> None:
    document = penalty()
    breaking(document)
    error = refusal(document)
    assert error.code.id == code
    for text in (error.text.zh, error.text.en):
        assert [word for word in words if word not in text] == []


def test_kinds_of_subjects_must_be_those_of_the_field() -> None:
    document = penalty()
    document["subject"]["kinds"]["外星人"] = "person"
    error = refusal(document)
    assert error.code.id == "E-CAT-06"
    assert "外星人" in error.text.en


@pytest.mark.parametrize(
    ("more", "code", "article"),
    [
        ({"title": "宗教信仰"}, "E-CAT-02", "SZ-12, NJ-29"),
        ({"title_en": "Blood type"}, "E-CAT-02", "SZ-12"),
        ({"name": "annual_income"}, "E-CAT-03", "NJ-29"),
        ({"aliases": ["不动产信息"]}, "E-CAT-03", "NJ-29"),
    ],
)
def test_a_prohibited_field_is_refused_with_its_article(
    more: Document, code: str, article: str
) -> None:
    document = penalty()
    added(**more)(document)
    error = refusal(document)
    assert error.code.id == code
    assert error.pointer == "/schema/fields/30"
    assert article in error.text.zh
    assert article in error.text.en
    assert str(more.get("name", "extra")) in error.text.en


def test_an_items_file_carries_its_id() -> None:
    assert refusal(penalty(), "licence.json").code.id == "E-CAT-10"


def test_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(DomainError) as caught:
        read_item("penalty.json", b"{")
    assert caught.value.code.id == "E-CAT-01"


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    for path in ITEMS.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = read_catalogue(tmp_path).version
    assert same == read_catalogue(ITEMS).version
    document = penalty()
    document["adopted"] = "2026-11-01"
    (tmp_path / "penalty.json").write_text(json.dumps(document), encoding="utf-8")
    changed_version = read_catalogue(tmp_path).version
    assert changed_version.startswith("2026-11-01.")
    assert changed_version.split(".")[1] != same.split(".")[1]
