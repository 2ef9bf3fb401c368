"""The sections of docs/benchmarks.md on queries."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from infra.documents.markdown import table

_READERS = {
    "public": "this system: the public page, its rows decided on again, JSON",
    "page": "this system: the archive read, folded, decided on for the public, JSON",
    "query": "this system: an agency's query, with the profile and the persons' values unsealed",
    "client": "boto3's client: plain items, deserialised, JSON",
    "resource": "boto3's resource: the same",
}


def write_queries(
    asking: Mapping[str, Any],
    reading: Sequence[Mapping[str, float]],
    searches: Mapping[str, Any],
) -> tuple[str, ...]:
    """The sections of what was measured."""
    if not (asking and reading and searches):
        return ()
    return _asking(asking), _reading(reading), _searches(searches)


def _asking(told: Mapping[str, Any]) -> str:
    rows = [
        (
            kind,
            f"{cost['requests']:.0f}",
            f"{cost['reads']:.1f}",
            f"{cost['writes']:.0f}",
            f"{cost['cpu_ms']:.1f}",
            f"{cost['wall_ms']:.1f}",
            f"{cost['bytes'] / 1000:.0f}",
        )
        for kind, cost in told["kinds"].items()
    ]
    following = told["following"]
    return "\n\n".join(
        [
            "## Kinds of query",
            (
                "About one organisation with 50 penalties, through the function that API Gateway calls,"
                " on the emulated AWS, which works on the same cores: requests of AWS, limits, watching"
                " of volumes and ledger included; the least time of several."
            ),
            table(
                ("query", "requests", "read units", "write units", "CPU ms", "elapsed ms", "KB"),
                rows,
            ),
            (
                f"Following one of its penalties: {following['requests']:.1f} requests,"
                f" {following['reads']:.1f} read and {following['writes']:.1f} write units,"
                f" {following['cpu_ms']:.1f} ms of CPU, {following['wall_ms']:.1f} ms elapsed."
            ),
        ]
    )


def _reading(rounds: Sequence[Mapping[str, float]]) -> str:
    least = {name: min(each[name] for each in rounds) for name in _READERS}
    rows = [
        (
            text,
            f"{least[name]:.2f}",
            f"{median(each[name] for each in rounds):.2f}",
            f"{least[name] / least['client']:.2f}×",
        )
        for name, text in _READERS.items()
    ]
    return "\n\n".join(
        [
            "## A page of 50 records",
            (
                "50 penalties of one organisation, on a stub that answers at once. boto3 reads the file's"
                " rows as they would be stored without a system: it folds, decides and explains nothing."
            ),
            table(("", "CPU ms a page, min", "median", "of boto3's client"), rows),
        ]
    )


def _searches(told: Mapping[str, Any]) -> str:
    rows = [
        (
            kind,
            f"{cost['found']:.1f}",
            f"{cost['requests']:.1f} ({cost['most_requests']:.0f})",
            f"{cost['reads']:.1f} ({cost['most_reads']:.0f})",
            f"{cost['cpu_ms']:.1f}",
            f"{cost['wall_ms']:.1f}",
            f"{cost['narrow']:.0%}",
        )
        for kind, cost in told["kinds"].items()
    ]
    indexing = told["indexing"]
    return "\n\n".join(
        [
            "## Searches",
            (
                f"Among {told['names']:,} invented organisations, one in thirty renamed, on a stub that"
                " holds their postings in memory, cuts pages as DynamoDB does and weighs what is read;"
                " elapsed time is with the stub's own. A page of results each, on average (at most);"
                " “narrow” is how many answers ask for more of the name."
            ),
            table(
                (
                    "search for",
                    "found",
                    "requests",
                    "read units",
                    "CPU ms",
                    "elapsed ms",
                    "narrow",
                ),
                rows,
            ),
            (
                f"Indexing a new organisation: {indexing['requests']:.0f} requests,"
                f" {indexing['units']:.1f} write units, {indexing['cpu_ms']:.1f} ms of CPU."
            ),
        ]
    )
