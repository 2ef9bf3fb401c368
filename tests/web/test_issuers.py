"""Which issuers may be trusted, and how their words become ours."""

import json
from typing import Any

import pytest

from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.web.callers import Role
from chalicelib.web.issuers import read_issuers
from chalicelib.web.scopes import Scope
from chalicelib.web.tokens import Identity, verify
from infra.issuers import compact
from tests.web.events import NOW
from tests.web.issuer import ISSUER, PEOPLE, any_token, any_trust

ID_NUMBER = "11010119900307109X"
CODE = "113200000140000003"
PROVINCE: dict[str, Any] = {
    "issuer": PEOPLE,
    "audience": "credit",
    "keys": f"{PEOPLE}/keys",
    "algorithms": ["RS256"],
    "roles": ["subject"],
    "claims": {
        "role": {"always": "subject"},
        "name": "/real_name/xm",
        "paper_kind": {"at": "/real_name/zjlx", "values": {"111": "id", "414": "passport"}},
        "paper_number": "/real_name/zjhm",
        "represents": "/legal~1persons/0/tyshxydm",
    },
}
"""A provincial real-name provider, in its own words."""
STAFF: dict[str, Any] = {
    "issuer": ISSUER,
    "audience": "credit",
    "keys": f"{ISSUER}/keys",
    "roles": ["operator", "agency"],
    "claims": {
        "role": {
            "at": "/realm_access/roles",
            "values": {"credit-centre": "operator", "credit-query": "agency"},
        },
        "organisation": "/dept/code",
    },
}


def ask(*issuers: dict[str, Any], **claims: Any) -> Identity:
    """Whom a token with these claims speaks for where `issuers` are trusted."""
    told = {"role": None, "organisation": None, "name": None, **claims}
    return verify(any_token(**told), trust=any_trust(issuers=json.dumps(issuers)), now=NOW)


def refused(*issuers: dict[str, Any], **claims: Any) -> tuple[object, object]:
    """Why it is refused, and over which claim."""
    with pytest.raises(DomainError) as refusal:
        ask(*issuers, **claims)
    return refusal.value.values["reason"], refusal.value.values["claim"]


def any_person(**changes: Any) -> dict[str, Any]:
    """What the province says of a person."""
    return {
        "iss": PEOPLE,
        "real_name": {"xm": "王五", "zjlx": "111", "zjhm": ID_NUMBER},
        **changes,
    }


def test_should_understand_an_issuers_own_words_when_they_are_mapped() -> None:
    found = ask(PROVINCE, **any_person(organisation=CODE))
    assert (found.role, found.name) == (Role.SUBJECT, "王五")
    assert found.paper == Paper(PaperKind.ID_NUMBER, ID_NUMBER)
    assert found.organisation is None, "an employer is nobody's archive"


def test_should_speak_for_an_organisation_when_the_issuer_says_so() -> None:
    found = ask(PROVINCE, **any_person(**{"legal/persons": [{"tyshxydm": CODE}]}))
    assert (found.role, found.organisation) == (Role.SUBJECT, CODE)


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"real_name": {"xm": "王五", "zjlx": "999", "zjhm": ID_NUMBER}}, "paper_kind"),
        ({"real_name": {"xm": "王五", "zjlx": 111, "zjhm": ID_NUMBER}}, "paper_kind"),
        ({"real_name": {"xm": "王五", "zjhm": ID_NUMBER}}, "paper_kind"),
        ({"real_name": {"xm": "王五", "zjlx": "111"}}, "paper_number"),
        ({"real_name": {"xm": ["王五"], "zjlx": "111", "zjhm": ID_NUMBER}}, "name"),
        ({"real_name": {"xm": "王五", "zjlx": "111", "zjhm": {"a": 1}}}, "paper_number"),
        ({"legal/persons": [{"tyshxydm": "91"}]}, "organisation"),
    ],
)
def test_should_be_refused_when_a_mapped_claim_is_not_understood(
    changes: dict[str, Any], claim: str
) -> None:
    assert refused(PROVINCE, **any_person(**changes)) == ("claims", claim)


@pytest.mark.parametrize("roles", [["offline_access", "credit-centre"], "credit-centre"])
def test_should_take_the_one_role_that_has_a_meaning_when_there_are_more(roles: Any) -> None:
    found = ask(STAFF, realm_access={"roles": roles}, dept={"code": CODE})
    assert (found.role, found.organisation) == (Role.OPERATOR, CODE)


@pytest.mark.parametrize("roles", [["credit-centre", "credit-query"], ["other"], [], None, 1, {}])
def test_should_be_refused_when_the_role_is_not_told_once(roles: Any) -> None:
    told = {"realm_access": {"roles": roles}, "dept": {"code": CODE}}
    assert refused(STAFF, **told) == ("claims", "role")


def test_should_believe_each_issuer_its_own_roles_alone() -> None:
    liar = {**PROVINCE, "claims": {"role": "/role"}}
    assert refused(liar, STAFF, iss=PEOPLE, role="operator", organisation=CODE) == ("role", "")
    assert refused(STAFF, **any_person()) == ("issuer", "")


def test_should_bind_by_scope_only_where_the_issuer_tells_scopes() -> None:
    told = {"realm_access": {"roles": "credit-query"}, "dept": {"code": CODE}}
    assert ask(STAFF, **told, scope="openid profile").scopes is None
    machines = {**STAFF, "claims": {**STAFF["claims"], "scope": "/scope"}}
    found = ask(machines, **told, scope="openid queries reports")
    assert found.scopes == frozenset({Scope.QUERIES, Scope.REPORTS})
    assert ask(machines, **told, scope="openid").scopes == frozenset()
    assert refused(machines, **told) == ("claims", "scope")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"roles": ["subject", "operator"]}, "vouches for no other role"),
        ({"roles": ["public"]}, "the public"),
        ({"roles": ["emperor"]}, "emperor"),
        ({"roles": []}, "length"),
        ({"algorithms": ["HS256"]}, "HS256"),
        ({"keys": "http://identity.example.cn/keys"}, "https"),
        ({"longest_minutes": 721}, "720"),
        ({"claims": {"role": "role"}}, "regex"),
        ({"claims": {"role": {}}}, "either"),
        ({"claims": {"role": {"at": "/role", "always": "subject"}}}, "either"),
        ({"claims": {"nickname": "/nickname"}}, "nickname"),
        ({"jwks": "https://x"}, "jwks"),
    ],
)
def test_should_not_start_when_an_issuer_is_configured_wrongly(
    changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        read_issuers(json.dumps([{**PROVINCE, **changes}]))


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps([STAFF, STAFF])])
def test_should_not_start_when_there_is_no_list_of_issuers(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_issuers(text)


def test_should_print_a_file_as_a_parameter_when_it_is_right() -> None:
    told = compact(json.dumps([PROVINCE, STAFF], indent=2))
    assert read_issuers(told) == read_issuers(json.dumps([PROVINCE, STAFF]))
    assert "\n" not in told
    with pytest.raises(ValueError, match="2000"):
        compact(json.dumps([{**STAFF, "claims": {"role": {"always": "a" * 2000}}}]))
