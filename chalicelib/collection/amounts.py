"""Amounts of money as people write them, understood as decimal text in a field's unit."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

_PLAIN: Final = re.compile(r"(?:0|[1-9]\d{0,11})(?:\.\d{1,8})?", re.ASCII)
_UNITS: Final = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "百万": Decimal(1_000_000),
    "百万元": Decimal(1_000_000),
    "千万": Decimal(10_000_000),
    "千万元": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
}
_TWO_NUMBERS: Final = re.compile(r"\d\s+\d", re.ASCII)  # never put together to one
_CURRENCY: Final = re.compile(r"人民币|RMB|CNY|[¥￥()]")
_AROUND: Final = re.compile(r"^(?:合计|共计|总计|计)?:?|[整正]$")
_AMOUNT: Final = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>[百千]?万元?|千元|亿元?|元)?元?",
    re.ASCII,
)

_DIGITS: Final = {
    **{letter: digit for digit, letter in enumerate("零一二三四五六七八九")},
    **{letter: digit for digit, letter in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "弍": 2,
    "貳": 2,
    "參": 3,
    "叄": 3,
    "陸": 6,
}
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTION: Final = rf"[{''.join((*_DIGITS, *_TENS))}]+"
_WORDS: Final = re.compile(
    rf"(?:(?P<large>{_SECTION})亿)?(?:(?P<middle>{_SECTION})万)?(?P<small>{_SECTION})?"
    rf"(?P<yuan>[元圆])?(?:零?(?P<jiao>{_SECTION})角)?(?:零?(?P<fen>{_SECTION})分)?"
)

_WORTHS: Final = {
    "large": Decimal(10**8),
    "middle": Decimal(10**4),
    "small": Decimal(1),
    "jiao": Decimal("0.1"),
    "fen": Decimal("0.01"),
}


def read_amount(typed: str, unit: str) -> str | None:
    """`typed` in `unit` as plain decimal text (`0.3`), or None where it is no amount of yuan.

    A number alone is in the field's unit; `3000元`, `200(万)`, `50万人民币`, `1,000.50`, full-width
    forms, `三十五万` and financial capitals (`贰拾伍万元整`) are understood. Other currencies and
    negative amounts are not, nor numerals without a unit (两千).
    """
    if _PLAIN.fullmatch(typed):
        return _trim(typed)
    text = unicodedata.normalize("NFKC", typed).upper()
    if _TWO_NUMBERS.search(text):
        return None
    text = "".join(text.split())
    text = _AROUND.sub("", _CURRENCY.sub("", text))
    match = _AMOUNT.fullmatch(text)
    if match is None:
        yuan = _read_words(text)
        return None if yuan is None else _plain(yuan / _UNITS[unit])
    number = Decimal(match["number"].replace(",", ""))
    scale = _UNITS[match["unit"] or unit] / _UNITS[unit]
    return _plain(number * scale)


def _read_words(text: str) -> Decimal | None:
    """The yuan that Chinese numerals say, None where they do not say their unit."""
    match = _WORDS.fullmatch(text)
    if match is None or not (match["yuan"] or text.endswith(("万", "亿", "角", "分"))):
        return None
    if not any(match.group(*_WORTHS)):
        return None
    yuan = Decimal(0)
    for name, worth in _WORTHS.items():
        number = _read_section(match[name] or "")
        if number is None:
            return None
        yuan += number * worth
    return yuan


def _read_section(text: str) -> int | None:
    """A number below ten thousand in numerals, None where they stand in no order."""
    total, digit, least = 0, 0, 10_000
    for letter in text:
        if letter in _TENS:
            tens = _TENS[letter]
            if tens >= least:
                return None
            total += (digit or 1) * tens
            digit, least = 0, tens
        elif digit:
            return None
        else:
            digit = _DIGITS[letter]
    return total + digit


def _plain(number: Decimal) -> str:
    return _trim(f"{number:f}")


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
