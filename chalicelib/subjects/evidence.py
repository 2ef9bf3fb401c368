"""Evidence that a row with an incomplete identifier is about an organisation: told, never decided.

Hidden characters leave many codes possible, and names are shared. So whoever sent the row is told
what agrees, and fills in the code; nothing is merged on such evidence.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from chalicelib.subjects.identifiers import normalise_code
from chalicelib.subjects.names import Likeness, same_name

_HIDDEN: Final = re.compile(r"\*+")
_GRADES: Final = tuple(Likeness)  # from the most alike to the least


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says of its subject; the code may have hidden characters, or be blank."""

    name: str
    code: str = ""
    organisation_code: str = ""
    registration_number: str = ""


class Clue(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that speaks for a candidate.

    `characters` are the places of its code, from 1, that a given identifier repeats; `name` and
    `likeness` are the candidate's name that is most alike (its present or a former one).
    """

    kind: Literal["code", "organisation_code", "registration_region", "name", "former_name"]
    characters: tuple[int, ...] = ()
    name: str = ""
    likeness: Likeness | None = None


def weigh(given: Given, code: str, names: Sequence[str]) -> tuple[Clue, ...]:
    """What speaks for the organisation with this code and `names`, the present one first.

    Nothing where an identifier that was given contradicts it, or its names are different ones.
    """
    clues: list[Clue] = []
    if given.code:
        places = _agreeing(normalise_code(given.code), code)
        if not places:
            return ()
        clues.append(Clue(kind="code", characters=places))
    inner = normalise_code(given.organisation_code).replace("-", "")
    if inner:
        places = _agreeing(inner, code[8:17], first=9)
        if not places:
            return ()
        clues.append(Clue(kind="organisation_code", characters=places))
    if given.registration_number and normalise_code(given.registration_number)[:6] == code[2:8]:
        clues.append(Clue(kind="registration_region", characters=tuple(range(3, 9))))
    named = _name_clue(given.name, names)
    return () if named is None else (*clues, named)


def _name_clue(given: str, names: Sequence[str]) -> Clue | None:
    graded = [(_GRADES.index(same_name(given, name)), place) for place, name in enumerate(names)]
    grade, place = min(graded, default=(_GRADES.index(Likeness.DIFFERENT), 0))
    if _GRADES[grade] is Likeness.DIFFERENT:
        return None
    kind: Literal["former_name", "name"] = "former_name" if place else "name"
    return Clue(kind=kind, name=names[place], likeness=_GRADES[grade])


def _agreeing(shown: str, code: str, first: int = 1) -> tuple[int, ...]:
    """The places of `code` that `shown` repeats; none where they differ anywhere.

    Stars stand for one character each where the length is right, else for any number of them.
    """
    exact = len(shown) == len(code)
    parts = [re.escape(part) for part in _HIDDEN.split(shown)]
    stars = [f".{{{len(each)}}}" if exact else ".+" for each in _HIDDEN.findall(shown)]
    groups = [f"({part})" for part in parts]
    pattern = groups[0] + "".join(
        star + group for star, group in zip(stars, groups[1:], strict=True)
    )
    found = re.fullmatch(pattern, code)
    if found is None:
        return ()
    spans = (found.span(group) for group in range(1, len(groups) + 1))
    return tuple(first + place for start, end in spans for place in range(start, end))
