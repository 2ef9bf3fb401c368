"""Amounts of money as people write them, understood as decimal text in a field's unit."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

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
_CURRENCY: Final = re.compile(r"人民币|RMB|CNY|[¥￥()]")
_AMOUNT: Final = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>[百千]?万元?|千元|亿元?|元)?元?",
    re.ASCII,
)


def read_amount(typed: str, unit: str) -> str | None:
    """`typed` in `unit` as plain decimal text (`0.3`), or None where it is no amount of yuan.

    A number alone is in the field's unit; `3000元`, `200(万)`, `50万人民币`, `1,000.50` and
    full-width forms are understood. Other currencies and negative amounts are not.
    """
    text = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    match = _AMOUNT.fullmatch(_CURRENCY.sub("", text))
    if match is None:
        return None
    number = Decimal(match["number"].replace(",", ""))
    scale = _UNITS[match["unit"] or unit] / _UNITS[unit]
    return _plain(number * scale)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
