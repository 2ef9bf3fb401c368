"""The package deployed on the emulated AWS, with every function held to its own rights.

The fixture `stack` is started once a session. It gives `url`, `token(persona)`, `client(service)`
and the stack's `outputs` (`infra.local.stack.Stack`). Tests that use it carry the marker `deployed`.
"""

from collections.abc import Iterator

import pytest

from infra.compose import PROJECT
from infra.local import environment
from infra.local.emulator import free_port
from infra.local.stack import Ports, Stack, running
from infra.package import build


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running system on a fresh state of its own."""
    folder = tmp_path_factory.mktemp("deployed")
    python = environment.prepare(PROJECT / ".local" / "emulator")
    build("local", folder / "package")
    ports = Ports(free_port(), free_port())
    with running(folder / "state", python, folder / "package", ports) as system:
        yield system
