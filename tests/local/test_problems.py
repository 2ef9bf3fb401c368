"""What is wrong on someone's machine is told in one line."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from infra.compose import PROJECT
from infra.local import environment
from infra.local.emulator import HOST, free_port, refuse_taken
from infra.local.problems import Problem


def test_should_name_the_port_when_it_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"port {port} is taken: choose another with PORT="):
            refuse_taken(port, "PORT")


def test_should_pass_when_the_port_is_free() -> None:
    refuse_taken(free_port(), "PORT")


def test_should_ask_for_a_registry_when_packages_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://{HOST}:9/simple")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    for name in ("UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Problem, match="is a registry in reach") as told:
        environment.prepare(tmp_path / "emulator")
    assert "\n" not in str(told.value)
    assert not (tmp_path / "emulator" / "ready").exists()


def test_should_ask_for_another_python_when_it_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "OLDEST", (9, 9))
    with pytest.raises(Problem, match=r"Python 9\.9 or later is needed"):
        environment.prepare(tmp_path)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [("PORT", "http", "PORT must be a port number"), ("PORT", "99999", "PORT must be")],
)
def test_should_end_with_one_line_when_it_cannot_start(
    variable: str, value: str, told: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.local", "run"],
        cwd=PROJECT,
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert told in done.stderr
