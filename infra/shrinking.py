"""What of a package's files Lambda never reads: models of other services, prose, build records.

Licences and notices stay. botocore reads the models of services when it makes a client, which is
part of every cold start: they lose what only writers of documentation read, and say so
(Apache License 2.0, section 4).
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

SERVICES: Final = frozenset({"dynamodb", "kms", "s3", "sqs"})
"""What chalicelib/runtime/clients.py makes clients of."""

_MODELS: Final = "botocore/data"
_RECORDS: Final = frozenset({"LICEN", "NOTIC", "COPYI", "AUTHO", "METAD"})
_UNREAD: Final = frozenset({".pyc", ".pyi", ".h", ".typed"})
_CHANGED: Final = (
    "These files of botocore were changed: documentation, examples and unused services are left"
    " out, and they are written without compression.\n"
)


def shrink(folder: Path) -> None:
    """Remove from the unpacked package in `folder` what is never read there."""
    for path in list(_find_unread(folder)):
        path.unlink()
    models = folder / _MODELS
    if models.exists():
        _keep_newest_models(models)
        for path in [*models.rglob("*.json"), *models.rglob("*.json.gz")]:
            _shorten(path)
        (models / "CHANGED.txt").write_text(_CHANGED, encoding="ascii")
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _find_unread(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and (path.suffix in _UNREAD or not _is_needed(parts)):
            yield path


def _is_needed(parts: tuple[str, ...]) -> bool:
    if parts[0].endswith(".dist-info"):
        return parts[1] == "licenses" or parts[-1].upper()[:5] in _RECORDS
    if len(parts) > len(("botocore", "data", "")) and "/".join(parts[:2]) == _MODELS:
        return parts[2] in SERVICES and not parts[-1].startswith("examples-")
    return True


def _keep_newest_models(models: Path) -> None:
    """botocore takes the newest version of a service's model unless told otherwise."""
    for service in models.iterdir():
        if service.is_dir():
            *older, _ = sorted(path for path in service.iterdir() if path.is_dir())
            for version in older:
                for path in version.iterdir():
                    path.unlink()


def _shorten(path: Path) -> None:
    """Write a model plainly: unpacking it costs more than the room that it takes."""
    body = path.read_bytes()
    if path.suffix == ".gz":
        body = gzip.decompress(body)
        path.unlink()
        path = path.with_suffix("")
    model = _without_prose(json.loads(body))
    if path.name == "endpoints.json":
        for partition in model["partitions"]:
            served = partition["services"]
            partition["services"] = {
                name: served[name] for name in sorted(SERVICES) if name in served
            }
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")


def _without_prose(value: Any) -> Any:
    """`value` with empty text for documentation; a shape of that name stays.

    Empty, not absent: botocore reads the prose of client context parameters.
    """
    if isinstance(value, list):
        return [_without_prose(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: "" if name == "documentation" and isinstance(each, str) else _without_prose(each)
        for name, each in value.items()
    }
