"""Python environments beside ours: the emulator pins its botocore, so it cannot share ours."""

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from infra.local.problems import Problem

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
OLDEST = (3, 11)


def prepare(folder: Path, requirements: Path = REQUIREMENTS) -> Path:
    """Make the environment in `folder` unless it is there; returns its Python.

    Raises `Problem` where Python is too old or a package cannot be had.
    """
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise Problem(f"Python {wanted} or later is needed, this is {sys.version.split()[0]}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests in several processes want it at once
        return _prepare(folder, requirements)


def _prepare(folder: Path, requirements: Path) -> Path:
    python = folder / "bin" / "python"
    ready = folder / "ready"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if ready.exists() and ready.read_text(encoding="ascii") == digest:
        return python
    venv.create(folder, with_pip=False, clear=True)
    _install(python, requirements)
    ready.write_text(digest, encoding="ascii")
    return python


def _install(python: Path, requirements: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", str(python)]
    done = subprocess.run(
        [*command, str(requirements)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        told = lines[-1] if lines else "no reason given"
        raise Problem(
            f"the packages of {requirements} cannot be installed, is a registry in reach? {told}"
        )
