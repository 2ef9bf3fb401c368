"""Made-up requests find nothing: the whole interface, as described, asked as nobody would ask it.

In process with a few examples of each operation, which takes half a minute; `make fuzz` asks the
deployed system for a hundred and more.
"""

import logging
from collections.abc import Iterator

import pytest
import schemathesis

from chalicelib.runtime.observability import logger, metrics
from tests.abuse.asking import ROUTES
from tests.aws import emulated_aws
from tests.disclosure.archives import say
from tests.factories import ORGANISATION
from tests.fuzz.door import serving
from tests.fuzz.fuzzing import configuration, run

_EXAMPLES = 10
_KNOWN = {"subject": ORGANISATION, "code": ORGANISATION, "item": "penalty", "grant": "G"}


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No log lines of thousands of requests, which a failure would have pytest print."""
    monkeypatch.setattr(metrics.provider, "namespace", "Credit")
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def sign_in(role: str, number: int) -> str:
    """Somebody new; a subject's representative always of the one that has an archive."""
    return f"{role}~{ORGANISATION if role == 'subject' else f'1132990000{number:08d}'}"


@pytest.mark.usefixtures("quiet")
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@pytest.mark.timeout(300)
def test_should_find_nothing_when_made_up_requests_are_sent() -> None:
    with emulated_aws(), serving() as url:
        say()
        config = configuration(url, _EXAMPLES)
        schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json", config=config)
        faults = run(schema, sign_in, _KNOWN)
    assert faults.found == []
    missing = {f"{each.method} {each.path}" for each in ROUTES} - faults.requests.keys()
    assert missing <= {"GET /v1/openapi.json"}  # read before the run, as what describes it
    assert faults.statuses.keys() >= {200, 401, 404, 415, 422}
