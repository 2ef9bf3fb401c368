"""No answer without its ledger entry, wherever a query dies: every way out of a record (DESIGN §5).

`WAYS` are tried here: every route and page on which `jobs.surfaces` says a record can be seen that is
not public, over every channel, and what an operator reads at the window. A route that is forgotten
fails the last test.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final
from unittest.mock import patch

import pytest
from msgspec import Struct

from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure.grants.values import Scope
from chalicelib.jobs.surfaces import SHOWS_NO_RECORDS, SURFACES
from chalicelib.law.rules import Channel
from chalicelib.runtime.settings import settings
from chalicelib.web import signing_in
from chalicelib.web.app import CreditApp
from chalicelib.web.portal.routes import PAGES
from chalicelib.web.portal.sessions import COOKIE, begin_session
from chalicelib.web.routes import BLUEPRINTS
from tests.abuse.asking import watching
from tests.disclosure.archives import register, say
from tests.disclosure.grants_given import BANK, give
from tests.disclosure.ledger_contents import stored
from tests.disclosure.shares_applied import TREASURY, agree, applied, decide
from tests.factories import KEY, ORGANISATION
from tests.faults import test_check_faults, test_handler_faults
from tests.faults.sweep import Fault, Killed, failing
from tests.faults.worlds import World, rewinding
from tests.web.api.test_window import PAPERS
from tests.web.api.test_window_cells import CELLS
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.issuer import any_token, any_trust
from tests.web.portal.visitors import Visitor
from tests.web.tiny import NOBODY

pytestmark = pytest.mark.timeout(300)

ARCHIVE: Final = "GET /v1/archives/{subject}"
REPORT: Final = "POST /v1/archives/{subject}/reports"
EXPLANATION: Final = "GET /v1/archives/{subject}/records/{item}/{record}/explanation"
OWN = signed_in("subject", organisation=ORGANISATION)
AGENCY = signed_in("agency", organisation=TREASURY, name="清江市财政局")
COURT = signed_in("judicial", organisation="11329900MB0000003C")
OPERATOR = signed_in("operator", organisation="11329900MB00000001")
LENDER = signed_in("third_party", organisation=BANK)
DUTY = {"X-Query-Purpose": "supervision", "X-Query-Basis": "检查通知 1 号"}
WORK = {"X-Query-Purpose": "quality_control"}
JUSTICE = {"X-Query-Purpose": "judicial"}


class City(Struct, frozen=True):
    """The app over an archive with a penalty and a registration; grants and a share to ask under."""

    app: CreditApp
    granted: Mapping[str, str]
    world: World


class Way(Struct, frozen=True):
    """A way out: a route, and over which channel its answer goes."""

    route: str
    channel: Channel
    ask: Callable[[City], Answered]


def at(route: str, caller: dict[str, str], headers: Mapping[str, str], city: City) -> Answered:
    """Ask a route; a header whose value names something granted is given its id."""
    method, _, path = route.partition(" ")
    values = {"subject": ORGANISATION, "item": KEY.item, "record": KEY.record, **city.granted}
    named = {name: value for name, value in values.items() if f"{{{name}}}" in path}
    told = {name: city.granted.get(value, value) for name, value in headers.items()}
    if method == "POST":
        body = {"kind": "standard"}
        return post(city.app, path, body, path=named, caller=caller, headers=told)
    return ask(city.app, method, path, path=named, headers=told, caller=caller)


def on_page(address: str, city: City) -> Answered:
    """Open a page as the representative; one that takes something sends its form."""
    visitor = visit(city, "subject", ORGANISATION)
    method, _, place = address.partition(" ")
    if method == "GET":
        return visitor.get(place)
    visitor.get(place)
    return visitor.post(place, {})


def under_grant(what: str, city: City) -> Answered:
    """Read on the lender's page what was granted: records, or a report."""
    visitor = visit(city, "third_party", BANK)
    place = f"/grants/{city.granted[what]}"
    visitor.get(place)
    return visitor.post(f"{place}/reading", {})


def visit(city: City, role: str, organisation: str) -> Visitor:
    session = begin_session(any_token(role=role, organisation=organisation, name="王五"))
    return Visitor(city.app, {COOKIE: session})


def over_http(route: str, channel: Channel, caller: dict[str, str], **headers: str) -> Way:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Way(route, channel, partial(at, route, caller, told))


_WRITES: Final = {"PutItem", "UpdateItem", "TransactWriteItems", "PutObject"}
_KILLS: Final = [fault for fault in Fault if fault.kills]
_GRANT: Final = {"X-Query-Grant": "grant"}
WAYS: Final = (
    *(
        way
        for route in (ARCHIVE, REPORT, EXPLANATION)
        for way in (
            over_http(route, "own", OWN),
            over_http(route, "operator", OPERATOR, **WORK),
            over_http(route, "ex_officio", AGENCY, **DUTY),
            over_http(route, "judicial", COURT, **JUSTICE),
        )
    ),
    over_http(ARCHIVE, "authorised", LENDER, **_GRANT),
    over_http(ARCHIVE, "authorised", OPERATOR, **_GRANT, **{"X-Query-Papers": "agent_paper"}),
    over_http(REPORT, "authorised", LENDER, **{"X-Query-Grant": "report"}),
    over_http(ARCHIVE, "shared", AGENCY, **{"X-Query-Share": "share"}),
    *(over_http(route, "own", OPERATOR, **PAPERS) for route in CELLS),
    Way("GET /me", "own", partial(on_page, "GET /me")),
    Way(
        "GET /me/records/{item}/{record}",
        "own",
        partial(on_page, f"GET /me/records/{KEY.item}/{KEY.record}"),
    ),
    Way("POST /me/report", "own", partial(on_page, "POST /me/report")),
    Way("POST /grants/{grant}/reading", "authorised", partial(under_grant, "grant")),
    Way("POST /grants/{grant}/reading", "authorised", partial(under_grant, "report")),
)
ELSEWHERE: Final[Mapping[str, Callable[..., None]]] = {
    "POST /v1/archives/lookup": (
        test_handler_faults.test_no_archive_is_found_without_an_entry_when_the_search_fails_anywhere
    ),
    "GET /v1/checks/{check}/result": (
        test_check_faults.test_a_part_is_told_after_its_entries_when_it_fails_anywhere
    ),
}
"""What lets out no record of its own, or one that was entered when it was made, and who tries it."""


