"""The first catalogue (REQUIREMENTS §2): every item, its basis, and a row of it that passes."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from operator import attrgetter

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Category, Field, Item, Openness, SubjectKind
from chalicelib.collection.layout import match_header
from chalicelib.collection.normalising import compile_reader
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import PLACEHOLDER, Paper, PaperKind
from tests.catalogue.rows import REGISTRATION_NUMBER, row_of
from tests.collection.archives import folded, opened
from tests.collection.files import (
    ORGANISATION,
    check,
    codes_of,
    csv_of,
    entitle,
    id_number,
    receipt_of,
    send,
)

DAY = date(2026, 11, 22)

Required = tuple[str, str, Category, tuple[str, ...]]
FIRST_CATALOGUE: list[Required] = [
    ("registration of organisations", "registration", "basic", ("JS-12", "NJ-21", "SZ-10")),
    ("registration of persons", "person_registration", "basic", ("JS-12", "NJ-21", "SZ-11")),
    ("administrative licences", "licence", "basic", ("JS-12", "NJ-21", "SZ-10")),
    ("titles and occupations", "title", "basic", ("JS-12", "NJ-21")),
    ("qualifications of organisations", "certification", "basic", ("JS-12", "NJ-21", "SZ-10")),
    ("commendations and honours", "honour", "positive", ("JS-13", "NJ-22", "SZ-10", "SZ-11")),
    ("intellectual property", "intellectual_property", "positive", ("JS-13",)),
    ("research", "research", "positive", ("JS-13",)),
    ("volunteering", "volunteering", "positive", ("JS-13", "NJ-22")),
    ("donation", "donation", "positive", ("JS-13", "NJ-22")),
    ("acts of bravery", "bravery", "positive", ("JS-13", "NJ-22", "SZ-11")),
    ("administrative penalty", "penalty", "adverse", ("JS-14", "NJ-23", "SZ-10", "SZ-11")),
    ("compulsory measure", "compulsory", "adverse", ("JS-14", "NJ-23")),
    ("ruling", "ruling", "adverse", ("JS-14",)),
    ("criminal judgment", "criminal", "adverse", ("JS-14", "NJ-23", "SZ-11")),
    ("court-judgment default", "court_default", "adverse", ("JS-14", "NJ-23", "NJ-40", "SZ-10")),
    ("serious-dishonesty list", "dishonesty", "adverse", ("JS-14", "NJ-40", "NJ-43", "SZ-28")),
    ("abnormal-operation list", "abnormal", "adverse", ("JS-14", "SZ-10")),
    ("contract breach", "contract_breach", "adverse", ("JS-14", "SZ-10")),
    ("broken commitment", "broken_commitment", "adverse", ("JS-14", "NJ-23", "NJ-45")),
    ("fraud", "fraud", "adverse", ("JS-14", "NJ-23")),
    ("arrears refused after demand", "arrears", "adverse", ("JS-14", "NJ-23", "SZ-10", "SZ-11")),
    ("ban from an industry", "industry_ban", "adverse", ("JS-14", "NJ-23", "SZ-10", "SZ-11")),
    ("persons' misconduct", "personal_misconduct", "adverse", ("NJ-23",)),
    ("disciplinary sanction", "disciplinary", "adverse", ("SZ-11",)),
    ("confirmation", "confirmation", "other", ("JS-15",)),
    ("levy", "levy", "other", ("JS-15",)),
    ("payment", "payment", "other", ("JS-15",)),
    ("compensation", "compensation", "other", ("JS-15",)),
    ("inspection", "inspection", "other", ("JS-15", "NJ-24")),
    ("subsidies", "subsidy", "other", ("JS-15",)),
    ("contract performance", "contract_performance", "other", ("JS-15",)),
    ("commitments", "commitment", "other", ("JS-15", "NJ-24", "SZ-25")),
    ("commitments not for everybody", "commitment_limited", "other", ("JS-15", "NJ-24")),
    ("evaluation results", "evaluation", "other", ("JS-15",)),
    ("taxes duly paid", "tax_paid", "other", ("JS-15",)),
    ("self-declared information", "self_declared", "other", ("JS-15", "NJ-30")),
    ("public servants' archives", "public_servant", "other", ("NJ-11",)),
    ("judges', lawyers' archives", "legal_professional", "other", ("NJ-12",)),
    ("other professionals' archives", "key_occupation", "other", ("NJ-16",)),
    ("financial information", "finance", "other", ("SZ-10",)),
    ("litigation", "litigation", "other", ("SZ-10",)),
]

ITEMS = load_catalogue(DAY).items
BY_ID = attrgetter("id")
EACH = pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
ADVERSE = [item for item in ITEMS.values() if item.category == "adverse"]
PERSONS_ONLY = [item for item in ITEMS.values() if item.subject.possible == {"person"}]
CASES = [(item, kind) for item in ITEMS.values() for kind in sorted(item.subject.possible)]
EACH_KIND = pytest.mark.parametrize(
    ("item", "kind"), CASES, ids=[f"{item.id}-{kind}" for item, kind in CASES]
)


@pytest.mark.parametrize(
    ("item_id", "category", "basis"),
    [required[1:] for required in FIRST_CATALOGUE],
    ids=[required[0] for required in FIRST_CATALOGUE],
)
def test_the_item_that_the_requirements_name_exists_and_names_its_articles(
    item_id: str, category: Category, basis: tuple[str, ...]
) -> None:
    item = ITEMS[item_id]
    assert item.category == category
    assert set(basis) <= set(item.basis)


def test_the_catalogue_holds_nothing_that_the_requirements_do_not_name() -> None:
    assert set(ITEMS) == {item_id for _, item_id, _, _ in FIRST_CATALOGUE}


# -- rows -----------------------------------------------------------------------------------------


@EACH_KIND
def test_a_row_passes_for_every_kind_of_subject(item: Item, kind: SubjectKind) -> None:
    row = row_of(item, kind)
    match_header(item, [item.field(name).title for name in row], 1)
    checked = check(item, row)
    assert checked.problems == ()
    assert checked.identified is not None
    person = Paper(PaperKind.ID_NUMBER, id_number(1))
    assert checked.identified.subject == (person if kind == "person" else ORGANISATION)
    assert checked.typed == {}


@EACH_KIND
def test_a_row_that_lacks_what_is_required_is_refused(item: Item, kind: SubjectKind) -> None:
    row = row_of(item, kind)
    for field, code in _required_of(item, row):
        assert (field.name, code) in codes_of(item, {**row, field.name: ""})


def _required_of(item: Item, row: dict[str, str]) -> Iterator[tuple[Field, str]]:
    """Every field that the row must fill, and the code that says so."""
    for field in item.schema.fields:
        condition = field.required_when
        if field.required:
            yield field, "E-REQUIRED-01"
        elif condition is not None and condition.holds([*filter(None, [row[condition.field]])]):
            yield field, "E-REQUIRED-02"


@pytest.mark.parametrize(
    "item", [item for item in ITEMS.values() if item.subject.registration_number], ids=BY_ID
)
def test_a_sole_trader_without_a_code_is_known_by_registration_number(item: Item) -> None:
    code, number = item.subject.uscc, item.subject.registration_number
    assert code is not None
    assert number is not None
    row = row_of(item, "sole_trader", **{code: PLACEHOLDER, number: REGISTRATION_NUMBER})
    checked = check(item, row)
    assert checked.problems == ()
    assert checked.identified is not None
    assert checked.identified.subject == f"R{REGISTRATION_NUMBER}"
    assert (number, "E-REQUIRED-02") in codes_of(item, {**row, number: ""})


@EACH
def test_every_choice_and_spelling_is_understood(item: Item) -> None:
    for field in item.schema.fields:
        read = compile_reader(field)
        for spelling, choice in chain(
            ((each, each) for each in field.enum or ()), field.choice_aliases.items()
        ):
            expected = (choice,) if field.type == "choices" else choice
            assert read(spelling).value == expected


# -- attributes -----------------------------------------------------------------------------------


def test_items_are_told_apart_by_name() -> None:
    for names in ([i.title for i in ITEMS.values()], [i.title_en for i in ITEMS.values()]):
        assert len(set(names)) == len(names)


@EACH
def test_english_labels_are_told_apart(item: Item) -> None:
    labels = [field.title_en for field in item.schema.fields]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("item", ADVERSE, ids=BY_ID)
def test_adverse_items_say_when_and_by_whom(item: Item) -> None:
    assert item.use_period == "disclosure"
    for name in (item.dates.formed, item.dates.effective):
        assert item.field(name).required
    assert item.issuing_authority is not None
    assert item.authority_name is not None
    assert item.field(item.issuing_authority).required
    assert item.field(item.authority_name).required


@EACH
def test_records_are_never_known_by_a_persons_name_or_number(item: Item) -> None:
    if "person" not in item.subject.possible:
        return
    keys = {*chain(*item.natural_keys), *item.weak_key}
    papers = {field.name for field in item.schema.fields if field.type == "paper"}
    assert not keys & (papers | {item.subject.name, item.subject.uscc})
    assert not keys & {mention.name for mention in item.mentions}


def test_responsible_persons_are_named_where_organisations_are_listed_or_penalised() -> None:
    responsible = {
        item.id: [item.field(each.name).title for each in item.mentions if each.responsible]
        for item in ITEMS.values()
    }
    assert {item_id: titles for item_id, titles in responsible.items() if titles} == {
        "penalty": ["法定代表人"],
        "court_default": ["法定代表人或者负责人姓名"],
        "abnormal": ["法定代表人"],
        "dishonesty": ["法定代表人", "实际控制人", "主要负责人", "直接责任人员"],
    }


def test_measures_of_a_serious_list_run_as_long_as_it_says() -> None:
    ends = {item.id: item.dates.measures_until for item in ADVERSE if item.dates.measures_until}
    assert ends == {
        "dishonesty": "expiration_date",
        "criminal": "xs_zxqm",
        "industry_ban": "jr_jzrq",
        "disciplinary": "zw_yxqm",
    }
    assert ITEMS["penalty"].dates.stated_end == "cf_gsjzq"


def test_the_day_of_the_conduct_is_required_of_persons_misconduct() -> None:
    conduct = {item.id: item.conduct for item in ADVERSE if item.conduct}
    assert set(conduct) == {
        *("criminal", "contract_breach", "broken_commitment", "fraud", "industry_ban"),
        *("personal_misconduct", "disciplinary"),
    }
    assert ITEMS["personal_misconduct"].field("gr_fsrq").required


# -- openness and restraint -----------------------------------------------------------------------


@pytest.mark.parametrize("item", PERSONS_ONLY, ids=BY_ID)
def test_items_about_persons_only_are_never_public(item: Item) -> None:
    assert item.openness != "public"
    assert "public" not in item.users
    name, number = item.subject.name, item.subject.paper_number
    assert number is not None
    assert {item.field(name).openness, item.field(number).openness} == {"masked"}


@EACH
def test_those_who_may_use_an_item_are_those_whom_its_openness_reaches(item: Item) -> None:
    reached: dict[Openness, set[str]] = {
        "public": {"public", "agency", "subject", "third_party", "judicial"},
        "authorised": {"agency", "subject", "third_party", "judicial"},
        "shared": {"agency", "subject", "judicial"},
    }
    assert set(item.users) == reached[item.openness]


def test_no_amount_is_collected_where_a_row_may_be_about_a_person_but_fines() -> None:
    amounts = {
        (item.id, field.name)
        for item in ITEMS.values()
        for field in item.schema.fields
        if field.unit and "person" in item.subject.possible
    }
    assert amounts == {("penalty", "cf_nr_fk"), ("penalty", "cf_nr_wfff")}


def test_taxes_duly_paid_have_a_grade_and_a_year_only() -> None:
    told = [
        name for name in ITEMS["tax_paid"].fields if name.startswith("ns_") and "_xdr_" not in name
    ]
    assert told == [
        *("ns_lb", "ns_nd", "ns_zk", "ns_jb", "ns_rdrq"),
        *("ns_rdjg", "ns_rdjgdm", "ns_sjly", "ns_sjlydm"),
    ]


def test_no_natural_person_is_evaluated() -> None:
    assert "person" not in ITEMS["evaluation"].subject.possible


@pytest.mark.parametrize("missing", ["qj_yj", "qj_cjrq", "qj_cjwsh", "qj_jj", "qj_rdrq"])
def test_arrears_need_a_basis_a_demand_and_a_refusal(missing: str) -> None:
    row = row_of(ITEMS["arrears"], "organisation", **{missing: ""})
    assert codes_of(ITEMS["arrears"], row) == [(missing, "E-REQUIRED-01")]


def test_arrears_that_were_not_refused_are_not_dishonesty() -> None:
    row = row_of(ITEMS["arrears"], "organisation", qj_jj="否")
    assert codes_of(ITEMS["arrears"], row) == [("qj_jj", "E-CHOICE-01")]


def test_commitments_stand_under_the_openness_that_they_state() -> None:
    openness = {
        "可向社会公开": "commitment",
        "特定范围内公开": "commitment_limited",
        "不可公开": "commitment_limited",
    }
    for stated, right in openness.items():
        for item_id in ("commitment", "commitment_limited"):
            item = ITEMS[item_id]
            found = codes_of(item, row_of(item, "organisation", publication_type=stated))
            assert found == ([] if item_id == right else [("publication_type", "E-CHOICE-01")])
    assert (ITEMS["commitment"].openness, ITEMS["commitment"].use_period) == ("public", "existence")
    assert ITEMS["commitment_limited"].openness == "shared"
    assert list(ITEMS["commitment"].fields) == list(ITEMS["commitment_limited"].fields)


@pytest.mark.parametrize(
    ("status", "missing"),
    [
        ("全部履行", []),
        ("部分履行", ["unperformed_commitment_content", "liability_breach_commitment_content"]),
        ("全部未履行", ["unperformed_commitment_content", "liability_breach_commitment_content"]),
    ],
)
def test_what_was_not_fulfilled_is_told(status: str, missing: list[str]) -> None:
    item = ITEMS["commitment"]
    blank = dict.fromkeys(
        ("unperformed_commitment_content", "liability_breach_commitment_content"), ""
    )
    row = row_of(item, "organisation", fulfillment_status=status, **blank)
    assert codes_of(item, row) == [(name, "E-REQUIRED-02") for name in missing]


# -- standards ------------------------------------------------------------------------------------

CONTRACT_FIELDS = """
    htbh htmc htlx xmbh cgr jfzttyshxydm cgrdz gys yftyshxydm gysdz gyslxfs zybdmc ggxh zybdsl
    zybddj htje lyqx qzdd cgfs htqdrq htggrq qtbcsy lyzt ssqy sshy
