"""Invented identifiers whose check digits are right, in a region that does not exist.

`REGION` stands in no edition of GB/T 2260: a code made here belongs to nobody.
"""

from datetime import date
from random import Random

REGION = "329900"
PLACEHOLDER = "0" * 17 + "X"  # what sole traders without a code report (national 双公示 standard)

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_GB_32100_WEIGHTS = [3**place % 31 for place in range(17)]
_GB_11714_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_GB_11643_WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]


def make_uscc(rng: Random, authority: str) -> str:
    """A unified social credit code (GB 32100-2015); `authority` is its first two characters."""
    if authority[0] == "9":
        body = "MA" + "".join(rng.choices(_ALPHABET, k=6))
    else:
        body = f"{rng.randrange(10**8):08d}"
    return complete_uscc(authority, body)


def complete_uscc(authority: str, body: str) -> str:
    """The code of the organisation whose number (GB 11714-1997) begins with the 8 of `body`."""
    stem = authority + REGION + body + _organisation_digit(body)
    total = sum(
        weight * _ALPHABET.index(char) for weight, char in zip(_GB_32100_WEIGHTS, stem, strict=True)
    )
    return stem + _ALPHABET[-total % 31]


def _organisation_digit(body: str) -> str:
    """The check digit of an organisation code (GB 11714-1997); letters count from A = 10."""
    total = sum(
        weight * int(char, 36) for weight, char in zip(_GB_11714_WEIGHTS, body, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def make_registration_number(rng: Random) -> str:
    """The 15-digit registration number (工商注册号, GS15-2006) of a sole trader."""
    return complete_registration_number(f"{REGION}{rng.randrange(6, 10)}{rng.randrange(10**7):07d}")


def complete_registration_number(stem: str) -> str:
    """The 14 digits of `stem` with the check digit of GS15-2006."""
    check = 10
    for digit in stem:
        check = (check + int(digit)) % 10 or 10
        check = check * 2 % 11
    return stem + str((11 - check) % 10)


def make_id_number(rng: Random, born: date, *, female: bool) -> str:
    """An ID number (GB 11643-1999) of a person born on `born`."""
    serial = rng.randrange(500) * 2 + (0 if female else 1)
    return complete_id_number(f"{REGION}{born:%Y%m%d}{serial:03d}")


def complete_id_number(stem: str) -> str:
    """The 17 digits of `stem` with the check digit of GB 11643-1999."""
    total = sum(weight * int(digit) for weight, digit in zip(_GB_11643_WEIGHTS, stem, strict=True))
    return stem + "10X98765432"[total % 11]


def miscopy(code: str, rng: Random) -> str:
    """`code` with one digit written wrongly, so that its check digit no longer fits."""
    place = rng.randrange(9, 16)
    while not code[place].isdigit():
        place -= 1
    return code[:place] + str((int(code[place]) + rng.randrange(1, 10)) % 10) + code[place + 1 :]
