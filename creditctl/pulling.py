"""The pull agent: what is new in a provider's view becomes a file, which is sent like any other.

Every step can be repeated. The file is written and remembered before it is sent, and the position
moves on once its receipt is final; a crash anywhere sends the same bytes once more, and the same
words said twice change nothing (DESIGN §4).
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from creditctl import words
from creditctl.console import Console
from creditctl.exits import Exit, Failure
from creditctl.files import replace_file
from creditctl.receipts import exit_of, print_receipt
from creditctl.sending import Sender
from creditctl.server import Json, Pause
from creditctl.views import View
from creditctl.watermarks import State, keep_state, read_state


class Pull(NamedTuple):
    """What is pulled: a view's rows of an item; `state` is the file that remembers how far."""

    view: View
    item: str
    source: str
    state: Path
    seconds: float


class Agent:
    """Pulls one view to one server."""

    def __init__(self, pull: Pull, sender: Sender, console: Console) -> None:
        self._pull = pull
        self._sender = sender
        self._console = console

    def run_once(self) -> Exit:
        """Send all that is new, a file after another. Raises `Failure`."""
        state = read_state(self._pull.state, self._pull.source)
        end = Exit.OK
        while True:
            if not self._is_pending(state):
                state, rows = self._read(state)
                if not rows:
                    return end
            state, receipt = self._deliver(state)
            end = max(end, exit_of(receipt))
            if receipt["state"] != "done":
                return end

    def run_every(self, seconds: float, pause: Pause) -> None:
        """Again and again; what cannot be reached now is tried again. Raises `Failure`."""
        while True:
            try:
                self.run_once()
            except Failure as failure:
                if failure.exit not in {Exit.UNREACHABLE, Exit.UNFINISHED}:
                    raise
                reason = failure.words.say(self._console.language, **failure.values)
                self._console.note(words.AT_FAULT, reason=reason)
            pause(seconds)

    def _is_pending(self, state: State) -> bool:
        """Whether a file waits to be sent; if somebody took it away, its rows are read again."""
        return bool(state.pending) and self._pull.state.with_name(state.pending).exists()

    def _read(self, state: State) -> tuple[State, int]:
        """What is new, as a file that is remembered as pending."""
        found = self._pull.view.read_new(state.position)
        if found.unmarked:
            self._console.note(words.NULL_WATERMARKS, count=found.unmarked)
        if not found.rows:
            self._console.note(words.NOTHING_NEW)
            return state, 0
        self._console.note(words.PULLED, rows=len(found.rows))
        content = write_table(found.header, found.rows)
        path = self._pull.state.with_suffix(".csv")
        replace_file(path, content)
        state = msgspec.structs.replace(state, pending=path.name, following=found.following)
        keep_state(self._pull.state, state)
        return state, len(found.rows)

    def _deliver(self, state: State) -> tuple[State, Json]:
        """Send the pending file and, unless it cannot be read, move on behind it."""
        path = self._pull.state.with_name(state.pending)
        sent = self._sender.send(path, self._pull.item)
        receipt = self._sender.wait(sent, self._pull.seconds)
        print_receipt(receipt, self._console)
        done = receipt["state"] == "done"
        position = state.following if done and state.following else state.position
        following = State(source=state.source, position=position)
        keep_state(self._pull.state, following)
        path.unlink(missing_ok=True)
        return following, receipt


def write_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The canonical file of rows: UTF-8, field codes above, the same rows always the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()
