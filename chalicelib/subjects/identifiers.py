"""Identifiers of organisations and persons, decided by their check digits.

Regions and inner codes only cause doubts: real registers hold thousands of codes of development
zones and abolished divisions. Papers other than identity numbers are decided by their outward form
only, for no public standard tells more. Checks never raise: they return the normalised value or a
`Fault`, and no fault repeats a person's number.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from operator import mul

import msgspec

from chalicelib.runtime.errors import Code, Text, explain
from chalicelib.subjects import codes
from chalicelib.subjects.texts import compact

PLACEHOLDER = "00000000000000000X"
"""What the 2018 standard has sole traders report who have no unified social credit code."""

_APOSTROPHES = "'’‘`"
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}")

_DEPARTMENTS = frozenset("123456789ANY")
_USCC_LENGTH = 18
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = bytes(_USCC_ALPHABET.find(chr(byte)) & 0xFF for byte in range(256))
_USCC_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
_REGION = re.compile(r"(?:1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12])[0-9]{4}")
_ORGANISATION_VALUES = bytes(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(chr(byte)) & 0xFF for byte in range(256)
)
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REGISTRATION_NUMBER = re.compile(r"[0-9]{15}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK_DIGITS = "10X98765432"
_ID_ZERO = sum(_ID_WEIGHTS) * ord("0")
_ID_18 = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_15 = re.compile(r"[1-9][0-9]{14}")
_EARLIEST_BIRTH_YEAR = 1880
_BRACKETS = str.maketrans("", "", "()-")
_LONG_NUMBER = 15
_MASK = "*"
_SUBJECT = re.compile(r"R[0-9]{15}|P[A-Z2-7]{26}")


class Fault(msgspec.Struct, frozen=True):
    """Why a value is refused or doubted: a code and the values for its texts.

    The values never hold a person's paper number.
    """

    code: Code
    values: Mapping[str, str | int] = {}

    @property
    def text(self) -> Text:
        """The code's texts with the values filled in."""
        return explain(self.code, dict(self.values))


