"""`python -m infra.local run` and `python -m infra.local demo`."""

import argparse
import os
import signal
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Never

from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from infra.compose import PROJECT, CompositionError
from infra.local import demo, environment, rebuild
from infra.local.emulator import free_port, refuse_taken, stop_left_running
from infra.local.problems import Problem
from infra.local.stack import RULEBOOK, Ports, Stack, running
from infra.local.state import State
from infra.package import build

HOME = PROJECT / ".local"


def _say(words: str) -> None:
    print(words, flush=True)


def _port(variable: str, default: int) -> int:
    value = os.environ.get(variable) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 1 << 16:
        raise Problem(f"{variable} must be a port number, it is {value!r}")
    return int(value)


def _rulebook() -> str:
    """The rulebook named in RULEBOOK. Raises `Problem` where there is none or it cannot be used."""
    name = os.environ.get("RULEBOOK") or RULEBOOK
    try:
        return load_rulebook(name).name
    except RulebookError as error:
        known = "、".join(sorted(file.stem for file in RULEBOOKS.glob("*.toml")))
        raise Problem(f"RULEBOOK must be one of {known}: {error}") from None


def _prepare() -> tuple[Path, Path]:
    """The emulator's Python and the package to deploy."""
    _say("Preparing the emulated AWS and the package ...")
    python = environment.prepare(HOME / "emulator")
    package = HOME / "package" / "local"
    _say("  " + build("local", package).replace(str(PROJECT) + "/", ""))
    return python, package


def _load(stack: Stack) -> None:
    _say("Loading the invented city 清江市 ...")
    demo.load(stack)


def run() -> None:
    """Serve until Ctrl-C, on a state that stays."""
    ports = Ports(_port("PORT", 8000), _port("EMULATOR_PORT", 4566))
    rulebook = _rulebook()
    if stop_left_running(State(HOME / "state")):
        _say("The emulated AWS of a run that was killed still held everything; it is stopped now.")
    refuse_taken(ports.front, "PORT")
    refuse_taken(ports.emulator, "EMULATOR_PORT")
    python, package = _prepare()
    with running(HOME / "state", python, package, ports, rulebook) as stack:
        if stack.fallen_back:
            _recover(stack, stack.fallen_back)
        if stack.fresh:
            _load(stack)
            stack.mark_loaded()
        _say(f"\n{stack.url} is ready. Ctrl-C stops it.")
        try:
            stack.wait()
        except KeyboardInterrupt:
            _say("\nStopping; what the system holds is being saved ...")


def _recover(stack: Stack, since: datetime) -> None:
    _say(f"The emulated AWS was not stopped in order: its tables are back at {since:%F %T} UTC.")
    _say("Marks, ledger entries and reports made after that are lost; files are not.")
    _say(f"Delivering {rebuild.redeliver(stack, since)} uploads again from the kept originals ...")


def show() -> None:
    """The same on a fresh state that does not stay; raises `Problem` where a step fails."""
    begun = time.monotonic()
    rulebook = _rulebook()
    python, package = _prepare()
    with (
        tempfile.TemporaryDirectory(prefix="credit-demo-") as folder,
        running(
            Path(folder) / "state", python, package, Ports(free_port(), free_port()), rulebook
        ) as stack,
    ):
        _load(stack)
    _say(f"Every step came out as it should, in {time.monotonic() - begun:.0f} s.")


def _interrupt(*_: object) -> Never:
    """Once is enough: a second Ctrl-C must not break off the saving."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """The command; 1 and one line where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("command", choices=["run", "demo"])
    command = {"run": run, "demo": show}[parser.parse_args().command]
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, _interrupt)
    try:
        command()
    except (Problem, CompositionError) as problem:
        print(f"{parser.prog}: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
