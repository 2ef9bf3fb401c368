"""Papers of natural persons."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.subjects.identifiers import (
    Fault,
    Paper,
    PaperKind,
    check_id_number,
    check_paper,
    mask_number,
    read_paper_kind,
)

TODAY = date(2026, 11, 22)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(region: str, born: date, order: int) -> str:
    """An identity number with its check digit, straight from GB 11643-1999."""
    body = f"{region}{born:%Y%m%d}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


regions = st.integers(110000, 659999).map(str)
births = st.dates(date(1900, 1, 1), TODAY)
numbers = st.builds(id_number, regions, births, st.integers(0, 999))


def fault(found: object) -> str:
    assert isinstance(found, Fault)
    assert found.text.zh
    return found.code.id


@given(numbers)
def test_valid_numbers_are_accepted_however_written(number: str) -> None:
    assert check_id_number(number, TODAY) == number
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    for written in (number.lower(), f"'{number}", f"{number[:6]} {number[6:]}", wide):
        assert check_paper(PaperKind.ID_NUMBER, written, TODAY) == Paper(
            PaperKind.ID_NUMBER, number
        )


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_refused(number: str, place: int, step: int) -> None:
    digit = str((int(number[place]) + step) % 10)
    assume(not (place == 0 and digit == "0"))
    wrong = number[:place] + digit + number[place + 1 :]
    assert fault(check_id_number(wrong, TODAY)) == "E-PAPER-02"


@given(regions, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_the_form_of_fifteen_digits_is_converted(region: str, born: date, order: int) -> None:
    old = f"{region}{born:%y%m%d}{order:03d}"
    assert check_id_number(old, TODAY) == id_number(region, born, order)


def test_nobody_is_born_after_the_day_of_asking() -> None:
    assert check_id_number(id_number("320100", TODAY, 1), TODAY) == id_number("320100", TODAY, 1)
    tomorrow = id_number("320100", TODAY + timedelta(days=1), 1)
    assert fault(check_id_number(tomorrow, TODAY)) == "E-PAPER-03"


@pytest.mark.parametrize("day", ["19990230", "18791231", "19001301", "00000101"])
def test_birth_dates_that_cannot_be(day: str) -> None:
    body = f"320100{day}001"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    assert fault(check_id_number(body + "10X98765432"[total % 11], TODAY)) == "E-PAPER-03"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E-PAPER-01"),
        ("32010019990101001", "E-PAPER-01"),
        ("32010019990101001Y", "E-PAPER-01"),
        ("3.205001990030745e+17", "E-PAPER-06"),
    ],
)
def test_identity_numbers_refused(text: str, code: str) -> None:
    assert fault(check_id_number(text, TODAY)) == code


@pytest.mark.parametrize(
    ("kind", "region", "meant"),
    [
        (PaperKind.ID_NUMBER, "810000", PaperKind.ID_NUMBER),
        (PaperKind.HK_MACAO_PERMIT, "820000", PaperKind.ID_NUMBER),
        (PaperKind.TAIWAN_PERMIT, "830000", PaperKind.ID_NUMBER),
        (PaperKind.PERMANENT_RESIDENT, "932156", PaperKind.PERMANENT_RESIDENT),
        (PaperKind.ID_NUMBER, "932156", PaperKind.PERMANENT_RESIDENT),
    ],
)
def test_residence_permits_are_identity_numbers(
    kind: PaperKind, region: str, meant: PaperKind
) -> None:
    number = id_number(region, date(1980, 5, 6), 7)
    assert check_paper(kind, number, TODAY) == Paper(meant, number)
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert fault(check_paper(kind, wrong, TODAY)) == "E-PAPER-02"


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (PaperKind.PASSPORT, "e12345678", "E12345678"),
        (PaperKind.PASSPORT, "AB 123 456", "AB123456"),
        (PaperKind.HK_MACAO_PERMIT, "H12345678", "H12345678"),
        (PaperKind.HK_MACAO_PERMIT, "m1234567801", "M1234567801"),
        (PaperKind.TAIWAN_PERMIT, "12345678", "12345678"),
        (PaperKind.TAIWAN_PERMIT, "0123456789（B）", "0123456789B"),
        (PaperKind.PERMANENT_RESIDENT, "USA110090120102", "USA110090120102"),
    ],
)
def test_other_papers_by_their_form(kind: PaperKind, text: str, number: str) -> None:
    assert check_paper(kind, text, TODAY) == Paper(kind, number)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PaperKind.PASSPORT, "E123"),
        (PaperKind.PASSPORT, "护照E12345678"),
        (PaperKind.HK_MACAO_PERMIT, "12345678"),
        (PaperKind.TAIWAN_PERMIT, "1234"),
        (PaperKind.PERMANENT_RESIDENT, "1100901201"),
    ],
)
def test_other_papers_refused_without_repeating_the_number(kind: PaperKind, text: str) -> None:
    found = check_paper(kind, text, TODAY)
    assert fault(found) == "E-PAPER-04"
    assert isinstance(found, Fault)
    assert text not in found.text.zh + found.text.en


def test_scientific_notation_is_told_for_every_paper() -> None:
    for kind in PaperKind:
        assert fault(check_paper(kind, "3.20501E+17", TODAY)) == "E-PAPER-06"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证", PaperKind.ID_NUMBER),
        (" 居民身份证", PaperKind.ID_NUMBER),
        ("01", PaperKind.ID_NUMBER),
        ("1", PaperKind.ID_NUMBER),
        ("护照", PaperKind.PASSPORT),
        ("０２", PaperKind.PASSPORT),
        ("03", PaperKind.HK_MACAO_PERMIT),
        ("台湾居民来往大陆通行证", PaperKind.TAIWAN_PERMIT),
        ("05", PaperKind.PERMANENT_RESIDENT),
    ],
)
def test_kinds_of_papers(text: str, kind: PaperKind) -> None:
    assert read_paper_kind(text) == kind


def test_an_unknown_kind_of_paper() -> None:
    assert fault(read_paper_kind("驾驶证")) == "E-PAPER-05"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("32010019990101001X", "320*************1X"),
        ("E12345678", "E******78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masks(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@given(numbers)
def test_a_mask_hides_region_birth_date_and_order(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert number[3:16] not in masked
    assert sum(letter != "*" for letter in masked) == 5


def test_papers_sort_and_serve_as_keys() -> None:
    papers = {Paper(PaperKind.PASSPORT, "B"), Paper(PaperKind.ID_NUMBER, "A")}
    assert [paper.number for paper in sorted(papers)] == ["A", "B"]
    assert f"{Paper(PaperKind.ID_NUMBER, 'A').kind}" == "id"
