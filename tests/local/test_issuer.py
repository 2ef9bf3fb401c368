"""The development sign-in is what the authorizer accepts."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import jwt
import pytest

from chalicelib.web.callers import Role
from chalicelib.web.tokens import verify
from infra.local.demo import providers
from infra.local.issuer import AUDIENCE, PERSONAS, SECONDS, Issuer

URL = "http://localhost:8000"


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(URL, tmp_path / "issuer.pem")


@pytest.mark.parametrize("persona", PERSONAS)
def test_should_be_accepted_when_a_persona_signs_in(issuer: Issuer, persona: str) -> None:
    key = jwt.PyJWK(issuer.key_set()["keys"][0])
    keys = Mock()
    keys.find.return_value = Mock(public_key=key.key, algorithm="RS256")
    now = datetime.now(UTC)

    identity = verify(issuer.token(persona), keys=keys, issuer=URL, audience=AUDIENCE, now=now)

    assert identity.role == PERSONAS[persona]["role"]
    assert identity.organisation == PERSONAS[persona].get("organisation")
    assert (identity.paper is not None) == ("paper_number" in PERSONAS[persona])
    assert identity.expires - now.timestamp() <= SECONDS + 60


def test_should_have_a_persona_when_a_role_signs_in() -> None:
    assert {told["role"] for told in PERSONAS.values()} == set(Role) - {Role.PUBLIC}


def test_should_be_the_demos_authorities_when_personas_report() -> None:
    known = {each.uscc: each.name for each in providers.PROVIDERS}
    for persona in ("provider", "code_authority", "judicial"):
        told = PERSONAS[persona]
        assert known[told["organisation"]] == told["name"]


def test_should_keep_its_key_to_itself_when_started_again(tmp_path: Path) -> None:
    file = tmp_path / "issuer.pem"
    first = Issuer(URL, file).key_set()
    assert Issuer(URL, file).key_set() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not {"d", "p", "q"} & first["keys"][0].keys()


def test_should_take_other_claims_when_asked(issuer: Issuer) -> None:
    told = jwt.decode(
        issuer.token("provider", organisation="X"), options={"verify_signature": False}
    )
    assert told["organisation"] == "X"
