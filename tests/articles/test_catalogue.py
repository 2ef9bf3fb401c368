"""REQUIREMENTS §2: what may be collected, from whom, and how it is described 目录."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind, Value
from chalicelib.archive.store import read_record
from chalicelib.catalogue.files import read_item
from chalicelib.catalogue.loader import ITEMS
from chalicelib.catalogue.model import Item
from chalicelib.catalogue.prohibited import prohibitions
from chalicelib.collection.merging import refer_nowhere
from chalicelib.collection.pushes import push_records
from chalicelib.law.groups import group_of
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import is_person
from chalicelib.web.app import CreditApp
from tests.articles.scenes import (
    BOOKS,
    CATALOGUE,
    JS,
    NJ,
    OUTSIDE,
    SZ,
    about_person,
    any_mark_of,
    look,
    only_key,
    penalised,
    quarantine_code,
    report,
    see,
    subject_of,
)
from tests.catalogue.rows import row_of
from tests.collection.archives import held
from tests.collection.files import (
    DAY,
    NOW,
    PROVIDER,
    codes_of,
    csv_of,
    entitle,
    penalty,
    person_penalty,
    receive,
)
from tests.web.events import ask

NOT_COLLECTED = {
    "national": {"arrears", "bravery", "certification", "donation", "fraud", "industry_ban"}
    | {"research", "subsidy", "volunteering", "disciplinary", "finance", "litigation"}
    | {"key_occupation", "legal_professional", "personal_misconduct", "public_servant"},
    "jiangsu": {"disciplinary", "finance", "litigation"}
    | {"key_occupation", "legal_professional", "personal_misconduct", "public_servant"},
    "nanjing": {"disciplinary", "finance", "litigation"},
    "shandong": {"disciplinary", "finance", "litigation"}
    | {"key_occupation", "legal_professional", "personal_misconduct", "public_servant"},
    "shenzhen": {"donation", "fraud", "research", "subsidy", "volunteering"}
    | {"key_occupation", "legal_professional", "personal_misconduct", "public_servant"},
}
"""Supplements 补充目录 that have no basis in any text which holds under a rulebook."""
EACH_ITEM = pytest.mark.parametrize("item", CATALOGUE.items.values(), ids=CATALOGUE.items)
BORN_2010 = "110101201001010019"


# -- 目录管理 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_the_nations_items_are_collected_everywhere_supplements_where_a_text_says_so(
    book: Rulebook,
) -> None:
    """JS-7, NJ-20, SD-7, SZ-9: 国家基础目录 and 地方补充目录; nothing is borrowed from another place."""
    collected = CATALOGUE.under(book.texts).items

    assert NOT_COLLECTED["national"] - collected.keys() == NOT_COLLECTED[book.name]
    assert all(
        item.id in collected for item in CATALOGUE.items.values() if item.origin == "national"
    )


@pytest.mark.usefixtures("city")
def test_what_has_no_basis_here_cannot_be_reported() -> None:
    """JS-7: what only the regulation of a city collects is refused in the province, in every way."""
    row = row_of(CATALOGUE.item("public_servant"), "person")
    push = partial(push_records, refer=refer_nowhere, provider=PROVIDER, key="k-1", now=NOW)

    for attempt in (
        lambda: report("public_servant", row),
        lambda: push(item="public_servant", records=[json.dumps(row).encode()]),
        lambda: entitle(PROVIDER, ["public_servant"]),
    ):
        with pytest.raises(DomainError) as refused:
            attempt()
        assert refused.value.code.id == "E-CAT-11"


@pytest.mark.usefixtures("city")
def test_what_is_no_item_of_the_catalogue_cannot_be_reported() -> None:
    """JS-7, NJ-20, SD-7, SZ-8: collection is by catalogue only 实行目录管理."""
    with pytest.raises(DomainError) as refused:
        receive(csv_of("penalty", [penalty()]), "horoscope")
    assert refused.value.code.id == "E-CAT-11"
    assert held() == {}


@pytest.mark.usefixtures("city")
def test_a_file_with_a_column_that_the_item_does_not_define_is_refused() -> None:
    """JS-7, NJ-20: a field outside the item's definition is refused, with all of the file."""
    body = csv_of("penalty", [penalty()]).replace("处罚类别".encode(), "邻里评价".encode(), 1)

    assert quarantine_code(body, "penalty") == "E-HEAD-03"
    assert held() == {}


@pytest.mark.usefixtures("aws")
def test_a_provider_reports_the_items_that_it_is_entitled_to_and_no_others() -> None:
    """JS-9, NJ-26: each provider reports what the catalogue gives it 依据目录确定范围."""
    entitle(PROVIDER, ["penalty"])

    assert receive(csv_of("penalty", [penalty()]), "penalty")
    with pytest.raises(DomainError) as refused:
        receive(csv_of("penalty", [penalty()]), "honour")
    assert refused.value.code.id == "E-UPLOAD-03"


