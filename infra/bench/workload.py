"""Penalties as a busy province sends them: 26 columns, some 1.2 KB a row, five rows a subject.

Invented, the same rows every time; every row can be accepted but for three in a hundred, which
hold a mistake that a check must find.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from infra.local.demo import words
from infra.local.demo.identifiers import complete_id_number, complete_uscc
from infra.local.demo.offences import OFFENCES
from infra.local.demo.penalties import ITEM, LAYOUT
from infra.local.demo.providers import MARKET

__all__ = ["COLUMNS", "ITEM", "KEY", "PROVIDER", "write_csv", "write_page", "write_rows"]

PROVIDER: Final = MARKET.uscc
COLUMNS: Final = tuple(LAYOUT.columns.values())
KEY: Final = LAYOUT.columns["cf_wsh"]
"""The column that names a row, by which other loaders can store it."""

_ROWS_EACH: Final = 5
_SPOILED: Final = 0.03
_SLASHED: Final = 0.3
_FIRST: Final = date(2024, 1, 1)
_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FACTS: Final = (
    "经查，当事人于{day:%Y年%m月%d日}起在{place}从事经营活动，{facts}执法人员现场检查时发现上述情形，"
    "制作了现场笔录和询问笔录，并抽取样品{count}件送法定机构检验。截至案发，涉案货值{value}元，"
    "违法所得{gain}元。当事人能够积极配合调查，如实陈述违法事实并主动提供证据材料。"
)
_BASIS: Final = (
    "{basis}；《中华人民共和国行政处罚法》第二十八条第一款、第三十二条第（一）项；"
    "参照《市场监督管理行政处罚裁量基准》。"
)


def write_rows(count: int) -> Iterator[list[str]]:
    """The cells of `count` rows."""
    rng = Random(20261122)
    parties = [_make_party(rng, number) for number in range(-(-count // _ROWS_EACH))]
    for number in range(1, count + 1):
        yield _write_row(rng, rng.choice(parties), number)


def write_page(path: Path, count: int) -> None:
    """A file of `count` rows about one subject, all of which can be accepted."""
    rng = Random(20261122)
    party = _make_party(rng, 0)
    rows: list[list[str]] = []
    while len(rows) < count:
        row = _write_row(rng, party, len(rows) + 1)
        if party["cf_xdr_shxym"] in row:
            rows.append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


def write_csv(path: Path, count: int) -> None:
    """A file of `count` rows with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(write_rows(count))


def _make_party(rng: Random, number: int) -> dict[str, str]:
    letters = ""
    rest = number
    for _ in range(6):
        rest, place = divmod(rest, len(_LETTERS))
        letters += _LETTERS[place]
    code = complete_uscc("91", "MA" + letters)
    brand = rng.choice(words.BRAND_FIRST) + rng.choice(words.BRAND_SECOND)
    trade, _ = rng.choice(words.TRADES)
    born = date(1955, 1, 1) + timedelta(days=number % 15_000)
    leader = rng.choice(words.SURNAMES) + "".join(rng.sample(words.GIVEN_MALE, 2))
    return {
        "cf_xdr_mc": f"{words.CITY}{brand}{trade}有限公司",
        "cf_xdr_lb": "法人及非法人组织",
        "cf_xdr_shxym": code,
        "cf_xdr_zzjg": f"{code[8:16]}-{code[16]}",
        "cf_frdb": leader,
        "cf_fr_zjlx": "身份证",
        "cf_fr_zjhm": complete_id_number(f"329900{born:%Y%m%d}{number // 15_000 % 1000:03d}"),
    }


def _write_row(rng: Random, party: dict[str, str], number: int) -> list[str]:
    offence = rng.choice(OFFENCES[MARKET])
    decided = _FIRST + timedelta(days=rng.randrange(700))
    fine = rng.randrange(1, 500) * 100
    gain = rng.randrange(1, 90_000)
    street = f"{words.CITY}{rng.choice(words.DISTRICTS)}{rng.choice(words.STREETS)}"
    row = {
        **party,
        "cf_wsh": f"{MARKET.short}罚〔{decided.year}〕{number}号",
        "cf_wfxw": offence.conduct,
        "cf_sy": _FACTS.format(
            day=decided - timedelta(days=rng.randrange(20, 90)),
            place=f"{street}{rng.randrange(1, 400)}号",
            facts=offence.facts,
            count=rng.randrange(1, 30),
            value=rng.randrange(100, 200_000),
            gain=gain,
        ),
        "cf_yj": _BASIS.format(basis=offence.basis),
        "cf_cflb": "罚款;没收违法所得、没收非法财物",
        "cf_nr": f"1.没收违法所得{gain}元；2.处以罚款人民币{fine}元，上缴国库。",
        "cf_nr_fk": f"{fine / 10_000:.6f}",
        "cf_nr_wfff": f"{gain / 10_000:.6f}",
        "cf_jdrq": f"{decided:%Y/%m/%d}" if rng.random() < _SLASHED else decided.isoformat(),
        "cf_yxq": "2099/12/31",
        "cf_cfjg": MARKET.name,
        "cf_cfjgdm": MARKET.uscc,
        "cf_sjly": MARKET.name,
        "cf_sjlydm": MARKET.uscc,
    }
    if rng.random() < _SPOILED:
        row["cf_xdr_shxym"] = row["cf_xdr_shxym"][:-1] + "O"
    return [row.get(field, "") for field in LAYOUT.columns]
