"""The client, run in process, and a system for it to talk to."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chalicelib.runtime import clock
from creditctl import sending, server
from creditctl.__main__ import main
from tests.collection.files import entitle
from tests.creditctl.system import TOKEN, System, serving
from tests.web.events import NOW


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output read as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command on a fixed day, with a state of its own and no waiting."""
    for name in ("SERVER", "CLIENT_ID", "CLIENT_KEY", "CLIENT_KEY_ID", "LANG"):
        monkeypatch.delenv(f"CREDIT_{name}", raising=False)
    monkeypatch.setenv("CREDIT_TOKEN", TOKEN)
    monkeypatch.setenv("CREDIT_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(sending, "_PAUSE", 0.001)
    monkeypatch.setattr(server, "back_off", _back_off)
    monkeypatch.setattr(sending, "back_off", _back_off)

    def run_command(*given: object) -> Ran:
        capsys.readouterr()
        try:
            end = main([str(each) for each in given])
        except SystemExit as exited:
            end = int(str(exited.code))
        said = capsys.readouterr()
        return Ran(end, said.out, said.err)

    return run_command


def _back_off() -> Iterator[float | None]:
    yield from (0.001, 0.001, None)


@pytest.fixture
def system(run: Run, aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """A system in which the provider may report registrations and penalties."""
    entitle()
    with serving() as served:
        monkeypatch.setenv("CREDIT_SERVER", served.url)
        yield served
