"""Invented organisations and sole traders of 清江市, with their representatives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from infra.local.demo import words
from infra.local.demo.identifiers import PLACEHOLDER, make_registration_number, make_uscc
from infra.local.demo.people import Person

_FIRST_FOUNDED = date(2003, 1, 1)
_LAST_FOUNDED = date(2020, 12, 31)


class Form(StrEnum):
    """What sort of subject it is, in the words that a registration uses."""

    COMPANY = "有限责任公司"
    SOLE_TRADER = "个体工商户"
    COOPERATIVE = "农民专业合作社"
    SOCIETY = "社会组织"
    INSTITUTION = "事业单位"


COUNTS = {
    Form.COMPANY: 900,
    Form.SOLE_TRADER: 210,
    Form.COOPERATIVE: 60,
    Form.SOCIETY: 40,
    Form.INSTITUTION: 30,
}
UNCODED_EVERY = 5  # one sole trader in five still has no unified social credit code


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation or sole trader.

    `uscc` is the placeholder where a sole trader has no code; `registration_number` is empty for
    everyone else.
    """

    uscc: str
    registration_number: str
    name: str
    form: Form
    founded: date
    address: str
    scope: str
    representative: Person

    @property
    def subject(self) -> str:
        """The key of its archive."""
        return "R" + self.registration_number if self.uscc == PLACEHOLDER else self.uscc


def make_organisations(rng: Random, people: Sequence[Person]) -> tuple[Organisation, ...]:
    """Every organisation of the demo; names and codes are distinct, some people lead several."""
    found: dict[str, Organisation] = {}
    for form, count in COUNTS.items():
        wanted = len(found) + count
        while len(found) < wanted:
            uncoded = form is Form.SOLE_TRADER and len(found) % UNCODED_EVERY == 0
            one = _make_organisation(rng, form, rng.choice(people), uncoded=uncoded)
            found.setdefault(one.name, one)
    return tuple(found.values())


def _make_organisation(
    rng: Random, form: Form, representative: Person, *, uncoded: bool
) -> Organisation:
    authority, name, scope = _MAKERS[form](rng)
    days = (_LAST_FOUNDED - _FIRST_FOUNDED).days
    sole_trader = form is Form.SOLE_TRADER
    return Organisation(
        uscc=PLACEHOLDER if uncoded else make_uscc(rng, authority),
        registration_number=make_registration_number(rng) if sole_trader else "",
        name=name,
        form=form,
        founded=_FIRST_FOUNDED + timedelta(days=rng.randrange(days)),
        address=_make_address(rng),
        scope=scope,
        representative=representative,
    )


def _brand(rng: Random) -> str:
    return rng.choice(words.BRAND_FIRST) + rng.choice(words.BRAND_SECOND)


def _make_company(rng: Random) -> tuple[str, str, str]:
    trade, scope = rng.choice(words.TRADES)
    pattern = rng.choices(
        (
            "{city}{brand}{trade}有限公司",
            "{brand}（清江）{trade}有限公司",
            "{brand}(清江){trade}有限公司",
        ),
        weights=(8, 1, 1),
    )[0]
    return "91", pattern.format(city=words.CITY, brand=_brand(rng), trade=trade), scope


def _make_sole_trader(rng: Random) -> tuple[str, str, str]:
    shop, scope = rng.choice(words.SHOPS)
    district = rng.choice(words.DISTRICTS[:4])
    return "92", f"{district}{rng.choice(words.SHOP_OWNERS)}{_brand(rng)}{shop}", scope


def _make_cooperative(rng: Random) -> tuple[str, str, str]:
    trade = rng.choice(words.COOPERATIVES)
    return "93", f"{words.CITY}{_brand(rng)}{trade}专业合作社", f"{trade}；为成员提供相关服务。"


def _make_society(rng: Random) -> tuple[str, str, str]:
    authority, pattern = rng.choice(words.SOCIETIES)
    return authority, words.CITY + pattern.format(_brand(rng)), "按章程开展活动。"


def _make_institution(rng: Random) -> tuple[str, str, str]:
    district = rng.choice(words.DISTRICTS)
    town = rng.choice(words.TOWNS)
    return "12", f"{words.CITY}{district}{town}{rng.choice(words.INSTITUTIONS)}", "提供公益服务。"


_MAKERS: dict[Form, Callable[[Random], tuple[str, str, str]]] = {
    Form.COMPANY: _make_company,
    Form.SOLE_TRADER: _make_sole_trader,
    Form.COOPERATIVE: _make_cooperative,
    Form.SOCIETY: _make_society,
    Form.INSTITUTION: _make_institution,
}


def _make_address(rng: Random) -> str:
    district = words.CITY + rng.choice(words.DISTRICTS)
    if rng.random() < 0.25:
        return f"{district}{rng.choice(words.TOWNS)}{rng.randrange(1, 13)}组"
    return f"{district}{rng.choice(words.STREETS)}{rng.randrange(1, 400)}号{rng.randrange(1, 30)}室"