def normalise_code(text: str) -> str:
    """`text` as a code: half width, upper case, nothing invisible, no leading apostrophe."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return compact(text).lstrip(_APOSTROPHES).upper()


def is_scientific(code: str) -> bool:
    """Whether a spreadsheet has turned the normalised `code` into a number such as 9.1E+17."""
    return "E" in code and _SCIENTIFIC.fullmatch(code) is not None


def check_uscc(text: str) -> str | Fault:
    """The unified social credit code 统一社会信用代码 that `text` says (GB 32100-2015)."""
    code = normalise_code(text)
    if _MASK in code:
        return Fault(codes.USCC_MASKED)
    if len(code) != _USCC_LENGTH:
        if is_scientific(code):
            return Fault(codes.USCC_SCIENTIFIC)
        return Fault(codes.USCC_LENGTH, {"length": len(code)})
    values = code.encode("ascii", "replace").translate(_USCC_VALUES)
    if not values.isascii():
        return _forbidden_letter(code)
    if sum(map(mul, values, _USCC_WEIGHTS)) % 31:
        wrong = codes.USCC_PLACEHOLDER if code == PLACEHOLDER else codes.USCC_CHECK_DIGIT
        return Fault(wrong)
    if code[0] not in _DEPARTMENTS:
        return Fault(codes.USCC_DEPARTMENT, {"letter": code[0]})
    return code


def _forbidden_letter(code: str) -> Fault:
    if is_scientific(code):
        return Fault(codes.USCC_SCIENTIFIC)
    position = next(place for place, letter in enumerate(code) if letter not in _USCC_ALPHABET)
    return Fault(codes.USCC_LETTER, {"position": position + 1, "letter": code[position]})


def doubts_about_uscc(uscc: str) -> tuple[Fault, ...]:
    """What looks odd about a valid code without being a reason to refuse it."""
    doubts = []
    if isinstance(check_organisation_code(uscc[8:17]), Fault):
        doubts.append(Fault(codes.USCC_INNER_CODE))
    region = uscc[2:8]
    if _REGION.fullmatch(region) is None:
        doubts.append(Fault(codes.USCC_REGION, {"region": region}))
    return tuple(doubts)


def doubts_about_others(
    uscc: str, organisation_code: str, registration_number: str
) -> tuple[Fault | None, Fault | None]:
    """What looks odd about the older codes that stand beside a valid one; blank ones never do."""
    return (
        _doubt_organisation_code(uscc, organisation_code) if organisation_code else None,
        _doubt_registration_number(uscc, registration_number) if registration_number else None,
    )


def _doubt_organisation_code(uscc: str, text: str) -> Fault | None:
    code = check_organisation_code(text)
    if isinstance(code, Fault):
        return _lost_zeros(text) or Fault(codes.ORGANISATION_CODE_DOUBTED)
    return None if code == uscc[8:17] else Fault(codes.ORGANISATION_CODE_DIFFERS)


def _lost_zeros(text: str) -> Fault | None:
    """Whether digits are an organisation code but for zeros in front, as its check digit tells."""
    code = normalise_code(text)
    if not code.isdecimal() or isinstance(check_organisation_code(code.zfill(9)), Fault):
        return None
    return Fault(codes.ORGANISATION_CODE_ZEROS, {"length": len(code)})


def _doubt_registration_number(uscc: str, text: str) -> Fault | None:
    if normalise_code(text) == uscc:  # many write their present code in both places
        return None
    number = check_registration_number(text)
    if isinstance(number, Fault):
        return Fault(codes.REGISTRATION_DOUBTED)
    return None if number[:6] == uscc[2:8] else Fault(codes.REGISTRATION_REGION)


def check_organisation_code(text: str) -> str | Fault:
    """The organisation code 组织机构代码 that `text` says, without hyphen (GB 11714-1997)."""
    code = normalise_code(text).replace("-", "")
    if _ORGANISATION_CODE.fullmatch(code) is None:
        return Fault(codes.ORGANISATION_CODE_FORM)
    values = code.encode().translate(_ORGANISATION_VALUES)
    check = "0123456789X"[-sum(map(mul, values, _ORGANISATION_WEIGHTS)) % 11]
    return code if code[8] == check else Fault(codes.ORGANISATION_CODE_CHECK_DIGIT)


def check_registration_number(text: str) -> str | Fault:
    """The 15-digit business registration number 工商注册号 that `text` says (GS15-2006)."""
    number = normalise_code(text)
    if is_scientific(number):
        return Fault(codes.REGISTRATION_SCIENTIFIC)
    if _REGISTRATION_NUMBER.fullmatch(number) is None:
        return Fault(codes.REGISTRATION_FORM, {"length": len(number)})
    product = 10
    for digit in number[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    if (product + int(number[14])) % 10 != 1:
        return Fault(codes.REGISTRATION_CHECK_DIGIT)
    return number


class PaperKind(StrEnum):
    """Kinds of papers in the 2018 code list 证件类型."""

    ID_NUMBER = "id"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PERMANENT_RESIDENT = "permanent_resident"


class Paper(msgspec.Struct, frozen=True, order=True):
    """A paper with its normalised number; residence permits and 18-digit numbers are `id`."""

    kind: PaperKind
    number: str

    def __repr__(self) -> str:
        """Without the number: a repr ends up in messages and logs (DESIGN §5.6)."""
        return f"Paper({self.kind})"


PAPER_LABELS = {
    PaperKind.ID_NUMBER: "身份证",
    PaperKind.PASSPORT: "护照号",
    PaperKind.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    PaperKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    PaperKind.PERMANENT_RESIDENT: "外国人永久居留身份证",
}
"""The standard's label of each kind, in the order of its numbers 01 to 05."""

_PAPER_KINDS = {
    **{label: kind for kind, label in PAPER_LABELS.items()},
    **{f"{number}": kind for number, kind in enumerate(PAPER_LABELS, 1)},
    **{f"0{number}": kind for number, kind in enumerate(PAPER_LABELS, 1)},
    "居民身份证": PaperKind.ID_NUMBER,
    "身份证号": PaperKind.ID_NUMBER,
    "护照": PaperKind.PASSPORT,
    "外国人永久居留证": PaperKind.PERMANENT_RESIDENT,
}

_PAPER_FORMS = {
    PaperKind.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
    PaperKind.HK_MACAO_PERMIT: re.compile(r"[A-Z][0-9]{8}(?:[0-9]{2})?"),
    PaperKind.TAIWAN_PERMIT: re.compile(r"[A-Z]?[0-9]{8}|[0-9]{10}[A-Z]?"),
    PaperKind.PERMANENT_RESIDENT: re.compile(r"[A-Z]{3}[0-9]{12}"),
}

