"""Rows of the list of seriously dishonest subjects 严重失信主体名单, and of honours 荣誉表彰."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from infra.local.demo.files import Layout, Row
from infra.local.demo.organisations import Organisation
from infra.local.demo.parties import DISHONESTY_FIELDS, HONOUR_FIELDS, Subject, write_party
from infra.local.demo.providers import COURT, HOUSING, TAXATION, Provider
from infra.local.demo.spelling import spell_blank, spell_date, spell_document_number

DISHONESTY = "dishonesty"
HONOUR = "honour"

DISHONESTY_LAYOUT = Layout(
    encoding="gb18030",
    columns={
        "comp_name": "失信主体名称",
        "xdr_lb": "主体类别",
        "uni_social_crd_cd": "统一社会信用代码",
        "reg_no": "注册号",
        "legal_repre": "法定代表人",
        "fr_zjlx": "法定代表人证件类型",
        "fr_zjhm": "法定代表人证件号码",
        "xdr_zjlx": "证件类型",
        "xdr_zjhm": "证件号码",
        "data_category": "名单类别",
        "identification_no": "列入决定书文号",
        "abn_tm": "列入日期",
        "serill_rea": "列入原因",
        "decorg_org": "列入机关",
        "decorg_org_cd": "列入机关统一社会信用代码",
        "expiration_date": "有效期至",
        "data_source": "数据来源单位",
        "data_source_cd": "数据来源单位统一社会信用代码",
        "bz": "备注",
    },
)
HONOUR_LAYOUT = Layout(
    encoding="utf-8-sig",
    columns={
        "xdr_mc": "获奖主体名称",
        "xdr_lb": "主体类别",
        "uni_social_crd_cd": "统一社会信用代码",
        "reg_no": "工商注册号",
        "honour_nm": "荣誉名称",
        "honour_level": "级别",
        "comment_year": "年度",
        "content": "表彰事由",
        "identification_no": "文号",
        "identification_date": "授予日期",
        "identification_dept": "授予单位",
        "identification_dept_cd": "授予单位统一社会信用代码",
        "expiration_date": "有效期至",
        "data_source": "数据来源单位",
        "data_source_cd": "数据来源单位统一社会信用代码",
        "bz": "备注",
    },
)

_YEARS_LISTED = 3
_FIRST_YEAR = 2022
_LAST_YEAR = 2026

_REASONS = {
    COURT: ("失信被执行人", "有履行能力而拒不履行生效法律文书确定义务。"),
    TAXATION: ("重大税收违法失信主体", "虚开增值税普通发票。"),
}
_HONOURS = {
    TAXATION: (("纳税信用A级纳税人", "市级", "上一年度纳税信用评价为A级。"),),
    HOUSING: (
        ("市级文明工地", "市级", "施工现场管理规范，安全文明措施到位。"),
        ("优秀物业服务项目", "区县级", "物业服务满意度高。"),
        ("优质结构工程奖", "省级", "工程质量优良。"),
    ),
}


def write_listings(rng: Random, subjects: Sequence[Subject], by: Provider) -> list[Row]:
    """One listing for each of `subjects`."""
    category, reason = _REASONS[by]
    rows = []
    for number, subject in enumerate(subjects, 1):
        listed = date(2022, 3, 1) + timedelta(days=rng.randrange(4 * 365))
        ends = listed.replace(year=listed.year + _YEARS_LISTED, day=min(listed.day, 28))
        rows.append(
            write_party(rng, DISHONESTY_FIELDS, subject)
            | {
                "data_category": category,
                "identification_no": spell_document_number(
                    rng, by.short + "列", listed.year, number
                ),
                "abn_tm": spell_date(rng, listed),
                "serill_rea": reason,
                "decorg_org": by.name,
                "decorg_org_cd": by.uscc,
                "expiration_date": spell_blank(rng, spell_date(rng, ends), filled=0.7),
                "data_source": by.name,
                "data_source_cd": by.uscc,
                "bz": "演示数据，纯属虚构",
            }
        )
    return rows


def write_honours(rng: Random, subjects: Sequence[Organisation], by: Provider) -> list[Row]:
    """One honour for each of `subjects`."""
    return [_write_honour(rng, subject, by, number) for number, subject in enumerate(subjects, 1)]


def _write_honour(rng: Random, subject: Organisation, by: Provider, number: int) -> Row:
    title, level, grounds = rng.choice(_HONOURS[by])
    year = rng.randint(_FIRST_YEAR, _LAST_YEAR)
    granted = date(year, 4, 1) + timedelta(days=rng.randrange(120))
    return write_party(rng, HONOUR_FIELDS, subject) | {
        "honour_nm": title,
        "honour_level": level,
        "comment_year": rng.choice((f"{year}", f"{year}年")),
        "content": grounds,
        "identification_no": spell_document_number(rng, by.short + "发", year, number),
        "identification_date": spell_date(rng, granted),
        "identification_dept": by.name,
        "identification_dept_cd": by.uscc,
        "expiration_date": spell_blank(rng, f"{year + 5}-12-31", filled=0.5),
        "data_source": by.name,
        "data_source_cd": by.uscc,
        "bz": "演示数据，纯属虚构",
    }
