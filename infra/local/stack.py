"""The whole system running on this machine: emulator, deployed package, front, sign-in."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.deployment import Deployment
from infra.local.emulator import HOST, Emulator, refuse_taken
from infra.local.front import Front
from infra.local.issuer import Issuers
from infra.local.state import State

RULEBOOK = "jiangsu"
"""Whose rules the local system runs under unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the front and the emulator listen."""

    front: int
    emulator: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The running system as its users and its tests see it."""

    url: str
    """The address of the system, as a browser would open it."""
    rulebook: str
    """The name of the rulebook that it runs under."""
    endpoint: str
    """The emulated AWS."""
    outputs: Mapping[str, str]
    """The CloudFormation stack's outputs."""
    fallen_back: datetime | None
    """After a crash: everything but files is as it was at this time."""
    fresh: bool
    """Whether nothing has been loaded yet."""
    redeployed: bool
    """Whether the package or its template had changed."""
    issuers: Issuers
    """The development sign-in."""
    _deployment: Deployment
    _emulator: Emulator
    _state: State

    def client(self, service: str) -> Any:
        """A boto3 client with every right in the emulated account."""
        return self._deployment.client(service)

    def token(self, persona: str, **claims: str) -> str:
        """A bearer token of a persona (`infra.local.issuer.PERSONAS`)."""
        return self.issuers.token(persona, **claims)

    def wait(self) -> None:
        """Return when the emulator ends, which it should not by itself."""
        self._emulator.wait()

    def keep(self) -> None:
        """Have everything saved, so that a crash cannot lose it: the emulator restarts."""
        self._emulator.stop()
        self._emulator.start()

    def mark_loaded(self) -> None:
        """The demo data is complete; save it."""
        self._state.mark_loaded()
        self.keep()


@contextmanager
def running(
    folder: Path, python: Path, package: Path, ports: Ports, rulebook: str = RULEBOOK
) -> Iterator[Stack]:
    """The system on the state in `folder`, deployed from `package`; stopped cleanly at the end.

    `python` is the emulator's (`environment.prepare`). Raises `Problem` where it cannot start.
    """
    state = State(folder)
    refuse_taken(ports.front, "PORT")
    fallen_back = state.open()
    url = f"http://localhost:{ports.front}"
    with ExitStack() as stack:
        emulator = Emulator(python, state, ports.emulator)
        stack.callback(emulator.stop)
        emulator.start()
        issuers = Issuers(url, state.issuers)
        deployment = Deployment(emulator.endpoint, state.deployed)
        changed = deployment.deploy(package, _parameters(url, ports.front, rulebook, issuers))
        if changed and not state.fresh:
            emulator.stop()  # the new deployment must outlive a crash
            emulator.start()
        outputs = deployment.outputs()
        front = Front(ports.front, issuers)
        front.start(emulator.endpoint, outputs["RestAPIId"], "local")
        stack.callback(front.stop)
        yield Stack(
            url=url,
            rulebook=rulebook,
            endpoint=emulator.endpoint,
            outputs=outputs,
            fallen_back=fallen_back,
            fresh=state.fresh,
            redeployed=changed,
            issuers=issuers,
            _deployment=deployment,
            _emulator=emulator,
            _state=state,
        )


def _parameters(url: str, port: int, rulebook: str, issuers: Issuers) -> dict[str, str]:
    return {
        "Stage": "local",
        "Rulebook": rulebook,
        "Issuers": issuers.parameter(f"http://{HOST}:{port}"),
        "PublicUrl": url,
    }
