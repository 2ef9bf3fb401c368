"""`make fuzz`: a hundred made-up requests of each operation and more, asked of the deployed system.

What the interface describes, and what it does not: each in a process and on a system of its own.
"""

import pytest
import schemathesis

from infra.local.stack import Stack
from tests.abuse.asking import ROUTES
from tests.e2e.system import System
from tests.fuzz.fuzzing import Mode, configuration, run
from tests.fuzz.known import World, make

_EXAMPLES = 100
_READ_BEFORE = "GET /v1/openapi.json"  # as what describes the rest

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning"),
    pytest.mark.timeout(3600),
]


@pytest.fixture(scope="module")
def world(stack: Stack) -> World:
    """The deployed system with something in it."""
    return make(System(stack))


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_should_find_nothing_when_made_up_requests_are_sent(world: World, mode: Mode) -> None:
    stack = world.system.stack
    # Not by the front, which lets nobody say where they come from: one address would meet limits.
    url = f"{stack.endpoint}/restapis/{stack.outputs['RestAPIId']}/local/_user_request_"
    config = configuration(url, _EXAMPLES, mode)
    schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json", config=config)
    words = world.words if mode == "positive" else {}
    faults = run(schema, world.sign_in, world.known, words)
    assert faults.found == []
    asked = {f"{each.method} {each.path}" for each in ROUTES} - {_READ_BEFORE}
    enough = {name for name, number in faults.requests.items() if number >= _EXAMPLES}
    assert mode == "negative" or asked <= enough
