"""From what was typed to what is understood, one field at a time; what was typed is never lost."""

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Final

import msgspec

from chalicelib.archive.statements import Value, spoken
from chalicelib.catalogue.model import Field
from chalicelib.collection import codes
from chalicelib.collection.amounts import read_amount
from chalicelib.collection.dates import EARLIEST, is_serial, read_date
from chalicelib.subjects.codes import USCC_PLACEHOLDER
from chalicelib.subjects.identifiers import (
    PLACEHOLDER,
    Fault,
    check_id_number,
    check_uscc,
    doubts_about_uscc,
    normalise_code,
)

NORMALISER: Final = 1
"""The version of these rules. Record keys depend on it: raising it is a migration."""

_EDGES: Final = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_SPACES: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_INTEGER: Final = re.compile(r"(-?\d{1,15})(?:\.0+)?(?:年度?)?", re.ASCII)
_SEPARATORS: Final = re.compile(r"[;；|｜\r\n]+")
_WEAK_SEPARATORS: Final = re.compile(r"[、,]")
_REMARK: Final = "(:-,—"
_ERROR: Final = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!"
    r"|BUSY!|GETTING_DATA|#+)"
)
_EXPONENT: Final = re.compile(r"[0-9]\.[0-9]+E\+?[0-9]{2}")
_ROUNDED: Final = re.compile(r"[0-9]{15}000")
_LONGEST_ERROR: Final = 14
_FORMULA: Final = re.compile(
    r"=.+|[+@-] *[A-Z_][A-Z0-9_.]* *\(.*|[+@-].*\|.*!.*", re.DOTALL | re.IGNORECASE
)
_FORMULA_BEGINS: Final = frozenset("=+-@＝＋－＠")
_HALF_WIDTH: Final = str.maketrans("＝＋－＠", "=+-@")
_DITTO: Final = frozenset(("同上", "同上行", "同左", "同前", "〃", "″"))
_BETWEEN_CODES: Final = re.compile(r"[;；、,，/|｜\s]+")
_BETWEEN: Final = {
    "uscc": _BETWEEN_CODES,
    "date": re.compile(r"[;；、,，|｜~～至到\s]+"),
    "amount": re.compile(r"[;；、|｜\s]+"),
    "integer": re.compile(r"[;；、|｜\s]+"),
}
_PAPER: Final = re.compile(r"[A-Z]{0,2}[0-9]{7,17}[0-9X]")


class Understood(msgspec.Struct, frozen=True):
    """A value, None where blank or not understood; whether typing it differed; and what is wrong."""

    value: Value | None
    differs: bool
    faults: tuple[Fault, ...] = ()


_NOTHING: Final = Understood(None, differs=False)
_BLANK: Final = Understood(None, differs=True)

Reader = Callable[[str], Understood]
_Parser = Callable[[str], Value | Fault | None]


def compile_reader(field: Field, *, names_subject: bool = False) -> Reader:
    """How a cell of `field` is read. `names_subject`: it holds the code of the row's subject.

    Paper numbers are only brought to one form here, unless a spreadsheet has destroyed them: what
    they must look like depends on the kind of paper, which is another field.
    """
    parse = _PARSERS[field.type](field)
    longest = sys.maxsize if field.max_length is None else field.max_length
    doubtful = names_subject or field.type == "date"  # of these more is asked than a length
    missing = _missing(field.missing_values)
    longest_missing = max(map(len, missing))

    def read(typed: str) -> Understood:
        text = typed.strip(_EDGES)
        if not text:
            return _NOTHING
        if len(text) <= longest_missing and _fold(text) in missing:
            return _BLANK
        fault = _find_damage(text)
        if fault is not None:
            return Understood(None, differs=True, faults=(fault,))
        parsed = parse(text)
        if isinstance(parsed, str) and 0 < len(parsed) <= longest and not doubtful:
            return Understood(parsed, differs=typed != parsed)
        if parsed is None or isinstance(parsed, Fault):
            parsed = _find_several(field, text, parse) or parsed
        return _judge(field, typed, parsed, names_subject=names_subject)

    return read


def _find_damage(text: str) -> Fault | None:
    """What is no value at all: a spreadsheet's error, a formula, a ditto mark, letters that were lost."""
    if text[0] == "#" and len(text) <= _LONGEST_ERROR and _ERROR.fullmatch(text):
        return Fault(codes.CELL_ERROR, {"error": text})
    if text[0] in _FORMULA_BEGINS and _FORMULA.fullmatch(text.translate(_HALF_WIDTH)):
        return Fault(codes.CELL_FORMULA)
    if text in _DITTO:
        return Fault(codes.CELL_DITTO)
    garbled = "\ufffd" in text or "锟斤拷" in text or "???" in text
    return Fault(codes.CELL_GARBLED) if garbled else None


def _find_several(field: Field, text: str, parse: _Parser) -> Fault | None:
    """That `text`, which is no value, is several of them."""
    between = _BETWEEN.get(field.type)
    if between is None or field.lenient:
        return None
    parts = [part for part in between.split(text) if part]
    several = len(parts) > 1 and all(isinstance(parse(part), str) for part in parts)
    return Fault(codes.CELL_SEVERAL, {"count": len(parts)}) if several else None