_SHORT_PERMIT = re.compile(r"[1-9][0-9]{4,6}")


def read_paper_kind(text: str) -> PaperKind | Fault:
    """The kind of paper that a label or number of the code list means."""
    kind = _PAPER_KINDS.get(text) or _PAPER_KINDS.get(normalise_code(text))
    return kind or Fault(codes.PAPER_KIND)


def check_paper(kind: PaperKind, number: str, as_of: date) -> Paper | Fault:
    """The paper of this kind with this number; nobody is born after `as_of`.

    Numbers of 18 digits are identity numbers whatever kind was given: residence permits (81, 82,
    83) of Hong Kong, Macao and Taiwan residents, and the newer permanent resident cards (9).
    """
    code = normalise_code(number)
    if is_scientific(code):
        return Fault(codes.PAPER_SCIENTIFIC)
    if _MASK in code:
        return Fault(codes.PAPER_MASKED)
    numbered_as_id = kind is not PaperKind.PASSPORT and _ID_18.fullmatch(code) is not None
    if kind is PaperKind.ID_NUMBER or numbered_as_id:
        checked = _check_id_number(code, as_of)
        return checked if isinstance(checked, Fault) else Paper(_kind_of_id(checked), checked)
    bare = code.translate(_BRACKETS)
    if _PAPER_FORMS[kind].fullmatch(bare) is None:
        if kind is PaperKind.TAIWAN_PERMIT and _SHORT_PERMIT.fullmatch(bare):
            return Fault(codes.PAPER_ZEROS, {"paper": PAPER_LABELS[kind], "length": len(bare)})
        return Fault(codes.PAPER_FORM, {"paper": PAPER_LABELS[kind]})
    return Paper(kind, bare)


def _kind_of_id(id_number: str) -> PaperKind:
    return PaperKind.PERMANENT_RESIDENT if id_number[0] == "9" else PaperKind.ID_NUMBER


def check_id_number(text: str, as_of: date) -> str | Fault:
    """The 18-digit identity number 公民身份号码 that `text` says (GB 11643-1999).

    The 15-digit form is converted: all its bearers were born in the 1900s.
    """
    return _check_id_number(normalise_code(text), as_of)


def _check_id_number(number: str, as_of: date) -> str | Fault:
    if _ID_15.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += _id_check_digit(number)
    if not _ID_18.fullmatch(number):
        if is_scientific(number):
            return Fault(codes.PAPER_SCIENTIFIC)
        return Fault(codes.ID_FORM, {"length": len(number)})
    if number[17] != _id_check_digit(number):
        return Fault(codes.ID_CHECK_DIGIT)
    born = _date_in(number)
    if born is None or born.year < _EARLIEST_BIRTH_YEAR or born > as_of:
        return Fault(codes.ID_BIRTH_DATE)
    return number


def _id_check_digit(number: str) -> str:
    return _ID_CHECK_DIGITS[(sum(map(mul, number[:17].encode(), _ID_WEIGHTS)) - _ID_ZERO) % 11]


def _date_in(id_number: str) -> date | None:
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def birth_date(number: str) -> date | None:
    """The day of birth that a checked ID number holds; None for other papers."""
    return _date_in(number) if _ID_18.fullmatch(number) else None


def mask_number(number: str) -> str:
    """`number` as it may be shown: the birth date and all but a few outer characters hidden."""
    shown_left, shown_right = (3, 2) if len(number) >= _LONG_NUMBER else (1, 2)
    if len(number) < 2 * (shown_left + shown_right):
        return "*" * len(number)
    hidden = len(number) - shown_left - shown_right
    return number[:shown_left] + "*" * hidden + number[-shown_right:]


def organisation_subject(uscc: str) -> str:
    """The subject key of the organisation with this checked code: the code itself (JS-10, SD-8)."""
    return uscc


def sole_trader_subject(registration_number: str) -> str:
    """The subject key of a sole trader 个体工商户 without a unified social credit code."""
    return f"R{registration_number}"


def is_person(subject: str) -> bool:
    """Whether a subject key is a person's: `P` and 26 base32 characters."""
    return subject.startswith("P") and is_subject(subject)


def is_subject(text: str) -> bool:
    """Whether `text` is a well-formed subject key of any kind."""
    return _SUBJECT.fullmatch(text) is not None or check_uscc(text) == text
