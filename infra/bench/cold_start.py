"""What a cold start of the API executes, beside the least that its libraries need."""

import compileall
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final, NamedTuple

_ROUNDS: Final = 7
_REFS: Final = re.compile(r"I\s+refs:\s+([\d,]+)")

_BARE: Final = ""
_FLOOR: Final = """
from chalice import Chalice
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.models import Model
app = Chalice(app_name="floor")
for number in range(10):
    app.route(f"/{number}")(dict)
named = {f"a{number}": UnicodeAttribute(null=True) for number in range(29)}
type("M", (Model,), {"Meta": type("Meta", (), {}), "key": UnicodeAttribute(hash_key=True), **named})
Connection(region="cn-north-1").client
"""
_API: Final = """
import app
from chalicelib.runtime.clients import dynamodb
dynamodb()
"""


class Started(NamedTuple):
    """Over a bare interpreter: instructions (None without valgrind), and milliseconds of CPU."""

    instructions: int | None
    milliseconds: float


def measure(package: Path, folder: Path) -> tuple[Started, Started]:
    """The least that is needed with libraries as they come, and the API as it is deployed.

    The least: Chalice with ten routes, a PynamoDB model of 30 attributes, a DynamoDB client.
    """
    shutil.rmtree(folder, ignore_errors=True)
    ours, plain = folder / "ours", folder / "plain"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(ours)
    shutil.copytree(ours, plain)
    _put_back_models(plain)
    bare = _start(_BARE, ours)
    found = tuple(
        _over(bare, _start(program, at)) for program, at in ((_FLOOR, plain), (_API, ours))
    )
    shutil.rmtree(folder)
    return found[0], found[1]


def _put_back_models(folder: Path) -> None:
    """botocore as it comes, compiled like the rest."""
    import botocore

    shutil.rmtree(folder / "botocore")
    shutil.copytree(
        Path(botocore.__file__).parent,
        folder / "botocore",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    compileall.compile_dir(
        folder / "botocore", quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )


def _start(program: str, folder: Path) -> Started:
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(folder)!r})"]
    command[-1] += program and f"\n{program}"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": "0",
        "AWS_DEFAULT_REGION": "cn-north-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POWERTOOLS_SERVICE_NAME": "credit",
    }
    times = []
    for _ in range(_ROUNDS):
        begun = _children()
        subprocess.run(command, env=environment, check=True)
        times.append(_children() - begun)
    return Started(_count(command, environment), min(times) * 1e3)


def _children() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _count(command: list[str], environment: dict[str, str]) -> int | None:
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    options = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    done = subprocess.run(
        [valgrind, *options, *command], env=environment, check=True, capture_output=True, text=True
    )
    found = _REFS.search(done.stderr)
    return int(found[1].replace(",", "")) if found else None


def _over(bare: Started, one: Started) -> Started:
    known = one.instructions is not None and bare.instructions is not None
    return Started(
        (one.instructions or 0) - (bare.instructions or 0) if known else None,
        one.milliseconds - bare.milliseconds,
    )
