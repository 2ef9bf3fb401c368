"""Fixtures of the web room."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.runtime.observability import logger
from chalicelib.web.app import CreditApp
from tests.web import tiny

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def app() -> CreditApp:
    """The small app."""
    return tiny.build_app()


@pytest.fixture
def logged() -> Iterator[Lines]:
    """Reads what has been logged during the test, line by line, as CloudWatch would get it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.handlers.remove(handler)
