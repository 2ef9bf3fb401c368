"""The terminal: messages in the chosen language, one JSON value, a progress bar."""

import json
import sys
import time
from typing import Any, Final

from chalicelib.runtime.words import Language, Words

_WIDTH: Final = 30
_OFTEN: Final = 0.1  # seconds between two pictures of a bar


class Console:
    """Where a command speaks. With `as_json` only `tell` reaches standard output, as JSON."""

    def __init__(self, language: Language, *, as_json: bool) -> None:
        self.language = language
        self.as_json = as_json
        self._shown = 0.0
        self._drawn = False
        encoding = "utf-8" if as_json else None
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(encoding=encoding, errors="backslashreplace")

    def say(self, words: Words, **values: str | int) -> None:
        """A message of the result; silent where the result is JSON."""
        self.write(words.say(self.language, **values))

    def write(self, line: str) -> None:
        """A line of the result, in whichever language it is."""
        self.clear()
        if not self.as_json:
            print(line)

    def note(self, words: Words, **values: str | int) -> None:
        """A message beside the result."""
        self.clear()
        print(words.say(self.language, **values), file=sys.stderr)

    def tell(self, value: Any) -> None:
        """The result, where it was asked for as JSON."""
        self.clear()
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, indent=2))

    def show_progress(self, words: Words, done: int, total: int, **values: str | int) -> None:
        """A bar, on a terminal only."""
        now = time.monotonic()
        if not sys.stderr.isatty() or (done < total and now - self._shown < _OFTEN):
            return
        self._shown, self._drawn = now, True
        part = done / total if total else 0.0
        filled = int(part * _WIDTH)
        bar = "#" * filled + "-" * (_WIDTH - filled)
        label = words.say(self.language, **values)
        print(f"\r\033[K{label} [{bar}] {part:4.0%}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the bar away."""
        if self._drawn:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self._drawn = False
