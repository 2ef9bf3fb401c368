"""Report numbers 报告编号: `PCI-20261122-` and ten letters, the last of which is a check letter.

Letters are those of GB 32100-2015 (no I, O, S, V, Z), and so is the check: weights of 3 modulo 31
find every wrong letter and every swap of neighbours. Nine random letters (44 bits) make it useless
to guess numbers one by one.
"""

import re
from collections.abc import Callable
from datetime import datetime

from chalicelib.runtime.clock import lawful_day

_PREFIX = "PCI"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RANDOM_LETTERS = 9
_RANDOM_BYTES = 16
_NUMBER = re.compile(rf"{_PREFIX}-([0-9]{{8}})-([{_ALPHABET}]{{{_RANDOM_LETTERS}}})([{_ALPHABET}])")


def make_number(generated: datetime, randomness: Callable[[int], bytes]) -> str:
    """A number for a report made at `generated`; `randomness` gives so many random bytes."""
    rest = int.from_bytes(randomness(_RANDOM_BYTES), "big")
    letters = ""
    for _ in range(_RANDOM_LETTERS):
        rest, place = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[place]
    day = f"{lawful_day(generated):%Y%m%d}"
    return f"{_PREFIX}-{day}-{letters}{_check_letter(day + letters)}"


def read_number(text: str) -> str | None:
    """The number that somebody typed, in its one form; None where it cannot be one."""
    number = text.strip().upper()
    found = _NUMBER.fullmatch(number)
    if found is None or _check_letter(found[1] + found[2]) != found[3]:
        return None
    return number


def _check_letter(letters: str) -> str:
    size = len(_ALPHABET)
    total = sum(_ALPHABET.index(letter) * pow(3, i, size) for i, letter in enumerate(letters))
    return _ALPHABET[-total % size]
