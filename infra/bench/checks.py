"""A batch check of so many organisations on duty, five penalties each, in a process of its own.

Run by `infra.bench.measures` beside the stub that holds what is put into it; the last line on
standard output is what was measured, in JSON: what the whole asks of AWS, and CPU and time by step.
"""

import csv
import gc
import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.answering import Answered, Part, answer_rows
from chalicelib.disclosure.checks.running import count, find_keys
from chalicelib.disclosure.checks.values import Asked, Asker, Check, Plan
from chalicelib.jobs.check_results import Keys, write_lines
from chalicelib.jobs.checks import PART
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.batches import batched
from chalicelib.runtime.clock import now, stamp
from infra.bench import intake
from infra.local.demo.penalties import LAYOUT

_RULEBOOK: Final = "jiangsu"
_SUBJECT: Final = LAYOUT.columns["cf_xdr_shxym"]
_WARM_UP: Final = 50

CHECK: Final = Check(
    id="20261122-AAAAAAAAAAAA",
    asker=Asker(
        by="clerk",
        role="agency",
        organisation="11329900009901024T",
        organisation_name="清江市教育局",
        party="11329900009901024T",
        staff="clerk",
        by_grant=False,
    ),
    channel="ex_officio",
    purpose="qualification",
    basis="清教审〔2026〕3号",
    detail="records",
    registered="20261122T000000.000Z",
    size=1,
    sha256="",
    file_name="list.csv",
)


class Clock:
    """Adds up CPU and elapsed seconds by step."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self.wall: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens inside counts for the step."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu[name] = self.cpu.get(name, 0) + time.process_time() - cpu
        self.wall[name] = self.wall.get(name, 0) + time.perf_counter() - wall


def run_check(plan: Plan, rows: list[Asked], clock: Clock) -> int:
    """Answer the rows part by part as `run_check` does, and make the result; records told."""
    rulebook, told = load_rulebook(_RULEBOOK), 0
    for number, asked in enumerate(batched(rows, PART)):
        part = Part(check=CHECK, number=number, at=plan.at, now=now(), rulebook=rulebook)
        with clock.step("enter, read, decide, hand over"):
            answers = answer_rows(part, asked)
        with clock.step("seal and keep"):
            _keep(number, answers)
        told += sum(len(each.answer.records) for each in answers)
    with clock.step("result as JSON Lines"):
        objects.write_file(CHECK.id, "jsonl", write_lines(CHECK, plan, Keys()))
    return told


def _keep(number: int, answers: list[Answered]) -> None:
    sealed = [objects.seal(each.answer, CHECK.id, each.keys) for each in answers]
    objects.write_answers(CHECK.id, number, sealed)
    objects.note_answered(
        CHECK.id, number, count(objects.read_answers(CHECK.id, number, find_keys))
    )


def _subjects(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        found = dict.fromkeys(row[_SUBJECT] for row in csv.DictReader(file))
    return [each for each in found if each]


def _counts() -> dict[str, Any]:
    address = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/-/counts")
    told: dict[str, Any] = json.load(connection.getresponse())
    return told


def main() -> None:
    """The command."""
    path = Path(sys.argv[1])
    intake.take_in(intake.upload_id(0), path)
    rows = [Asked(row=number, subject=code) for number, code in enumerate(_subjects(path), 2)]
    plan = Plan(check=CHECK.id, at=stamp(now()), rows=len(rows), parts=-(-len(rows) // PART))
    load_catalogue(now().date())
    run_check(msgspec.structs.replace(plan, parts=1), rows[:_WARM_UP], Clock())
    gc.freeze()  # this and the next as app.py does
    gc.set_threshold(10_000)
    _counts()
    clock = Clock()
    records = run_check(plan, rows, clock)
    told = {"subjects": len(rows), "records": records, "cpu": clock.cpu, "wall": clock.wall}
    print("\n" + json.dumps({**told, **_counts()}))


if __name__ == "__main__":
    main()
