"""Every route of a subject's own channel, cell by cell, for the subject and at the window (JS-23)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from msgspec import Struct

from chalicelib.archive.statements import MarkKind
from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Role
from chalicelib.web.routes import BLUEPRINTS
from tests.aws import emulated_aws
from tests.disclosure.archives import mark, register, say
from tests.disclosure.grants_given import BANK, give, query
from tests.factories import KEY, ORGANISATION, any_mark
from tests.web.api.test_window import PAPERS, SUBJECT
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

CLERK = {
    **signed_in("operator", organisation="11329900MB00000001", name="清江市信用中心"),
    "sub": "clerk-at-the-window",
}
SUPERVISOR = signed_in("supervisor", organisation="11329900MB00000001")


class Cell(Struct, frozen=True, kw_only=True):
    """What of a route's answer is the same at the window as for the subject itself."""

    same: str
    body: Any = None
    own: bool = False


CELLS: Mapping[str, Cell] = {
    "GET /v1/archives/{subject}": Cell(same="records"),
    "POST /v1/archives/{subject}/reports": Cell(same="content_digest", body={"kind": "standard"}),
    "GET /v1/archives/{subject}/records/{item}/{record}/explanation": Cell(same="channels"),
    "GET /v1/archives/{subject}/queries": Cell(same=""),
    "GET /v1/archives/{subject}/notices": Cell(same="notices", own=True),
    "GET /v1/archives/{subject}/grants": Cell(same="grants"),
    "GET /v1/grants/{grant}": Cell(same="id"),
    "GET /v1/grants/{grant}/uses": Cell(same="queries"),
    "GET /v1/grants/{grant}/scope": Cell(same="items"),
}
RECORDED_WITH_THE_GRANT = {
    "POST /v1/archives/{subject}/grants",  # its counterpart is …/grants/window
    "POST /v1/grants/{grant}/answer",
    "POST /v1/grants/{grant}/revocation",
}
"""Acts, whose papers and file stand in the grant itself: `test_grants`."""


class City(Struct, frozen=True):
    """The whole app over an archive with a penalty that is repaired, and a grant that was used."""

    app: CreditApp
    grant: str

    def ask(self, route: str, caller: dict[str, str], headers: Mapping[str, str]) -> Answered:
        method, _, path = route.partition(" ")
        values = {"subject": ORGANISATION, "item": KEY.item, "record": KEY.record}
        values |= {"grant": self.grant}
        named = {name: value for name, value in values.items() if f"{{{name}}}" in path}
        if body := CELLS[route].body:
            return post(self.app, path, body, path=named, caller=caller, headers=headers)
        return ask(self.app, method, path, path=named, headers=headers, caller=caller)

    def typed(self) -> list[dict[str, Any]]:
        """What the supervisor finds of the account at the window."""
        sought = {"staff": [CLERK["sub"]], "from": ["2026-11-22"]}
        answer = ask(self.app, "GET", "/v1/ledger", query=sought, caller=SUPERVISOR)
        found: list[dict[str, Any]] = answer.json["found"]
        return found


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with emulated_aws():
        app = CreditApp("credit", now=lambda: NOW)
        app.mount(BLUEPRINTS, guard=NOBODY)
        register("清江桃溪食品有限公司")
        say()
        mark(any_mark(MarkKind.REPAIRED))
        grant = give().id
        query(grant)
        yield City(app, grant)


def routes_of(role: Role) -> set[str]:
    endpoints = (endpoint for api in BLUEPRINTS for endpoint in api.endpoints)
    return {f"{each.method} {each.path}" for each in endpoints if role in each.roles}


def test_every_route_of_a_subject_is_a_cell() -> None:
    """A route that is forgotten here fails."""
    assert routes_of(Role.SUBJECT) == {*CELLS, *RECORDED_WITH_THE_GRANT}
    assert routes_of(Role.OPERATOR) >= CELLS.keys()


@pytest.mark.parametrize("route", CELLS)
def test_a_cell_answers_as_the_subject_is_answered_and_is_recorded(city: City, route: str) -> None:
    before = {each["query"]["entry"] for each in city.typed()}

    own = city.ask(route, SUBJECT, {})
    at_window = city.ask(route, CLERK, PAPERS)

    assert at_window.status == own.status < 300, at_window.text
    assert at_window.json.keys() == own.json.keys()
    if same := CELLS[route].same:
        assert at_window.json[same] == own.json[same]
    [found] = [each for each in city.typed() if each["query"]["entry"] not in before]
    told = found["query"]
    assert (found["staff"], found["subject"]) == (CLERK["sub"], ORGANISATION)
    assert (told["role"], told["channel"]) == ("operator", "own")
    assert (told["purpose"], told["basis"]) == ("window_service", "W-2026-0001")
    assert told["papers"] == ["subject_paper", "mandate", "agent_paper"]
    assert told["handed_over"] is True


@pytest.mark.parametrize("route", CELLS)
def test_a_cell_opens_to_nobody_who_has_seen_no_papers(city: City, route: str) -> None:
    before = city.typed()
    wrong = [
        city.ask(route, CLERK, {**PAPERS, "X-Query-Papers": "mandate"}),
        city.ask(route, CLERK, {**PAPERS, "X-Query-Basis": ""}),
        city.ask(route, SUBJECT, PAPERS),
    ]
    assert [answer.status for answer in wrong] == [422] * 3
    stranger = {**SUBJECT, "organisation": BANK}
    assert city.ask(route, stranger, PAPERS).status == 404
    if CELLS[route].own:
        assert city.ask(route, CLERK, {"X-Query-Purpose": "window_service"}).status == 422
    assert city.typed() == before


def test_whoever_typed_is_found_where_the_entry_stands_under_the_recipient(city: City) -> None:
    """Decisions 62, 104: under a grant the organisation is the recipient, the account the operator's."""
    headers = {"X-Query-Grant": city.grant, "X-Query-Papers": "agent_paper"}
    answer = city.ask("GET /v1/archives/{subject}", CLERK, headers)
    assert (answer.status, answer.json["channel"]) == (200, "authorised")
    told = [each["query"] for each in city.typed() if each["query"]["channel"] == "authorised"]
    assert [(each["organisation"], each["role"]) for each in told] == [(BANK, "operator")]
    assert told[0]["papers"] == ["agent_paper"]
