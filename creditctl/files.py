"""Small files of our own: where they are, and writing them whole or not at all."""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path


def state_folder(environment: Mapping[str, str]) -> Path:
    """Where begun uploads and watermarks are remembered (XDG Base Directory; `CREDIT_STATE`)."""
    if told := environment.get("CREDIT_STATE"):
        return Path(told)
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "creditctl"
    base = environment.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "creditctl"


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` at `path`, readable by this user only; at no moment half of it stands there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
