"""Invented names of organisations, as many as are wanted: each a function of its number alone.

Put together as Chinese names are: place, brand (字号), trade (行业), form of organisation. Places and
trades are as skewed as registers are: one city has a fifth of all names, one trade a seventh. One
in thirty was called otherwise before.
"""

from bisect import bisect
from itertools import accumulate
from typing import Final, NamedTuple

from infra.local.demo import words
from infra.local.demo.identifiers import complete_uscc

_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RENAMED: Final = 30
_BRANDS: Final = (
    "华恒中天金宏盛信泰荣安德瑞博创新联合众诚鼎立佳美嘉康源丰达顺通利万隆兴旺永昌福祥云海江河山川"
    "东南西北春秋日月星辰光明正大宇宙乾坤龙凤鹏飞腾越卓远志诺凯迪亚欧科思锐智慧芯讯捷易优尚品味"
    + "".join(words.BRAND_FIRST)
    + "".join(words.BRAND_SECOND)
)


class _Weighted(NamedTuple):
    """Words that are drawn as often as their weights say."""

    words: tuple[str, ...]
    sums: tuple[int, ...]

    def draw(self, number: int) -> str:
        return self.words[bisect(self.sums, number % self.sums[-1])]


def _weigh(*pairs: tuple[int, str]) -> _Weighted:
    return _Weighted(
        tuple(word for _, word in pairs), tuple(accumulate(weight for weight, _ in pairs))
    )


_PLACES: Final = _weigh(
    (20, "清江市"), (12, "清江"), (9, "江北省"), (7, "临溪区"), (6, "望湖"), (5, "松岭县"), (4, "白蘋"),
    (3, "澄州市"), (3, "澄州"), (3, "荻城市"), (2, "荻城"), (2, "棹湾"), (2, "柳堰县"), (1, "石舫"),
    (1, "鹭栖"), (1, "莲塘"), (1, "菱渡"), (1, "麦陇"), (17, ""),
)  # fmt: skip
_TRADES: Final = _weigh(
    (14, "科技"), (10, "贸易"), (7, "商贸"), (6, "建筑工程"), (6, "餐饮管理"), (5, "信息技术"),
    (4, "网络科技"), (4, "物流"), (3, "机械制造"), (3, "文化传媒"), (3, "电子商务"), (3, "食品"),
    (2, "农业发展"), (2, "房地产开发"), (2, "企业管理咨询"), (2, "教育咨询"), (2, "医疗器械"), (2, "纺织品"),
    (1, "生物科技"), (1, "环保工程"), (1, "汽车服务"), (1, "物业管理"), (1, "化工"), (1, "建材"),
    (1, "装饰设计"), (1, "劳务派遣"), (1, "供应链管理"), (1, "新能源"), (1, "光电材料"), (1, "家政服务"),
    (3, "百货店"), (3, "小吃店"), (2, "水果店"), (1, "理发店"), (1, "面馆"),
)  # fmt: skip
_FORMS: Final = _weigh(
    (60, "有限公司"), (8, "有限责任公司"), (3, "股份有限公司"), (4, "（集团）有限公司"), (3, "有限公司分公司"),
    (8, "经营部"), (4, "厂"), (3, "专业合作社"), (2, "中心"), (2, "合伙企业（有限合伙）"), (3, "工作室"),
)  # fmt: skip


class Parts(NamedTuple):
    """What one name is made of."""

    place: str
    brand: str
    trade: str
    form: str

    @property
    def name(self) -> str:
        """The whole."""
        return "".join(self)


def make_parts(number: int, former: int = 0) -> Parts:
    """What the organisation of this number is called; with `former`, what it was called before."""
    drawn = _mix(number * 4 + former)
    first, drawn = drawn % len(_BRANDS), drawn // len(_BRANDS)
    second, drawn = drawn % len(_BRANDS), drawn // len(_BRANDS)
    third, drawn = drawn % (2 * len(_BRANDS)), drawn // (2 * len(_BRANDS))
    trade = _TRADES.draw(drawn)
    return Parts(
        place=_PLACES.draw(_mix(number)),
        brand="".join(_BRANDS[place : place + 1] for place in (first, second, third)),
        trade=trade,
        form="" if trade.endswith(("店", "馆")) else _FORMS.draw(_mix(number * 4 + 3)),
    )


def list_names(number: int) -> tuple[str, ...]:
    """Every name of the organisation of this number, the present one first."""
    if number % _RENAMED:
        return (make_parts(number).name,)
    return make_parts(number).name, make_parts(number, former=1).name


def code_of(number: int) -> str:
    """The code of the organisation of this number."""
    letters = ""
    for _ in range(6):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return complete_uscc("91", "MA" + letters)


def number_of(code: str) -> int:
    """The number of the organisation with this code."""
    number = 0
    for letter in reversed(code[10:16]):
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    return number


def _mix(number: int) -> int:
    """A number that looks drawn, always the same (splitmix64)."""
    mixed = (number + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return mixed ^ (mixed >> 31)
