"""Rows of administrative licences 行政许可, in the national 双公示 format of 2018."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from random import Random

from infra.local.demo.files import Layout, Row
from infra.local.demo.parties import Subject, national_fields, write_party
from infra.local.demo.providers import APPROVAL, TRANSPORT, Provider
from infra.local.demo.spelling import spell_blank, spell_date, spell_document_number

ITEM = "licence"

LAYOUT = Layout(
    encoding="gb18030",
    columns={
        "xk_wsh": "行政许可决定文书号",
        "xk_xkws": "行政许可决定文书名称",
        "xk_xdr_mc": "行政相对人名称",
        "xk_xdr_lb": "行政相对人类别",
        "xk_xdr_shxym": "行政相对人代码_1(统一社会信用代码)",
        "xk_xdr_gszc": "行政相对人代码_2（工商注册号）",
        "xk_frdb": "法定代表人",
        "xk_fr_zjlx": "法定代表人证件类型",
        "xk_fr_zjhm": "法定代表人证件号码",
        "xk_xdr_zjlx": "自然人证件类型",
        "xk_xdr_zjhm": "自然人证件号码",
        "xk_xklb": "许可类别*",
        "xk_xkzs": "许可证书名称",
        "xk_xkbh": "许可编号",
        "xk_nr": "许可内容",
        "xk_jdrq": "许可决定日期",
        "xk_yxqz": "有效期自",
        "xk_yxqzi": "有效期至",
        "xk_xkjg": "许可机关",
        "xk_xkjgdm": "许可机关统一社会信用代码",
        "xk_zt": "当前状态",
        "xk_lydw": "数据来源单位",
        "xk_lydwdm": "数据来源单位统一社会信用代码",
        "bz": "备注",
    },
)

_FIRST = date(2021, 1, 4)
_LAST = date(2026, 9, 30)
_FIELDS = national_fields("xk_")

# Certificate, what is licensed, kind, years of validity (0: without end).
_LICENCES = {
    APPROVAL: (
        ("食品经营许可证", "食品销售；餐饮服务。", "普通", 5),
        ("公共场所卫生许可证", "公共场所卫生许可。", "普通", 4),
        ("人力资源服务许可证", "职业中介活动。", "普通", 5),
        ("排水许可证", "城镇污水排入排水管网许可。", "01", 5),
        ("建筑业企业资质证书", "建筑工程施工总承包三级。", "认可", 5),
        ("户外广告设置许可", "户外广告设施设置。", "普通", 2),
        ("营业执照", "设立登记。", "05", 0),
    ),
    TRANSPORT: (
        ("道路运输经营许可证", "道路普通货物运输。", "普通", 4),
        ("道路运输证", "载货汽车道路运输。", "普通", 0),
        ("机动车维修经营备案", "二类机动车维修（小型车辆）。", "其他（备案）", 0),
        ("道路运输从业资格证", "道路货物运输驾驶员。", "认可", 6),
    ),
}


def write_rows(rng: Random, subjects: Sequence[Subject], by: Provider, wanted: int) -> list[Row]:
    """`wanted` licences of `subjects`, with document numbers from 1 on."""
    numbers = count(1)
    return [write_row(rng, rng.choice(subjects), by, next(numbers)) for _ in range(wanted)]


def write_row(rng: Random, subject: Subject, by: Provider, number: int) -> Row:
    """One licence of `subject`."""
    certificate, content, kind, years = rng.choice(_LICENCES[by])
    decided = _FIRST + timedelta(days=rng.randrange((_LAST - _FIRST).days))
    begins = decided + timedelta(days=rng.choice((0, 0, 0, 1, 10)))
    ends = begins + timedelta(days=365 * years - 1)
    return write_party(rng, _FIELDS, subject) | {
        "xk_wsh": spell_document_number(rng, by.short + "许", decided.year, number),
        "xk_xkws": f"准予行政许可决定书（{certificate}）",
        "xk_xklb": kind,
        "xk_xkzs": certificate,
        "xk_xkbh": spell_blank(rng, f"QJ{decided.year}{number:06d}", filled=0.8),
        "xk_nr": content,
        "xk_jdrq": spell_date(rng, decided),
        "xk_yxqz": spell_date(rng, begins),
        "xk_yxqzi": spell_date(rng, ends) if years else rng.choice(("2099/12/31", "长期")),
        "xk_xkjg": by.name,
        "xk_xkjgdm": by.uscc,
        "xk_zt": rng.choice(("1", "有效")),
        "xk_lydw": by.name,
        "xk_lydwdm": by.uscc,
        "bz": "演示数据，纯属虚构",
    }
