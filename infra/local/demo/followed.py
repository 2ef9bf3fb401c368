"""The rows on those whom the story follows, and what the public must see of them."""

from dataclasses import dataclass
from datetime import date
from random import Random

from infra.local.demo import licences, lists, penalties, registrations
from infra.local.demo.city import COMPANY, STALL, STALLHOLDER
from infra.local.demo.files import Row
from infra.local.demo.offences import find_offence
from infra.local.demo.parties import Subject
from infra.local.demo.providers import APPROVAL, MARKET, TAXATION

_FIRST_NUMBER = 9001
LATEST_DAY = date(2026, 9, 30)
"""No record of the demo is dated later, so a clock that is behind would refuse some."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One penalty of the story; the public sees it through `shown_until`, or never (None)."""

    subject: Subject
    conduct: str
    decided: date
    shown_until: date | None


HEAVY = Followed(COMPANY, "使用未经检验的特种设备", date(2026, 5, 12), date(2029, 5, 12))
"""限制开展生产经营活动: serious, three years. The story has it annulled."""

GENERAL = Followed(COMPANY, "销售失效产品", date(2026, 6, 8), date(2027, 6, 8))
"""没收: general, one year."""

WARNING = Followed(COMPANY, "未按规定公示年度报告", date(2026, 7, 1), None)
"""警告: minor, not published in principle, yet held."""

ENDED = Followed(COMPANY, "使用未经检验的特种设备", date(2022, 3, 15), date(2025, 3, 15))
"""Its three years are over: held, and shown no more."""

STREET_FOOD = Followed(STALLHOLDER, "未取得许可从事食品经营", date(2026, 3, 20), None)
"""A natural person's: never public."""

NOODLES = Followed(STALL, "生产经营不符合食品安全标准的食品", date(2026, 8, 11), date(2029, 8, 11))
"""A sole trader's without a unified social credit code."""

FOLLOWED = (HEAVY, GENERAL, WARNING, ENDED, STREET_FOOD, NOODLES)


def number_of(one: Followed) -> int:
    """The running number in the document number 文号 of one of `FOLLOWED`."""
    return _FIRST_NUMBER + FOLLOWED.index(one)


def penalty_rows(rng: Random) -> list[Row]:
    """The penalties of the story."""
    return [
        penalties.write_row(
            rng, one.subject, MARKET, find_offence(one.conduct), one.decided, number_of(one)
        )
        for one in FOLLOWED
    ]


def registration_rows(rng: Random) -> list[Row]:
    """The registration of the followed company."""
    return [registrations.write_row(rng, COMPANY, MARKET) | {"reg_state": "存续"}]


def licence_rows(rng: Random) -> list[Row]:
    """A licence of the followed company without end."""
    return [licences.write_row(rng, COMPANY, APPROVAL, _FIRST_NUMBER) | {"xk_yxqzi": "2099/12/31"}]


def honour_rows(rng: Random) -> list[Row]:
    """An honour of the followed company."""
    (row,) = lists.write_honours(rng, [COMPANY], TAXATION)
    return [row | {"identification_no": "清税发〔2026〕9001号", "expiration_date": ""}]
