"""Everybody in 清江市: the crowd, and the few whom the story follows."""

from dataclasses import dataclass
from datetime import date
from random import Random

from infra.local.demo.identifiers import (
    PLACEHOLDER,
    complete_registration_number,
    complete_uscc,
)
from infra.local.demo.organisations import Form, Organisation, make_organisations
from infra.local.demo.people import Person, make_people

_SEED = 329900
_PEOPLE = 800

STALLHOLDER = Person("顾清澜", "329900198503121225")
"""Signs in as the persona `subject`; has penalties of her own."""

COMPANY = Organisation(
    uscc="91329900MA99010396",
    registration_number="",
    name="清江市澜桥建材有限公司",
    form=Form.COMPANY,
    founded=date(2016, 5, 18),
    address="清江市临溪区澄心路18号",
    scope="建材、钢材、水泥制品生产、销售。",
    representative=Person("陆远舟", "329900197911230039"),
)
"""Its representative signs in as the persona `representative`; it has a bit of everything."""

RENAMED = Organisation(
    uscc=complete_uscc("91", "MA990201"),
    registration_number="",
    name="清江市砚渡文化传播有限公司",
    form=Form.COMPANY,
    founded=date(2018, 9, 3),
    address="清江市望湖区听潮大道66号",
    scope="文化艺术交流活动策划；广告设计、制作、发布。",
    representative=Person("沈砚秋", "329900198107194027"),
)
"""Registered, corrected, and corrected back."""

STALL = Organisation(
    uscc=PLACEHOLDER,
    registration_number=complete_registration_number("32990069900001"),
    name="临溪区半山渡面馆",
    form=Form.SOLE_TRADER,
    founded=date(2012, 3, 6),
    address="清江市临溪区荻花街7号",
    scope="餐饮服务（限堂食）。",
    representative=Person("曹明喆", "32990019720605181X"),
)
"""A sole trader who still has no unified social credit code."""


@dataclass(frozen=True, slots=True)
class City:
    """Everybody, the story's own people and organisations left out of the crowd."""

    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...]


def make_city() -> City:
    """The same city every time."""
    rng = Random(_SEED)
    people = make_people(rng, _PEOPLE)
    return City(make_organisations(rng, people), people)
