"""Waiting between tries of what AWS asked to be sent again."""

import random
import time
from collections.abc import Iterator

_TRIES = 8
_FIRST_SECONDS = 0.05


def tries() -> Iterator[int]:
    """Numbers of tries, with a growing and jittered pause before each but the first."""
    for number in range(_TRIES):
        if number:
            time.sleep(random.uniform(0.5, 1) * _FIRST_SECONDS * 2**number)  # noqa: S311
        yield number
