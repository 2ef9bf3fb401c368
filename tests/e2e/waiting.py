"""Waiting for what happens by itself, never for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 120) -> T:
    """The first true value that `look` finds. Fails, saying what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"after {seconds:g} s still not: {what} ({found!r})"
        time.sleep(0.1)
