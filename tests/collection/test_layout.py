"""A header is matched to the catalogue, or refused for a reason that names the column."""

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import codes
from chalicelib.collection.heads import repeats
from chalicelib.collection.layout import column_letter, match_header
from chalicelib.collection.scanning import known_in
from chalicelib.runtime.errors import Code, DomainError
from tests.factories import DAY

ITEM = load_catalogue(DAY).item("registration")
LABELS = ["企业名称", "统一社会信用代码", "成立日期"]
COLUMNS = ("comp_nm", "uni_social_crd_cd", "est_dt")


@pytest.mark.parametrize(
    "cells",
    [
        LABELS,
        ["comp_nm", "UNI_SOCIAL_CRD_CD", "est_dt"],
        [" 企业 名称 ", "*统一社会信用代码", "注册日期（必填）"],
    ],
)
def test_should_match_columns_when_labels_codes_or_aliases_are_used(cells: list[str]) -> None:
    assert match_header(ITEM, cells, 1) == COLUMNS


def test_should_match_columns_when_order_is_another() -> None:
    assert match_header(ITEM, [*reversed(LABELS), ""], 1) == (*reversed(COLUMNS), None)


@pytest.mark.parametrize(
    ("cells", "code", "named"),
    [
        (["徐州某公司", "2018-01-06"], codes.HEADER_ABSENT, "经营主体登记注册"),
        ([], codes.HEADER_ABSENT, ""),
        (["企业名称;统一社会信用代码;成立日期"], codes.HEADER_ABSENT, ""),
        ([*LABELS, "备用1", "", "备用2"], codes.HEADER_UNKNOWN, "D “备用1”、F “备用2”"),
        ([*LABELS, "名称"], codes.HEADER_REPEATED, "comp_nm"),
        (LABELS[:2], codes.HEADER_MISSING, "成立日期"),
        ([*LABELS, "宗教信仰"], codes.HEADER_PROHIBITED, "NJ-29"),
        (["血型"], codes.HEADER_PROHIBITED, "SZ-12"),
    ],
)
def test_should_refuse_file_when_header_does_not_fit(
    cells: list[str], code: Code, named: str
) -> None:
    with pytest.raises(DomainError) as caught:
        match_header(ITEM, cells, 1)
    assert caught.value.code is code
    assert named in caught.value.text.zh


def test_should_not_repeat_cells_when_first_row_is_no_header() -> None:
    with pytest.raises(DomainError) as caught:
        match_header(ITEM, ["张三", "32010119800101123X"], 1)
    assert "张三" not in caught.value.text.zh


@pytest.mark.parametrize(
    ("cells", "repeated"),
    [
        (list(COLUMNS), True),
        (["comp_nm", "", "est_dt"], True),
        (LABELS, True),
        (["est_dt", "uni_social_crd_cd", "comp_nm"], False),
        (["某公司", "9132", "2018"], False),
        (["", "", ""], False),
    ],
)
def test_should_know_second_header_when_it_names_the_same_fields(
    cells: list[str], repeated: bool
) -> None:
    assert repeats(cells, COLUMNS, known_in(ITEM)) is repeated


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_should_letter_columns_as_a_spreadsheet_does(index: int, letters: str) -> None:
    assert column_letter(index) == letters
