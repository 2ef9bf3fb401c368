"""`python -m infra.bench`: measures, and writes docs/benchmarks.md."""

import argparse
import os
import platform
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from infra.bench import cold_start, measures
from infra.bench.local_stack import index_keys, local_stack
from infra.bench.measures import PEERS, Files
from infra.bench.page import OURS, Figures
from infra.bench.page import write_page as write_figures
from infra.bench.reading import RECORDS
from infra.bench.workbooks import write_workbook
from infra.bench.workload import write_csv, write_page
from infra.compose import PROJECT, CompositionError
from infra.local import environment
from infra.local.demo import penalties
from infra.local.demo.city import make_city
from infra.local.demo.providers import ENVIRONMENT, MARKET
from infra.local.problems import Problem
from infra.package import build

HOME: Final = PROJECT / ".local" / "bench"
PAGE: Final = PROJECT / "docs" / "benchmarks.md"
_REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
_WARM_UP: Final = 300
_WORKERS: Final = (1, 2, 4)
_PARTS_SHOWN: Final = 9
_CHECKED: Final = 50_000  # rows, five an organisation
_KNOWN: Final = f"{OURS}, persons known"
_NEW: Final = f"{OURS}, persons new"
_AGAIN: Final = f"{OURS}, sent again"


class Bench:
    """One run: `rows` a file, so many `rounds`."""

    def __init__(self, rows: int, rounds: int, largest: int) -> None:
        self._rounds = rounds
        self._largest = largest
        self._python = environment.prepare(HOME / "environment", _REQUIREMENTS)
        self._files = self._write("rows", rows)
        self.figures = Figures(machine=_describe_machine(), rows=rows)

    def _write(self, name: str, rows: int) -> Files:
        HOME.mkdir(parents=True, exist_ok=True)
        path, warm_up = HOME / f"{name}.csv", HOME / "warm_up.csv"
        write_csv(path, rows)
        write_csv(warm_up, _WARM_UP)
        return Files(path, rows, warm_up)

    def measure_loaders(self) -> None:
        """Ours and the others, in turns."""
        stub, local = self.figures.stub, self.figures.local
        for name in (_KNOWN, _NEW, *PEERS):
            stub[name] = []
        for name in (_NEW, _AGAIN, *PEERS):
            local[name] = []
        for number in range(self._rounds):
            _say(f"loaders, round {number + 1} of {self._rounds}")
            with measures.stub(HOME / "stub") as place:
                new, *known = measures.take_in(place, self._files, passes=3)
                stub[_NEW].append(new)
                stub[_KNOWN] += known
                for peer in PEERS:
                    stub[peer].append(measures.load(place, self._files, peer, self._python))
            self._measure_local()

    def _measure_local(self) -> None:
        with local_stack(HOME / "state") as place:
            new, again = measures.take_in(place, self._files, passes=2)
            self.figures.local[_NEW].append(new)
            self.figures.local[_AGAIN].append(again)
            for peer in PEERS:
                cost = measures.load(place, self._files, peer, self._python)
                self.figures.local[peer].append(cost)

    def count_requests(self) -> None:
        """What is asked of AWS, and what it costs."""
        _say("requests and write units")
        with measures.stub(HOME / "stub", weighing=True) as place:
            measures.take_in(place, self._files, passes=1)
            self._note(_NEW, measures.counts(place))
            for peer in PEERS:
                measures.load(place, self._files, peer, self._python)
                self._note(peer, measures.counts(place))
        self.figures.demo_units = _weigh_demo()

    def _note(self, name: str, told: Mapping[str, Any]) -> None:
        rows = self._files.rows + _WARM_UP
        self.figures.requests[name] = {
            operation: count / rows for operation, count in told["requests"].items()
        }
        self.figures.units[name] = sum(told["units"].values()) / rows

    def measure_workbooks(self, rows: int) -> None:
        """Converting, beside the reader alone."""
        _say("workbooks")
        path, warm_up = HOME / "rows.xlsx", HOME / "warm_up.xlsx"
        write_workbook(path, rows)
        write_workbook(warm_up, _WARM_UP)
        self.figures.workbook_rows = rows
        for _ in range(self._rounds):
            self.figures.reader.append(measures.read_alone(path, rows))
            with measures.stub(HOME / "stub") as place:
                self.figures.workbook.append(measures.plan_only(place, Files(path, rows, warm_up)))

    def measure_memory(self) -> None:
        """Peaks of fresh processes at growing sizes; the other loaders up to a tenth of it."""
        size = self._largest // 100
        while size <= self._largest:
            _say(f"memory, {size:,} rows")
            files = self._write("sized", size)
            found = self.figures.memory[size] = {}
            with measures.stub(HOME / "stub") as place:
                found[OURS] = measures.take_in(place, files)[0].megabytes
                for peer in PEERS if size < self._largest else ():
                    found[peer] = measures.load(place, files, peer, self._python).megabytes
            size *= 10
        files.path.unlink()

    def measure_workers(self) -> None:
        """Ranges of one file by several workers."""
        _say("ranges in parallel")
        for workers in _WORKERS:
            self.figures.parallel[workers] = [self._merge_by(workers) for _ in range(self._rounds)]

    def _merge_by(self, workers: int) -> float:
        with measures.stub(HOME / "stub") as place:
            measures.plan_only(place, self._files)
            return measures.merge_in_parallel(place, self._files, workers)

    def measure_checks(self) -> None:
        """A batch check of ten thousand organisations."""
        _say("a batch check")
        path = HOME / "checked.csv"
        write_csv(path, _CHECKED)
        self.figures.checks = measures.measure_checks(HOME / "stub", path)

    def measure_queries(self) -> None:
        """Kinds of query, a page of records, and searches at many names."""
        _say("queries")
        page = HOME / "page.csv"
        write_page(page, RECORDS)
        with measures.held(HOME / "stub", names=0) as place:
            self.figures.reading = measures.measure_reading(place, page, self._rounds + 2)
        with measures.held(HOME / "stub", self._largest) as place:
            self.figures.searches = measures.measure_searches(place, self._largest)
        with local_stack(HOME / "state") as place:
            self.figures.asking = measures.measure_asking(place, page, index_keys())

    def measure_package(self) -> None:
        """What is deployed, and how it starts."""
        _say("package and cold start")
        build("prod", HOME / "package")
        package = HOME / "package" / "deployment.zip"
        self.figures.floor, self.figures.api = cold_start.measure(package, HOME / "unpacked")
        self.figures.sizes = _list_parts(package)


