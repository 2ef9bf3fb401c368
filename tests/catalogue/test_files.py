"""Item files that must not load, and what the refusal says."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.catalogue.files import read_draft, read_item
from chalicelib.catalogue.loader import ITEMS
from chalicelib.catalogue.model import Item, SubjectKind
from chalicelib.catalogue.places import find_repeated
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
        (topped(subject={"uscc": "cf_xdr_shxym"}), "E-CAT-01", ["subject", "name"]),
        (topped(subject={"name": "cf_xdr_mc"}), "E-CAT-12", ["uscc", "organisation"]),
        (topped(use_period="forever"), "E-CAT-01", ["/use_period", "forever"]),
        (topped(retention="ledger"), "E-CAT-01", ["/retention", "ledger"]),
        (topped(version="2026/1"), "E-CAT-01", ["/version"]),
        (topped(reviewed_by="soon"), "E-CAT-01", ["/reviewed_by"]),
        (topped(conduct="cf_wsh"), "E-CAT-08", ["conduct", "date", "cf_wsh"]),
        (topped(authority_name="cf_none"), "E-CAT-04", ["authority_name", "cf_none"]),
        (
            topped(dates={"formed": "cf_jdrq", "effective": "cf_jdrq", "stated_end": "cf_wsh"}),
            "E-CAT-08",
            ["dates.stated_end", "date", "cf_wsh"],
        ),
        (
            topped(dates={"formed": "cf_jdrq", "effective": "cf_jdrq", "measures_until": "cf_no"}),
            "E-CAT-04",
            ["dates.measures_until", "cf_no"],
        ),
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
        *(
            (topped(rules=[rule]), wrong, [place])
            for rule, wrong, place in [
                ({"field": "cf_gsjzq"}, "E-CAT-16", "cf_gsjzq"),
                (
                    {"field": "cf_gsjzq", "not_before": "cf_jdrq", "definite": True},
                    "E-CAT-16",
                    "cf_gsjzq",
                ),
                ({"field": "cf_gsjzq", "above": "0"}, "E-CAT-16", "cf_gsjzq"),
                ({"field": "cf_gsjzq", "not_before": "cf_nr_fk"}, "E-CAT-08", "rules.0"),
                (
                    {
                        "field": "cf_gsjzq",
                        "blank": True,
                        "when": {"field": "cf_cflb", "in": ["罚款"]},
                    },
                    "E-CAT-09",
                    "cf_",
                ),
            ]
        ),
        (topped(rules=[{"field": "cf_nr_fk", "above": "nil"}]), "E-CAT-16", ["cf_nr_fk"]),
        (topped(rules=[{"field": "cf_none", "blank": True}]), "E-CAT-04", ["cf_none"]),
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
    assert error.pointer == "/schema/fields/31"
    assert article in error.text.zh
    assert article in error.text.en
    assert str(more.get("name", "extra")) in error.text.en


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"{", "line 1, column 2", "Expecting property name"),
        (b'{"id": "penalty",\n "category":\n}', "line 3, column 1", "Expecting value"),
        (b'{"id": "penalty"', "line 1, column 17", "delimiter"),
        (b'{\n\n"id": "\xb4\xa6"}', "line 3", "not UTF-8"),
        (b"[]", "/", "Expected `object`"),
        (b'{"id": "penalty", "category": "bad"}', "/category", "Invalid enum value 'bad'"),
        (b'{"weak_key": [1]}', "/weak_key/0", "Expected `str`"),
        (b'{"subject": {"name": "a", "colour": "b"}}', "/subject", "unknown field `colour`"),
        (b'{"adopted": "2026-02-30"}', "/adopted", "date"),
    ],
)
def test_what_does_not_fit_the_structure_is_refused_with_line_or_place(
    content: bytes, place: str, reason: str
) -> None:
    with pytest.raises(DomainError) as caught:
        read_item("penalty.json", content)
    assert caught.value.code.id == "E-CAT-01"
    assert caught.value.values["place"] == place
    assert reason in str(caught.value.values["reason"])


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"field": "cf_none", "classes": {}}, "E-CAT-04", "cf_none"),
        ({"field": "cf_wsh", "classes": {}}, "E-CAT-08", "cf_wsh"),
        ({"field": "cf_sxyzcd", "classes": {"轻微": "minor"}}, "E-CAT-06", "一般 | 严重 | 较重"),
        ({"field": "cf_sxyzcd", "classes": {"轻微": "unclassified"}}, "E-CAT-01", "unclassified"),
    ],
)
def test_every_label_means_a_class(change: Document, code: str, words: str) -> None:
    document = penalty()
    document["labelled"] = change
    error = refusal(document)
    assert error.code.id == code
    assert words in error.text.en


def test_what_is_not_adverse_has_no_class_to_label() -> None:
    document = penalty()
    document["category"] = "other"
    assert "only adverse information has a class" in refusal(document).text.en


WRITTEN = (ITEMS / "penalty.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code", "marker"),
    [
        ('"category": "adverse"', '"category": "bad"', "E-CAT-01", '"bad"'),
        ('"adopted": "2026-02-01"', '"adopted": "2026-02-30"', "E-CAT-01", "02-30"),
        ('"reviewed_by": "2027-01-31"', '"reviewed_by": "2025-01-31"', "E-CAT-01", "2025-01-31"),
        ('["JS-14", "NJ-23"', '["JS14", "NJ-23"', "E-CAT-01", "JS14"),
        ('"channels": ["file"', '"channels": ["smoke"', "E-CAT-01", "smoke"),
        ('"users": ["public"', '"users": ["martians"', "E-CAT-01", "martians"),
        ('"formed": "cf_jdrq"', '"formed": "cf_gsjzq"', "E-CAT-01", '"formed"'),
        ('"formed": "cf_jdrq"', '"formed": "cf_none"', "E-CAT-04", "cf_none"),
        ('"fine": "cf_nr_fk"', '"fine": "cf_wsh"', "E-CAT-08", '"fine"'),
        ('"cf_nr_fk", "above": "0"', '"cf_nr_fk", "above": "x"', "E-CAT-16", '"above": "x"'),
        ('"title": "违法事实"', '"title": ""', "E-CAT-05", '"cf_sy"'),
        ('"title": "违法事实"', '"title": "宗教信仰"', "E-CAT-02", '"cf_sy"'),
        ('"01": "身份证"', '"01": "驾照"', "E-CAT-06", '"cf_fr_zjlx"'),
        ('"uscc": "cf_xdr_shxym",', "", "E-CAT-12", '"subject": {'),
        ('"maxLength": 200', '"maxLength": -1', "E-CAT-01", "-1"),
    ],
)
def test_a_refusal_names_the_line(old: str, new: str, code: str, marker: str) -> None:
    assert old in WRITTEN
    broken = WRITTEN.replace(old, new, 1)
    with pytest.raises(DomainError) as caught:
        read_item("penalty.json", broken.encode())
    assert caught.value.code.id == code
    named, _, line = str(caught.value.values["file"]).partition(":")
    assert named == "penalty.json"
    lines = broken.splitlines()
    told = "".join(
        lines[int(line) - 1 : int(line) + (code in {"E-CAT-02", "E-CAT-05", "E-CAT-06"})]
    )
    assert marker in told


def test_a_name_that_stands_twice_is_found_with_its_line() -> None:
    assert find_repeated(WRITTEN.encode()) is None
    twice = WRITTEN.replace('"category":', '"id": "licence",\n  "category":', 1)
    assert find_repeated(twice.encode()) == ("/id", 5)
    nested = b'{"a": [{"b": "}", "c": 1},\n {"b": 2,\n  "b": [3, {}]}], "c": {"b": 1}}'
    assert find_repeated(nested) == ("/a/1/b", 3)


def person_only() -> Document:
    """An item about persons, with nothing that an organisation has."""
    document = penalty()
    names = {name for name in field_names(document) if not name.startswith(("cf_xdr", "cf_fr"))}
    names |= {"cf_xdr_mc", "cf_xdr_zjlx", "cf_xdr_zjhm"}
    fields = [each for each in document["schema"]["fields"] if each["name"] in names]
    for each in fields:
        if each["name"] in ("cf_xdr_zjlx", "cf_xdr_zjhm"):
            each.pop("required_when")
            each.setdefault("constraints", {})["required"] = True
    document["schema"]["fields"] = fields
    document["mentions"] = document["rules"] = []
    document["subject"] = {
        "only": "person",
        "name": "cf_xdr_mc",
        "paper_kind": "cf_xdr_zjlx",
        "paper_number": "cf_xdr_zjhm",
    }
    return document


def field_names(document: Document) -> list[str]:
    return [each["name"] for each in document["schema"]["fields"]]


def read(document: Document) -> Item:
    return read_item("penalty.json", json.dumps(document).encode())


def test_an_item_may_be_about_persons_only() -> None:
    subject = read(person_only()).subject
    assert subject.uscc is None
    assert subject.possible == {"person"}
    assert subject.kind_of("") == "person"


@pytest.mark.parametrize("kind", ["organisation", "sole_trader"])
def test_an_item_without_kinds_is_about_the_one_that_it_names(kind: SubjectKind) -> None:
    document = penalty()
    document["subject"] = {"only": kind, "name": "cf_xdr_mc", "uscc": "cf_xdr_shxym"}
    subject = read(document).subject
    assert subject.possible == {kind}
    assert subject.kind_of("自然人") == kind


@pytest.mark.parametrize(
    ("subject", "needed"),
    [
        ({"only": "person", "uscc": "cf_xdr_shxym"}, "paper_number"),
        ({"only": "person", "paper_kind": "cf_xdr_zjlx"}, "paper_number"),
        ({"only": "organisation", "paper_number": "cf_xdr_zjhm"}, "uscc"),
        ({"only": "sole_trader", "registration_number": "cf_xdr_gszc"}, "uscc"),
    ],
)
def test_a_subject_that_nothing_can_identify_is_refused(subject: Document, needed: str) -> None:
    document = penalty()
    document["subject"] = {"name": "cf_xdr_mc", **subject}
    error = refusal(document)
    assert error.code.id == "E-CAT-12"
    assert error.values["kind"] == subject["only"]
    assert error.values["needed"] == needed


@pytest.mark.parametrize("lost", ["uscc", "paper_number"])
def test_every_kind_that_the_kind_field_names_must_be_identified(lost: str) -> None:
    document = penalty()
    del document["subject"][lost]
    error = refusal(document)
    assert (error.code.id, error.values["needed"]) == ("E-CAT-12", lost)


def test_an_item_says_once_whom_it_is_about() -> None:
    document = penalty()
    document["subject"]["only"] = "person"
    error = refusal(document)
    assert (error.code.id, error.values["place"]) == ("E-CAT-01", "/subject/only")


INCOME = {"name": "nsr", "title": "年收入", "title_en": "Yearly earnings", "type": "string"}
CONSENT = {"notice": "gzrq", "agreement": "tysbh", "purpose": "ydyt", "until": "ydqx"}


def with_income(document: Document, **changed: Document) -> Document:
    """`document` with a field about income, and with the fields that record consent to it."""
    plain = {"type": "string", "openness": "internal", "constraints": {"required": True}}
    more = {
        name: {**plain, "name": name, "title": name, "title_en": name} for name in CONSENT.values()
    }
    more["ydqx"] |= {"type": "date", "format": "any"}
    for name, change in changed.items():
        more[name] |= change
    document["schema"]["fields"] += [{**INCOME, "openness": "internal"}, *more.values()]
    return document


def test_what_needs_consent_may_be_collected_where_consent_is_recorded() -> None:
    document = with_income(penalty())
    assert refusal(document).code.id == "E-CAT-03"
    document["consent"] = CONSENT
    consent = read(document).consent
    assert consent is not None
    assert consent.until == "ydqx"


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"ydyt": {"constraints": {}}}, "E-CAT-13", ["consent.purpose", "ydyt"]),
        ({"tysbh": {"constraints": {"required": False}}}, "E-CAT-13", ["consent.agreement"]),
        (
            {"gzrq": {"constraints": {}, "required_when": {"field": "ydyt", "filled": True}}},
            "E-CAT-13",
            ["consent.notice", "gzrq"],
        ),
        (
            {
                "gzrq": {
                    "constraints": {},
                    "required_when": {"field": "cf_xdr_lb", "in": ["个体工商户"]},
                }
            },
            "E-CAT-13",
            ["consent.notice", "gzrq"],
        ),
        ({"ydqx": {"type": "string"}}, "E-CAT-08", ["consent.until", "date", "ydqx"]),
    ],
)
def test_consent_that_a_row_may_leave_out_is_no_consent(
    changed: dict[str, Document], code: str, words: list[str]
) -> None:
    document = with_income(penalty(), **changed)
    document["consent"] = CONSENT
    error = refusal(document)
    assert error.code.id == code
    assert [word for word in words if word not in error.text.en] == []


def test_consent_may_be_asked_of_persons_only() -> None:
    of_persons = {"field": "cf_xdr_lb", "in": ["自然人"]}
    changed = {name: {"constraints": {}, "required_when": of_persons} for name in CONSENT.values()}
    document = with_income(penalty(), **changed)
    document["consent"] = CONSENT
    assert read(document).consent is not None


def test_a_consent_names_fields_of_the_item() -> None:
    document = with_income(penalty())
    document["consent"] = {**CONSENT, "notice": "cf_none"}
    error = refusal(document)
    assert error.code.id == "E-CAT-04"
    assert "consent.notice" in error.text.en


def test_no_consent_opens_what_must_never_be_collected() -> None:
    document = with_income(penalty())
    document["consent"] = CONSENT
    added(title="宗教信仰")(document)
    assert refusal(document).code.id == "E-CAT-02"


def test_an_item_about_organisations_only_may_hold_their_property() -> None:
    document = penalty()
    document["subject"] = {"name": "cf_xdr_mc", "uscc": "cf_xdr_shxym"}
    added(title="不动产")(document)
    assert read(document).admits_consented
    added(name="more", title="宗教信仰")(document)
    assert refusal(document).code.id == "E-CAT-02"


@pytest.mark.parametrize("only", ["sole_trader", "person"])
def test_persons_and_sole_traders_are_protected_without_a_kind_field(only: str) -> None:
    document = penalty()
    document["subject"] = {
        "only": only,
        "name": "cf_xdr_mc",
        "uscc": "cf_xdr_shxym",
        "paper_number": "cf_xdr_zjhm",
    }
    added(title="不动产")(document)
    assert refusal(document).code.id == "E-CAT-03"


def draft(**changed: object) -> bytes:
    return json.dumps({**penalty(), "comments_until": "2026-12-31", **changed}).encode()


def test_a_draft_is_an_item_with_the_end_of_comments() -> None:
    found = read_draft("penalty.json", draft(version="2027.1"))
    assert (found.item.version, found.comments_until) == ("2027.1", date(2026, 12, 31))


def test_a_draft_is_checked_as_if_it_were_adopted() -> None:
    with pytest.raises(DomainError) as caught:
        read_draft("penalty.json", draft(weak_key=["cf_none"]))
    assert caught.value.code.id == "E-CAT-04"
    with pytest.raises(DomainError) as caught:
        read_draft("penalty.json", json.dumps(penalty()).encode())
    assert "comments_until" in caught.value.text.zh


def test_an_adopted_item_has_no_end_of_comments() -> None:
    assert "comments_until" in refusal({**penalty(), "comments_until": "2026-12-31"}).text.en
