"""Domain errors: a stable code, the place, and values; prose comes from the code."""

from dataclasses import dataclass, field
from enum import Enum, auto


class Kind(Enum):
    """What sort of refusal a code is; `web.problems` turns it into an HTTP status."""

    MALFORMED = auto()
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    UNKNOWN = auto()
    CONFLICT = auto()
    TOO_LARGE = auto()
    INVALID = auto()
    TOO_MANY = auto()
    UNAVAILABLE = auto()


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code with what is wrong and what to do, in Chinese and English.

    Ids that begin with `E-` refuse, `W-` accept and tell, `F-` are findings beside a receipt.
    `{placeholders}` in the texts are filled from the values of the case.
    """

    id: str
    kind: Kind
    zh: str
    en: str
    mend_zh: str
    mend_en: str


@dataclass(frozen=True, slots=True)
class Text:
    """A code's four texts with the values of one case filled in."""

    zh: str
    en: str
    mend_zh: str
    mend_en: str


def explain(code: Code, values: dict[str, str | int]) -> Text:
    """Fill `values` into the texts of `code`."""
    return Text(
        zh=code.zh.format_map(values),
        en=code.en.format_map(values),
        mend_zh=code.mend_zh.format_map(values),
        mend_en=code.mend_en.format_map(values),
    )


@dataclass
class DomainError(Exception):
    """Something its reader can understand and mend.

    `pointer` is a JSON Pointer (RFC 6901) into what was sent, empty where none fits.
    """

    code: Code
    pointer: str = ""
    values: dict[str, str | int] = field(default_factory=dict)

    def __init__(self, code: Code, *, pointer: str = "", **values: str | int) -> None:
        super().__init__(code.id)
        self.code = code
        self.pointer = pointer
        self.values = values

    @property
    def text(self) -> Text:
        """The code's texts with this error's values filled in."""
        return explain(self.code, self.values)
