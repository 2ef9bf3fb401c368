"""Every cell of docs/roles.md: who is let in, with which scope, is what stands there."""

import re
from typing import Any, NamedTuple

import pytest

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes, problems
from chalicelib.web.callers import MACHINES, Role
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.portal.routes import PAGES, Page
from chalicelib.web.routes import BLUEPRINTS
from chalicelib.web.scopes import Scope
from chalicelib.web.serving import admit
from infra.compose import PROJECT
from infra.documents.roles import BOTH, PEOPLE
from tests.web.events import NOW, signed_in

_ROLES = [role for role in Role if role is not Role.PUBLIC]
_ROW = re.compile(r"^\| (GET|POST|PUT|PATCH|DELETE) \| `([^`]+)` \|(.*)\|$", re.MULTILINE)
_ROUTES = {(e.method, e.path): e for blueprint in BLUEPRINTS for e in blueprint.endpoints}


class _Row(NamedTuple):
    scope: str
    public: str
    cells: dict[Role, str]


def _read() -> dict[tuple[str, str], _Row]:
    text = (PROJECT / "docs" / "roles.md").read_text("utf-8")
    found = {}
    for method, path, rest in _ROW.findall(text.partition("## Pages")[0]):
        scope, public, *cells = (cell.strip().strip("`") for cell in rest.split("|"))
        found[method, path] = _Row(scope, public, dict(zip(_ROLES, cells, strict=True)))
    return found


_MATRIX = _read()


def _try(endpoint: Endpoint, role: Role, scopes: list[Scope] | None) -> str:
    """The code with which somebody is kept out; empty where let in."""
    more = {} if scopes is None else {"scope": " ".join(scopes)}
    context: dict[str, Any] = {"authorizer": signed_in(role, **more)}
    try:
        admit(endpoint, context, NOW)
    except DomainError as error:
        return error.code.id
    return ""


def test_should_have_a_row_for_every_route() -> None:
    assert _MATRIX.keys() == _ROUTES.keys()


@pytest.mark.parametrize("route", _ROUTES, ids=" ".join)
def test_should_let_in_whom_the_matrix_names_and_nobody_else(route: tuple[str, str]) -> None:
    endpoint, row = _ROUTES[route], _MATRIX[route]
    assert endpoint.public == (row.public == PEOPLE)
    if endpoint.public:
        return
    for role, cell in row.cells.items():
        assert cell in {"", PEOPLE, BOTH}
        assert _try(endpoint, role, None) == ("" if cell else "E-AUTH-02"), role
        for scope in Scope:
            let_in = cell == BOTH and scope == row.scope
            expected = "" if let_in else "E-AUTH-05" if cell else "E-AUTH-02"
            assert _try(endpoint, role, [scope]) == expected, (role, scope)
        assert _try(endpoint, role, []) == ("E-AUTH-05" if cell else "E-AUTH-02"), role
        expected = "" if cell == BOTH else "E-AUTH-05" if cell else "E-AUTH-02"
        assert _try(endpoint, role, list(Scope)) == expected, role


@pytest.mark.parametrize("route", [r for r in _ROUTES if not _ROUTES[r].public], ids=" ".join)
def test_should_name_its_scope_when_a_machine_may_call_it(route: tuple[str, str]) -> None:
    endpoint = _ROUTES[route]
    assert (endpoint.scope is not None) == bool(endpoint.roles & MACHINES)
    with pytest.raises(DomainError) as refusal:
        admit(endpoint, {}, NOW)
    assert refusal.value.code is codes.SIGN_IN


def test_should_say_which_scope_is_missing_when_refusing_a_machine() -> None:
    case = problems.Case("en", "1", "/v1/uploads")
    told = problems.respond(DomainError(codes.SCOPE_REFUSED, scope="uploads"), case)
    assert told.status_code == 403
    expected = 'Bearer error="insufficient_scope", scope="uploads"'
    assert told.headers["WWW-Authenticate"] == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_should_name_who_may_see_a_page(page: Page) -> None:
    text = (PROJECT / "docs" / "roles.md").read_text("utf-8").partition("## Pages")[2]
    [row] = [rest for method, path, rest in _ROW.findall(text) if f"{method} {path}" == page.route]
    _, public, *cells = (cell.strip() for cell in row.split("|"))
    assert bool(public) == (not page.roles)
    named = {role for role, cell in zip(_ROLES, cells, strict=True) if cell}
    assert named == (page.roles or set(_ROLES))
