"""Scopes (RFC 6749 §3.3): what a machine may do, by capability; its role bounds it besides.

People's tokens have none: their role alone binds them.
"""

from enum import StrEnum


class Scope(StrEnum):
    """One capability of the interface."""

    UPLOADS = "uploads"
    """数据报送: send files and records, read what became of them, verify codes"""
    QUERIES = "queries"
    """信用查询: look an archive up and read it, with its explanations and notices"""
    GRANTS = "grants"
    """信用授权: ask for grants, read them with their uses, report outcomes"""
    REPORTS = "reports"
    """信用报告: have reports made"""
    CHECKS = "checks"
    """信用核查: check many subjects at once"""
    CHANGES = "changes"
    """变动告知: read what has changed of records that were received before"""


def read_scopes(told: str | list[str]) -> frozenset[Scope]:
    """The scopes that a `scope` claim names (RFC 8693 §4.2); words that are not ours add nothing."""
    words = told.split(" ") if isinstance(told, str) else told
    return frozenset(Scope(word) for word in words if word in Scope.__members__.values())


def write_scopes(scopes: frozenset[Scope]) -> str:
    """The `scope` claim that names `scopes`."""
    return " ".join(sorted(scopes))
