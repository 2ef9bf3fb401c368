"""Which marks fit which records, and what they may say."""

from datetime import date
from typing import Final

from chalicelib.archive.codes import MARK_UNFIT, MARK_VALUE
from chalicelib.archive.statements import MarkKind, Phase
from chalicelib.catalogue.model import Item
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import is_person

CLASSES: Final = frozenset({"minor", "general", "serious"})
_ADVERSE: Final = frozenset({MarkKind.CLASSIFIED, MarkKind.RUNNING, MarkKind.CONFIRMED})
_CORRECTIONS: Final = frozenset({MarkKind.REPLACED, MarkKind.REPLACES})
"""Set only together with the words that a correction (操作: 更正) moves."""


def check_mark(kind: MarkKind, phase: Phase, value: str, subject: str, item: Item) -> None:
    """Refuse a mark that nobody can set by itself on a record of `item` on `subject`.

    Raises:
        DomainError: `E-MARK-01` where such records are not marked so, `E-MARK-02` for its value.
    """
    hides_no_merit = kind is MarkKind.HIDDEN and item.category != "positive"
    not_adverse = kind in _ADVERSE and item.category != "adverse"
    no_person = kind is MarkKind.CONFIRMED and not is_person(subject)
    if hides_no_merit or not_adverse or no_person or kind in _CORRECTIONS:
        raise DomainError(MARK_UNFIT, pointer="/kind", kind=kind.value)
    if not _takes(kind if phase is Phase.OPEN else None, value):
        raise DomainError(MARK_VALUE, pointer="/value", kind=kind.value, value=value)


def _takes(kind: MarkKind | None, value: str) -> bool:
    if kind is MarkKind.CLASSIFIED:
        return value in CLASSES
    if kind is MarkKind.RUNNING and value:
        return _is_day(value)
    return not value


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
