"""The emulated AWS as a process of its own: started clean, stopped clean."""

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from infra.local.problems import Problem
from infra.local.state import State

REGION = "cn-north-1"
HOST = "127.0.0.1"
_LAUNCHER = Path(__file__).parent / "launch.py"
ACCESS_KEY = "test"  # the emulator's root
_START_SECONDS = 120
_STOP_SECONDS = 300  # it writes its tables when it stops: some 18 s for 200,000 items


def refuse_taken(port: int, variable: str) -> None:
    """Raises `Problem` where `port` cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise Problem(f"port {port} is taken: choose another with {variable}=...") from None


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Emulator:
    """One ministack process working on one state folder."""

    def __init__(self, python: Path, state: State, port: int) -> None:
        self.endpoint = f"http://{HOST}:{port}"
        self._python = python
        self._state = state
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers. Raises `Problem` where it does not."""
        refuse_taken(self._port, "EMULATOR_PORT")
        with self._state.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._python), str(_LAUNCHER)],
                env=self._environment(),
                cwd=self._state.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we stop it in order
            )
        self._state.mark_running(self._process.pid)
        self._wait_until_ready(self._process)

    def wait(self) -> None:
        """Return when it has ended."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """Stop it and let it save what it holds. Raises `Problem` where it does not end well."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is not None:
            raise Problem(
                f"the emulator has crashed, start again to recover; log: {self._state.log}"
            )
        process.send_signal(signal.SIGTERM)
        try:
            ended = process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            ended = process.wait()
        if ended != 0:
            raise Problem(f"the emulator did not stop cleanly; its log is {self._state.log}")
        self._state.seal()

    def _environment(self) -> dict[str, str]:
        """Nothing of the host's: functions inherit what the emulator has."""
        return {
            "PATH": os.defpath,
            "HOME": str(self._state.folder),
            "TMPDIR": str(self._state.scratch),
            "LANG": "C.UTF-8",
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_HOST": HOST,
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1",
            "S3_DATA_DIR": str(self._state.files),
            "S3_PERSIST": "1",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(self._state.services),
        }

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Problem(f"the emulator ended at once; its log is {self._state.log}")
            if self._answers():
                return
            time.sleep(0.05)
        raise Problem(f"the emulator does not answer; its log is {self._state.log}")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=5)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()


def stop_left_running(state: State) -> bool:
    """Stop an emulator whose runner was killed, so that it saves what it holds."""
    process = state.left_running()
    if process is None:
        return False
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while state.left_running() is not None:
        if time.monotonic() > deadline:
            raise Problem(f"an emulator of an earlier run does not stop (process {process})")
        time.sleep(0.1)
    state.seal()
    return True