"""
COMMITMENT_LABELS = """
    code subjectName subjectCategory identify commitmentTypeId reason content
    liabilityBreachCommitment commitmentDate commitmentValidity fulfillmentStatus
    unperformedCommitmentContent liabilityBreachCommitmentContent fulfillmentStatusDate
    acceptanceConfirmUnit acceptanceConfirmUnitIdentify acceptanceUnit acceptanceUnitIdentify
    publicationType remarks
"""
COURT_LABELS = """
    FYDM EXECUTED_NM IDENTI_ID UNI_SOCIAL_CRD_CD LEGAL_REPRE EXECUTED_COURT ENFORCE_BASIS FIL_DT
    CASE_NO DECI_EXECUTED_UNIT EFFECT_DOC_OBLI EXECUTED_PERFOR PUBLISH_DT SEARCH_CASE_YEAR
    SEARCH_CASE_NO BZXRXH PERFORMED_PART UN_PERFORMED_PART DISHONEST_ID GEN EXECUTED_NATURE BIRTH_DT
    DISHONEST_BEHAV
"""
COURT_SOURCE_LABELS = """
    法院代码 被执行人姓名/名称 身份证号码 组织机构代码 法定代表人或者负责人姓名 执行法院 执行依据文号
    立案时间 案号 做出执行依据单位 生效法律文书确定的义务 被执行人的履行情况 发布时间 搜案年号 搜案编号
    被执行人序号 已履行部分 未履行部分 失信ID 性别 被执行人性质 出生日期 失信被执行人行为情况
