"""What may never be collected about natural persons, or only with consent (SZ-12, NJ-29)."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from chalicelib.catalogue.labels import normalise_label

_FILE = Path(__file__).parent / "prohibited.json"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_A_LETTER = re.compile(r"[^a-z]+")


class Prohibition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of prohibited information and how field labels and codes name it.

    `collected`: `never`, or `with_consent` (notice of the adverse consequences, written consent,
    agreed purpose and term). `terms` are found anywhere in a label, but not inside one of
    `except_`; `words` are English or pinyin words found whole in a code or label.
    """

    id: str
    zh: str
    en: str
    collected: Literal["never", "with_consent"]
    articles: tuple[str, ...]
    terms: tuple[str, ...]
    words: tuple[str, ...]
    except_: tuple[str, ...] = msgspec.field(name="except", default=())

    def names(self, label: str, words: str) -> bool:
        """Whether a normalised `label`, or its `words` between single spaces, names this."""
        for harmless in self.except_:
            label = label.replace(harmless, "")
        return any(term in label for term in self.terms) or any(
            f" {word} " in words for word in self.words
        )


@cache
def prohibitions() -> tuple[Prohibition, ...]:
    """Everything that is prohibited, strictest first."""
    return msgspec.json.decode(_FILE.read_bytes(), type=tuple[Prohibition, ...])


@cache
def _hints() -> re.Pattern[str]:
    """Finds what might be prohibited, so that nearly every label is looked at once only."""
    terms = [term for each in prohibitions() for term in (*each.terms, *each.except_)]
    words = [f" {word} " for each in prohibitions() for word in each.words]
    return re.compile("|".join(map(re.escape, [*terms, *words])))


def prohibited(label_or_code: str) -> Prohibition | None:
    """The prohibition that a field label, code or file header falls under, if any."""
    label = normalise_label(label_or_code)
    spaced = _HUMP.sub(" ", unicodedata.normalize("NFKC", label_or_code)).casefold()
    words = f" {_NOT_A_LETTER.sub(' ', spaced).strip()} "
    if not _hints().search(f"{label}\n{words}"):
        return None
    return next((each for each in prohibitions() if each.names(label, words)), None)
