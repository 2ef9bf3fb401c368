"""The page docs/benchmarks.md, from what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from infra.bench.check_page import write_checks
from infra.bench.cold_start import Started
from infra.bench.measures import Cost
from infra.bench.query_page import write_queries
from infra.documents.markdown import table

OURS = "this system"


@dataclass(slots=True, kw_only=True)
class Figures:
    """All that one run has measured; costs are per row, lists hold one entry a round."""

    machine: str
    rows: int
    stub: dict[str, list[Cost]] = field(default_factory=dict)
    local: dict[str, list[Cost]] = field(default_factory=dict)
    requests: dict[str, Mapping[str, float]] = field(default_factory=dict)
    units: dict[str, float] = field(default_factory=dict)
    demo_units: float = 0
    reader: list[float] = field(default_factory=list)
    workbook: list[float] = field(default_factory=list)
    workbook_rows: int = 0
    memory: dict[int, dict[str, float]] = field(default_factory=dict)
    parallel: dict[int, list[float]] = field(default_factory=dict)
    floor: Started | None = None
    api: Started | None = None
    sizes: Sequence[tuple[str, int, int]] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    reading: Sequence[Mapping[str, float]] = ()
    searches: Mapping[str, Any] = field(default_factory=dict)
    asking: Mapping[str, Any] = field(default_factory=dict)


def write_page(figures: Figures) -> str:
    """The page."""
    return (
        "\n\n".join(
            [
                "# Benchmarks",
                (
                    "Written by `make bench`; not by hand. All on one machine in one run, so compare the"
                    " columns and not the numbers with other machines'. CPU is user and system time of the"
                    " loading process; “min” and “median” are over rounds that take turns."
                ),
                f"Machine: {figures.machine}.",
                _intake(figures),
                _requests(figures),
                _workbooks(figures),
                _memory(figures),
                _parallel(figures),
                *write_checks(figures.checks),
                *write_queries(figures.asking, figures.reading, figures.searches),
                _cold_start(figures),
                _package(figures),
            ]
        ).rstrip()
        + "\n"
    )


def _intake(figures: Figures) -> str:
    return "\n\n".join(
        [
            "## Intake beside other loaders",
            (
                f"{figures.rows:,} penalties of 26 columns and 1.1 KB, five a subject, three in a"
                " hundred with a mistake. Ours plans, parses, checks and links every row, seals what is"
                " personal, stores each statement under a condition, and answers with results and a"
                " receipt; the first time the file's persons are new as well. `put_csv`"
                " (awswrangler) and the batch writer (boto3) check nothing and overwrite."
            ),
            "On a stub that answers at once:",
            _costs(figures.stub),
            "On the emulated AWS, which works on the same two cores:",
            _costs(figures.local),
        ]
    )


def _costs(costs: Mapping[str, Sequence[Cost]]) -> str:
    least = {name: min(cost.cpu for cost in found) for name, found in costs.items()}
    rows = [
        (
            name,
            f"{least[name]:.0f}",
            f"{median(cost.cpu for cost in found):.0f}",
            f"{1e6 / least[name]:,.0f}",
            f"{1e6 / min(cost.wall for cost in found):,.0f}",
            f"{least['put_csv'] / least[name]:.1f}×",
        )
        for name, found in costs.items()
    ]
    return table(
        (
            "loader",
            "CPU µs a row, min",
            "median",
            "rows/s of CPU",
            "rows/s elapsed",
            "rows per CPU of `put_csv`",
        ),
        rows,
    )


def _requests(figures: Figures) -> str:
    names = sorted({name for found in figures.requests.values() for name in found})
    rows = [
        (name, *(f"{found.get(name, 0) * 1000:.1f}" for found in figures.requests.values()))
        for name in names
    ]
    rows.append(("**write units**", *(f"{units * 1000:,.0f}" for units in figures.units.values())))
    return "\n\n".join(
        [
            "## Requests and write units a thousand rows",
            table(("", *figures.requests), rows),
            (
                f"A statement of the demo's penalties takes {figures.demo_units:.2f} write units on"
                " average. A person met first costs four: paper and key are written in one transaction."
            ),
        ]
    )


def _workbooks(figures: Figures) -> str:
    if not figures.workbook:
        return ""
    reader, ours = min(figures.reader), min(figures.workbook)
    return "\n\n".join(
        [
            "## Workbooks",
            (
                f"{figures.workbook_rows:,} rows as XLSX: planned and converted, which happens once,"
                " beside python-calamine looking at every row."
            ),
            table(
                ("", "CPU µs a row, min", "median", ""),
                [
                    ("reader alone", f"{reader:.0f}", f"{median(figures.reader):.0f}", ""),
                    (
                        "planned and converted",
                        f"{ours:.0f}",
                        f"{median(figures.workbook):.0f}",
                        f"{ours / reader:.2f}×",
                    ),
                ],
            ),
        ]
    )


def _memory(figures: Figures) -> str:
    names = list(dict.fromkeys(name for found in figures.memory.values() for name in found))
    rows = [
        (f"{count:,}", *(f"{found[name]:.0f}" if name in found else "" for name in names))
        for count, found in figures.memory.items()
    ]
    return "\n\n".join(["## Memory", "Peak resident megabytes.", table(("rows", *names), rows)])


def _parallel(figures: Figures) -> str:
    rows = [
        (str(workers), f"{max(found):,.0f}", f"{median(found):,.0f}")
        for workers, found in figures.parallel.items()
    ]
    return "\n\n".join(
        [
            "## Ranges in parallel",
            (
                "Workers that merge the ranges of one planned file together, on the stub, which is one"
                " process more."
            ),
            table(("workers", "rows/s elapsed, max", "median"), rows),
        ]
    )


def _cold_start(figures: Figures) -> str:
    if figures.floor is None or figures.api is None:
        return ""
    return "\n\n".join(
        [
            "## Cold start",
            (
                "Loading the API and making its DynamoDB client, beside Chalice with ten routes, one"
                " PynamoDB model and a DynamoDB client with botocore as it comes; over a bare"
                " interpreter. Instructions are counted by valgrind where it is installed."
            ),
            table(
                ("", "million instructions", "", "CPU ms, min", ""),
                [
                    ("least", *_started(figures.floor, figures.floor)),
                    ("the API as deployed", *_started(figures.api, figures.floor)),
                ],
            ),
        ]
    )


def _started(one: Started, floor: Started) -> Iterable[str]:
    counted = one.instructions is not None and floor.instructions is not None
    return (
        f"{(one.instructions or 0) / 1e6:.0f}" if counted else "not counted",
        f"{(one.instructions or 0) / (floor.instructions or 1):.2f}×" if counted else "",
        f"{one.milliseconds:.0f}",
        f"{one.milliseconds / floor.milliseconds:.2f}×",
    )


def _package(figures: Figures) -> str:
    rows = [
        (name, f"{packed / 1e6:.2f}", f"{whole / 1e6:.2f}") for name, packed, whole in figures.sizes
    ]
    return "\n\n".join(
        ["## Package", table(("part", "MB packed", "MB unpacked, with bytecode"), rows)]
    )
