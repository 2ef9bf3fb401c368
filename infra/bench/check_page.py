"""The section of docs/benchmarks.md on batch checks."""

from collections.abc import Mapping
from typing import Any

from infra.documents.markdown import table


def write_checks(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The section of what was measured, if it was."""
    return (_checks(told),) if told else ()


def _checks(told: Mapping[str, Any]) -> str:
    subjects = told["subjects"]
    steps = [
        (step, f"{cpu:.1f}", f"{cpu / subjects * 1e3:.2f}", f"{told['wall'][step]:.1f}")
        for step, cpu in told["cpu"].items()
    ]
    total = sum(told["cpu"].values())
    wall = sum(told["wall"].values())
    steps.append(("in all", f"{total:.1f}", f"{total / subjects * 1e3:.2f}", f"{wall:.1f}"))
    asked = [
        (operation, f"{count:,}", f"{count / subjects:.2f}")
        for operation, count in sorted(told["requests"].items())
    ]
    written = sum(told["units"].values()) / subjects
    return "\n\n".join(
        [
            "## A batch check",
            (
                f"{subjects:,} organisations by code, on duty, {told['records']:,} penalties in all that"
                " may be seen, each naming a person: one process, part after part, on a stub that"
                " answers at once; ten functions do so at one time."
            ),
            table(("step", "CPU s", "CPU ms a subject", "elapsed s"), steps),
            (
                f"Requests; {written:.1f} write units a subject in the ledger's table, entry and"
                " hand-over, and two more in its indexes:"
            ),
            table(("request", "in all", "a subject"), asked),
        ]
    )
