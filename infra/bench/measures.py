"""What is measured: each measure runs in fresh processes, beside those it is compared with."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from chalicelib.runtime.settings import Settings
from infra.bench import intake
from infra.compose import PROJECT

PEERS: Final = ("put_csv", "batch_writer")
TABLE: Final = "bench"
_PEERS_PROGRAM: Final = Path(__file__).with_name("peers.py")
_QUEUE: Final = "RANGES_QUEUE_URL"


class Files(NamedTuple):
    """A file of rows, how many it has, and a small one that warms a process up."""

    path: Path
    rows: int
    warm_up: Path


class Place(NamedTuple):
    """Where is loaded into: an endpoint, what stands there, and the stub's folder of objects."""

    endpoint: str
    variables: Mapping[str, str]
    inbox: Path | None = None


class Cost(NamedTuple):
    """What one pass over a file took, each by row: CPU and elapsed time in microseconds."""

    cpu: float
    wall: float
    megabytes: float
    parts: Mapping[str, float] = {}


@contextmanager
def stub(
    folder: Path, *, weighing: bool = False, module: str = "infra.bench.stub"
) -> Iterator[Place]:
    """An AWS that answers at once (`infra.bench.stub`, or another `module` that does)."""
    arguments = [str(folder), *(("--weigh",) if weighing else ())]
    with _serving(module, folder, arguments) as place:
        yield place


@contextmanager
def held(folder: Path, names: int) -> Iterator[Place]:
    """The same with tables that can be read, and so many organisations (`infra.bench.held`)."""
    with _serving("infra.bench.held", folder, [str(folder), str(names)]) as place:
        yield place


@contextmanager
def _serving(module: str, folder: Path, arguments: Sequence[str]) -> Iterator[Place]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        endpoint = f"http://127.0.0.1:{int(process.stdout.readline())}"
        yield Place(endpoint, {_QUEUE: f"{endpoint}/queue/ranges"}, folder)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def counts(place: Place) -> dict[str, Any]:
    """What was asked of the stub since the last time: `requests` by operation, `units`."""
    connection = http.client.HTTPConnection(place.endpoint.removeprefix("http://"))
    connection.request("GET", "/-/counts")
    told: dict[str, Any] = json.load(connection.getresponse())
    return told


def environment(place: Place) -> dict[str, str]:
    """The variables of a function that runs at `place`, and nothing of this machine's account."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    functions = {name.upper(): name.removesuffix("_table") for name in Settings.__struct_fields__}
    functions["PROXIES"] = "0"
    return {
        **ours,
        **functions,
        "RULEBOOK": "jiangsu",
        "STAGE": "local",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "cn-north-1",
        "AWS_ENDPOINT_URL": place.endpoint,
        "POWERTOOLS_SERVICE_NAME": "credit",
        **place.variables,
    }


def lay_in(place: Place, files: Files, passes: int = 1) -> None:
    """Put the files into the stub's inbox."""
    assert place.inbox is not None
    uploads = {intake.WARM_UP: files.warm_up}
    uploads |= {intake.upload_id(number): files.path for number in range(passes)}
    for upload, path in uploads.items():
        (place.inbox / f"inbox~{upload}").symlink_to(path.resolve())


def take_in(place: Place, files: Files, passes: int = 1) -> list[Cost]:
    """Our intake, so many times: the first time nobody in the file is known yet."""
    if place.inbox is not None:
        lay_in(place, files, passes)
    told = _run(place, files, "--passes", str(passes), *(() if place.inbox else ("--put",)))
    return [_cost(each, files.rows, told["megabytes"]) for each in told["passes"]]


def plan_only(place: Place, files: Files) -> float:
    """Microseconds of CPU a row for telling what a file is, and converting it."""
    lay_in(place, files)
    told = _run(place, files, "--plan-only")
    return float(told["passes"]["plan"] / files.rows * 1e6)


def read_alone(path: Path, rows: int) -> float:
    """Microseconds of CPU a row for reading a workbook and nothing else."""
    command = [sys.executable, "-m", "infra.bench.workbooks", str(path), str(rows)]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return float(json.loads(done.stdout)["cpu"])


def load(place: Place, files: Files, loader: str, python: Path) -> Cost:
    """Another loader, once."""
    done = subprocess.run(
        [str(python), str(_PEERS_PROGRAM), loader, str(files.path), str(files.warm_up), TABLE],
        env=environment(place),
        check=True,
        capture_output=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return Cost(told["cpu"] / files.rows * 1e6, told["wall"] / files.rows * 1e6, told["megabytes"])


def measure_checks(folder: Path, path: Path) -> dict[str, Any]:
    """What a batch check of the organisations in a file asks and costs (`infra.bench.checks`)."""
    with stub(folder, module="infra.bench.archive_stub") as place:
        lay_in(place, Files(path, 0, path))
        told: dict[str, Any] = _measure(place, "infra.bench.checks", str(path))
    return told


def measure_searches(place: Place, names: int) -> dict[str, Any]:
    """What each kind of search asks and costs (`infra.bench.searches`)."""
    told: dict[str, Any] = _measure(place, "infra.bench.searches", str(names))
    return told


def measure_reading(place: Place, page: Path, rounds: int) -> list[dict[str, float]]:
    """Milliseconds of CPU a page of records, by who reads it (`infra.bench.reading`)."""
    lay_in(place, Files(page, 0, page))
    told: list[dict[str, float]] = _measure(place, "infra.bench.reading", str(page), str(rounds))
    return told


def measure_asking(
    place: Place, page: Path, indexes: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """What each kind of query asks and costs, and following a change (`infra.bench.asking`)."""
    told: dict[str, Any] = _measure(place, "infra.bench.asking", str(page), json.dumps(indexes))
    return told


def _measure(place: Place, module: str, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(place),
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def merge_in_parallel(place: Place, files: Files, workers: int) -> float:
    """Rows a second that so many workers merge of one planned file together."""
    commands = [_command(files, "--share", str(share), str(workers)) for share in range(workers)]
    processes = [
        subprocess.Popen(
            command,
            env=environment(place),
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    for process in processes:
        assert process.stdout is not None
        while process.stdout.readline() != "ready\n":
            pass
    begun = time.perf_counter()
    for process in processes:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    for process in processes:
        process.communicate()
    return files.rows / (time.perf_counter() - begun)


def _run(place: Place, files: Files, *more: str) -> dict[str, Any]:
    done = subprocess.run(
        _command(files, *more),
        env=environment(place),
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _command(files: Files, *more: str) -> list[str]:
    return [
        *(sys.executable, "-m", "infra.bench.intake"),
        *(str(files.path), str(files.warm_up)),
        *more,
    ]


def _cost(told: Mapping[str, float], rows: int, megabytes: float) -> Cost:
    parts = {name: told[name] / rows * 1e6 for name in ("plan", "merge", "answer")}
    wall = sum(told[f"{name}_wall"] for name in parts) / rows * 1e6
    return Cost(sum(parts.values()), wall, megabytes, parts)
