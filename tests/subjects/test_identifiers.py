"""Identifiers of organisations: check digits, forms, and what is only doubted."""

from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.subjects.identifiers import (
    PLACEHOLDER,
    Fault,
    check_organisation_code,
    check_registration_number,
    check_uscc,
    doubts_about_uscc,
    is_person,
    is_subject,
    normalise_code,
    organisation_subject,
    sole_trader_subject,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DEPARTMENTS = "123456789ANY"


def uscc(body: str) -> str:
    """The code of 17 characters with its check digit, straight from GB 32100-2015."""
    total = sum(ALPHABET.index(letter) * 3**place for place, letter in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def organisation_code(body: str) -> str:
    """The code of 8 characters with its check digit, straight from GB 11714-1997."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = 11 - sum(digits.index(letter) * w for letter, w in zip(body, weights, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


bodies = st.builds(
    lambda department, rest: department + rest,
    st.sampled_from(DEPARTMENTS),
    st.text(ALPHABET, min_size=16, max_size=16),
)
usccs = bodies.map(uscc)


def fault(found: object) -> str:
    assert isinstance(found, Fault)
    assert found.text.zh
    assert found.text.mend_en
    return found.code.id


@given(usccs)
def test_codes_with_the_right_check_digit_are_accepted(code: str) -> None:
    assert check_uscc(code) == code


@pytest.mark.parametrize("department", DEPARTMENTS)
def test_every_registering_department_is_known(department: str) -> None:
    code = uscc(f"{department}1320000MA1ABCDE1")
    assert check_uscc(code) == code


@given(usccs, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_refused(code: str, place: int, letter: str) -> None:
    assume(code[place] != letter)
    wrong = code[:place] + letter + code[place + 1 :]
    expected = "E-USCC-06" if wrong == PLACEHOLDER else "E-USCC-03"
    assert fault(check_uscc(wrong)) == expected


@given(usccs)
def test_any_exchange_of_neighbours_in_the_seventeen_is_refused(code: str) -> None:
    for place, (one, other) in enumerate(pairwise(code[:17])):
        if one != other:
            exchanged = code[:place] + other + one + code[place + 2 :]
            assert fault(check_uscc(exchanged)) == "E-USCC-03"


@given(usccs, st.integers(0, 17), st.sampled_from("IOZSV-_’中"))
def test_forbidden_letters_are_told_with_their_place(code: str, place: int, letter: str) -> None:
    assume(not (place == 0 and letter == "’"))
    found = check_uscc(code[:place] + letter + code[place + 1 :])
    assert fault(found) == "E-USCC-02"
    assert isinstance(found, Fault)
    assert found.values == {"position": place + 1, "letter": letter}


@given(usccs)
def test_untidy_writing_is_normalised(code: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    spaced = f" {code[:8]} {code[8:]}\u3000"
    for written in (code.lower(), wide, spaced, f"'{code}", f"\ufeff\u200b’{code}\u202c"):
        assert check_uscc(written) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E-USCC-01"),
        ("91320100MA1", "E-USCC-01"),
        ("9132010000000000000", "E-USCC-01"),
        ("9.13205E+17", "E-USCC-05"),
        ("9.132050019900307e+17", "E-USCC-05"),
        ("9.132050019903E+17", "E-USCC-05"),
        ("000000000000000000", "E-USCC-04"),
        (PLACEHOLDER, "E-USCC-06"),
        (uscc("B1320000MA1ABCDE1"), "E-USCC-04"),
    ],
)
def test_refusals(text: str, code: str) -> None:
    assert fault(check_uscc(text)) == code


@given(st.text())
@example("\udcff" * 18)
@example("?" * 18)
def test_no_text_breaks_the_check(text: str) -> None:
    found = check_uscc(text)
    if isinstance(found, str):
        assert found == uscc(found[:17])
    else:
        assert found.text.en


def test_inner_code_and_region_are_doubted_and_never_refused() -> None:
    inner = organisation_code("MA1ABCDE")
    assert doubts_about_uscc(uscc(f"91320191{inner}")) == ()
    assert doubts_about_uscc(uscc(f"11100000{inner}")) == ()
    odd_inner = inner[:8] + ("1" if inner[8] != "1" else "2")
    for body, codes in (
        (f"91320191{odd_inner}", ["W-USCC-01"]),
        (f"91990191{inner}", ["W-USCC-02"]),
        (f"913201AB{odd_inner}", ["W-USCC-01", "W-USCC-02"]),
    ):
        assert check_uscc(uscc(body)) == uscc(body)
        assert [fault(doubt) for doubt in doubts_about_uscc(uscc(body))] == codes


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_organisation_codes(body: str) -> None:
    code = organisation_code(body)
    assert check_organisation_code(code) == code
    assert check_organisation_code(f"{code[:8]}-{code[8].lower()}") == code
    wrong = "1" if code[8] != "1" else "2"
    assert fault(check_organisation_code(body + wrong)) == "E-ORGCODE-02"


@pytest.mark.parametrize("text", ["", "1234567", "12345678中", "1234567890", "12345678A"])
def test_organisation_codes_of_wrong_form(text: str) -> None:
    assert fault(check_organisation_code(text)) == "E-ORGCODE-01"


def test_a_published_registration_number_is_accepted() -> None:
    assert check_registration_number("110108000000016") == "110108000000016"
    assert check_registration_number(" １１０１０８０００００００１６") == "110108000000016"


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(0, 14), st.integers(1, 9))
def test_registration_numbers_have_one_check_digit_and_no_wrong_digit(
    body: str, place: int, step: int
) -> None:
    right = [
        number
        for check in "0123456789"
        if check_registration_number(number := body + check) == number
    ]
    assert len(right) == 1
    number = right[0]
    digit = str((int(number[place]) + step) % 10)
    wrong = number[:place] + digit + number[place + 1 :]
    assert fault(check_registration_number(wrong)) == "E-REGNO-02"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E-REGNO-01"),
        ("11010800000001", "E-REGNO-01"),
        ("11010800000001A", "E-REGNO-01"),
        ("企独苏总字第020332号", "E-REGNO-01"),
        ("1.10108E+14", "E-REGNO-03"),
    ],
)
def test_registration_numbers_refused(text: str, code: str) -> None:
    assert fault(check_registration_number(text)) == code


def test_subject_keys() -> None:
    code = uscc("91320191MA1ABCDE1")
    trader = sole_trader_subject("110108000000016")
    person = "P" + "A2" * 13
    assert organisation_subject(code) == code
    assert trader == "R110108000000016"
    assert [is_subject(key) for key in (code, trader, person)] == [True] * 3
    assert [is_person(key) for key in (code, trader, person)] == [False, False, True]
    for text in ("", "P", person + "A", person.lower(), code.lower(), code[:17] + "!", "R1"):
        assert not is_subject(text)
        assert not is_person(text)


def test_normalising_keeps_what_is_meant() -> None:
    assert normalise_code("苏（２０２６）１号 ") == "苏(2026)1号"
    assert normalise_code("ab12") == "AB12"