@EACH_ITEM
def test_each_item_states_what_a_catalogue_must_state(item: Item) -> None:
    """JS-7, NJ-20, SD-7, SZ-9: class, source, openness, frequency, channels, users, terms, fields."""
    assert item.category in {"basic", "positive", "adverse", "other"}
    assert item.origin in {"national", "supplement"}
    assert item.basis
    assert item.source
    assert item.openness in {"public", "authorised", "shared"}
    assert item.frequency_working_days > 0
    assert item.channels
    assert item.users
    assert item.use_period
    assert item.retention
    assert all(field.title and field.title_en and field.type for field in item.schema.fields)


@EACH_ITEM
def test_each_item_knows_its_subjects_by_code_or_paper(item: Item) -> None:
    """SZ-9, SD-8, NJ-20: by unified social credit code; persons by the number of their paper."""
    for kind in item.subject.possible:
        named = item.subject.paper_number if kind == "person" else item.subject.uscc
        assert named in item.fields


def test_everybody_can_read_and_download_the_catalogue(app: CreditApp) -> None:
    """NJ-25, SZ-8, SD-7: published, with the drafts that are out for comment 公布."""
    read = ask(app, "GET", "/v1/catalogue")
    whole = ask(app, "GET", "/v1/catalogue.json")

    collected = CATALOGUE.items.keys() - NOT_COLLECTED["jiangsu"]
    assert {each["id"] for each in read.json["items"]} == collected
    assert {each["id"] for each in whole.json["items"]} == collected
    assert (read.status, whole.status) == (200, 200)
    assert "drafts" in read.text


@pytest.mark.usefixtures("city")
def test_every_record_names_the_version_that_it_was_checked_against() -> None:
    """NJ-25: the catalogue changes as the need arises 适时调整; what was checked stays checked."""
    report("penalty", penalty())

    [statement] = read_record(only_key("penalty")).statements
    assert statement.words.version == CATALOGUE.item("penalty").version


# -- 分类 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rulebook", "item", "label"),
    [
        (JS, "licence", "基础信息 Basic information"),
        (JS, "honour", "增信信息 Credit-enhancing information"),
        (JS, "penalty", "失信信息 Dishonesty information"),
        (JS, "inspection", "其他信息 Other information"),
        (NJ, "licence", "基础信息 Basic information"),
        (NJ, "honour", "良好信息 Good information"),
        (NJ, "penalty", "失信信息 Dishonesty information"),
        (NJ, "inspection", "其他信息 Other information"),
        (SZ, "licence", "基本信息 Basic information"),
        (SZ, "tax_paid", "财务信息 Financial information"),
        (SZ, "honour", "荣誉信息 Honours"),
        (SZ, "penalty", "监管信息、个人不良信息 Supervision and persons' negative information"),
        (SZ, "court_default", "涉诉信息 Litigation"),
        (SZ, "litigation", "涉诉信息 Litigation"),
        (SZ, "finance", "财务信息 Financial information"),
    ],
)
def test_each_rulebook_cuts_the_categories_in_its_own_way(
    rulebook: Rulebook, item: str, label: str
) -> None:
    """JS-11, JS-12, JS-13, JS-14, JS-15, NJ-20, NJ-21, NJ-22, NJ-23, NJ-24, SZ-10, SZ-11."""
    group = group_of(rulebook, item, CATALOGUE.item(item).category, DAY)
    ruled = rulebook.category[group].on(DAY)
    assert f"{ruled.value.zh} {ruled.value.en}" == label


@pytest.mark.parametrize(
    ("item", "fields"),
    [
        ("person_registration", {"basic"}),
        ("honour", {"positive"}),
        ("volunteering", {"positive"}),
        ("donation", {"positive"}),
        ("bravery", {"positive"}),
    ],
)
def test_persons_have_basic_information_and_merits_of_their_own(
    item: str, fields: set[str]
) -> None:
    """JS-12, JS-13, NJ-21, NJ-22, SZ-11: identity; volunteering, donations, bravery 见义勇为."""
    found = CATALOGUE.item(item)
    assert "person" in found.subject.possible
    assert {found.category} == fields


def test_arrears_count_only_after_payment_was_demanded_and_refused() -> None:
    """JS-14, NJ-23: 经催缴仍拒绝缴纳; a row without demand or refusal is refused itself."""
    item = CATALOGUE.item("arrears")
    row = row_of(item, "organisation")
    demanded = [f for f in item.schema.fields if "催缴" in f.title or "拒绝" in f.title]

    assert demanded
    assert codes_of(item, row) == []
    for field in demanded:
        assert (field.name, "E-REQUIRED-01") in codes_of(item, {**row, field.name: ""})


def test_taxes_duly_paid_tell_no_amount() -> None:
    """JS-15, NJ-29, SZ-12: that taxes were paid, never how much 纳税数额."""
    item = CATALOGUE.item("tax_paid")
    assert item.category == "other"
    assert [field.name for field in item.schema.fields if field.type == "amount"] == []


@pytest.mark.parametrize("item", ["public_servant", "legal_professional", "key_occupation"])
@pytest.mark.usefixtures("nanjing")
def test_professional_archives_are_about_persons_and_never_public(item: str) -> None:
    """NJ-11, NJ-12, NJ-16: public servants, legal professions, key occupations 从业人员信用档案."""
    report(item, row_of(CATALOGUE.item(item), "person"))

    subject = subject_of(1)
    assert is_person(subject)
    assert item in look(subject, "own", NJ)
    assert look(subject, "public", NJ) == {}


