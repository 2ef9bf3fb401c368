"""Every problem of a row is told, with its place, and nothing personal."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Consent, Item, SubjectKind
from chalicelib.collection.checks import Checker, is_harmless, personal_fields
from chalicelib.collection.identification import Named
from chalicelib.collection.readers import Row
from chalicelib.subjects.identifiers import (
    PLACEHOLDER,
    Fault,
    Paper,
    PaperKind,
    check_id_number,
)
from tests.catalogue.rows import row_of
from tests.collection.files import (
    DAY,
    ORGANISATION,
    PROVIDER,
    check,
    codes_of,
    id_number,
    penalty,
    person_penalty,
    registration,
)

PENALTY = load_catalogue(DAY).item("penalty")
LICENCE = load_catalogue(DAY).item("licence")
REGISTRATION = load_catalogue(DAY).item("registration")
REGISTRATION_NUMBER = "329900600000010"


def test_should_accept_row_when_nothing_is_wrong() -> None:
    checked = check(PENALTY, penalty())
    assert checked.problems == ()
    assert checked.identified is not None
    assert checked.identified.subject == ORGANISATION
    assert checked.identified.named == (Named(None, "王小明", ("cf_frdb",)),)
    assert checked.typed == {}


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"cf_wsh": ""}, [("cf_wsh", "E-REQUIRED-01")]),
        ({"cf_nr_fk": ""}, [("cf_nr_fk", "E-REQUIRED-02")]),
        ({"cf_nr_fk": "", "cf_cflb": "警告"}, []),
        ({"cf_nr_fk": "两千"}, [("cf_nr_fk", "E-AMOUNT-01")]),
        ({"cf_frdb": "N/A"}, [("cf_frdb", "E-REQUIRED-02")]),
        ({"cf_jdrq": "2026-11-23"}, [("cf_jdrq", "E-DATE-02")]),
        ({"cf_jdrq": "2026-11-22"}, []),
        ({"cf_yxq": "2026-03-24"}, [("cf_yxq", "E-DATE-03")]),
        ({"cf_yxq": "2099/12/31"}, []),
        ({"cf_gsjzq": "2026-03-24"}, [("cf_gsjzq", "W-RULE-01")]),
        ({"cf_gsjzq": "2026-03-25"}, []),
        ({"cf_gsjzq": "长期"}, [("cf_gsjzq", "W-RULE-05")]),
        ({"cf_gsjzq": "2026-03-24", "cf_jdrq": "不详"}, [("cf_jdrq", "E-DATE-01")]),
        ({"cf_nr_fk": "0"}, [("cf_nr_fk", "W-RULE-04")]),
        ({"cf_nr_fk": "0.000001"}, []),
        ({"cf_xdr_shxym": ORGANISATION[:-1]}, [("cf_xdr_shxym", "E-USCC-01")]),
        (
            {"cf_xdr_shxym": PLACEHOLDER},
            [("cf_xdr_gszc", "E-REQUIRED-02"), ("cf_xdr_shxym", "E-USCC-06")],
        ),
        ({"cf_cfjgdm": PLACEHOLDER}, [("cf_cfjgdm", "E-USCC-06")]),
        ({"cf_xdr_shxym": ""}, [("cf_xdr_shxym", "E-REQUIRED-02")]),
        ({"cf_xdr_lb": "外星人"}, [("cf_xdr_lb", "E-CHOICE-01")]),
        ({"cf_fr_zjlx": "身份证", "cf_fr_zjhm": "123"}, [("cf_fr_zjhm", "E-PAPER-01")]),
        ({"cf_fr_zjlx": "身份证", "cf_fr_zjhm": ""}, [("cf_fr_zjhm", "E-REQUIRED-02")]),
        (
            {"cf_wsh": "无", "cf_jdrq": "不详", "cf_cflb": "批评"},
            [("cf_jdrq", "E-DATE-01"), ("cf_cflb", "E-CHOICE-01"), ("cf_wsh", "E-REQUIRED-01")],
        ),
    ],
)
def test_should_tell_every_problem_when_values_are_wrong(
    changed: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    assert sorted(codes_of(PENALTY, penalty(**changed))) == sorted(problems)


@pytest.mark.parametrize(
    ("item", "changed", "problem"),
    [
        ("abnormal", {"remove_dt": "2026-03-24"}, ("remove_dt", "E-RULE-01")),
        ("criminal", {"xs_fzrq": "2026-03-26"}, ("xs_fzrq", "E-RULE-02")),
        ("finance", {"cw_syzqy": "10", "cw_zcze": "9.99"}, ("cw_syzqy", "W-RULE-03")),
        ("finance", {"cw_syzqy": "9.990", "cw_zcze": "9.99"}, None),
    ],
)
def test_should_hold_the_rules_of_the_catalogue_when_fields_are_compared(
    item: str, changed: dict[str, str], problem: tuple[str, str] | None
) -> None:
    found = load_catalogue(DAY).item(item)
    kind: SubjectKind = "organisation" if found.subject.uscc else "person"
    assert codes_of(found, row_of(found, kind, **changed)) == ([problem] if problem else [])


@pytest.mark.parametrize(("until", "refused"), [("2026-11-21", True), ("2026-11-22", False)])
def test_should_refuse_what_a_person_has_agreed_to_when_the_term_is_over(
    until: str, refused: bool
) -> None:
    """SZ-12, NJ-29: collected for an agreed purpose and term, by the day of registration."""
    consent = Consent(notice="cf_wsh", agreement="cf_wsh", purpose="cf_nr", until="cf_gsjzq")
    item = msgspec.structs.replace(PENALTY, consent=consent)
    row = penalty(cf_gsjzq=until)

    over = ("cf_gsjzq", "E-DATE-04")
    assert (over in codes_of(item, row)) is refused
    assert (check(item, row).identified is None) is refused
    assert over not in codes_of(PENALTY, row)


def test_should_tell_when_a_person_has_a_representative() -> None:
    row = person_penalty(cf_frdb="王小明")
    assert codes_of(PENALTY, row) == [("cf_frdb", "W-RULE-06")]


def test_should_demand_a_registration_number_for_the_placeholder_in_every_item() -> None:
    for item in load_catalogue(DAY).items.values():
        if "sole_trader" in item.subject.possible:
            row = row_of(item, "sole_trader", **{item.subject.uscc or "": PLACEHOLDER})
            told = codes_of(item, row)
            assert (item.subject.registration_number, "E-REQUIRED-02") in told, item.id


def test_should_tell_place_when_a_cell_is_wrong() -> None:
    (problem,) = check(PENALTY, penalty(cf_jdrq="2026-02-30")).problems
    assert (problem.column, problem.label) == ("L", "处罚决定日期")
    assert problem.values == {"value": "2026-02-30"}
    assert problem.text.zh == "无法识别的日期。"


def test_should_tell_no_column_when_the_file_has_none() -> None:
    row = penalty()
    del row["cf_nr_fk"]
    (problem,) = check(PENALTY, row).problems
    assert (problem.column, problem.field) == ("", "cf_nr_fk")


def test_should_only_warn_when_capital_is_not_understood() -> None:
    checked = check(REGISTRATION, registration(reg_capt="10(万美元)"))
    assert [problem.code for problem in checked.problems] == ["W-VALUE-01"]
    assert checked.identified is not None
    assert "reg_capt" not in checked.fields
    assert checked.typed == {"reg_capt": "10(万美元)"}


def test_should_judge_by_the_day_of_registration_when_time_has_passed() -> None:
    row = penalty(cf_jdrq="2026-11-23")
    assert codes_of(PENALTY, row, date(2026, 11, 22))
    assert not codes_of(PENALTY, row, date(2026, 11, 23))


# -- subjects -------------------------------------------------------------------------------------


def test_should_know_sole_trader_by_registration_number_when_there_is_no_code() -> None:
    row = penalty(cf_xdr_lb="个体工商户", cf_xdr_shxym=PLACEHOLDER, cf_xdr_gszc=REGISTRATION_NUMBER)
    checked = check(PENALTY, row)
    assert checked.problems == ()
    assert checked.identified is not None
    assert checked.identified.subject == f"R{REGISTRATION_NUMBER}"


def test_should_refuse_sole_trader_when_registration_number_is_wrong() -> None:
    row = penalty(cf_xdr_lb="个体工商户", cf_xdr_shxym=PLACEHOLDER, cf_xdr_gszc="329900600000011")
    assert codes_of(PENALTY, row) == [("cf_xdr_gszc", "E-REGNO-02")]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"cf_xdr_zzjg": ORGANISATION[8:17]}, None),
        ({"cf_xdr_zzjg": f"{ORGANISATION[8:16]}-{ORGANISATION[16]}"}, None),
        ({"cf_xdr_zzjg": PROVIDER[8:17]}, ("cf_xdr_zzjg", "W-ORGCODE-02")),
        ({"cf_xdr_zzjg": "1234"}, ("cf_xdr_zzjg", "W-ORGCODE-01")),
        ({"cf_xdr_zzjg": "802003"}, ("cf_xdr_zzjg", "W-ORGCODE-03")),
        ({"cf_xdr_zzjg": "802101"}, ("cf_xdr_zzjg", "W-ORGCODE-01")),
        ({"cf_xdr_gszc": REGISTRATION_NUMBER}, None),
        ({"cf_xdr_gszc": ORGANISATION}, None),
        ({"cf_xdr_gszc": "110108000000016"}, ("cf_xdr_gszc", "W-REGNO-02")),
        ({"cf_xdr_gszc": "110108000000017"}, ("cf_xdr_gszc", "W-REGNO-01")),
    ],
)
def test_should_only_tell_when_an_older_code_looks_odd_beside_the_present_one(
    changed: dict[str, str], problem: tuple[str, str] | None
) -> None:
    checked = check(PENALTY, penalty(**changed))
    assert [(each.field, each.code) for each in checked.problems] == ([problem] if problem else [])
    assert checked.identified is not None


def test_should_refuse_codes_and_papers_when_characters_are_hidden() -> None:
    hidden = f"{ORGANISATION[:11]}****{ORGANISATION[15:]}"
    for code in (hidden, hidden.replace("****", "**")):
        assert codes_of(PENALTY, penalty(cf_xdr_shxym=code)) == [("cf_xdr_shxym", "E-USCC-07")]
    paper = f"{id_number(1)[:4]}**********{id_number(1)[14:]}"
    assert codes_of(PENALTY, person_penalty(cf_xdr_zjhm=paper)) == [("cf_xdr_zjhm", "E-PAPER-07")]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("身份证", "81"),
        ("港澳居民来往内地通行证", "H12345678"),
        ("港澳居民来往内地通行证", "H1234567801"),
        ("台湾居民来往大陆通行证", "12345678"),
        ("台湾居民来往大陆通行证", "83"),
        ("外国人永久居留身份证", "USA310090123456"),
        ("外国人永久居留身份证", "91"),
        ("护照", "E12345678"),
    ],
)
def test_should_know_persons_when_they_have_other_papers(kind: str, number: str) -> None:
    if len(number) == 2:
        stem = f"{number}000019800101001"
        number = next(
            stem + digit
            for digit in "0123456789X"
            if not isinstance(check_id_number(stem + digit, DAY), Fault)
        )
    checked = check(PENALTY, person_penalty(cf_xdr_zjlx=kind, cf_xdr_zjhm=number))
    assert checked.problems == ()


@pytest.mark.parametrize(
    ("number", "code"),
    [("1234567", "E-PAPER-08"), ("12345", "E-PAPER-08"), ("1234", "E-PAPER-04")],
)
def test_should_name_lost_zeros_when_a_permit_is_too_short(number: str, code: str) -> None:
    row = person_penalty(cf_xdr_zjlx="台湾居民来往大陆通行证", cf_xdr_zjhm=number)
    assert codes_of(PENALTY, row) == [("cf_xdr_zjhm", code)]


def test_should_know_person_by_paper_when_subject_is_one() -> None:
    checked = check(PENALTY, person_penalty(1))
    assert checked.problems == ()
    assert checked.identified is not None
    assert checked.identified.subject == Paper(PaperKind.ID_NUMBER, id_number(1))
    assert checked.identified.named == ()


def test_should_know_same_person_when_number_has_fifteen_digits() -> None:
    short = id_number(1)[:6] + id_number(1)[8:17]
    checked = check(PENALTY, person_penalty(cf_xdr_zjhm=short))
    assert checked.identified == check(PENALTY, person_penalty(1)).identified
    assert checked.fields["cf_xdr_zjhm"] == id_number(1)
    assert checked.typed == {"cf_xdr_zjhm": short}


def test_should_refuse_row_when_person_has_an_organisations_code() -> None:
    assert codes_of(PENALTY, person_penalty(cf_xdr_shxym=ORGANISATION)) == [
        ("cf_xdr_shxym", "E-SUBJECT-01")
    ]


def test_should_name_persons_by_paper_when_papers_are_given() -> None:
    row = penalty(
        cf_fr_zjlx="01", cf_fr_zjhm=id_number(2), cf_xdr_zjlx="护照", cf_xdr_zjhm="E12345678"
    )
    checked = check(PENALTY, row)
    assert checked.identified is not None
    assert checked.identified.named == (
        Named(
            Paper(PaperKind.ID_NUMBER, id_number(2)),
            "王小明",
            ("cf_frdb", "cf_fr_zjlx", "cf_fr_zjhm"),
        ),
        Named(Paper(PaperKind.PASSPORT, "E12345678"), "", ("cf_xdr_zjlx", "cf_xdr_zjhm")),
    )


# -- what is never repeated -----------------------------------------------------------------------


def test_should_hide_every_value_when_row_is_a_persons() -> None:
    row = person_penalty(cf_jdrq="2026-02-30", cf_nr_fk="-5", cf_cflb="拘留")
    checked = check(PENALTY, row)
    assert len(checked.problems) == 3
    assert all("value" not in problem.values for problem in checked.problems)


@pytest.mark.parametrize(
    "typed",
    [
        "张三",
        id_number(1),
        id_number(1)[:6] + id_number(1)[8:17],
        "13800138000",
        "E12345678",
        "1" * 40,
    ],
)
def test_should_hide_value_when_it_could_be_personal(typed: str) -> None:
    assert not is_harmless(typed)


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "2026年2月30日", "10(万美元)", "91329900MA0000001A"]
)
def test_should_show_value_when_it_cannot_be_personal(typed: str) -> None:
    assert is_harmless(typed)


def test_should_count_papers_and_representatives_as_personal() -> None:
    assert personal_fields(PENALTY) == {
        "cf_frdb",
        "cf_fr_zjlx",
        "cf_fr_zjhm",
        "cf_xdr_zjlx",
        "cf_xdr_zjhm",
    }
    assert personal_fields(REGISTRATION) == {"legal_repre"}


CELL = st.sampled_from(
    ["", "无", "张三", id_number(1), id_number(2), ORGANISATION, PLACEHOLDER, "2026-01-01", "2026-99-99",
     "自然人", "个体工商户", "法人及非法人组织", "罚款", "身份证", REGISTRATION_NUMBER, "5", "x" * 300]
)  # fmt: skip


@given(item=st.sampled_from([PENALTY, LICENCE, REGISTRATION]), data=st.data())
def test_should_say_why_and_repeat_nobody_when_row_is_refused(
    item: Item, data: st.DataObject
) -> None:
    names = sorted(item.fields)
    cells = data.draw(st.lists(CELL, min_size=len(names), max_size=len(names)))
    checked = Checker(item, tuple(names), DAY).check(Row(2, cells))
    refusing = [problem for problem in checked.problems if problem.refuses]
    assert bool(refusing) == (checked.identified is None)
    told = str(checked.problems)
    assert "张三" not in told
    assert id_number(1) not in told
    assert id_number(2) not in told
    for problem in checked.problems:
        assert problem.text.zh
        assert problem.text.en


# -- rows that are no rows ------------------------------------------------------------------------


def test_should_refuse_row_when_it_goes_past_the_header() -> None:
    checker = Checker(REGISTRATION, ("uni_social_crd_cd", None, "comp_nm", "est_dt"), DAY)
    whole = [ORGANISATION, "", "某公司", "2018-01-06"]
    assert checker.check(Row(2, [*whole, "", " "])).problems == ()
    for cells in ([*whole, "多出"], [ORGANISATION, "多出", *whole[2:]]):
        (problem,) = checker.check(Row(2, cells)).problems
        assert problem.code == "E-ROW-02"
    assert checker.check(Row(2, whole[:3])).problems[0].field == "est_dt"
