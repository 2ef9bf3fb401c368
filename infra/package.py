"""`python -m infra.package [--stage prod] [--out FOLDER]`: what is deployed, template and code.

Chalice's zip is packed again: with bytecode (its absence costs two thirds of a cold start), without
what Lambda never reads (`infra.shrinking`), and the same bytes every time.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from chalicelib.catalogue import loader
from chalicelib.catalogue.loader import load_register
from chalicelib.catalogue.naming import check_items_named
from chalicelib.catalogue.places import find_repeated
from chalicelib.law.calendars import load_calendars
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from chalicelib.runtime.errors import DomainError
from infra.compose import PROJECT, CompositionError, compose
from infra.shrinking import shrink

_EPOCH = (1980, 1, 1, 0, 0, 0)


def _pack(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def _compile(folder: Path) -> None:
    """Write bytecode, the same each time: in a process of its own, with sets in one order.

    What a constant's bytes are depends on the seed of hashes and on which names the process has
    seen before (https://github.com/python/cpython/issues/78274).
    """
    options = ["-qq", "-s", str(folder), "-p", "/var/task", "--invalidation-mode", "unchecked-hash"]
    subprocess.run(
        [sys.executable, "-P", "-m", "compileall", *options, str(folder)],
        check=True,
        env={"PYTHONHASHSEED": "0"},
    )


def repack(package: Path) -> None:
    """Replace `package` by the same code with bytecode and without what is never read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        shrink(folder)
        _compile(folder)
        _pack(folder, package)


def _check_catalogue() -> None:
    """Refuse to pack a catalogue that functions would refuse to load."""
    try:
        load_register()
    except DomainError as error:
        raise CompositionError(f"{error.code.id} {error.text.en}") from error
    for file in sorted(loader.ITEMS.glob("*.json")):
        if repeated := find_repeated(file.read_bytes()):
            place, line = repeated
            raise CompositionError(f"{file.name}:{line}: {place} stands twice")


def _check_rulebooks() -> None:
    """Refuse to pack a rulebook or a calendar that functions would refuse to load."""
    try:
        load_calendars()
        for file in RULEBOOKS.glob("*.toml"):
            rulebook = load_rulebook(file.stem, RULEBOOKS)
            check_items_named(rulebook, load_register().versions, RULEBOOKS)
    except RulebookError as error:
        raise CompositionError(str(error)) from error


def build(stage: str, out: Path, project: Path = PROJECT) -> str:
    """Compose and pack into `out`; returns one line that says what was built and for what."""
    _check_catalogue()
    _check_rulebooks()
    compose(stage, out, project)
    package = out / "deployment.zip"
    repack(package)
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    size = package.stat().st_size / 1e6
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return f"{package}: stage {stage}, runtime {runtime}, {size:.1f} MB, sha256 {digest}"


def main() -> int:
    """The command; exit code 1 with one line where it cannot build."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--stage", default="prod", choices=["local", "prod"])
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    out = arguments.out or PROJECT / ".local" / "package" / arguments.stage
    try:
        print(build(arguments.stage, out))
    except CompositionError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
