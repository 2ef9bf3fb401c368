"""`python -m infra.client [--here] [--out FILE]`: creditctl with all it needs as one file.

It holds the compiled modules of every platform and version of Python below, side by side: their
names say which is whose. The same input gives the same bytes.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from infra.client.bootstrap import DIGEST, LIBRARY

PROJECT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PLATFORMS = ("x86_64-manylinux2014", "aarch64-manylinux2014", "windows")
VERSIONS = ("3.11", "3.12", "3.13", "3.14")

_SHEBANG = b"#!/usr/bin/env python3\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DATA = (".py", ".json", ".txt")
_TEXTS = (".py", ".pyi")
_LEFT_OUT = ("RECORD", "WHEEL", "INSTALLER", "REQUESTED", "direct_url.json", ".lock")


class BuildError(Exception):
    """It cannot be built; the message says why."""


class Target(NamedTuple):
    """What it is to run on; None stands for what builds it."""

    platform: str | None = None
    version: str | None = None

    @property
    def options(self) -> Sequence[str]:
        """How uv is told."""
        if self.platform is None or self.version is None:
            return ("--python", sys.executable)
        return ("--python-platform", self.platform, "--python-version", self.version)


def targets(*, here: bool) -> Sequence[Target]:
    """All targets, or only the present one."""
    if here:
        return (Target(),)
    return [Target(platform, version) for platform in PLATFORMS for version in VERSIONS]


def own_files(project: Path) -> Iterator[tuple[str, bytes]]:
    """The modules that pyproject.toml names, and their data."""
    settings = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    for package in settings["packages"]:
        folder = project / package.replace(".", "/")
        for pattern in ("*", "items/*", "drafts/*"):
            for path in folder.glob(pattern):
                if path.suffix in _DATA:
                    yield path.relative_to(project).as_posix(), path.read_bytes()
    yield "LICENSE", (project / "LICENSE").read_bytes()


def required_files(target: Target) -> Iterator[tuple[str, bytes]]:
    """The locked requirements, for one target. Raises `BuildError`."""
    with tempfile.TemporaryDirectory() as name:
        uv = Path(sys.executable).with_name("uv")
        command = [str(uv), "pip", "install", "--quiet", "--target", name, *target.options]
        command += ["--only-binary", ":all:", "--require-hashes", "-r", str(REQUIREMENTS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BuildError(done.stderr.strip().splitlines()[-1])
        folder = Path(name)
        for path in folder.rglob("*"):
            place = path.relative_to(folder)
            if path.is_file() and place.parts[0] != "bin" and path.name not in _LEFT_OUT:
                content = path.read_bytes()
                is_text = path.suffix in _TEXTS  # some wheels for Windows have its line ends
                yield place.as_posix(), content.replace(b"\r\n", b"\n") if is_text else content


def gather(project: Path, wanted: Sequence[Target]) -> Mapping[str, bytes]:
    """All files of the library by name. Raises `BuildError` where two targets differ in one."""
    found = dict(own_files(project))
    for target in wanted:
        for name, content in required_files(target):
            if "__pycache__" in name:
                continue
            if found.setdefault(name, content) != content and ".dist-info/" not in name:
                raise BuildError(f"{name} is not the same on all platforms")
    return found


def write(files: Mapping[str, bytes], out: Path) -> str:
    """Write the file that runs; returns its SHA-256."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    members = {
        "__main__.py": Path(__file__).with_name("bootstrap.py").read_bytes(),
        DIGEST: digest.hexdigest().encode(),
        **{LIBRARY + name: content for name, content in files.items()},
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as file:
        file.write(_SHEBANG)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in sorted(members.items()):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
    out.chmod(0o755)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> int:
    """The command; exit code 1 with one line where it cannot build."""
    parser = argparse.ArgumentParser(prog="python -m infra.client", description=__doc__)
    parser.add_argument("--here", action="store_true", help="for this Python only")
    parser.add_argument("--out", type=Path, default=PROJECT / ".local" / "creditctl.pyz")
    given = parser.parse_args()
    try:
        digest = write(gather(PROJECT, targets(here=given.here)), given.out)
    except BuildError as error:
        print(f"creditctl: {error}", file=sys.stderr)
        return 1
    print(f"{given.out}: {given.out.stat().st_size / 1e6:.1f} MB, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
