"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import botocore.session
import pytest

from chalicelib.runtime.observability import logger
from tests.numbers import Watch

pytest_plugins = ["tests.aws", "tests.deployed"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a costly fixture in one process when several run."""
    for item in items:
        for fixture in ("stack", "package"):
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(fixture))


@pytest.fixture(scope="session", autouse=True)
def watch_logs() -> Iterator[None]:
    """Fail the run where any line that our code logged in it holds an ID number (DESIGN §5.6)."""
    watch = Watch()
    logger.addHandler(watch)
    yield
    logger.handlers.remove(watch)
    assert watch.found == []


@pytest.fixture(scope="session", autouse=True)
def share_models() -> Iterator[None]:
    """Read the services' models from disk once, not for the clients of every fresh account."""
    with patch("botocore.session.create_loader", cache(botocore.session.create_loader)):
        yield
