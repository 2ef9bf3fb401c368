"""Every route for every persona, and for nobody: let in or kept out as its contract says.

What is asked for does not exist, so nothing is changed; that it is looked for at all tells that
the door stood open.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import Struct

from chalicelib.runtime.clock import lawful_day, now
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.routes import BLUEPRINTS
from infra.local.issuer import PERSONAS
from tests.e2e.system import System

pytestmark = pytest.mark.deployed

_ROUTES = {f"{e.method} {e.path}": e for blueprint in BLUEPRINTS for e in blueprint.endpoints}
_NOBODY = "nobody"
_PURPOSES = {"operator": "window_service", "agency": "supervision", "judicial": "judicial"}
_REPRESENTED = PERSONAS["representative"]["organisation"]
_UPLOAD = "20260101-AAAAAAAAAAAA"
_NUMBER = "PCI-20260101-0000000000"
_PAPER = {"paper_kind": "护照号", "paper_number": "E00000000"}
_MARK = {"kind": "disputed", "phase": "open", "id": "1", "basis": "x"}
_ENTRY = "20260101T000000.000Z.AAAAAAAAAAAAAAAA"
_HOLD = {"id": "1", "phase": "open", "basis": "x"}
_FILE = {"item": "penalty", "size": 1, "sha256": "A" * 43 + "=", "file_name": "a.csv"}
_PUSH = {"item": "penalty", "records": [{"cf_wsh": "x"}]}
_BANK = PERSONAS["third_party"]["organisation"]
_ASKED = {
    "purpose": "financing",
    "until": lawful_day(now()).isoformat(),
    "uses": "once",
    "report": "standard",
}
_WINDOW = {"papers": ["subject_paper", "mandate"], "reference": "W-1"}
_LIST = {
    "file_name": "a.csv",
    "size": 1,
    "sha256": "A" * 43 + "=",
    "purpose": "own",
    "basis": "x",
}
_AGREEMENT = {
    "number": "1",
    "purposes": ["financing"],
    "since": "2026-01-01",
    "until": "2026-01-01",
}
_GRANT = "/v1/grants/GAAAAAAAAAAAAAAAAAAAAAAAA"
_SHARE = "/v1/shares/SAAAAAAAAAAAAAAAAAAAAAAAA"
_VERDICT = {"items": [], "reason": "x"}
_APPLICATION = {
    "items": ["levy"],
    "purpose": "supervision",
    "ways": ["query"],
    "basis": "x",
    "until": lawful_day(now()).isoformat(),
}
_UNIT = {"name": "清江市某局", "items": ["penalty"]}


class Call(Struct, frozen=True):
    """How a route is called, and what whoever is let in is answered: status, and code if a problem.

    `foreign`: a subject that asks about another's archive, or a third party without a grant, is told
    that there is none. `window`: an operator is let in with papers.
    """

    path: str
    status: int
    code: str = ""
    body: Any = None
    foreign: bool = False
    window: bool = False


_ARCHIVE = f"/v1/archives/{_REPRESENTED}"
_CALLS: Mapping[str, Call] = {
    "GET /problems/{code}": Call("/problems/e-auth-01", 200),
    "GET /v1": Call("/v1", 200),
    "GET /.well-known/jwks.json": Call("/.well-known/jwks.json", 200),
    "GET /.well-known/oauth-authorization-server": Call(
        "/.well-known/oauth-authorization-server", 200
    ),
    "POST /v1/token": Call("/v1/token", 415, "E-HTTP-03", {}),
    "GET /v1/clients": Call("/v1/clients", 200),
    "PUT /v1/clients/{client}": Call("/v1/clients/nobody", 422, "E-HTTP-07", {}),
    "POST /v1/signing-keys": Call("/v1/signing-keys", 422, "E-HTTP-07", {}),
    "POST /v1/archives/lookup": Call("/v1/archives/lookup", 404, "E-ARCHIVE-01", _PAPER),
    "GET /v1/archives/{subject}": Call(_ARCHIVE, 200, foreign=True),
    "GET /v1/archives/{subject}/queries": Call(f"{_ARCHIVE}/queries", 200, foreign=True),
    "GET /v1/archives/{subject}/queries/{entry}/holds": Call(
        f"{_ARCHIVE}/queries/{_ENTRY}/holds", 404, "E-LEDGER-02"
    ),
    "POST /v1/archives/{subject}/queries/{entry}/holds": Call(
        f"{_ARCHIVE}/queries/{_ENTRY}/holds", 404, "E-LEDGER-02", _HOLD
    ),
    "POST /v1/archives/{subject}/records/{item}/{record}/marks": Call(
        f"{_ARCHIVE}/records/penalty/1AAAAAAAAAAAAAAAA/marks", 404, "E-ARCHIVE-02", _MARK
    ),
    "POST /v1/archives/{subject}/reports": Call(
        f"{_ARCHIVE}/reports", 201, "", {"kind": "standard"}, foreign=True
    ),
    "GET /v1/archives/{subject}/grants": Call(f"{_ARCHIVE}/grants", 200, foreign=True),
    "POST /v1/archives/{subject}/grants": Call(
        f"{_ARCHIVE}/grants", 201, "", {**_ASKED, "recipient": _BANK}, foreign=True
    ),
    "POST /v1/archives/{subject}/grants/requests": Call(
        f"{_ARCHIVE}/grants/requests", 201, "", _ASKED
    ),
    "POST /v1/archives/{subject}/grants/window": Call(
        f"{_ARCHIVE}/grants/window",
        201,
        "",
        {**_ASKED, "recipient": _BANK, "window": _WINDOW},
    ),
    "GET /v1/grants": Call("/v1/grants", 200),
    "GET /v1/grants/{grant}": Call(_GRANT, 404, "E-GRANT-01"),
    "GET /v1/grants/{grant}/scope": Call(f"{_GRANT}/scope", 404, "E-GRANT-01"),
    "GET /v1/grants/{grant}/uses": Call(f"{_GRANT}/uses", 404, "E-GRANT-01"),
    "POST /v1/grants/{grant}/answer": Call(
        f"{_GRANT}/answer", 404, "E-GRANT-01", {"accepted": True}
    ),
    "POST /v1/grants/{grant}/outcome": Call(
        f"{_GRANT}/outcome", 404, "E-GRANT-01", {"decided": "declined", "product": "loan"}
    ),
    "POST /v1/grants/{grant}/revocation": Call(f"{_GRANT}/revocation", 404, "E-GRANT-01", {}),
    "GET /v1/financing": Call("/v1/financing", 200),
    "POST /v1/shares": Call("/v1/shares", 201, "", _APPLICATION),
    "GET /v1/shares": Call("/v1/shares", 200),
    "GET /v1/shares/{share}": Call(_SHARE, 404, "E-SHARE-01"),
    "POST /v1/shares/{share}/answer": Call(f"{_SHARE}/answer", 404, "E-SHARE-01", _VERDICT),
    "POST /v1/shares/{share}/decision": Call(f"{_SHARE}/decision", 404, "E-SHARE-01", _VERDICT),
    "POST /v1/shares/{share}/ending": Call(f"{_SHARE}/ending", 404, "E-SHARE-01", {"reason": "x"}),
    "GET /v1/shares/{share}/uses": Call(f"{_SHARE}/uses", 404, "E-SHARE-01"),
    "GET /v1/checks": Call("/v1/checks", 200),
    "POST /v1/checks": Call("/v1/checks", 403, "E-PURPOSE-03", _LIST),
    "GET /v1/checks/{check}": Call(f"/v1/checks/{_UPLOAD}", 404, "E-CHECK-01"),
    "GET /v1/checks/{check}/result": Call(f"/v1/checks/{_UPLOAD}/result", 404, "E-CHECK-01"),
    "GET /v1/agreements/{organisation}": Call("/v1/agreements/nobody", 200),
    "POST /v1/agreements/{organisation}": Call(
        "/v1/agreements/nobody", 422, "E-USCC-01", _AGREEMENT
    ),
    "POST /v1/agreements/{organisation}/ending": Call(
        "/v1/agreements/nobody/ending", 404, "E-CHECK-15", {"number": "1", "reason": "x"}
    ),
    "GET /v1/ledger": Call(f"/v1/ledger?organisation={_BANK}&from=2026-01-01", 200),
    "GET /v1/ledger/alerts": Call("/v1/ledger/alerts", 200),
    "GET /v1/ledger/stops/{organisation}": Call(f"/v1/ledger/stops/{_BANK}", 200),
    "POST /v1/ledger/stops/{organisation}": Call(
        f"/v1/ledger/stops/{_BANK}", 404, "E-VOLUME-02", {"stop": "1", "reason": "x"}
    ),
    "GET /v1/recipients/notices": Call("/v1/recipients/notices", 200),
    "GET /v1/archives/{subject}/notices": Call(
        f"{_ARCHIVE}/notices", 200, foreign=True, window=True
    ),
    "GET /v1/archives/{subject}/records/{item}/{record}/explanation": Call(
        f"{_ARCHIVE}/records/penalty/1AAAAAAAAAAAAAAAA/explanation",
        404,
        "E-ARCHIVE-02",
        foreign=True,
    ),
    "GET /v1/catalogue.csv": Call("/v1/catalogue.csv", 200),
    "GET /v1/catalogue.json": Call("/v1/catalogue.json", 200),
    "GET /v1/catalogue/{item}/draft": Call("/v1/catalogue/penalty/draft", 404, "E-CAT-15"),
    "GET /v1/catalogue/{item}/schema": Call("/v1/catalogue/penalty/schema", 200),
    "GET /v1/code-issues": Call("/v1/code-issues", 200),
    "GET /v1/lists": Call("/v1/lists", 200),
    "GET /v1/lists/{item}": Call("/v1/lists/dishonesty", 200),
    "GET /v1/rulebook": Call("/v1/rulebook", 200),
    "POST /v1/records": Call("/v1/records", 403, "E-UPLOAD-02", _PUSH),
    "GET /v1/uploads/{upload}/candidates": Call(
        f"/v1/uploads/{_UPLOAD}/candidates?range=0&row=2", 404, "E-UPLOAD-01"
    ),
    "GET /v1/uploads/{upload}/receipt": Call(f"/v1/uploads/{_UPLOAD}/receipt", 404, "E-UPLOAD-01"),
    "GET /v1/uploads/{upload}/refused": Call(f"/v1/uploads/{_UPLOAD}/refused", 404, "E-UPLOAD-01"),
    "GET /v1/uploads/{upload}/results": Call(f"/v1/uploads/{_UPLOAD}/results", 404, "E-UPLOAD-01"),
    "GET /v1/catalogue": Call("/v1/catalogue", 200),
    "GET /v1/catalogue/{item}": Call("/v1/catalogue/penalty", 200),
    "GET /v1/health": Call("/v1/health", 200),
    "GET /v1/openapi.json": Call("/v1/openapi.json", 200),
    "GET /v1/organisations": Call("/v1/organisations?name=AB", 200),
    "GET /v1/organisations/{code}": Call(f"/v1/organisations/{_REPRESENTED}", 404, "E-PUBLIC-01"),
    "GET /v1/providers": Call("/v1/providers", 200),
    "PUT /v1/providers/{provider}": Call(
        f"/v1/providers/{PERSONAS['agency']['organisation']}", 200, "", _UNIT
    ),
    "GET /v1/purges": Call("/v1/purges", 200),
    "GET /v1/reports/{number}/verification": Call(
        f"/v1/reports/{_NUMBER}/verification", 404, "E-REPORT-01"
    ),
    "GET /v1/uploads": Call("/v1/uploads", 200),
    "POST /v1/uploads": Call("/v1/uploads", 403, "E-UPLOAD-02", _FILE),
    "GET /v1/uploads/{upload}": Call(f"/v1/uploads/{_UPLOAD}", 404, "E-UPLOAD-01"),
    "GET /v1/uploads/{upload}/findings": Call(
        f"/v1/uploads/{_UPLOAD}/findings?range=0", 404, "E-UPLOAD-01"
    ),
    "GET /v1/uploads/{upload}/parts": Call(f"/v1/uploads/{_UPLOAD}/parts", 404, "E-UPLOAD-01"),
    "POST /v1/uploads/{upload}/completion": Call(
        f"/v1/uploads/{_UPLOAD}/completion", 404, "E-UPLOAD-01"
    ),
    "GET /v1/uploads/{upload}/holds": Call(f"/v1/uploads/{_UPLOAD}/holds", 404, "E-UPLOAD-01"),
    "POST /v1/uploads/{upload}/holds": Call(
        f"/v1/uploads/{_UPLOAD}/holds", 404, "E-UPLOAD-01", _HOLD
    ),
    "GET /v1/uploads/{upload}/rows": Call(
        f"/v1/uploads/{_UPLOAD}/rows?range=0", 404, "E-UPLOAD-01"
    ),
}


def test_should_name_every_route_when_roles_are_tried() -> None:
    assert _CALLS.keys() == _ROUTES.keys()


@pytest.mark.parametrize("persona", [*PERSONAS, _NOBODY])
@pytest.mark.parametrize("route", _CALLS)
def test_should_let_in_whom_the_contract_names_when_asked(
    system: System, route: str, persona: str
) -> None:
    call = _CALLS[route]
    role = PERSONAS[persona]["role"] if persona != _NOBODY else ""
    caller = system.nobody if persona == _NOBODY else system.sign_in(persona)
    headers = {"X_Query_Purpose": _PURPOSES[role]} if role in _PURPOSES else {}
    if call.window and role == "operator":
        headers |= {"X_Query_Papers": "subject_paper", "X_Query_Basis": "W-1"}
    headers |= {"Idempotency_Key": "1"} if call.body is _PUSH else {}
    answer = caller.ask(route.partition(" ")[0], call.path, call.body, **headers)
    status, code = _expect(_ROUTES[route], call, persona, role)
    body = answer.of(status)
    assert body.get("code", "") == code or status < 400


def _expect(endpoint: Endpoint, call: Call, persona: str, role: str) -> tuple[int, str]:
    """Status and code that the contract promises to a persona."""
    if endpoint.roles and not role:
        return 401, "E-AUTH-01"
    if endpoint.roles and role not in endpoint.roles:
        return 403, "E-AUTH-02"
    if call.foreign and persona in ("subject", "third_party"):
        return 404, "E-ARCHIVE-01"
    return call.status, call.code
