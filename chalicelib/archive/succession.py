"""Succession: records that stand for others, since a correction 更正 changed key or subject.

What was noted on the old record goes with the words to the new one, also what is noted later: a
repaired record does not come back through a correction. The marks are not copied but read where they
stand, so it does not matter in which order corrections, marks and words arrive.
"""

from collections.abc import Callable, Iterator

import msgspec

from chalicelib.archive.statements import (
    OF_WORDS,
    Followed,
    Holding,
    Mark,
    MarkKind,
    Phase,
    RecordKey,
    parse_record_key,
)

Reading = Callable[[RecordKey], Holding]
"""What is held under a record key itself."""


def follow_marks(holding: Holding, read: Reading) -> Holding:
    """`holding` with the marks of the records that it replaces, and of those that they replace.

    A correction leads marks only where its provider had said something on the old record: nobody
    brings another's mark onto a record.
    """
    if not holding.marks:  # as most are
        return holding
    held = {holding.key: holding}
    since = {holding.key: ""}
    waiting = [holding.key]
    while waiting:
        key = waiting.pop()
        for mark in _corrections(held[key], MarkKind.REPLACES):
            old = parse_record_key(mark.value)
            if old not in held:
                held[old] = read(old)
            said = _first_said(held[old], mark.provider)
            begun = max(since[key], mark.at, said or "")
            if said is not None and begun < since.get(old, "~"):
                since[old] = begun
                waiting.append(old)
    del since[holding.key]
    if not since:
        return holding
    followed = tuple(
        Followed(since[key], mark)
        for key in sorted(since)
        for mark in held[key].marks
        if mark.kind not in OF_WORDS
    )
    return msgspec.structs.replace(holding, followed=followed)


def successors_in(holding: Holding) -> tuple[RecordKey, ...]:
    """The records to which corrections have led words of this one, whichever stand there now."""
    named = {mark.value for mark in _corrections(holding, MarkKind.REPLACED)}
    return tuple(map(parse_record_key, sorted(named)))


def all_successors(holding: Holding, read: Reading) -> tuple[RecordKey, ...]:
    """The records that a mark on this one reaches: its successors, and theirs."""
    found: dict[RecordKey, None] = {}
    waiting = [*successors_in(holding)]
    while waiting:
        key = waiting.pop()
        if key != holding.key and key not in found:
            found[key] = None
            waiting += successors_in(read(key))
    return tuple(sorted(found))


def _corrections(holding: Holding, kind: MarkKind) -> Iterator[Mark]:
    return (mark for mark in holding.marks if mark.kind is kind and mark.phase is Phase.OPEN)


def _first_said(holding: Holding, provider: str) -> str | None:
    said = (each.first.registered for each in holding.statements if each.provider == provider)
    return min(said, default=None)
