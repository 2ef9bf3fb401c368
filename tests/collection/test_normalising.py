"""What was typed, and what is understood."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.statements import spoken
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Field
from chalicelib.collection.amounts import read_amount
from chalicelib.collection.dates import read_date
from chalicelib.collection.normalising import compile_reader
from tests.collection.files import ORGANISATION, id_number, uscc
from tests.factories import DAY

PENALTY = load_catalogue(DAY).item("penalty")
REGISTRATION = load_catalogue(DAY).item("registration")
TYPED = "罚款警告；;、其他（）()０１23.,万元年月日/-　 Ａb'\n"


def _read(field: Field, typed: str) -> tuple[object, list[str]]:
    understood = compile_reader(field)(typed)
    return understood.value, [fault.code.id for fault in understood.faults]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-03-25", "2026-03-25"),
        ("2026-3-5", "2026-03-05"),
        ("2026/3/5", "2026-03-05"),
        ("2026.3.5", "2026-03-05"),
        ("20180302", "2018-03-02"),
        ("2026年3月25日", "2026-03-25"),
        ("2026 年 3 月 25 日", "2026-03-25"),
        ("２０２６－０３－２５", "2026-03-25"),
        ("2026-03-25 00:00:00", "2026-03-25"),
        ("2026-03-25T08:30:00.000+08:00", "2026-03-25"),
        ("2099/12/31", "2099-12-31"),
        ("9999-09-09", "2099-12-31"),
        ("2999/12/31", "2099-12-31"),
        ("2098-12-31", "2098-12-31"),
        ("长期", "2099-12-31"),
        ("2026-02-29", None),
        ("2026-13-01", None),
        ("2026-03", None),
        ("2026/3-5", None),
        ("1899-12-31", None),
        ("43164", "2018-03-05"),
        ("43164.354", "2018-03-05"),
        ("73050", "2099-12-31"),
        ("73051", None),
        ("19999", None),
        ("2018", None),
        ("昨天", None),
        ("٢٠٢٦-٠٣-٢٥", None),
    ],
)
def test_should_understand_date_when_spelling_is_common(typed: str, value: str | None) -> None:
    assert read_date(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("200", "200"),
        ("200(万)", "200"),
        ("200（万）", "200"),
        ("50万人民币", "50"),
        ("200(万元人民币)", "200"),
        ("100万人民币元", "100"),
        ("1,000.50", "1000.5"),
        ("10,376.8100(万)", "10376.81"),
        ("3000元", "0.3"),
        ("３０００元", "0.3"),
        ("0.01元", "0.000001"),
        ("￥1,500元", "0.15"),
        ("人民币2000元", "0.2"),
        ("2亿元", "20000"),
        ("3百万", "300"),
        ("5千元", "0.5"),
        ("0", "0"),
        ("12.50", "12.5"),
        ("100000000000000000000", "100000000000000000000"),
        ("1,00", None),
        ("-5", None),
        ("60(元/万元)", None),
        ("10(万美元)", None),
        ("5万欧元", None),
        ("USD100", None),
        ("约200", None),
        ("1e5", None),
        ("NaN", None),
        ("贰拾万", "20"),
        ("三十五万", "35"),
        ("贰拾伍万元整", "25"),
        ("人民币叁万圆整", "3"),
        ("壹拾贰万叁仟肆佰伍拾陆元柒角捌分", "12.345678"),
        ("一亿零五百万元", "10500"),
        ("十万", "10"),
        ("零元", "0"),
        ("2000.00元整", "0.2"),
        ("合计：3000元", "0.3"),
        ("两千", None),
        ("2000 3000", None),
        ("2000\n3000", None),
        ("贰拾", None),
        ("元", None),
        ("万", None),
        ("二二元", None),
        ("百千元", None),
        ("", None),
    ],
)
def test_should_understand_amount_when_spelling_is_common(typed: str, value: str | None) -> None:
    assert read_amount(typed, "万元") == value


@given(number=st.integers(0, 10**12 - 1))
def test_should_read_chinese_numerals_as_they_are_written(number: int) -> None:
    assert read_amount(f"{_in_words(number)}元整", "元") == str(number)


def _in_words(number: int) -> str:
    """Financial capitals, without the zeros that stand for gaps."""
    if number == 0:
        return "零"
    text = ""
    for unit in ("", "万", "亿"):
        number, section = divmod(number, 10_000)
        digits = zip(("", "拾", "佰", "仟"), reversed(f"{section:04d}"), strict=True)
        words = [
            f"{'零壹贰叁肆伍陆柒捌玖'[int(digit)]}{tens}" for tens, digit in digits if digit != "0"
        ]
        text = "".join(reversed(words)) + (unit if words else "") + text
    return text


@given(number=st.decimals(min_value=0, max_value=10**9, places=2))
def test_should_keep_amounts_exact_when_unit_changes(number: object) -> None:
    in_yuan = read_amount(f"{number}元", "万元")
    assert in_yuan is not None
    assert read_amount(f"{in_yuan}万元", "元") == read_amount(f"{number}元", "元")
    assert "E" not in in_yuan


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "　",
        "\u200b",
        "无",
        "暂无",
        "N/A",
        "n/a",
        "ｎ／ａ",
        "-",
        "/",
        "\\N",
        "null",
        " NULL ",
    ],
)
@pytest.mark.parametrize("name", ["cf_sy", "cf_jdrq", "cf_nr_fk", "cf_cflb", "cf_cfjgdm"])
def test_should_understand_nothing_when_cell_is_blank(typed: str, name: str) -> None:
    assert _read(PENALTY.field(name), typed) == (None, [])


def test_should_not_take_word_for_blank_when_it_only_contains_one() -> None:
    assert _read(PENALTY.field("cf_sy"), "无证经营") == ("无证经营", [])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("罚款", ("罚款",)),
        ("罚款;警告", ("警告", "罚款")),
        ("警告；罚款；", ("警告", "罚款")),
        ("罚款、警告", ("警告", "罚款")),
        ("没收违法所得、没收非法财物", ("没收违法所得、没收非法财物",)),
        ("罚款、没收违法所得、没收非法财物", ("罚款", "没收违法所得、没收非法财物")),
        ("没收违法所得", ("没收违法所得、没收非法财物",)),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", ("暂扣或者吊销许可证、暂扣或者吊销执照",)),
        ("其他（责令改正）", ("其他",)),
        ("罚 款", ("罚款",)),
        ("罚款；罚款", ("罚款",)),
        ("警告\n罚款", ("警告", "罚款")),
        ("警告｜罚款", ("警告", "罚款")),
        ("批评教育", None),
        ("罚款；批评教育", None),
        ("其他人", None),
    ],
)
def test_should_tell_choices_apart_when_several_are_given(
    typed: str, value: tuple[str, ...] | None
) -> None:
    assert _read(PENALTY.field("cf_cflb"), typed) == (value, [] if value else ["E-CHOICE-01"])


@pytest.mark.parametrize(
    ("typed", "value", "codes"),
    [
        ("自然人", "自然人", []),
        (" 自然人 ", "自然人", []),
        ("外星人", None, ["E-CHOICE-01"]),
    ],
)
def test_should_find_choice_when_one_is_given(
    typed: str, value: str | None, codes: list[str]
) -> None:
    assert _read(PENALTY.field("cf_xdr_lb"), typed) == (value, codes)


def test_should_tell_and_keep_when_lenient_field_is_not_understood() -> None:
    understood = compile_reader(REGISTRATION.field("reg_capt"))("10(万美元)")
    assert understood.value is None
    assert understood.differs
    assert [fault.code.id for fault in understood.faults] == ["W-VALUE-01"]


def test_should_refuse_amount_when_field_is_not_lenient() -> None:
    assert _read(PENALTY.field("cf_nr_fk"), "两千") == (None, ["E-AMOUNT-01"])


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (ORGANISATION, []),
        (f" {ORGANISATION.lower()}", []),
        (unicodedata.normalize("NFKC", ORGANISATION), []),
        (f"'{ORGANISATION}", []),
        (ORGANISATION[:17], ["E-USCC-01"]),
        ("9.13205E+17", ["E-USCC-05"]),
        ("0" * 17 + "X", ["E-USCC-06"]),
    ],
)
def test_should_decide_code_by_check_digit_when_field_is_a_code(
    typed: str, codes: list[str]
) -> None:
    value, found = _read(PENALTY.field("cf_cfjgdm"), typed)
    assert found == codes
    assert value == (None if codes else ORGANISATION)


ID_18 = id_number(77)


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("cf_cfjgdm", f"{ORGANISATION[:2]}3205001990030000"[:15] + "000", "E-CELL-02"),
        ("cf_cfjgdm", "3.2E+17", "E-USCC-05"),
        ("cf_xdr_zjhm", ID_18[:15] + "000", "E-CELL-02"),
        ("cf_xdr_zjhm", ID_18, None),
        ("cf_xdr_zjhm", "H12345000", None),
        ("cf_xdr_gszc", "3.29901E+14", "E-CELL-02"),
        ("cf_xdr_gszc", "329901600000010", None),
        ("cf_xdr_mc", "#REF!", "E-CELL-01"),
        ("cf_jdrq", "#N/A", "E-CELL-01"),
        ("cf_nr_fk", "########", "E-CELL-01"),
        ("cf_cflb", "#NAME?", "E-CELL-01"),
        ("cf_xdr_mc", "#1井", None),
        ("cf_sy", '=HYPERLINK("http://example.test")', "E-CELL-04"),
        ("cf_sy", "＝1+1", "E-CELL-04"),
        ("cf_sy", "@SUM(1)", "E-CELL-04"),
        ("cf_sy", "-2+3+cmd|' /C calc'!A0", "E-CELL-04"),
        ("cf_jdrq", "=TODAY()", "E-CELL-04"),
        ("cf_sy", "-5 度以下仍营业（室外）", None),
        ("cf_sy", "+86 25 0000000", None),
        ("cf_sy", "＝", None),
        ("cf_jdrq", "1900/1/1", "W-DATE-02"),
        ("cf_xdr_mc", "锟斤拷锟斤拷有限公司", "E-CELL-06"),
        ("cf_xdr_mc", "清江市\ufffd\ufffd公司", "E-CELL-06"),
        ("cf_xdr_mc", "????", "E-CELL-06"),
        ("cf_sy", "是否属实？？？", None),
        ("cf_xdr_mc", "同上", "E-CELL-05"),
        ("cf_jdrq", "〃", "E-CELL-05"),
        ("cf_sy", "同上一份决定", None),
        ("cf_jdrq", "2026-03-25、2026-03-26", "E-CELL-03"),
        ("cf_jdrq", "2026年3月25日至2027年3月24日", "E-CELL-03"),
        ("cf_jdrq", "2026-03-25 08:30", None),
        ("cf_jdrq", "2026-03-25 起", "E-DATE-01"),
        ("cf_nr_fk", "0.2；0.3", "E-CELL-03"),
        ("cf_nr_fk", "2000元\n3000元", "E-CELL-03"),
        ("cf_nr_fk", "1,00", "E-AMOUNT-01"),
        ("cf_cfjgdm", f"{ORGANISATION}、{uscc(8)}", "E-CELL-03"),
        ("cf_cfjgdm", f"{ORGANISATION} 9132", "E-USCC-01"),
        ("cf_xdr_zjhm", f"{ID_18}\n{id_number(78)}", "E-CELL-03"),
        ("cf_xdr_zjhm", f"{ID_18[:6]} {ID_18[6:]}", None),
        ("cf_jdrq", "46106", "W-DATE-01"),
    ],
)
def test_should_name_what_a_spreadsheet_has_done(name: str, typed: str, found: str | None) -> None:
    value, codes = _read(PENALTY.field(name), typed)
    assert codes == ([found] if found else [])
    assert (value is None) is (found is not None and found.startswith("E-"))


def test_should_only_doubt_region_when_code_names_the_subject() -> None:
    odd = uscc(5, "91").replace("329900", "329900")
    understood = compile_reader(PENALTY.field("cf_xdr_shxym"), names_subject=True)(odd)
    assert understood.value == odd
    assert all(fault.code.id.startswith("W-") for fault in understood.faults)


def test_should_refuse_text_when_it_is_too_long() -> None:
    value, codes = _read(PENALTY.field("cf_xdr_mc"), "名" * 201)
    assert (value, codes) == ("名" * 201, ["E-LENGTH-01"])


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2025", "2025"), ("２０２５年", "2025"), ("2025.0", "2025"), ("二〇二五", None)],
)
def test_should_understand_integer_when_it_is_whole(typed: str, value: str | None) -> None:
    field = load_catalogue(DAY).item("honour").field("comment_year")
    assert _read(field, typed)[0] == value


@given(typed=st.text(alphabet=TYPED, max_size=30), name=st.sampled_from(sorted(PENALTY.fields)))
def test_should_be_stable_when_understood_value_is_typed_again(typed: str, name: str) -> None:
    read = compile_reader(PENALTY.field(name))
    first = read(typed)
    if first.value is None or first.faults:
        return
    again = read(spoken(first.value))
    assert again.value == first.value
    assert not again.differs
