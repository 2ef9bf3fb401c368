"""What of a record's history concerns those who were given it before."""

from collections.abc import Iterator

import msgspec

from chalicelib.archive.fold import Precedence, fold
from chalicelib.archive.replay import held_by
from chalicelib.archive.statements import Holding, Mark, MarkKind, Phase

CORRECTED = "corrected"
_LIFTED = "_lifted"
_TAKEN_BACK = frozenset({MarkKind.WITHDRAWN, MarkKind.REPLACED})
_TOLD = _TAKEN_BACK | {MarkKind.ANNULLED, MarkKind.DELETED, MarkKind.REPAIRED}


class Change(msgspec.Struct, frozen=True, order=True):
    """Something that happened to a record at `at` (`stamp` text).

    `what`: `corrected` where other words became the current ones, the kind of a mark that was set,
    or that kind with `_lifted`. `name` tells apart what happened more than once.
    """

    at: str
    what: str
    name: str

    def id(self, path: str) -> str:
        """What names it for good, of the record at `path`."""
        return f"{path}/{self.what}/{self.name}"


def changes_of(holding: Holding, precedence: Precedence) -> tuple[Change, ...]:
    """Every change of a record since it was first said, in order."""
    marks = (*holding.marks, *(followed.mark for followed in holding.followed))
    told = {Change(mark.at, what, mark.id) for mark in marks if (what := _what(mark))}
    return tuple(sorted(told | set(_corrections(holding, precedence))))


def _corrections(holding: Holding, precedence: Precedence) -> Iterator[Change]:
    if len(holding.statements) < 2:  # noqa: PLR2004 - one statement is never another
        return
    known = None
    for moment in _turns(holding):
        current = fold(held_by(holding, moment), precedence).current
        content = known if current is None else current.words.content
        if known is not None and content != known:
            yield Change(moment, CORRECTED, moment)
        known = content


def _turns(holding: Holding) -> list[str]:
    """The moments at which a provider said something else than before, or took its words back."""
    said: dict[str, str] = {}
    moments: set[str] = set()
    for version in fold(holding).history:
        if said.get(version.provider) != version.digest:
            moments.add(version.at)
        said[version.provider] = version.digest
    return sorted(moments)


def _what(mark: Mark) -> str:
    if mark.kind not in _TOLD:
        return ""
    if mark.phase is Phase.OPEN:
        return mark.kind.value
    return "" if mark.kind in _TAKEN_BACK else f"{mark.kind.value}{_LIFTED}"
