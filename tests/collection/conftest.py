"""Fixtures of the collection room."""

import tracemalloc
from collections.abc import Callable

import pytest

from tests.collection.files import entitle


@pytest.fixture
def entitled(aws: dict[str, str]) -> None:
    """A provider that may report registrations and penalties."""
    entitle()


@pytest.fixture
def peak_of() -> Callable[[Callable[[], object]], int]:
    """Runs something and tells the most bytes that it held at once."""

    def measure(action: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            action()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measure
