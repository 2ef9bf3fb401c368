"""Cutting sequences into the batches that AWS takes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """`values` in lists of at most `size` (itertools.batched needs Python 3.12)."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
