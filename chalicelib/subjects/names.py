"""Names: one form for comparing organisations', grams for finding them, masks for persons'."""

import re
from enum import StrEnum

from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.codes import FRAGMENT_COMMON, FRAGMENT_SHORT
from chalicelib.subjects.texts import compact

STOP_GRAMS = frozenset(["有限", "限公", "公司", "限责", "责任", "任公", "股份", "份有"])
"""Pairs of characters in so many organisations' names that they find nothing."""

# fmt: off
COMPOUND_SURNAMES = frozenset(
    [
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐",
        "司徒", "夏侯", "长孙", "宇文", "轩辕", "端木", "百里", "东郭", "南宫", "西门",
        "呼延", "闻人", "申屠", "太史", "公冶", "澹台", "濮阳", "淳于", "单于", "钟离",
        "独孤", "拓跋", "赫连", "万俟", "仲孙", "司空",
    ]
)
# fmt: on
"""Surnames 复姓 of two characters that a mask keeps whole."""

_ONE_FORM = str.maketrans("〔【[{〈《「『〕】]}〉》」』•・‧∙", "(" * 8 + ")" * 8 + "·" * 4)
_BRACKETS = str.maketrans("", "", "()")
_SHORTEST_FRAGMENT = 2
_LEGAL_FORM = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|合伙企业|合作社|事务所)$")


class Likeness(StrEnum):
    """How alike two names are."""

    SAME = "same"
    SAME_AFTER_NORMALISING = "same_after_normalising"  # widths, spaces, punctuation
    ABBREVIATED = "abbreviated"
    DIFFERENT = "different"


def normalise_name(name: str) -> str:
    """`name` for comparing: NFKC, no spaces, one form of brackets and middle dots, upper case."""
    return compact(name).translate(_ONE_FORM).upper()


def same_name(one: str, other: str) -> Likeness:
    """How alike two organisations' names are."""
    if one == other:
        return Likeness.SAME
    if normalise_name(one) == normalise_name(other):
        return Likeness.SAME_AFTER_NORMALISING
    plain, known = sorted((_letters(one), _letters(other)), key=lambda name: (len(name), name))
    if plain == known and plain:
        return Likeness.SAME_AFTER_NORMALISING
    return Likeness.ABBREVIATED if _is_abbreviated(plain, known) else Likeness.DIFFERENT


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, normalise_name(name)))


def _is_abbreviated(short: str, full: str) -> bool:
    """Whether `short` leaves letters of `full` out, and says no other form of company."""
    form, full_form = (_LEGAL_FORM.search(name) for name in (short, full))
    if form is not None and (full_form is None or form[0] != full_form[0]):
        return False
    core = short[: form.start()] if form else short.removesuffix("公司")
    rest = iter(full[: full_form.start()] if full_form else full)
    return (
        len(core) >= _SHORTEST_FRAGMENT
        and len(short) < len(full)
        and all(letter in rest for letter in core)
    )


def search_text(name: str) -> str:
    """`name` as searches see it: normalised, without brackets.

    A name contains a fragment when its search text contains the fragment's.
    """
    return normalise_name(name).translate(_BRACKETS)


def grams(name: str) -> tuple[str, ...]:
    """The overlapping pairs of characters that `name` is found by, each once, in their order."""
    text = search_text(name)
    pairs = dict.fromkeys(text[place : place + 2] for place in range(len(text) - 1))
    return tuple(pair for pair in pairs if pair not in STOP_GRAMS)


def search_terms(fragment: str) -> tuple[str, ...]:
    """What a name must hold to be found by `fragment`, as searches see it: each of its words.

    A fragment with a word of a single character is one word: spaces in it mean nothing.

    Raises:
        DomainError: `E-NAME-01` for fewer than two characters, `E-NAME-02` for stop grams only.
    """
    words = tuple(dict.fromkeys(map(search_text, fragment.split())))
    whole = search_text(fragment)
    if len(whole) < _SHORTEST_FRAGMENT:
        raise DomainError(FRAGMENT_SHORT)
    terms = words if min(map(len, words)) >= _SHORTEST_FRAGMENT else (whole,)
    if not any(map(grams, terms)):
        raise DomainError(FRAGMENT_COMMON)
    return terms


def mask_name(name: str) -> str:
    """A person's name with all but the surname hidden: 张*, 欧阳**; nothing of a single letter."""
    plain = normalise_name(name)
    kept = 2 if plain[:2] in COMPOUND_SURNAMES and len(plain) > 2 else 1  # noqa: PLR2004
    if len(plain) <= kept:
        return "*"
    return plain[:kept] + "*" * (len(plain) - kept)
