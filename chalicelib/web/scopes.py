"""Scopes (RFC 6749 §3.3): what a machine may do, by capability; its role bounds it besides.

People's tokens have none: their role alone binds them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """One capability of the interface, see `ABOUT`."""

    UPLOADS = "uploads"
    QUERIES = "queries"
    GRANTS = "grants"
    SHARES = "shares"
    REPORTS = "reports"
    CHECKS = "checks"
    CHANGES = "changes"


ABOUT: Final[Mapping[Scope, str]] = {
    Scope.UPLOADS: "数据报送 · Report: files and records, what became of them, withdrawals",
    Scope.QUERIES: "信用查询 · Look an archive up, read it and its explanations",
    Scope.GRANTS: "信用授权 · Ask for grants, read them and their uses, report outcomes",
    Scope.SHARES: "政务共享 · Apply for shares, agree to them, end them, read their uses",
    Scope.REPORTS: "信用报告 · Have reports made",
    Scope.CHECKS: "信用核查 · Check many subjects at once",
    Scope.CHANGES: "变动告知 · Read what has changed of records received before",
}
"""What each opens."""

_WORDS: Final = frozenset(map(str, Scope))


def read_scopes(told: str | list[str]) -> frozenset[Scope]:
    """The scopes that a `scope` claim names (RFC 8693 §4.2); words that are not ours add nothing."""
    words = told.split(" ") if isinstance(told, str) else told
    return frozenset(Scope(word) for word in words if word in _WORDS)


def write_scopes(scopes: frozenset[Scope]) -> str:
    """The `scope` claim that names `scopes`."""
    return " ".join(sorted(scopes))
