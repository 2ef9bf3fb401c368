"""The beginning of the one file: it unpacks itself into the user's cache, once, and starts from there.

Compiled modules cannot be imported from a zip file, and the catalogue is read from files. Standard
library only, and nothing that an old Python does not even compile, so that it can be told.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

OLDEST = (3, 11)
LIBRARY = "library/"
DIGEST = "digest"


def cache_folder() -> Path:
    """Where programs keep what they can make again (XDG Base Directory; `CREDIT_CACHE`)."""
    told = os.environ.get("CREDIT_CACHE")
    if told:
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "creditctl" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "creditctl"


def select_names(names: Iterable[str], suffix: str) -> Iterator[str]:
    """What this interpreter needs: everything but modules compiled for others."""
    for name in names:
        foreign = name.endswith((".so", ".pyd")) and not name.endswith(suffix)
        if name.startswith(LIBRARY) and not foreign:
            yield name


def unpack(archive: zipfile.ZipFile, cache: Path, suffix: str) -> Path:
    """The unpacked library; it stands whole or not at all, whoever else unpacks it meanwhile."""
    digest = archive.read(DIGEST).decode()
    folder = cache / (digest[:16] + suffix)
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(tempfile.mkdtemp(dir=cache))
    try:
        archive.extractall(fresh, select_names(archive.namelist(), suffix))
        fresh.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def main() -> int:
    """Unpack where that is to be done, and do what the command line asks for."""
    if sys.version_info < OLDEST:
        print("creditctl: Python 3.11 or later is needed", file=sys.stderr)
        return 2
    suffix = str(sysconfig.get_config_var("EXT_SUFFIX"))
    with zipfile.ZipFile(Path(__file__).parent) as archive:
        if not any(name.endswith(suffix) for name in archive.namelist()):
            print(f"creditctl: not built for this Python ({suffix})", file=sys.stderr)
            return 2
        folder = unpack(archive, cache_folder(), suffix)
    sys.path.insert(0, str(folder / LIBRARY))
    from creditctl.__main__ import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
