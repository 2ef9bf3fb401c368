"""The folder in which the emulated AWS keeps what it holds, and whether it can be trusted.

The emulator writes S3 objects at once, but everything else only when it stops cleanly. A marker
stands while it runs; when it has stopped, what it saved is sealed: kept a second time (as links,
not copies) with digests. So the next start can tell a crash (marker stands: it goes back to what
was sealed) and damage (a digest differs) from an ordinary stop.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from infra.local.problems import Problem


class State:
    """One emulator's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services = folder / "services"
        self.files = folder / "files"
        self.scratch = folder / "scratch"
        self.log = folder / "emulator.log"
        self.issuers = folder / "issuers"
        self.deployed = self.services / "deployed"  # goes back with the rest
        self._sealed = folder / "sealed"
        self._seal = self._sealed / "seal.json"
        self._marker = folder / "running.json"
        self._loaded = folder / "loaded"

    def open(self) -> datetime | None:
        """Make the folder ready to run on; after a crash, the time it has gone back to.

        What was never loaded to its end is thrown away, nobody has worked on it. Raises `Problem`
        where what was saved has been changed since.
        """
        crashed = self._marker.exists()
        if self.fresh or not self._sealed.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            crashed = False
        elif crashed:
            shutil.rmtree(self.services)
            shutil.copytree(self._sealed / "services", self.services, copy_function=os.link)
        shutil.rmtree(self.scratch, ignore_errors=True)
        for folder in (self.services, self.files, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        at = self._check_seal()
        return at if crashed else None

    @property
    def fresh(self) -> bool:
        """Whether the demo data has not been loaded to its end."""
        return not self._loaded.exists()

    def mark_loaded(self) -> None:
        """The demo data is complete."""
        self._loaded.touch()

    def mark_running(self, emulator: int) -> None:
        """The emulator with this process id works on the folder, for this process."""
        told = {"emulator": emulator, "runner": os.getpid()}
        self._marker.write_text(json.dumps(told), encoding="ascii")

    def seal(self) -> None:
        """The emulator has stopped cleanly: keep what it saved."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        making = self.folder / "sealing"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(self.services, making / "services", copy_function=os.link)
        told = {"at": datetime.now(UTC).isoformat(), "files": dict(self._digests())}
        (making / "seal.json").write_text(json.dumps(told), encoding="utf-8")
        shutil.rmtree(self._sealed, ignore_errors=True)
        making.rename(self._sealed)
        self._marker.unlink(missing_ok=True)

    def left_running(self) -> int | None:
        """The process id of an emulator whose runner died before it, if one lives.

        Raises `Problem` where the runner lives too: one folder, one run.
        """
        if not self._marker.exists():
            return None
        told = json.loads(self._marker.read_text(encoding="ascii"))
        if told["runner"] != os.getpid() and "infra.local" in _command(told["runner"]):
            raise Problem(f"it is already running on {self.folder} (process {told['runner']})")
        emulator: int = told["emulator"]
        return emulator if "infra/local/launch.py" in _command(emulator) else None

    def _digests(self) -> Iterator[tuple[str, str]]:
        for path in sorted(self.services.rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                yield path.relative_to(self.services).as_posix(), digest

    def _check_seal(self) -> datetime | None:
        if not self._sealed.exists():
            return None
        try:
            sealed = json.loads(self._seal.read_text(encoding="utf-8"))
            found = dict(self._digests())
            broken = [name for name, digest in sealed["files"].items() if found.get(name) != digest]
            at = datetime.fromisoformat(sealed["at"])
        except (OSError, ValueError, KeyError):
            broken, at = ["seal.json"], None
        if broken:
            raise Problem(
                f"the saved state is damaged ({', '.join(broken[:3])}):"
                f" 'make clean' removes {self.folder} to start anew"
            )
        return at


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except OSError:
        return ""
