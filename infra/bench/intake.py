"""Our intake of a file that lies in the inbox, measured in a process of its own.

Run by `infra.bench.measures`; the last line on standard output is what was measured, in JSON.
"""

import argparse
import base64
import gc
import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.collection import merging, planning, plans, receipts, uploads
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import stamp
from infra.bench.workload import ITEM, PROVIDER

WARM_UP: Final = "20261122-WARMINGUPXXX"

Measured = dict[str, Any]


def upload_id(number: int) -> str:
    """The id of the file's upload for the pass of this number."""
    return f"20261122-BENCHMARKIN{'ABCDEFGH'[number]}"


def cpu_seconds() -> float:
    """What this process and those that it started and waited for have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def peak_megabytes() -> float:
    """The most memory that this process ever held; `ru_maxrss` begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@contextmanager
def _measured(into: Measured, name: str) -> Iterator[None]:
    begun, wall = cpu_seconds(), time.perf_counter()
    yield
    into[name] = cpu_seconds() - begun
    into[f"{name}_wall"] = time.perf_counter() - wall


def register(upload: str, path: Path) -> uploads.Registration:
    """Register the file at `path` as an upload, now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    registration = uploads.Registration(
        upload=upload,
        provider=PROVIDER,
        item=ITEM,
        registered=stamp(datetime.now(UTC)),
        size=path.stat().st_size,
        sha256=base64.b64encode(digest).decode(),
        file_name=path.name,
    )
    uploads.keep_registration(registration)
    return registration


def take_in(upload: str, path: Path) -> Measured:
    """Plan, merge and answer one upload."""
    registration = register(upload, path)
    found: Measured = {}
    with _measured(found, "plan"):
        planning.plan_upload(upload)
    plan = plans.read_plan(upload)
    if plan is None:
        raise SystemExit(f"{path} was put into quarantine")
    with _measured(found, "merge"):
        for index in range(len(plan.ranges)):
            merging.merge_range(upload, index)
    with _measured(found, "answer"):
        receipt = receipts.fold_receipt(registration)
    return {**found, "accepted": receipt.accepted, "refused": receipt.refused}


def merge_share(share: int, shares: int) -> Measured:
    """Merge every so many-th range of the first upload, when told to on standard input."""
    plan = plans.read_plan(upload_id(0))
    if plan is None:
        raise SystemExit("there is no plan")
    merging.merge_range(WARM_UP, 0)
    print("ready", flush=True)
    sys.stdin.readline()
    found: Measured = {}
    with _measured(found, "merge"):
        for index in range(share, len(plan.ranges), shares):
            merging.merge_range(plan.upload, index)
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("warm_up", type=Path)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--put", action="store_true", help="the files are not in the inbox yet")
    parser.add_argument("--plan-only", action="store_true")
    parser.add_argument("--share", type=int, nargs=2)
    arguments = parser.parse_args()
    names = [upload_id(number) for number in range(arguments.passes)]
    if arguments.put:
        for name in names:
            blobs.write(uploads.inbox_key(name), arguments.file.read_bytes(), "text/csv")
        blobs.write(uploads.inbox_key(WARM_UP), arguments.warm_up.read_bytes(), "text/csv")
    gc.freeze()  # both as app.py does
    gc.set_threshold(10_000)
    found: Any
    if arguments.share:
        found = merge_share(*arguments.share)
    elif arguments.plan_only:
        found = _plan_only(arguments.file, arguments.warm_up)
    else:
        take_in(WARM_UP, arguments.warm_up)
        found = [take_in(name, arguments.file) for name in names]
    print("\n" + json.dumps({"passes": found, "megabytes": peak_megabytes()}))


def _plan_only(path: Path, warm_up: Path) -> Measured:
    register(WARM_UP, warm_up)
    planning.plan_upload(WARM_UP)
    register(upload_id(0), path)
    found: Measured = {}
    with _measured(found, "plan"):
        planning.plan_upload(upload_id(0))
    return found


if __name__ == "__main__":
    main()
