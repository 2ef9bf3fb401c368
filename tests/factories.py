"""Invented values for tests: a literal in a test means that it matters there."""

from collections.abc import Mapping
from datetime import date

from chalicelib.archive.statements import (
    Assertion,
    Holding,
    Mark,
    MarkKind,
    Phase,
    RecordKey,
    Statement,
    Value,
    Words,
)

DAY = date(2026, 11, 22)
ORGANISATION = "91329900MA1UUP366X"
PROVIDER = "11329900MB0000001E"
OTHER_PROVIDER = "11329900MB0000002H"
KEY = RecordKey(ORGANISATION, "penalty", "1AAAAAAAAAAAAAAAA")


def any_words(fields: Mapping[str, Value] | None = None) -> Words:
    return Words(
        fields=fields or {"cf_wsh": "清市监罚〔2026〕1号"},
        typed={},
        boxes=(),
        version="2018.1",
        normaliser=1,
    )


def any_assertion(day: int = 1, upload: str = "20260101-AAAA", row: int = 2) -> Assertion:
    return Assertion(f"202601{day:02d}T000000.000Z", upload, row)


def any_statement(
    said: Assertion | None = None,
    *,
    key: RecordKey = KEY,
    provider: str = PROVIDER,
    **fields: Value,
) -> Statement:
    return Statement(
        subject=key.subject,
        item=key.item,
        record=key.record,
        provider=provider,
        words=any_words(fields),
        first=said or any_assertion(),
    )


def any_mark(
    kind: MarkKind = MarkKind.ANNULLED,
    phase: Phase = Phase.OPEN,
    *,
    day: int = 5,
    mark_id: str = "case-1",
    provider: str = "",
) -> Mark:
    return Mark(
        kind=kind,
        id=mark_id,
        phase=phase,
        at=f"202601{day:02d}T000000.000Z",
        by="operator",
        basis="行政复议决定",
        provider=provider,
    )


def holding(
    *statements: Statement,
    again: tuple[tuple[Statement, Assertion], ...] = (),
    marks: tuple[Mark, ...] = (),
) -> Holding:
    return Holding(
        key=KEY,
        statements=statements,
        assertions=tuple((statement.key, said) for statement, said in again),
        marks=marks,
    )
