"""The five items against the standards they follow."""

from datetime import date

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import PAPER_LABELS, PLACEHOLDER, Fault, read_paper_kind
from tests.factories import DAY

PENALTY_FIELDS = """
    cf_xdr_mc cf_xdr_lb cf_xdr_shxym cf_xdr_gszc cf_xdr_zzjg cf_xdr_swdj cf_xdr_sydw cf_xdr_shzz
    cf_frdb cf_fr_zjlx cf_fr_zjhm cf_xdr_zjlx cf_xdr_zjhm cf_wsh cf_wfxw cf_sy cf_yj cf_cflb cf_nr
    cf_nr_fk cf_nr_wfff cf_nr_zkdx cf_jdrq cf_yxq cf_gsjzq cf_cfjg cf_cfjgdm cf_sjly cf_sjlydm bz
"""
LICENCE_FIELDS = """
    xk_xdr_mc xk_xdr_lb xk_xdr_shxym xk_xdr_gszc xk_xdr_zzjg xk_xdr_swdj xk_xdr_sydw xk_xdr_shzz
    xk_frdb xk_fr_zjlx xk_fr_zjhm xk_xdr_zjlx xk_xdr_zjhm xk_xkws xk_wsh xk_xklb xk_xkzs xk_xkbh
    xk_nr xk_jdrq xk_yxqz xk_yxqzi xk_xkjg xk_xkjgdm xk_zt xk_lydw xk_lydwdm bz
"""
ITEMS = ("registration", "licence", "penalty", "dishonesty", "honour")


def item(item_id: str) -> Item:
    return load_catalogue(DAY).item(item_id)


def test_the_catalogue_holds_the_items_and_a_version_from_its_content() -> None:
    catalogue = load_catalogue(DAY)
    assert set(catalogue.items) >= set(ITEMS)
    day, digest = catalogue.version.rsplit(".", 1)
    assert date.fromisoformat(day) == max(each.adopted for each in catalogue.items.values())
    assert len(digest) == 8


def test_an_unknown_item_is_told() -> None:
    with pytest.raises(DomainError) as caught:
        item("weather")
    assert caught.value.code.id == "E-CAT-11"
    assert "weather" in caught.value.text.zh


@pytest.mark.parametrize(
    ("item_id", "codes"), [("penalty", PENALTY_FIELDS), ("licence", LICENCE_FIELDS)]
)
def test_national_items_have_exactly_the_fields_of_the_2018_standard(
    item_id: str, codes: str
) -> None:
    """Behind them a penalty has the class that its provider labels it with (JS-14), as in 2016."""
    names = [field.name for field in item(item_id).schema.fields]
    assert names == codes.split() + ["cf_sxyzcd"] * (item_id == "penalty")


@pytest.mark.parametrize(
    ("item_id", "always"),
    [
        (
            "penalty",
            (
                "cf_xdr_mc cf_xdr_lb cf_wsh cf_wfxw cf_sy cf_yj cf_cflb cf_nr cf_jdrq cf_cfjg cf_cfjgdm"
                " cf_sjly cf_sjlydm"
            ),
        ),
        (
            "licence",
            (
                "xk_xdr_mc xk_xdr_lb xk_xkws xk_wsh xk_xklb xk_nr xk_jdrq xk_yxqz xk_yxqzi xk_xkjg"
                " xk_xkjgdm xk_zt xk_lydw xk_lydwdm"
            ),
        ),
        ("registration", "uni_social_crd_cd comp_nm est_dt"),
        (
            "dishonesty",
            (
                "comp_name xdr_lb data_category identification_no abn_tm serill_rea decorg_org"
                " decorg_org_cd data_source data_source_cd"
            ),
        ),
        (
            "honour",
            (
                "xdr_mc xdr_lb honour_nm identification_date identification_dept"
                " identification_dept_cd data_source data_source_cd"
            ),
        ),
    ],
)
def test_what_is_always_required(item_id: str, always: str) -> None:
    assert {field.name for field in item(item_id).schema.fields if field.required} == set(
        always.split()
    )


@pytest.mark.parametrize(
    ("field", "values", "required"),
    [
        ("cf_xdr_shxym", ["法人及非法人组织"], True),
        ("cf_xdr_shxym", ["个体工商户"], True),
        ("cf_xdr_shxym", ["自然人"], False),
        ("cf_xdr_gszc", [PLACEHOLDER], True),
        ("cf_xdr_gszc", ["91320100MA1N0C0T1X"], False),
        ("cf_xdr_gszc", [], False),
        ("cf_frdb", ["法人及非法人组织"], True),
        ("cf_frdb", ["自然人"], False),
        ("cf_fr_zjlx", ["A1234567"], True),
        ("cf_fr_zjlx", [], False),
        ("cf_xdr_zjhm", ["自然人"], True),
        ("cf_xdr_zjhm", ["个体工商户"], False),
        ("cf_nr_fk", ["警告", "罚款"], True),
        ("cf_nr_fk", ["警告"], False),
        ("cf_nr_wfff", ["没收违法所得、没收非法财物"], True),
        ("cf_nr_zkdx", ["暂扣或者吊销许可证、暂扣或者吊销执照"], True),
        ("cf_nr_zkdx", ["吊销许可证件"], True),
        ("cf_nr_zkdx", ["罚款"], False),
    ],
)
def test_what_is_required_in_some_cases(field: str, values: list[str], *, required: bool) -> None:
    condition = item("penalty").field(field).required_when
    assert condition is not None
    assert condition.holds(values) is required


