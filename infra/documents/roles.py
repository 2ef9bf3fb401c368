"""Who may call what: roles, routes, scopes."""

from collections.abc import Iterator, Sequence

from app import app
from chalicelib.web.callers import MACHINES, Role
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.portal.routes import Page
from chalicelib.web.scopes import ABOUT
from infra.documents.markdown import literal, page, table

PEOPLE = "•"
BOTH = "⚙"

_ABOUT = (
    f"`{PEOPLE}`: people with the role may call it, machines may not. `{BOTH}`: machines may too, if"
    " their token holds the route's scope. `public` needs no token. A token that an issuer of people"
    " gives is bound by its role alone; a registered client's by its role **and** its scopes."
    " `tests/web/test_roles.py` tries every cell with every scope and with none,"
    " `tests/e2e/test_roles.py` every route with every persona on the deployed system."
)
_OBJECTS = (
    (
        "`{upload}`",
        "provider, code authority: what their own organisation sent; operator: all",
        "404 E-UPLOAD-01, as if there were none",
    ),
    (
        "`{subject}`",
        "subject: the own archive, or that of the organisation represented; agency, judicial and operator: with a purpose of the code list; third party: under a grant, within its scope; agency and judicial under a share: within what is approved",
        "404 E-ARCHIVE-01, as if there were none",
    ),
    (
        "`{grant}`",
        "subject: its own; third party: those it holds or asked for; operator, supervisor: all",
        "404 E-GRANT-01, as if there were none",
    ),
    (
        "`{share}`",
        "agency, judicial: their own; provider, code authority: where it needs their agreement; operator, supervisor: all",
        "404 E-SHARE-01, as if there were none",
    ),
    (
        "`…/marks`",
        "provider, code authority: their own words of a record; operator: the rest",
        "see the marks' codes",
    ),
)


def roles() -> str:
    """`roles.md`."""
    told = [role for role in Role if role is not Role.PUBLIC]
    endpoints = sorted(app.inventory, key=lambda each: (each.path, each.method))
    rows = ((*_name(each), *_cells(each, told)) for each in endpoints)
    return page(
        "Roles, routes and scopes",
        _ABOUT,
        table(("method", "path", "scope", Role.PUBLIC, *told), rows),
        "## Scopes",
        table(("scope", "opens"), ((literal(scope), about) for scope, about in ABOUT.items())),
        "## Objects\n\nThe role opens the door, the object decides what is behind it"
        " (`tests/abuse/test_objects.py`).",
        table(("in the path", "whose", "anybody else is told"), _OBJECTS),
        "## Pages\n\nFor people, in Chinese and English. Who visits stands in a cookie that holds the"
        " token, forms bring a token of their own; what a page shows it asks of the routes above, whose"
        " roles are looked at again. No machine has a session.",
        table(
            ("method", "path", "what", Role.PUBLIC, *told),
            (
                (each.method, literal(each.path), each.summary, *_cells_of_page(each, told))
                for each in app.pages
            ),
        ),
    )


def _cells_of_page(page: Page, told: Sequence[Role]) -> Iterator[str]:
    yield "" if page.roles else PEOPLE
    for role in told:
        yield PEOPLE if role in page.roles or not page.roles else ""


def _name(endpoint: Endpoint) -> tuple[str, str, str]:
    return endpoint.method, literal(endpoint.path), literal(endpoint.scope)


def _cells(endpoint: Endpoint, told: Sequence[Role]) -> Iterator[str]:
    yield PEOPLE if endpoint.public else ""
    for role in told:
        machines = role in MACHINES and endpoint.scope is not None
        yield (BOTH if machines else PEOPLE) if role in endpoint.roles else ""
