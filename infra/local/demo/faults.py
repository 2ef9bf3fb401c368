"""The mistakes of clerks and spreadsheets, planted so that each refusal is known beforehand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from infra.local.demo.files import FIRST_ROW, STRAY, Row
from infra.local.demo.identifiers import PLACEHOLDER, REGION, complete_id_number, miscopy
from infra.local.demo.spelling import BLANKS

Spoil = Callable[[Random, str], str]
_CODE_LENGTH = 18
_TOO_LONG = 201


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in one cell: `spoil` makes it, `code` must be told; a row must fulfil `fits`."""

    field: str
    spoil: Spoil
    code: str
    fits: Mapping[str, Callable[[str], bool]]

    def suits(self, row: Row) -> bool:
        """Whether the mistake can be made in `row` and nothing else goes wrong."""
        return all(test(row.get(field, "")) for field, test in self.fits.items())


def plant(
    rng: Random, rows: Sequence[Row], mistakes: Sequence[Sequence[Fault]]
) -> dict[int, tuple[str, ...]]:
    """Make each of `mistakes` in a row of its own; the codes that must be told, by row number.

    One entry of `mistakes` may be several that are made in the same row.
    """
    planted: dict[int, tuple[str, ...]] = {}
    for faults in mistakes:
        place = rng.choice(
            [
                place
                for place, row in enumerate(rows)
                if place + FIRST_ROW not in planted and all(fault.suits(row) for fault in faults)
            ]
        )
        for fault in faults:
            rows[place][fault.field] = fault.spoil(rng, rows[place].get(fault.field, ""))
        planted[place + FIRST_ROW] = tuple(sorted(fault.code for fault in faults))
    return planted


def _is_code(text: str) -> bool:
    return len(text) == _CODE_LENGTH and text.isascii() and text != PLACEHOLDER


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip() in BLANKS


def _is_filled(text: str) -> bool:
    return not is_blank(text)


def _write(text: str) -> Spoil:
    return lambda _, __: text


def miscopied(field: str) -> Fault:
    """A digit of a unified social credit code is wrong."""
    return Fault(field, lambda rng, code: miscopy(code, rng), "E-USCC-03", {field: _is_code})


def letter_for_digit(field: str) -> Fault:
    """The letter O for the digit 0 in a unified social credit code."""
    spoiled = {field: lambda text: _is_code(text) and "0" in text}
    return Fault(field, lambda _, code: code.replace("0", "O"), "E-USCC-02", spoiled)


def cut_short(field: str) -> Fault:
    """The last character of a unified social credit code is lost."""
    return Fault(field, lambda _, code: code[:-1], "E-USCC-01", {field: _is_code})


def excel_code(field: str) -> Fault:
    """A spreadsheet made a number of a unified social credit code."""
    return Fault(field, _write("9.13299E+17"), "E-USCC-05", {field: _is_code})


def excel_paper(field: str) -> Fault:
    """A spreadsheet made a number of an ID number."""
    return Fault(field, _write("3.29900E+17"), "E-PAPER-06", {field: _is_code})


def needless_placeholder(field: str) -> Fault:
    """The placeholder of sole traders stands for an organisation's code."""
    return Fault(
        field, _write(PLACEHOLDER), "E-USCC-06", {field: lambda text: text.startswith("91")}
    )


def miscopied_paper(field: str) -> Fault:
    """A digit of an ID number is wrong."""
    return Fault(field, lambda rng, number: miscopy(number, rng), "E-PAPER-02", {field: _is_code})


def impossible_birth(field: str) -> Fault:
    """An ID number says 30 February, with the check digit that fits."""
    number = complete_id_number(f"{REGION}19790230001")
    return Fault(field, _write(number), "E-PAPER-03", {field: _is_code})


def wrong_registration_number(field: str, uscc: str) -> Fault:
    """A digit of a registration number is wrong, where there is no code beside it."""
    return Fault(
        field,
        lambda _, number: number[:-1] + str((int(number[-1]) + 5) % 10),
        "E-REGNO-02",
        {uscc: lambda text: text == PLACEHOLDER, field: _is_filled},
    )


def missing(field: str, code: str = "E-REQUIRED-01", **fits: Callable[[str], bool]) -> Fault:
    """A required value is blank, in one of the ways to write that."""
    return Fault(field, lambda rng, _: rng.choice(BLANKS), code, {field: _is_filled, **fits})


def written(field: str, text: str, code: str, **fits: Callable[[str], bool]) -> Fault:
    """`text` stands where something else was."""
    return Fault(field, _write(text), code, {field: _is_filled, **fits})


def future(field: str, *, end: str = "") -> Fault:
    """2062 for 2026, in a row that says nothing of an `end` that would lie before."""
    return written(field, "2062-03-15", "E-DATE-02", **({end: is_blank} if end else {}))


def impossible_day(field: str) -> Fault:
    """30 February."""
    return written(field, "2026-02-30", "E-DATE-01")


def ended_before(field: str) -> Fault:
    """Something ends before it begins."""
    return written(field, "1999-12-31", "E-DATE-03")


def too_long(field: str) -> Fault:
    """A text much too long for its field."""
    return written(field, "清江" * _TOO_LONG, "E-LENGTH-01")


def shifted(field: str) -> Fault:
    """An unquoted comma has pushed a cell past the header."""
    return Fault(STRAY, _write("（错列）"), "E-ROW-02", {field: _is_filled})


def foreign_capital(field: str) -> Fault:
    """Dollars: not understood, told, and kept as typed."""
    return Fault(field, _write("80万美元"), "W-VALUE-01", {field: _is_filled})


def coded_person(field: str, paper: str, code: str) -> Fault:
    """A natural person is given the unified social credit code of a business."""
    return Fault(field, _write(code), "E-SUBJECT-01", {paper: _is_code})