def _weigh_demo() -> float:
    """Write units a statement of the demo's penalties."""
    rng, city = Random(1), make_city()
    rows = [
        row
        for provider, wanted in ((MARKET, 480), (ENVIRONMENT, 220))
        for row in penalties.write_rows(rng, city, provider, wanted)
    ]
    path = HOME / "demo.csv"
    path.write_bytes(penalties.LAYOUT.write(rows))
    files = Files(path, len(rows), path)
    with measures.stub(HOME / "stub", weighing=True) as place:
        measures.take_in(place, files)
        units: int = measures.counts(place)["units"]["BatchExecuteStatement"]
    return units / (2 * len(rows))


def _list_parts(package: Path) -> list[tuple[str, int, int]]:
    """The largest parts of the package: name, bytes packed, bytes unpacked; the whole comes last."""
    packed: defaultdict[str, int] = defaultdict(int)
    whole: defaultdict[str, int] = defaultdict(int)
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            part = entry.filename.split("/")[0]
            packed[part] += entry.compress_size
            whole[part] += entry.file_size
    largest = sorted(packed, key=packed.__getitem__, reverse=True)
    shown = [(name, packed[name], whole[name]) for name in largest[:_PARTS_SHOWN]]
    rest = largest[_PARTS_SHOWN:]
    shown.append(("others", sum(map(packed.get, rest)), sum(map(whole.get, rest))))  # type: ignore[arg-type]
    return [*shown, ("**all**", sum(packed.values()), sum(whole.values()))]


def _describe_machine() -> str:
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        named = [line for line in information.read_text().splitlines() if "model name" in line]
        model = named[0].partition(": ")[2] if named else model
    version = platform.python_version()
    return f"{os.cpu_count()} × {model}, {platform.system()}, Python {version}"


def _say(words: str) -> None:
    print(words, flush=True)


def main() -> int:
    """The command; 1 and one line where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=1_000_000)
    arguments = parser.parse_args()
    try:
        bench = Bench(arguments.rows, arguments.rounds, arguments.largest)
        bench.measure_package()
        bench.measure_loaders()
        bench.count_requests()
        bench.measure_workbooks(2 * arguments.rows)
        bench.measure_workers()
        bench.measure_checks()
        bench.measure_queries()
        bench.measure_memory()
    except (Problem, CompositionError) as problem:
        print(f"{parser.prog}: {problem}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"{parser.prog}: {(error.stderr or b'').decode()[-2000:]}", file=sys.stderr)
        return 1
    PAGE.write_text(write_figures(bench.figures), encoding="utf-8")
    _say(f"written: {PAGE.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
