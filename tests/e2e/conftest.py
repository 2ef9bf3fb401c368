"""The deployed system for these tests; what looks back on the whole session comes last."""

from pathlib import Path

import pytest

from infra.local.stack import Stack
from tests.e2e.system import System

_LAST = Path(__file__).with_name("test_afterwards.py")


@pytest.fixture(scope="session")
def system(stack: Stack) -> System:
    """The running system, see `System`."""
    return System(stack)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move what looks back behind everything that uses the same system."""
    items.sort(key=lambda item: item.path == _LAST)
