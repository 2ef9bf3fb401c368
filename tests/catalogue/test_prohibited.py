"""What is never collected, by whatever name a header gives it (SZ-12, NJ-29)."""

import pytest

from chalicelib.catalogue.prohibited import prohibited, prohibitions


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("种族", "race"),
        ("民族", "race"),
        ("Race", "race"),
        ("家庭出身", "family_origin"),
        ("宗教信仰（选填）", "religion"),
        ("宗 教 信 仰", "religion"),
        ("religion", "religion"),
        ("RELIGIOUS_BELIEF", "religion"),
        ("基因信息", "genes"),
        ("ｇｅｎｅｓ", "genes"),
        ("指纹", "fingerprints"),
        ("fingerPrint", "fingerprints"),
        ("血型", "blood_type"),
        ("bloodType", "blood_type"),
        ("blood-group", "blood_type"),
        ("疾病史", "disease"),
        ("既往病史", "disease"),
        ("medical_history", "disease"),
    ],
)
def test_never(label: str, kind: str) -> None:
    found = prohibited(label)
    assert found is not None
    assert (found.id, found.collected) == (kind, "never")
    assert "SZ-12" in found.articles


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("个人年收入", "income"),
        ("income_2025", "income"),
        ("银行存款", "deposits"),
        ("有价证券", "securities"),
        ("商业保险", "commercial_insurance"),
        ("不动产", "real_estate"),
        ("房产信息", "real_estate"),
        ("纳税数额", "tax_amount"),
        ("tax_amount", "tax_amount"),
    ],
)
def test_only_with_consent(label: str, kind: str) -> None:
    found = prohibited(label)
    assert found is not None
    assert (found.id, found.collected, found.articles) == (kind, "with_consent", ("SZ-12", "NJ-29"))


@pytest.mark.parametrize(
    "label",
    [
        *(
            "处罚机关",
            "行政相对人名称",
            "注册资金",
            "营业收入",
            "疾病预防控制机构",
            "宗教活动场所名称",
        ),
        *("GEN", "gender", "general_manager", "trace_no", "good_name", "horse racing", "备注", ""),
        *("房地产开发资质", "没收违法收入", "身份证号码", "社会保险费"),
    ],
)
def test_harmless_labels_pass(label: str) -> None:
    assert prohibited(label) is None


def test_every_kind_is_labelled_and_sourced() -> None:
    assert len(prohibitions()) == 13
    for kind in prohibitions():
        assert kind.zh
        assert kind.en
        assert set(kind.articles) <= {"SZ-12", "NJ-29"}
        assert prohibited(kind.zh) == kind
        assert prohibited(kind.en) == kind