def _judge(
    field: Field, typed: str, parsed: Value | Fault | None, *, names_subject: bool
) -> Understood:
    """What to make of a parser's answer; None means that it did not understand."""
    if isinstance(parsed, Fault):
        if names_subject and parsed.code is USCC_PLACEHOLDER:
            return Understood(PLACEHOLDER, differs=typed != PLACEHOLDER)
        return Understood(None, differs=True, faults=(parsed,))
    if parsed is None:
        return Understood(None, differs=True, faults=(_misunderstood(field),))
    if not parsed:  # nothing but an apostrophe or invisible characters: blank
        return _BLANK
    faults: tuple[Fault, ...] = ()
    if field.max_length is not None and len(spoken(parsed)) > field.max_length:
        limits = {"length": len(spoken(parsed)), "limit": field.max_length}
        faults = (Fault(codes.LENGTH, limits),)
    elif names_subject and isinstance(parsed, str):
        faults = doubts_about_uscc(parsed)
    elif field.type == "date":
        faults = _doubt_date(typed, parsed)
    return Understood(parsed, differs=typed != spoken(parsed), faults=faults)


def _doubt_date(typed: str, parsed: Value) -> tuple[Fault, ...]:
    if parsed == EARLIEST:
        return (Fault(codes.DATE_EMPTY),)
    return (Fault(codes.DATE_SERIAL),) if is_serial(typed) else ()


def _misunderstood(field: Field) -> Fault:
    unit = field.unit or "—"
    if field.lenient:
        return Fault(codes.LENIENT, {"unit": unit})
    match field.type:
        case "amount":
            return Fault(codes.AMOUNT, {"unit": unit})
        case "date":
            return Fault(codes.DATE)
        case "integer":
            return Fault(codes.INTEGER)
    return Fault(codes.CHOICE, {"choices": "、".join(field.enum or ())})


def _fold(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _missing(tokens: tuple[str, ...]) -> frozenset[str]:
    return frozenset(("", *map(_fold, tokens)))


# -- one parser a type ----------------------------------------------------------------------------


def _parse_integer(text: str) -> str | None:
    match = _INTEGER.fullmatch(unicodedata.normalize("NFKC", text))
    return None if match is None else str(int(match[1]))


def _parse_code(text: str) -> str | Fault:
    """A code; a spreadsheet that took it for a number has destroyed it."""
    code = normalise_code(text)
    return Fault(codes.CELL_ROUNDED) if _EXPONENT.fullmatch(code) else code


def _parse_paper(text: str) -> str | Fault:
    """A paper's number; what it must look like depends on the kind of paper, another field.

    An identity number whose last digits a spreadsheet has made zeros is told from one that ends in
    zeros by its check digit (GB 11643-1999).
    """
    number = normalise_code(text)
    parts = _BETWEEN_CODES.split(text)
    if len(parts) > 1 and all(_PAPER.fullmatch(normalise_code(part)) for part in parts):
        return Fault(codes.CELL_SEVERAL, {"count": len(parts)})
    if _ROUNDED.fullmatch(number) and isinstance(check_id_number(number, date.max), Fault):
        return Fault(codes.CELL_ROUNDED)
    return number


def _parse_uscc(text: str) -> str | Fault:
    found = check_uscc(text)
    if isinstance(found, Fault) and _ROUNDED.fullmatch(normalise_code(text)):
        return Fault(codes.CELL_ROUNDED)
    return found


def _amount_parser(field: Field) -> _Parser:
    unit = field.unit or "元"
    return lambda text: read_amount(text, unit)


def _choice_parser(field: Field) -> _Parser:
    table = _choice_table(field)
    return lambda text: _choose(_fold(text), table, field.open_choice)


def _choices_parser(field: Field) -> _Parser:
    table = _choice_table(field)
    order = {value: place for place, value in enumerate(field.enum or ())}

    def parse(text: str) -> tuple[str, ...] | None:
        chosen: set[str] = set()
        for part in filter(None, map(_fold, _SEPARATORS.split(text))):
            found = _choose_several(part, table, field.open_choice)
            if found is None:
                return None
            chosen.update(found)
        return tuple(sorted(chosen, key=order.__getitem__)) or None

    return parse


def _choice_table(field: Field) -> Mapping[str, str]:
    """Every spelling of a choice, and the choice."""
    spellings = {_fold(spelling): value for spelling, value in field.choice_aliases.items()}
    return {**spellings, **{_fold(value): value for value in field.enum or ()}}


def _choose(text: str, table: Mapping[str, str], open_choice: str | None) -> str | None:
    """The choice that `text` means; the open one may carry a remark (其他（需注明）)."""
    if open_choice is not None and text.startswith(open_choice):
        rest = text[len(open_choice) :]
        if rest and rest[0] in _REMARK:
            return open_choice
    return table.get(text)


def _choose_several(
    part: str, table: Mapping[str, str], open_choice: str | None
) -> list[str] | None:
    """The choices in `part`: `、` separates them, yet also stands inside some of them."""
    chosen: list[str] = []
    words = _WEAK_SEPARATORS.split(part)
    while words:
        for end in range(len(words), 0, -1):
            choice = _choose("、".join(words[:end]), table, open_choice)
            if choice is not None:
                break
        else:
            return None
        chosen.append(choice)
        words = words[end:]
    return chosen


_PARSERS: Final[Mapping[str, Callable[[Field], _Parser]]] = {
    "string": lambda _: str,
    "text": lambda _: str,
    "code": lambda _: _parse_code,
    "paper": lambda _: _parse_paper,
    "uscc": lambda _: _parse_uscc,
    "date": lambda _: read_date,
    "amount": _amount_parser,
    "integer": lambda _: _parse_integer,
    "choice": _choice_parser,
    "choices": _choices_parser,
}
