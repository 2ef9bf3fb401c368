"""Fixtures of the handlers' room; none of its tests may log a personal number."""

import io
import logging
import re
import unicodedata
from collections.abc import Iterator

import pytest

from chalicelib.runtime.observability import logger
from tests.handlers.events import clock_at
from tests.web.conftest import logged
from tests.web.events import NOW

__all__ = ["logged"]

NUMBERS = re.compile(r"329900(?:19)?800101\d{3}|E0000000\d")
"""Every paper that these tests invent, in either form of an ID number."""


@pytest.fixture(autouse=True)
def _no_number_is_told(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Scan what CloudWatch would get: output, and lines that go past it in tests."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield
    logger.handlers.remove(handler)
    told = "".join((*capfd.readouterr(), caplog.text, stream.getvalue()))
    assert NUMBERS.findall(unicodedata.normalize("NFKC", told)) == []


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock_at(NOW):
        yield
