"""The fold: what all that was said and noted about a record adds up to (DESIGN §4).

A set goes in and is ordered by registration time, so the result cannot depend on how, how often or
in what order things arrived.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from chalicelib.archive.statements import (
    OF_WORDS,
    Assertion,
    Holding,
    Mark,
    MarkKind,
    Phase,
    RecordKey,
    Statement,
)


class Version(msgspec.Struct, frozen=True, order=True):
    """One event of a record's history: words said (digest), or words taken back (empty)."""

    at: str
    order: str
    provider: str
    digest: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it stands: current words, history, active marks."""

    key: RecordKey
    current: Statement | None
    said: Assertion | None  # when the current words were last said
    history: tuple[Version, ...]
    marks: tuple[Mark, ...]
    disagreeing: tuple[str, ...]  # providers whose current words differ from those shown
    size: int

    def marked(self, *kinds: MarkKind) -> Mark | None:
        """The first active mark of one of `kinds`."""
        return next((mark for mark in self.marks if mark.kind in kinds), None)


Precedence = Callable[[Statement, Assertion], tuple[int, Assertion]]
"""Ranks the current words of providers who disagree: the greatest is shown."""


def latest(_statement: Statement, said: Assertion) -> tuple[int, Assertion]:
    """The plainest precedence: who spoke last."""
    return (0, said)


def fold(holding: Holding, precedence: Precedence = latest) -> Record:
    """The record that `holding` adds up to."""
    if len(holding.statements) == 1 and holding.size == 1:
        return _fold_alone(holding.key, holding.statements[0])
    statements = {statement.key: statement for statement in holding.statements}
    said = _said(holding, statements)
    withdrawals = [mark for mark in holding.marks if mark.kind is MarkKind.WITHDRAWN]
    replacements = _replacements(holding.marks)
    current = _current_words(said, withdrawals, replacements)
    ranked = sorted(current, key=lambda pair: (*precedence(*pair), pair[0].key))
    shown, when = ranked[-1] if ranked else (None, None)
    noted = [mark for mark in holding.marks if mark.kind not in OF_WORDS]
    noted += [each.mark for each in holding.followed]
    if shown is None:
        spoken = {statement.provider for statement in holding.statements}
        noted += [mark for provider, mark in replacements.items() if provider in spoken]
    return Record(
        key=holding.key,
        current=shown,
        said=when,
        history=_history(said, holding.marks),
        marks=_active(noted),
        disagreeing=tuple(
            sorted(
                statement.provider
                for statement, _ in current
                if shown is not None and statement.words.content != shown.words.content
            )
        ),
        size=holding.size,
    )


def _fold_alone(key: RecordKey, statement: Statement) -> Record:
    """The record of one statement, said once and with nothing noted: what most records are."""
    first = statement.first
    return Record(
        key=key,
        current=statement,
        said=first,
        history=(Version(first.registered, str(first), statement.provider, statement.digest),),
        marks=(),
        disagreeing=(),
        size=1,
    )


def _said(holding: Holding, statements: dict[str, Statement]) -> list[tuple[Assertion, Statement]]:
    """Everything said, oldest first; an assertion whose statement is not held yet waits."""
    events = {(statement.first, key) for key, statement in statements.items()}
    events |= {(said, key) for key, said in holding.assertions if key in statements}
    return [(said, statements[key]) for said, key in sorted(events)]


def _replacements(marks: Iterable[Mark]) -> dict[str, Mark]:
    """The last correction that led each provider's words away, where none has led them back."""
    away: dict[str, Mark] = {}
    back: dict[str, str] = {}
    for mark in marks:
        if mark.phase is Phase.CLOSE:
            continue
        if mark.kind is MarkKind.REPLACED:
            away[mark.provider] = max(away.get(mark.provider, mark), mark, key=_place)
        elif mark.kind is MarkKind.REPLACES:
            back[mark.provider] = max(mark.place, back.get(mark.provider, ""))
    return {name: mark for name, mark in away.items() if mark.place > back.get(name, "")}


def _current_words(
    said: list[tuple[Assertion, Statement]],
    withdrawals: Iterable[Mark],
    replacements: Mapping[str, Mark],
) -> list[tuple[Statement, Assertion]]:
    """Each provider's last words, without those that it took back afterwards.

    None of a provider whose words stand in another record: saying the old ones again, as a file
    sent twice does, changes nothing (REQUIREMENTS §3).
    """
    last = {statement.provider: (statement, assertion) for assertion, statement in said}
    taken_back: dict[str, str] = {}
    for mark in withdrawals:
        taken_back[mark.provider] = max(mark.place, taken_back.get(mark.provider, ""))
    return [
        pair
        for provider, pair in last.items()
        if provider not in replacements and str(pair[1]) > taken_back.get(provider, "")
    ]


def _place(mark: Mark) -> tuple[str, str]:
    return mark.place, mark.id


def _history(said: list[tuple[Assertion, Statement]], marks: Iterable[Mark]) -> tuple[Version, ...]:
    versions = [
        Version(assertion.registered, str(assertion), statement.provider, statement.digest)
        for assertion, statement in said
    ]
    versions += [
        Version(mark.at, mark.order or f"~{mark.id}", mark.provider, "")
        for mark in marks
        if mark.kind in (MarkKind.WITHDRAWN, MarkKind.REPLACED)
    ]
    return tuple(sorted(versions))


def _active(marks: Collection[Mark]) -> tuple[Mark, ...]:
    """Open marks that no closing mark of the same kind and id has lifted, each once."""
    closed = {(mark.kind, mark.id) for mark in marks if mark.phase is Phase.CLOSE}
    opened: dict[tuple[str, str], Mark] = {}
    for mark in sorted(marks, key=lambda mark: (mark.kind, mark.at, mark.id, mark.value)):
        if mark.phase is Phase.OPEN and (mark.kind, mark.id) not in closed:
            opened.setdefault((mark.kind, mark.id), mark)
    return tuple(opened.values())
