"""How clerks write things: the same value in the many spellings of real files."""

from datetime import date
from decimal import Decimal
from random import Random

BLANKS = ("", "", "", "无", "-", "N/A")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def spell_date(rng: Random, day: date) -> str:
    """`day` in one of the spellings met in files; most often the plain one."""
    year, month, number = day.year, day.month, day.day
    return rng.choices(
        (
            day.isoformat(),
            f"{year}/{month}/{number}",
            f"{year}/{month:02d}/{number:02d}",
            f"{year}年{month}月{number}日",
            f"{year}{month:02d}{number:02d}",
            f"{year}.{month}.{number}",
        ),
        weights=(60, 15, 10, 8, 5, 2),
    )[0]


def spell_capital(rng: Random, ten_thousands: int) -> str:
    """A registered capital of so many 万元, with or without its unit."""
    return rng.choice(
        (
            f"{ten_thousands}",
            f"{ten_thousands}(万)",
            f"{ten_thousands}万人民币",
            f"{ten_thousands}(万元人民币)",
            f"{ten_thousands:,}(万)",
            f"{ten_thousands}万元",
            widen(f"{ten_thousands}") + "万元",
        )
    )


def spell_fine(rng: Random, ten_thousands: Decimal) -> str:
    """A fine of so many 万元; the column's unit is 万元."""
    return rng.choices(
        (
            f"{ten_thousands}",
            f"{ten_thousands:.6f}",
            f"{ten_thousands}万元",
            f"{ten_thousands * 10000:.0f}元",
        ),
        weights=(6, 2, 1, 1),
    )[0]


def spell_code(rng: Random, code: str) -> str:
    """An identifier, now and then full-width, in lower case, quoted or with spaces."""
    return rng.choices(
        (code, widen(code), code.lower(), f"'{code}", f"{code} "), weights=(90, 2, 3, 2, 3)
    )[0]


def spell_name(rng: Random, name: str) -> str:
    """A name, now and then with the other sort of brackets or a space behind it."""
    if "（" in name and rng.random() < 0.3:
        return name.replace("（", "(").replace("）", ")")
    return f"{name} " if rng.random() < 0.02 else name


def spell_blank(rng: Random, value: str = "", *, filled: float = 0.0) -> str:
    """`value` with probability `filled`, else one of the ways to leave a cell blank."""
    return value if value and rng.random() < filled else rng.choice(BLANKS)


def spell_document_number(rng: Random, short: str, year: int, number: int) -> str:
    """A document number 文号 such as 清市监罚〔2024〕12号, in one of the brackets in use."""
    opening, closing = rng.choices(("〔〕", "[]", "（）", "【】"), weights=(8, 1, 1, 1))[0]
    return f"{short}{opening}{year}{closing}{number}号"


def widen(text: str) -> str:
    """`text` with its ASCII characters full-width."""
    return text.translate(_FULL_WIDTH)
