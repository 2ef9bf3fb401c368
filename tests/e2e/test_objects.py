"""The role opens the door, the object decides what is behind it: nobody meets another's things.

Every route with an upload, a grant, a check or an archive in its path is tried by somebody of the
right role whose it is not. They are told exactly what they would be told if there were none.
"""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.web.callers import Role
from infra.local.issuer import PERSONAS
from tests.collection.files import csv_of, registration
from tests.e2e.asking import Answer, Caller
from tests.e2e.system import System
from tests.e2e.test_roles import (
    _ARCHIVE,
    _ASKED,
    _CALLS,
    _GRANT,
    _LIST,
    _PURPOSES,
    _ROUTES,
    _UPLOAD,
)

pytestmark = pytest.mark.deployed

_STANDING = {
    "upload": (_UPLOAD, {Role.PROVIDER, Role.CODE_AUTHORITY}),
    "grant": (_GRANT.rpartition("/")[2], {Role.SUBJECT, Role.THIRD_PARTY}),
    "check": (_UPLOAD, {Role.AGENCY, Role.JUDICIAL, Role.THIRD_PARTY, Role.SUPERVISOR}),
}
"""What `_CALLS` names in a path, which is nowhere, and the roles that see only their own."""
_TOLD_OF = ("instance", "request_id")


def _tries(parameter: str) -> list[Any]:
    roles = _STANDING[parameter][1]
    return [
        pytest.param(route, role, id=f"{route} {role}")
        for route, endpoint in _ROUTES.items()
        if parameter in endpoint.path_parameters
        for role in sorted(roles & endpoint.roles)
    ]


def _ask(caller: Caller, route: str, path: str, role: Role) -> Answer:
    headers = {"X_Query_Purpose": _PURPOSES[role]} if role in _PURPOSES else {}
    return caller.ask(route.partition(" ")[0], path, _CALLS[route].body, **headers)


def _told(answer: Answer, asked: str) -> tuple[int, dict[str, Any]]:
    """What an answer says of what was `asked` for, but for what tells one request from another."""
    told = {name: value for name, value in answer.body.items() if name not in _TOLD_OF}
    return answer.status, {name: str(value).replace(asked, "…") for name, value in told.items()}


def _stranger(system: System, role: Role) -> Caller:
    persona = next(name for name, told in PERSONAS.items() if told["role"] == role)
    return system.sign_in(persona, organisation=system.invent.code("91"))


def _keep_out(system: System, route: str, role: Role, parameter: str, real: str) -> None:
    """A stranger is told of the real thing what is told of one that is nowhere."""
    stranger, call = _stranger(system, role), _CALLS[route]
    nowhere = _STANDING[parameter][0]
    answer = _ask(stranger, route, call.path.replace(nowhere, real), role)
    assert answer.status == 404, answer.content
    assert _told(answer, real) == _told(_ask(stranger, route, call.path, role), nowhere)


@pytest.fixture(scope="module")
def upload(system: System) -> tuple[Caller, str, str]:
    """Its provider, an upload with one record, and the path of the record."""
    provider = system.provider()
    row = registration(uni_social_crd_cd=system.invent.code())
    upload = provider.deliver("registration", csv_of("registration", [row]))["upload"]["upload"]
    [told] = provider.rows(upload)
    return provider.caller, upload, f"/v1/archives/{told['subject']}/records/registration/"


@pytest.fixture(scope="module")
def grant(system: System) -> Callable[[str], Answer]:
    """Reads the grant of the representative to the bank, as one of them."""
    caller = system.sign_in("representative")
    body = {**_ASKED, "uses": "many", "recipient": PERSONAS["third_party"]["organisation"]}
    made = caller.post(f"{_ARCHIVE}/grants", body).of(201)["id"]
    return lambda persona: system.sign_in(persona).get(f"/v1/grants/{made}")


@pytest.mark.parametrize(("route", "role"), _tries("upload"))
def test_should_meet_no_upload_of_another(
    system: System, upload: tuple[Caller, str, str], route: str, role: Role
) -> None:
    _keep_out(system, route, role, "upload", upload[1])


@pytest.mark.parametrize(("route", "role"), _tries("grant"))
def test_should_meet_no_grant_of_others(
    system: System, grant: Callable[[str], Answer], route: str, role: Role
) -> None:
    before = grant("representative").of(200)
    _keep_out(system, route, role, "grant", before["id"])
    assert grant("representative").of(200) == before
    assert grant("third_party").of(200)["id"] == before["id"]


@pytest.mark.parametrize(("route", "role"), _tries("check"))
def test_should_meet_no_check_of_another(system: System, route: str, role: Role) -> None:
    made = (
        system.sign_in("agency")
        .post("/v1/checks", {**_LIST, "purpose": "supervision"})
        .of(201)["check"]["check"]
    )
    _keep_out(system, route, role, "check", made)


def test_should_withdraw_no_record_of_another(
    system: System, upload: tuple[Caller, str, str]
) -> None:
    owner, name, records = upload
    [row] = owner.get(f"/v1/uploads/{name}/rows?range=0").of(200)["rows"]
    place = f"{records}{row['record'].rpartition('/')[2]}/marks"
    mark = {"kind": "withdrawn", "phase": "open", "id": "1", "basis": "x"}
    system.provider().caller.post(place, mark).refused(403, "E-ARCHIVE-03")
    owner.post(place, mark).of(201)


def test_should_list_nothing_of_others_when_strangers_ask(
    system: System, upload: tuple[Caller, str, str], grant: Callable[[str], Answer]
) -> None:
    grant("representative").of(200)
    other = system.provider().caller
    assert other.get("/v1/uploads").of(200)["uploads"] == []
    assert _stranger(system, Role.THIRD_PARTY).get("/v1/grants").of(200)["grants"] == []
    assert _stranger(system, Role.AGENCY).get("/v1/checks").of(200)["checks"] == []