def test_kinds_of_penalty_are_those_of_the_standard_and_of_the_2021_act() -> None:
    enum = item("penalty").field("cf_cflb").enum
    assert enum is not None
    assert set(enum) == {
        *("警告", "通报批评", "罚款", "没收违法所得、没收非法财物", "暂扣许可证件", "降低资质等级"),
        *("吊销许可证件", "暂扣或者吊销许可证、暂扣或者吊销执照", "限制开展生产经营活动"),
        *("责令停产停业", "责令关闭", "限制从业", "行政拘留", "其他"),
    }
    assert item("penalty").field("cf_cflb").open_choice == "其他"


@pytest.mark.parametrize("item_id", ITEMS)
def test_the_code_list_of_papers_is_read_as_the_identifiers_read_it(item_id: str) -> None:
    found = item(item_id)
    kinds = [found.subject.paper_kind, *(mention.paper_kind for mention in found.mentions)]
    for name in filter(None, kinds):
        field = found.field(name)
        assert field.enum == tuple(PAPER_LABELS.values())
        for spelling, label in field.choice_aliases.items():
            kind = read_paper_kind(spelling)
            assert not isinstance(kind, Fault)
            assert PAPER_LABELS[kind] == label


def test_representatives_are_mentioned_with_their_papers() -> None:
    (mention,) = item("penalty").mentions
    assert (mention.name, mention.paper_kind, mention.paper_number) == (
        "cf_frdb",
        "cf_fr_zjlx",
        "cf_fr_zjhm",
    )


def test_whoever_decided_is_named_by_code() -> None:
    assert [item(item_id).issuing_authority for item_id in ITEMS] == [
        None,
        "xk_xkjgdm",
        "cf_cfjgdm",
        "decorg_org_cd",
        "identification_dept_cd",
    ]


@pytest.mark.parametrize("item_id", ITEMS)
def test_persons_numbers_are_never_public(item_id: str) -> None:
    for field in item(item_id).schema.fields:
        if field.type == "paper":
            assert field.openness != "public"


@pytest.mark.parametrize("item_id", ITEMS)
def test_every_label_leads_back_to_its_field_in_any_case_and_width(item_id: str) -> None:
    found = item(item_id)
    for field in found.schema.fields:
        for label in (field.name, field.name.upper(), field.title, *field.aliases):
            assert found.field_by_label(label) is field
            assert found.field_by_label(f" *{label}（必填）") is field


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("CF_FR_SFZH", "cf_fr_zjhm"),
        ("行政处罚 内容", "cf_nr"),
        ("罚款金额（万元）", "cf_nr_fk"),
        ("行政相对人代码＿１（统一社会信用代码）", "cf_xdr_shxym"),
        ("天气", None),
    ],
)
def test_labels_as_seen_in_the_wild(label: str, name: str | None) -> None:
    field = item("penalty").field_by_label(label)
    assert (field.name if field else None) == name


@pytest.mark.parametrize(
    "header",
    [
        # what a public register of enterprises calls its columns
        ("企业名称 统一社会信用代码 注册日期 企业类型 注册资金 经营范围 所在省份 地区 注册地址"),
        # Ningbo's standard table of market subjects, its own wording
        (
            "主体身份代码 登记机关 企业类型大类（中文） 登记状态（中文） "
            "统一社会信用代码 企业名称（字号名称） 住所（登记、个体户经营场所） "
            "法定代表人(经营者姓名) 行业代码（中文） 注册资本(资金数额) 币种 "
            "经营范围 注册号 核准日期（登记、吊销、注销日期） 成立日期 "
            "经营(营业)起始日期 经营(营业)截止日期 住所所在行政区划 生产经营地 "
            "生产经营地所在行政区划 邮政编码 是否个转企 是否个转企二次转型 组成形式 "
            "经营场所 隶属企业主体身份代码 行业代码 行业名称"
        ),
    ],
)
def test_registers_headers_match_completely_and_distinctly(header: str) -> None:
    fields = [item("registration").field_by_label(label) for label in header.split()]
    assert None not in fields
    assert len({field.name for field in fields if field}) == len(header.split())


def test_blank_words_are_missing_but_a_licence_may_say_that_it_has_no_number() -> None:
    licence = item("licence")
    for word in ("", "无", "暂无", "空", "N/A", "-", "/", "\\N"):
        assert word in licence.field("xk_xkbh").missing_values
    assert "空" not in licence.field("xk_wsh").missing_values
    assert "空" in item("penalty").field("cf_wsh").missing_values


def test_capital_that_cannot_be_read_does_not_refuse_a_registration() -> None:
    capital = item("registration").field("reg_capt")
    assert (capital.type, capital.unit, capital.lenient) == ("amount", "万元", True)
    assert not item("penalty").field("cf_nr_fk").lenient