def test_what_a_subject_declares_itself_stands_apart() -> None:
    """JS-15, NJ-30: self-declared information 自主申报 is an item of its own, and no merit."""
    item = CATALOGUE.item("self_declared")
    assert item.category == "other"
    assert {"JS-15", "NJ-30"} <= set(item.basis)


def test_inspections_and_evaluations_are_recorded_and_no_person_is_evaluated() -> None:
    """NJ-14, NJ-24, NJ-47, NJ-16: 检查结果 and 评价结果 of organisations; 不得以信用分为依据."""
    for name, article in (("inspection", "NJ-14"), ("evaluation", "NJ-47")):
        assert article in CATALOGUE.item(name).basis
    assert "person" not in CATALOGUE.item("evaluation").subject.possible


def test_a_commitment_is_no_dishonesty_until_its_breach_is_established() -> None:
    """NJ-45, SZ-25, NJ-24: only an officially established breach 违反承诺 is adverse."""
    promised, broken = CATALOGUE.item("commitment"), CATALOGUE.item("broken_commitment")
    assert (promised.category, broken.category) == ("other", "adverse")
    assert broken.authority_name is not None
    assert broken.fields[broken.authority_name].required


# -- 禁止归集 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", prohibitions(), ids=lambda kind: kind.id)
@pytest.mark.usefixtures("city")
def test_what_must_not_be_collected_is_refused_on_every_file(kind: Any) -> None:
    """SZ-12, NJ-29: race, religion, genes, blood …; income, deposits … without consent."""
    body = csv_of("penalty", [{**person_penalty(), "bz": "无"}])
    column = f"当事人{kind.zh.partition('、')[0]}"

    assert quarantine_code(body.replace("备注".encode(), column.encode(), 1), "penalty") == (
        "E-HEAD-02"
    )
    assert held() == {}


@pytest.mark.parametrize(("label", "code"), [("血型", "E-CAT-02"), ("个人年收入", "E-CAT-03")])
def test_what_must_not_be_collected_cannot_enter_the_catalogue(label: str, code: str) -> None:
    """SZ-12, NJ-29: never, or only with recorded notice, written consent, purpose and term."""
    written = json.loads(Path(ITEMS, "person_registration.json").read_text("utf-8"))
    field = {"name": "extra", "title": label, "title_en": "extra", "type": "string"}
    written["schema"]["fields"].append({**field, "openness": "internal"})

    with pytest.raises(DomainError) as refused:
        read_item("person_registration.json", json.dumps(written).encode())
    assert refused.value.code.id == code


# -- 完全民事行为能力 --------------------------------------------------------------------------------


def test_what_a_minor_did_is_held_until_somebody_confirms_it() -> None:
    """NJ-2: social credit is that of persons with full capacity; under 18 is held for confirmation."""
    young = about_person(penalised("serious", cf_xdr_zjhm=BORN_2010))
    confirmed = msgspec.structs.replace(young, marks=(any_mark_of(MarkKind.CONFIRMED),))

    for channel in OUTSIDE:
        held_back = see(young, channel, NJ)
        assert not held_back.shown
        assert "NJ-2" in {reason.source for reason in held_back.reasons}
    assert see(young, "own", NJ).marks == ("underage",)
    assert see(young, "ex_officio", JS).shown
    assert see(confirmed, "ex_officio", NJ).shown


def test_nobody_is_held_for_what_was_done_at_eighteen() -> None:
    """NJ-2: the age on the day of the conduct counts, from the birthday on."""
    fields: dict[str, Value] = {"cf_xdr_zjhm": BORN_2010}
    before, birthday = (
        about_person(penalised("serious", formed, **fields))
        for formed in ("2027-12-31", "2028-01-01")
    )
    assert not see(before, "ex_officio", NJ, "2028-02-01").shown
    assert see(birthday, "ex_officio", NJ, "2028-02-01").shown


# -- 失信信息分类 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)
def test_adverse_records_are_of_a_class_or_visibly_of_none(rulebook: Rulebook) -> None:
    """JS-14, NJ-38: 失信信息实行分类管理; what no text classifies is told, never guessed."""
    for severity in ("minor", "general", "serious"):
        found = see(penalised(severity), "operator", rulebook).classification
        assert found is not None
        assert found.severity == severity
    fined = penalised("minor", "2026-11-10", cf_cflb=("罚款",))
    assert see(fined, "operator", rulebook).marks == ("unclassified",)


def test_an_operator_resolves_what_no_text_classifies() -> None:
    """JS-14: somebody decides and names the basis; nothing becomes a class by default."""
    fined = penalised("minor", "2026-11-10", cf_cflb=("罚款",))
    decided = msgspec.structs.replace(fined, marks=(any_mark_of(MarkKind.CLASSIFIED, "general"),))

    found = see(decided, "operator", JS).classification
    assert found is not None
    assert (found.severity, found.reason) == ("general", "decided")
    assert see(decided, "operator", JS).marks == ()
