"""Rows of the registration of organisations 经营主体登记注册."""

from collections.abc import Iterable
from random import Random

from infra.local.demo.files import Layout, Row
from infra.local.demo.organisations import Form, Organisation
from infra.local.demo.providers import Provider
from infra.local.demo.spelling import (
    spell_blank,
    spell_capital,
    spell_code,
    spell_date,
    spell_name,
)

ITEM = "registration"

LAYOUT = Layout(
    encoding="utf-8-sig",
    columns={
        "comp_nm": "企业名称",
        "addr": "住所",
        "uni_social_crd_cd": "统一社会信用代码",
        "legal_repre": "法定代表人",
        "comp_type": "企业类型",
        "reg_capt": "注册资金",
        "est_dt": "成立日期",
        "opt_to": "营业期限至",
        "opt_scop": "经营范围",
        "reg_no": "注册号",
        "reg_state": "登记状态",
        "reg_org": "登记机关",
        "dsc_city": "所属地市",
    },
)

_CAPITALS = (3, 5, 10, 20, 50, 50, 100, 100, 200, 200, 300, 500, 1000, 2000, 5000)


def write_rows(rng: Random, organisations: Iterable[Organisation], by: Provider) -> list[Row]:
    """A row for each of `organisations`, as its registrar writes it."""
    return [write_row(rng, one, by) for one in organisations]


def write_row(rng: Random, one: Organisation, by: Provider) -> Row:
    """The registration of `one`."""
    capital = one.form in {Form.COMPANY, Form.COOPERATIVE}
    return {
        "comp_nm": spell_name(rng, one.name),
        "addr": one.address,
        "uni_social_crd_cd": spell_code(rng, one.uscc),
        "legal_repre": one.representative.name,
        "comp_type": one.form,
        "reg_capt": spell_capital(rng, rng.choice(_CAPITALS)) if capital else spell_blank(rng),
        "est_dt": spell_date(rng, one.founded),
        "opt_to": rng.choice(("长期", "", "2099-12-31")),
        "opt_scop": one.scope,
        "reg_no": spell_blank(rng, one.registration_number, filled=0.8),
        "reg_state": rng.choices(("存续", "在业", "注销"), weights=(80, 15, 5))[0],
        "reg_org": by.name,
        "dsc_city": "清江市",
    }
