"""The development sign-in is what the authorizer accepts."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from chalicelib.runtime.errors import DomainError
from chalicelib.web.callers import Role
from chalicelib.web.issuers import Trust, Trusted, read_issuers
from chalicelib.web.signing_keys import SigningKeys
from chalicelib.web.tokens import verify
from infra.local.demo import providers
from infra.local.issuer import PERSONAS, SECONDS, Issuer, Issuers

URL = "http://localhost:8000"


@pytest.fixture(scope="module")
def issuers(tmp_path_factory: pytest.TempPathFactory) -> Issuers:
    return Issuers(URL, tmp_path_factory.mktemp("issuers"))


def _trust(issuers: Issuers) -> Trust:
    """What the deployed system trusts, with the keys that are published now."""
    sets = {
        f"{URL}/issuer/{name}/jwks.json": json.dumps(issuer.key_set()).encode()
        for name, issuer in issuers.by_name.items()
    }
    return {
        each.issuer: Trusted(each, SigningKeys(each.keys, fetch=sets.__getitem__))
        for each in read_issuers(issuers.parameter(URL))
    }


@pytest.mark.parametrize("persona", PERSONAS)
def test_should_be_accepted_when_a_persona_signs_in(issuers: Issuers, persona: str) -> None:
    now = datetime.now(UTC)

    identity = verify(issuers.token(persona), trust=_trust(issuers), now=now)

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


def test_should_be_refused_when_the_peoples_issuer_names_an_operator(issuers: Issuers) -> None:
    token = issuers.by_name["people"].token("operator")
    with pytest.raises(DomainError) as refusal:
        verify(token, trust=_trust(issuers), now=datetime.now(UTC))
    assert refusal.value.values["reason"] == "role"


def test_should_keep_its_keys_to_itself_when_started_again(tmp_path: Path) -> None:
    issuer = Issuer(URL, tmp_path)
    issuer.rotate()
    told = issuer.key_set()
    assert Issuer(URL, tmp_path).key_set() == told
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    assert not {"d", "p", "q"} & told["keys"][0].keys()


def test_should_sign_with_the_newest_key_and_publish_all_when_rotated(tmp_path: Path) -> None:
    issuer = Issuer(URL, tmp_path)
    before = issuer.token("operator")
    issuer.rotate()
    tokens = (before, issuer.token("operator"))
    assert [jwt.get_unverified_header(token)["kid"] for token in tokens] == ["1", "2"]
    keys = {key["kid"]: jwt.PyJWK(key) for key in issuer.key_set()["keys"]}
    for token, kid in zip(tokens, ("1", "2"), strict=True):
        jwt.decode(token, keys[kid], audience="credit")


def test_should_take_other_claims_when_asked(issuers: Issuers) -> None:
    told = jwt.decode(
        issuers.token("provider", organisation="X"), options={"verify_signature": False}
    )
    assert told["organisation"] == "X"