def _name(way: Way) -> str:
    return f"{way.route} {way.channel}"


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    granted: dict[str, str] = {}

    def fill() -> None:
        register("清江桃溪食品有限公司")
        say()
        say(RecordKey(ORGANISATION, "honour", "1HONOUR"), hjr_mc="清江桃溪食品有限公司")
        granted["grant"] = give().id
        granted["report"] = give(scope=Scope(report="standard")).id
        granted["share"] = decide(agree(applied())).id

    app = CreditApp("credit", now=lambda: NOW)
    app.mount(BLUEPRINTS, guard=NOBODY)
    app.show(PAGES)
    trust = any_trust()
    with rewinding(fill) as world, patch.object(signing_in, "trusted", lambda: trust):
        yield City(app, granted, world)


Noted = list[tuple[dict[str, Any], dict[str, Any] | None]]
"""Entries, and what was handed over on each."""


def entered() -> Noted:
    """What stands in the ledger. A hand-over without its entry fails."""
    items = stored()
    entries = {key: item for key, item in items.items() if not key[1].endswith("~handed")}
    handed = {
        (subject, entry.removesuffix("~handed")): item
        for (subject, entry), item in items.items()
        if entry.endswith("~handed")
    }
    assert handed.keys() <= entries.keys()
    return [(entry, handed.get(key)) for key, entry in entries.items()]


def check_order(seen: list[tuple[str, str]]) -> None:
    """The entry before all that is read of the archive, and the hand-over behind it."""
    ledger, archive = settings().ledger_table, settings().archive_table
    writes = [
        place
        for place, each in enumerate(seen)
        if each in {("PutItem", ledger), ("TransactWriteItems", "")}
    ]
    reads = [place for place, (_, table) in enumerate(seen) if table == archive]
    assert len(writes) >= 2
    assert not reads or writes[0] < reads[0] <= reads[-1] < writes[-1]


@pytest.mark.parametrize("way", WAYS, ids=_name)
def test_no_answer_leaves_without_its_entry_when_a_query_dies_anywhere(
    city: City, way: Way
) -> None:
    """Killed before and after each AWS call; refused, too, where it writes.

    Whatever was answered was entered and handed over; whatever is noted as handed over is what the
    answer holds, so that was made.
    """
    with city.world(), failing() as calls, watching() as seen:
        answer = way.ask(city)
        assert answer.status < 300, answer.text
        [(entry, held)] = entered()
    assert held is not None
    assert entry["channel"] == way.channel
    check_order(seen)

    for number, operation in enumerate(calls.operations, start=1):
        for fault in Fault if operation in _WRITES else _KILLS:
            with city.world():
                answered = _ask_into(city, way, number, fault)
                noted = entered()
            returned = [handed.get("returned") for _, handed in noted if handed is not None]
            assert returned in ([], [held.get("returned")]), (number, fault)
            assert not answered or len(returned) == len(noted) == 1, (number, fault)


def _ask_into(city: City, way: Way, number: int, fault: Fault) -> bool:
    """Ask with a fault at this call; whether an answer left."""
    with failing(number, fault):
        try:
            return way.ask(city).status < 300
        except Killed:
            return False


def test_should_tell_who_whom_when_how_why_and_which_records_when_the_subject_looks(
    city: City,
) -> None:
    """JS-25, NJ-57: ids of what was returned, never what it says."""
    with city.world():
        asked = at(ARCHIVE, AGENCY, DUTY, city)
        listed = at(f"{ARCHIVE}/queries", OWN, {}, city)
    [entry] = listed.json["queries"]
    records = asked.json["records"]
    assert entry["records"] == sorted(f"{each['item']}/{each['record']}" for each in records)
    told = {name: entry[name] for name in ("role", "organisation", "channel", "purpose", "basis")}
    assert told == {
        "role": "agency",
        "organisation": TREASURY,
        "channel": "ex_officio",
        "purpose": "supervision",
        "basis": "检查通知 1 号",
    }
    assert entry["organisation_name"] == "清江市财政局"
    assert entry["at"] == "2026-11-22T12:00:00+08:00"
    assert entry["handed_over"] is True
    values = [value for each in records for value in each["fields"].values()]
    assert values
    assert not any(str(value) in listed.text for value in values if len(str(value)) > 4)


def test_should_leave_out_no_way_when_ways_are_tried() -> None:
    """Each route of a surface that is not public, and of the archive each channel."""
    surfaces = [each for each in SURFACES if each.channel != "public"]
    tried = {(way.route, way.channel) for way in WAYS}
    assert {route for each in surfaces for route in each.routes} <= {route for route, _ in tried}
    assert {(ARCHIVE, each.channel) for each in surfaces if ARCHIVE in each.routes} <= tried
    assert {(route, "own") for route in CELLS} <= tried
    results = {route for route in SHOWS_NO_RECORDS if route.endswith("}/result")}
    assert {route for route in results if "/v1/" in route} <= ELSEWHERE.keys()
    assert ELSEWHERE.keys() <= SHOWS_NO_RECORDS.keys()
