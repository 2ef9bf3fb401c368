"""`make fuzz`: a hundred made-up requests of each operation and more, asked of the deployed system."""

import pytest
import schemathesis

from infra.local.issuer import PERSONAS
from infra.local.stack import Stack
from tests.abuse.asking import ROUTES
from tests.collection.files import uscc
from tests.fuzz.fuzzing import configuration, run

_EXAMPLES = 100
_REPRESENTED = PERSONAS["representative"]["organisation"]
_KNOWN = {"subject": _REPRESENTED, "code": _REPRESENTED, "item": "penalty"}


@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@pytest.mark.timeout(3600)
def test_should_find_nothing_when_made_up_requests_are_sent(stack: Stack) -> None:
    def sign_in(role: str, number: int) -> str:
        if role == "subject":
            return stack.token("representative", sub=f"fuzz-{number}")
        return stack.token(role, sub=f"fuzz-{number}", organisation=uscc(number, "11"))

    config = configuration(_EXAMPLES)
    schema = schemathesis.openapi.from_url(
        f"{stack.url}/v1/openapi.json",
        config=config,
        timeout=60,  # seconds: nothing of the stack is warm yet
    )
    faults = run(schema, sign_in, _KNOWN)
    assert faults.found == []
    missing = {f"{each.method} {each.path}" for each in ROUTES} - faults.requests.keys()
    assert missing <= {"GET /v1/openapi.json"}  # read before the run, as what describes it
    assert min(faults.requests.values()) >= _EXAMPLES
