"""`python -m infra.package [--stage prod] [--out FOLDER]`: what is deployed, template and code.

Chalice's zip is packed again: with bytecode (its absence costs two thirds of a cold start), without
the API models of AWS services that the functions never call, and the same bytes every time.
"""

import argparse
import compileall
import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

from infra.compose import PROJECT, CompositionError, compose

MODELS = "botocore/data/"
SERVICES = {"dynamodb", "kms", "s3", "sqs"}  # chalicelib/runtime/clients.py
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _is_needed(name: str) -> bool:
    """Whether a file of Chalice's zip is ever read in Lambda."""
    if not name.startswith(MODELS):
        return not name.endswith((".pyc", "/"))
    service, _, rest = name.removeprefix(MODELS).partition("/")
    return not rest or service in SERVICES


def _pack(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def repack(package: Path) -> None:
    """Replace `package` by the same code with bytecode and without unused service models."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if _is_needed(name)])
        compileall.compile_dir(
            folder,
            quiet=2,
            stripdir=str(folder),
            prependdir="/var/task",
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        _pack(folder, package)


def build(stage: str, out: Path, project: Path = PROJECT) -> str:
    """Compose and pack into `out`; returns one line that says what was built and for what."""
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