"""
ABNORMAL_LABELS = """
    列入日期 经营异常名录ID 列入经营异常名录原因 统一社会信用代码 营业执照注册号 作出决定机关(移出) 内部序号
    移出经营异常名录原因 移出日期 作出决定机关(列入) 企业名称
"""
TRADER_LABELS = (
    "经营异常标记ID 标记日期 是否恢复 恢复日期 主体身份代码 统一社会信用代码 企业名称（字号名称）"
)


def test_contract_performance_has_exactly_the_fields_of_its_standard() -> None:
    assert list(ITEMS["contract_performance"].fields) == CONTRACT_FIELDS.split()


@pytest.mark.parametrize(
    ("item_id", "header"),
    [
        ("commitment", COMMITMENT_LABELS),
        ("commitment_limited", COMMITMENT_LABELS),
        ("court_default", COURT_LABELS),
        ("court_default", COURT_SOURCE_LABELS),
        ("abnormal", ABNORMAL_LABELS),
        ("abnormal", TRADER_LABELS),
    ],
)
def test_headers_of_the_standards_match_completely_and_distinctly(
    item_id: str, header: str
) -> None:
    labels = header.split()
    fields = [ITEMS[item_id].field_by_label(label) for label in labels]
    assert None not in fields
    assert len({field.name for field in fields if field}) == len(labels)


# -- archives -------------------------------------------------------------------------------------


def test_items_about_persons_only_are_those_of_persons_base_data_and_professions() -> None:
    assert {item.id for item in PERSONS_ONLY} == {
        *("person_registration", "title", "bravery", "personal_misconduct", "disciplinary"),
        *("public_servant", "legal_professional", "key_occupation"),
    }


@pytest.mark.parametrize("item", PERSONS_ONLY, ids=BY_ID)
def test_a_file_about_persons_makes_their_archives(
    item: Item, aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULEBOOK", "shenzhen" if item.id == "disciplinary" else "nanjing")
    settings.cache_clear()
    entitle(items=[item.id])
    by_number = row_of(item, "person")
    kind, number = item.subject.paper_kind, item.subject.paper_number
    assert kind is not None
    assert number is not None
    by_passport = {**by_number, kind: "护照", number: "E12345678"}
    upload = send(csv_of(item.id, [by_number, by_passport]), item.id)
    assert receipt_of(upload).accepted == 2
    records = folded()
    assert len({key.subject for key in records}) == 2
    assert {key.subject[0] for key in records} == {"P"}
    numbers = {opened(record).fields[number] for record in records.values()}
    assert numbers == {id_number(1), "E12345678"}
    assert len({key.record for key in records}) == (2 if item.id == "person_registration" else 1)
