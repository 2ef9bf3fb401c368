"""Invented organisations and people, no two alike in a session.

Check digits are computed here, from the standards, and not by what is tested.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

REGION = "329900"
"""In no edition of GB/T 2260: what is made here belongs to nobody."""

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
_CODE_WEIGHTS = [3**place % 31 for place in range(17)]
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997
_ID_WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]  # GB 11643-1999
_SURNAMES = "闻钟蒲屠阮宓郗"
_GIVEN = "澄澈沅湉滢漪淙泓浠淇潇汀泠涵潼澍"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an identity number or another paper."""

    name: str
    number: str
    kind: str = "身份证"

    @property
    def old_number(self) -> str:
        """The form of 15 digits that identity numbers had until 1999."""
        return self.number[:6] + self.number[8:17]


class Inventor:
    """Makes codes, names and people, and remembers the people."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self._numbers = count(1)

    def code(self, authority: str = "91", region: str = REGION) -> str:
        """A unified social credit code under a registering authority's two letters."""
        inner = f"{next(self._numbers):08d}"
        total = sum(map(int.__mul__, _INNER_WEIGHTS, map(int, inner)))
        stem = authority + region + inner + "0123456789X0"[11 - total % 11]
        values = map(_LETTERS.index, stem)
        return stem + _LETTERS[-sum(map(int.__mul__, _CODE_WEIGHTS, values)) % 31]

    def name(self, middle: str = "") -> str:
        """An organisation's name, with `middle` inside."""
        return f"清江{self._letters()}{middle}商贸有限公司"

    def person(self, *, check_digit: str = "") -> Person:
        """Somebody with an identity number, which may have to end with `check_digit`."""
        number = self._id_number()
        while not number.endswith(check_digit):
            number = self._id_number()
        return self._remember(Person(self._person_name(), number))

    def traveller(self) -> Person:
        """Somebody with a passport."""
        number = f"EQ{next(self._numbers):07d}"
        return self._remember(Person(self._person_name(), number, "护照号"))

    def _remember(self, person: Person) -> Person:
        self.people.append(person)
        return person

    def _person_name(self) -> str:
        return _SURNAMES[next(self._numbers) % len(_SURNAMES)] + self._letters()

    def _letters(self) -> str:
        """Three letters that nobody was given before."""
        number = next(self._numbers)
        return "".join(_GIVEN[number // 16**place % 16] for place in (2, 1, 0))

    def _id_number(self) -> str:
        number = next(self._numbers)
        born = date(1970, 1, 1) + timedelta(days=37 * number % 9000)
        stem = f"{REGION}{born:%Y%m%d}{number % 1000:03d}"
        total = sum(map(int.__mul__, _ID_WEIGHTS, map(int, stem)))
        return stem + "10X98765432"[total % 11]


def miscopied(code: str) -> str:
    """`code` with its fifth digit written wrongly, so that the check digit no longer fits."""
    return f"{code[:4]}{(int(code[4]) + 1) % 10}{code[5:]}"
