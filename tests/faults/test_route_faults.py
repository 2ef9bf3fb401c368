"""A route that writes dies or is refused at any AWS call and is asked again: the same end.

Every route that writes is tried, here or where `_ELSEWHERE` says.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import jwt
import pytest
from msgspec import Struct

import app
from chalicelib.collection.uploads import ProviderEntry, register_provider
from chalicelib.disclosure.checks.agreements import Giving, Terms, give_agreement
from chalicelib.subjects.identities import keyring
from chalicelib.web.callers import Role
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.machines import keys
from tests.abuse.asking import ROUTES, send, send_body
from tests.collection import test_parts
from tests.collection.files import PROVIDER, entitle, receive
from tests.disclosure.archives import TODAY, register, say
from tests.disclosure.grants_given import BANK, give, query
from tests.disclosure.shares_applied import TREASURY, applied, approved
from tests.factories import ORGANISATION
from tests.faults import (
    test_handler_faults,
    test_operation_faults,
    test_purge_faults,
    test_volume_faults,
)
from tests.faults.sweep import Fault, Place, sweep
from tests.faults.worlds import rewinding
from tests.handlers.events import clock_at
from tests.web.events import NOW, Answered, signed_in
from tests.web.machines import machine

pytestmark = pytest.mark.timeout(300)

_ENDPOINTS: Final = {f"{each.method} {each.path}": each for each in ROUTES}
_STANDING: dict[str, str] = {}
"""The ids of what stands before a route is asked, by what it is there for."""

_WORDS: Final = {
    "purpose": "financing",
    "until": "2026-12-31",
    "uses": "many",
    "items": ["penalty"],
}
_GIVEN: Final = {**_WORDS, "recipient": BANK}
_WINDOW: Final = {"papers": ["subject_paper", "mandate"], "reference": "W-1"}
_AGREEMENT: Final = {
    "number": "2",
    "purposes": ["financing"],
    "since": "2026-01-01",
    "until": "2026-12-31",
}
_APPLICATION: Final = {
    "items": ["penalty", "tax_paid"],
    "purpose": "supervision",
    "ways": ["query"],
    "basis": "清江市财政专项资金管理办法第八条",
    "until": "2026-12-31",
}
_LIST: Final = {
    "file_name": "名单.csv",
    "size": 1,
    "sha256": "A" * 43 + "=",
    "purpose": "supervision",
    "basis": "清教审〔2026〕3号",
}


class Case(Struct, frozen=True, kw_only=True):
    """What is asked of a route, as whom, and the reading route that shows what came of it.

    `makes` is where that lists things each of which is another; empty where asking twice asks for
    the same.
    """

    role: Role
    body: Any
    shown: str
    path: Mapping[str, str] = {}
    makes: str = ""


_SUBJECT: Final = {"subject": ORGANISATION}
_BANK: Final = {"organisation": BANK}
_CASES: Final[Mapping[str, Case]] = {
    "POST /v1/agreements/{organisation}": Case(
        role=Role.OPERATOR,
        path=_BANK,
        body=_AGREEMENT,
        shown="/v1/agreements/{organisation}",
    ),
    "POST /v1/agreements/{organisation}/ending": Case(
        role=Role.OPERATOR,
        path=_BANK,
        body={"number": "1", "reason": "合作终止"},
        shown="/v1/agreements/{organisation}",
    ),
    "PUT /v1/clients/{client}": Case(
        role=Role.OPERATOR,
        path={"client": "exchange"},
        body=machine.any_registration(),
        shown="/v1/clients",
    ),
    "PUT /v1/providers/{provider}": Case(
        role=Role.OPERATOR,
        path={"provider": PROVIDER},
        body={"name": "清江市某局", "items": ["penalty"]},
        shown="/v1/providers",
    ),
    "POST /v1/archives/{subject}/grants": Case(
        role=Role.SUBJECT,
        path=_SUBJECT,
        body=_GIVEN,
        shown="/v1/archives/{subject}/grants",
        makes="grants",
    ),
    "POST /v1/archives/{subject}/grants/requests": Case(
        role=Role.THIRD_PARTY,
        path=_SUBJECT,
        body=_WORDS,
        shown="/v1/grants",
        makes="grants",
    ),
    "POST /v1/archives/{subject}/grants/window": Case(
        role=Role.OPERATOR,
        path=_SUBJECT,
        body={**_GIVEN, "window": _WINDOW},
        shown="/v1/archives/{subject}/grants",
        makes="grants",
    ),
    "POST /v1/grants/{grant}/answer": Case(
        role=Role.SUBJECT,
        path={"grant": "asked"},
        body={"accepted": True},
        shown="/v1/grants/{grant}",
    ),
    "POST /v1/grants/{grant}/revocation": Case(
        role=Role.SUBJECT,
        path={"grant": "given"},
        body={},
        shown="/v1/grants/{grant}",
    ),
    "POST /v1/grants/{grant}/outcome": Case(
        role=Role.THIRD_PARTY,
        path={"grant": "used"},
        body={"decided": "declined", "product": "loan"},
        shown="/v1/grants/{grant}",
    ),
    "POST /v1/shares": Case(
        role=Role.AGENCY, body=_APPLICATION, shown="/v1/shares", makes="shares"
    ),
    "POST /v1/shares/{share}/answer": Case(
        role=Role.PROVIDER,
        path={"share": "applied"},
        body={"items": ["tax_paid"]},
        shown="/v1/shares/{share}",
    ),
    "POST /v1/shares/{share}/decision": Case(
        role=Role.OPERATOR,
        path={"share": "applied"},
        body={"items": ["penalty"], "reason": "其余与用途无关"},
        shown="/v1/shares/{share}",
    ),
    "POST /v1/shares/{share}/ending": Case(
        role=Role.AGENCY,
        path={"share": "approved"},
        body={"reason": "工作已完成"},
        shown="/v1/shares/{share}",
    ),
    "POST /v1/checks": Case(
        role=Role.AGENCY,
        body=_LIST,
        shown="/v1/checks",
        makes="checks",
    ),
    "POST /v1/uploads/{upload}/holds": Case(
        role=Role.SUPERVISOR,
        path={"upload": "received"},
        body={"id": "case-1", "phase": "open", "basis": "调查 1 号"},
        shown="/v1/uploads/{upload}/holds",
    ),
}
_ELSEWHERE: Final[Mapping[str, Callable[..., None]]] = {
    "POST /v1/archives/lookup": (
        test_handler_faults.test_no_archive_is_found_without_an_entry_when_the_search_fails_anywhere
    ),
    "POST /v1/archives/{subject}/queries/{entry}/holds": (
        test_purge_faults.test_should_be_held_once_when_a_hold_fails_anywhere
    ),
    "POST /v1/archives/{subject}/records/{item}/{record}/marks": (
        test_handler_faults.test_a_mark_is_set_once_and_not_lost_when_setting_it_fails_anywhere
    ),
    "POST /v1/archives/{subject}/reports": (
        test_handler_faults.test_no_report_is_lost_or_unentered_when_issuing_fails_anywhere
    ),
    "POST /v1/ledger/stops/{organisation}": (
        test_volume_faults.test_should_lift_and_tell_once_when_lifting_fails_anywhere
    ),
    "POST /v1/records": test_operation_faults.test_should_push_once_when_pushing_fails_anywhere,
    "POST /v1/uploads": (
        test_handler_faults.test_an_upload_that_was_answered_is_registered_when_registering_fails_anywhere
    ),
    "POST /v1/uploads/{upload}/completion": (
        test_parts.test_should_end_with_one_file_when_sending_fails_anywhere
    ),
}
"""Which test tries a route that is not tried here."""


def _fill() -> None:
    register("清江桃溪食品有限公司")
    say()
    terms = Terms(number="1", purposes=("financing",), since=TODAY, until=TODAY)
    give_agreement(BANK, Giving(terms=terms, at=NOW, by="someone"))
    _STANDING["asked"] = give(asked=True).id
    _STANDING["given"] = give().id
    _STANDING["used"] = give().id
    query(_STANDING["used"])
    reporter = ProviderEntry(provider=TREASURY, name="清江市财政局", items=("tax_paid",))
    register_provider(reporter, TODAY)
    entitle()
    _STANDING["received"] = receive(b"x")
    _STANDING["applied"] = applied().id
    _STANDING["approved"] = approved().id


def _ask(route: str, case: Case, body: Any = None) -> Answered:
    organisations = {Role.SUBJECT: ORGANISATION, Role.THIRD_PARTY: BANK}
    organisation = organisations.get(case.role, TREASURY)
    caller = signed_in(case.role, organisation=organisation)
    path = {name: _STANDING.get(value, value) for name, value in case.path.items()}
    endpoint: Endpoint = _ENDPOINTS[route]
    path = {name: path[name] for name in endpoint.path_parameters}
    if body is None:
        return send(app.app, endpoint, path=path, caller=caller)
    return send_body(app.app, endpoint, json.dumps(body), path=path, caller=caller)


def _check_made(answered: list[Any], listed: list[Any]) -> None:
    """Whatever was answered is there, and at most one more, which is the same but for its name."""
    made = [each for each in listed if _name(each) not in _STANDING.values()]
    assert {_name(each) for each in answered} <= {_name(each) for each in made}
    assert 1 <= len(made) <= 2
    bare = [{k: v for k, v in each.items() if v != _name(each)} for each in made]
    assert bare[0] == bare[-1]


def _name(thing: Any) -> str:
    """The name that a thing was given, which may stand in an invitation to send it."""
    named: Any = thing.get("check") or thing["id"]
    return named if isinstance(named, str) else _name(named)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock_at(NOW):
        yield


@pytest.mark.parametrize("route", _CASES)
def test_should_end_the_same_when_a_writing_route_fails_anywhere(route: str) -> None:
    case = _CASES[route]
    answers: list[Answered] = []
    ends: list[list[dict[str, Any]]] = []

    def act() -> None:
        answers.append(_ask(route, case, case.body))

    def check() -> None:
        assert answers[-1].status in _ENDPOINTS[route].answers, answers[-1].text
        shown = _ask(f"GET {case.shown}", case).json
        if case.makes:
            _check_made([each.json for each in answers if each.status == 201], shown[case.makes])
        else:
            ends.append([shown])
            assert ends[-1] == ends[0]
        answers.clear()

    with rewinding(_fill) as world:
        places = sweep(world, lambda: None, act, check)
    _check_written(places)


def _check_written(places: list[Place]) -> None:
    """Some call that writes was struck in every way."""
    writing = ("PutItem", "TransactWriteItems")
    assert {fault for _, operation, fault in places if operation in writing} == set(Fault)


# -- machines --------------------------------------------------------------------------------------


def _forget() -> None:
    keys.private_key.cache_clear()
    keyring.cache_clear()


def test_should_give_at_most_one_token_for_an_assertion_when_giving_it_fails_anywhere() -> None:
    assertion = machine.any_assertion(jti="the one")
    answers: list[Answered] = []

    def act() -> None:
        answers.append(machine.request_token(assertion))

    def check() -> None:
        assert [each.status for each in answers].count(200) <= 1
        assert machine.request_token().status == 200  # with an assertion of its own
        for key in keys.read_all():
            keys.private_key(key.kid)
        answers.clear()

    with rewinding(machine.register) as world:
        places = sweep(world, _forget, act, check)
    _check_written(places)
    assert {fault for _, operation, fault in places if operation == "Encrypt"} == set(Fault)


def test_should_trust_only_the_newest_key_when_changing_it_fails_anywhere() -> None:
    def fill() -> None:
        _forget()
        machine.register()
        assert machine.request_token().status == 200

    def act() -> None:
        case = Case(role=Role.OPERATOR, body={}, shown="")
        _ask("POST /v1/signing-keys", case, {"reason": "私钥外泄", "distrust": True})

    def check() -> None:
        found = keys.read_all()
        [trusted] = keys.list_published(found, NOW)
        assert {key.distrusted for key in found if key != trusted} == {"私钥外泄"}
        token = machine.request_token().json["access_token"]
        assert jwt.get_unverified_header(token)["kid"] == trusted.kid

    with rewinding(fill) as world:
        places = sweep(world, _forget, act, check)
    _check_written(places)


# -- the rest --------------------------------------------------------------------------------------


def test_should_leave_out_no_route_that_writes_when_routes_are_tried() -> None:
    writing = {route for route, endpoint in _ENDPOINTS.items() if endpoint.method != "GET"}
    assert writing == {*_CASES, *_ELSEWHERE, "POST /v1/token", "POST /v1/signing-keys"}
