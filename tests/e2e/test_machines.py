"""A machine signs in with its key, does what its scopes name, and is let out."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.e2e.asking import Answer, Caller, request
from tests.e2e.contract import check_answer
from tests.e2e.system import System

pytestmark = pytest.mark.deployed

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Machine:
    """A client with a key of its own."""

    def __init__(self, system: System, **registered: Any) -> None:
        self.id = f"machine-{time.time_ns()}"
        self._system = system
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key()))
        self.registered = {
            "name": "清江市数据交换平台",
            "role": "provider",
            "scopes": ["uploads"],
            "keys": [{**public, "kid": "1", "use": "sig"}],
            **registered,
        }

    def register(self, **changed: Any) -> None:
        """Have the operator register it."""
        self._system.operator.put(f"/v1/clients/{self.id}", {**self.registered, **changed}).of(200)

    def ask(self, **changed: Any) -> Answer:
        """Ask for a token with an assertion that was never used."""
        url = self._system.stack.url
        now = int(time.time())
        claims = {
            "iss": self.id,
            "sub": self.id,
            "aud": f"{url}/v1/token",
            "exp": now + 60,
            "jti": str(time.time_ns()),
        }
        assertion = jwt.encode(claims, self._key, "ES256", headers={"kid": "1"})
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            **changed,
        }
        return self.send(form)

    def send(self, form: Mapping[str, str]) -> Answer:
        """Send a form to the token endpoint."""
        url = self._system.stack.url
        answer = request("POST", f"{url}/v1/token", urlencode(form).encode(), _FORM)
        check_answer("POST", "/v1/token", answer.status, answer.headers, answer.content)
        return answer

    def sign_in(self, **changed: Any) -> Caller:
        """Itself, signed in."""
        token = self.ask(**changed).of(200)["access_token"]
        return Caller(self._system.stack.url, lambda: token)


def test_should_report_and_be_stopped_when_a_machine_signs_in(system: System) -> None:
    provider = system.provider("penalty")
    machine = Machine(system, organisation=provider.code, scopes=["uploads", "changes"])
    assert machine.ask().of(401)["error"] == "invalid_client"
    machine.register()

    caller = machine.sign_in()
    file = {"item": "penalty", "size": 1, "sha256": "A" * 43 + "=", "file_name": "a.csv"}
    upload = caller.post("/v1/uploads", file).of(201)["upload"]
    assert upload["provider"] == provider.code
    caller.get(f"/v1/uploads/{upload['upload']}").of(200)
    caller.get("/v1/providers").refused(403, "E-AUTH-02")
    other = machine.sign_in(scope="changes")
    other.get(f"/v1/uploads/{upload['upload']}").refused(403, "E-AUTH-05")
    caller.get(f"/v1/uploads/{upload['upload']}").of(200)

    machine.register(suspended=True)
    assert machine.ask().of(401)["error"] == "invalid_client"
    machine.register(keys=Machine(system).registered["keys"])
    assert machine.ask().of(401)["error"] == "invalid_client"
    caller.get("/v1/uploads").of(200)


def test_should_be_verified_by_published_keys_when_a_token_is_given(system: System) -> None:
    machine = Machine(system, organisation=system.invent.code("11"))
    machine.register()
    token = machine.ask().of(200)["access_token"]
    published = system.nobody.get("/.well-known/jwks.json").of(200)["keys"]
    kid = jwt.get_unverified_header(token)["kid"]
    [key] = [jwt.PyJWK(each) for each in published if each["kid"] == kid]
    url = system.stack.url
    assert jwt.decode(token, key, ["ES256"], audience=url, issuer=url)["sub"] == machine.id
