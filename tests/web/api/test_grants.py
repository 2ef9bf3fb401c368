"""Grants over HTTP: who may do what to which grant, and what cannot be had by trying."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure import ledger
from chalicelib.disclosure.following import update_views
from chalicelib.runtime.settings import settings
from chalicelib.web.api import archives, financing, grants, recipients, reports
from chalicelib.web.api import ledger as ledger_routes
from chalicelib.web.app import CreditApp
from chalicelib.web.contracts import list_faults
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.disclosure.grants_given import BANK, OTHER_BANK
from tests.disclosure.ledger_contents import stored
from tests.factories import KEY, ORGANISATION, any_mark
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

HONOUR = RecordKey(ORGANISATION, "honour", "1HONOUR")
OWN = signed_in("subject", organisation=ORGANISATION)
FOREIGN = signed_in("subject", organisation=OTHER_BANK)
LENDER = signed_in("third_party", organisation=BANK, name="清江农商银行", expires="4102444800")
OTHER_LENDER = signed_in("third_party", organisation=OTHER_BANK)
OPERATOR = signed_in("operator", organisation="11329900MB00000001")
SUPERVISOR = signed_in("supervisor", organisation="11329900MB00000001")
AGENCY = signed_in("agency", organisation="11329900009901024T")
ARCHIVE = "/v1/archives/{subject}"
TERMS: dict[str, Any] = {
    "purpose": "financing",
    "until": "2026-12-31",
    "uses": "many",
    "items": ["penalty"],
}
GIVEN: dict[str, Any] = {**TERMS, "recipient": BANK}
WINDOW: dict[str, Any] = {"papers": ["mandate", "subject_paper"], "reference": "WIN-2026-1"}
OUTCOME: dict[str, Any] = {"decided": "granted", "product": "loan", "amount": "1m_to_3m"}


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    app = CreditApp("credit", now=lambda: NOW)
    apis = [archives.api, reports.api, grants.api, financing.api, recipients.api, ledger_routes.api]
    app.mount(apis, guard=NOBODY)
    return app


@pytest.fixture
def shenzhen(app: CreditApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditApp]:
    monkeypatch.setenv("RULEBOOK", "shenzhen")
    settings.cache_clear()
    yield app
    settings.cache_clear()


def to_subject(app: CreditApp, body: Any, caller: Any = OWN, at: str = "", **more: Any) -> Answered:
    path = {"subject": more.pop("subject", ORGANISATION)}
    return post(app, f"{ARCHIVE}/grants{at}", body, path=path, caller=caller, **more)


def to_grant(app: CreditApp, grant: str, what: str, body: Any, caller: Any = OWN) -> Answered:
    resource = f"/v1/grants/{{grant}}/{what}"
    return post(app, resource, body, path={"grant": grant}, caller=caller)


def look(app: CreditApp, grant: str, caller: Any, what: str = "") -> Answered:
    resource = "/v1/grants/{grant}" + (f"/{what}" if what else "")
    return ask(app, "GET", resource, path={"grant": grant}, caller=caller)


def give(app: CreditApp, **changes: Any) -> str:
    answer = to_subject(app, {**GIVEN, **changes})
    assert answer.status == 201, answer.text
    grant: str = answer.json["id"]
    return grant


def read(
    app: CreditApp,
    grant: str,
    caller: Any = LENDER,
    subject: str = ORGANISATION,
    item: str = "",
    cursor: str = "",
    **headers: str,
) -> Answered:
    asked = {"item": [item] if item else [], "cursor": [cursor] if cursor else []}
    named = {f"X-Query-{name.capitalize()}": text for name, text in headers.items()}
    if "key" in headers:
        named["Idempotency-Key"] = named.pop("X-Query-Key")
    return ask(
        app,
        "GET",
        ARCHIVE,
        path={"subject": subject},
        query={name: given for name, given in asked.items() if given},
        headers={**({"X-Query-Grant": grant} if grant else {}), **named},
        caller=caller,
    )


def fill() -> None:
    register("清江桃溪食品有限公司")
    say()
    say(HONOUR, hjr_mc="清江桃溪食品有限公司")


# -- an authorised query ---------------------------------------------------------------------------


def test_a_bank_reads_what_was_granted_and_no_more(app: CreditApp) -> None:
    """JS-24."""
    fill()
    grant = give(app)

    answer = read(app, grant)

    assert (answer.status, answer.json["channel"]) == (200, "authorised")
    [record] = answer.json["records"]
    assert record["item"] == "penalty"
    assert "bz" not in record["fields"]
    assert record["timeliness"] is None
    own = ask(app, "GET", ARCHIVE, path={"subject": ORGANISATION}, caller=OWN)
    assert len(own.json["records"]) > 1


def test_what_the_rules_withhold_is_withheld_under_a_grant_too(app: CreditApp) -> None:
    """JS-36: items of the scope, as far as the channel shows them."""
    fill()
    grant = give(app)
    mark(any_mark())

    assert read(app, grant).json["records"] == []


def test_the_entry_names_grant_bank_and_purpose_and_the_subject_sees_each_use(
    app: CreditApp,
) -> None:
    fill()
    grant = give(app)
    read(app, grant)

    for caller in (OWN, LENDER, OPERATOR, SUPERVISOR):
        [used] = look(app, grant, caller, "uses").json["queries"]
        assert (used["basis"], used["purpose"], used["channel"]) == (
            grant,
            "financing",
            "authorised",
        )
        assert (used["organisation"], used["records"]) == (BANK, [KEY.path])
        assert used["handed_over"] is True


def test_whatever_is_not_granted_looks_as_if_it_did_not_exist(app: CreditApp) -> None:
    fill()
    grant = give(app)
    ended = give(app, until="2026-11-22")
    asked = to_subject(app, TERMS, LENDER, "/requests").json["id"]
    revoked = give(app)
    to_grant(app, revoked, "revocation", {})
    report = give(app, items=[], report="standard")
    before = stored()

    refused = [
        read(app, ""),
        read(app, "G" + "A" * 24),
        read(app, "../" + grant),
        read(app, grant, OTHER_LENDER),
        read(app, grant, subject=OTHER_BANK),
        read(app, grant, subject="nobody"),
        read(app, grant, item="honour"),
        read(app, grant, purpose="transaction"),
        read(app, asked),
        read(app, revoked),
        read(app, report),
        read(app, grant, AGENCY),
        read(app, grant, OWN),
        read(app, grant, signed_in("third_party")),
    ]
    app._now = lambda: NOW + timedelta(days=1)
    refused.append(read(app, ended))

    told = {(answer.status, answer.json["code"], answer.json["detail"]) for answer in refused}
    assert told == {(404, "E-ARCHIVE-01", refused[0].json["detail"])}
    assert stored() == before


def test_a_report_under_a_grant_is_the_one_that_was_granted(app: CreditApp) -> None:
    fill()
    report = give(app, items=[], report="standard")

    def issue(grant: str) -> Answered:
        return post(
            app,
            f"{ARCHIVE}/reports",
            {"kind": "standard"},
            path={"subject": ORGANISATION},
            headers={"X-Query-Grant": grant},
            caller=LENDER,
        )

    issued = issue(report)

    assert issued.status == 201
    [used] = look(app, report, OWN, "uses").json["queries"]
    assert used["report"] == issued.json["number"]
    assert (issue(give(app)).status, issue("").status) == (404, 404)


def test_a_grant_for_once_answers_once_and_repeats_a_lost_answer(app: CreditApp) -> None:
    fill()
    grant = give(app, uses="once")
    keyed = give(app, uses="once")

    assert [read(app, grant).status for _ in range(2)] == [200, 404]
    assert [read(app, keyed, key="retry-01").status for _ in range(2)] == [200, 200]
    assert read(app, keyed, key="retry-02").status == 404
    app._now = lambda: NOW + timedelta(minutes=16)
    assert read(app, keyed, key="retry-01").status == 404
    assert look(app, grant, LENDER).json["state"] == "consumed"


def test_a_key_repeats_the_same_query_only(app: CreditApp) -> None:
    """One query through one grant for once, not one for each item that it names."""
    fill()
    grant = give(app, uses="once", items=["penalty", "honour"])

    assert read(app, grant, item="penalty", key="retry-01").status == 200
    for item in ("honour", ""):
        assert read(app, grant, item=item, key="retry-01").json["code"] == "E-ARCHIVE-01"
    assert read(app, grant, item="penalty", key="retry-01").status == 200


def test_a_grant_for_once_opens_a_long_archive_to_its_end(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its portions are one query, asked for with one key; without it nothing follows."""
    monkeypatch.setattr(archives, "MOST", 1)
    fill()
    grant = give(app, uses="once", items=["penalty", "honour"])

    first = read(app, grant, key="retry-01").json
    rest = read(app, grant, key="retry-01", cursor=first["next_cursor"])

    assert first["next_cursor"]
    assert [each["item"] for each in (*first["records"], *rest.json["records"])] == [
        "honour",
        "penalty",
    ]
    assert read(app, grant, cursor=first["next_cursor"]).status == 404


def test_nothing_can_be_replayed_after_a_revocation(app: CreditApp) -> None:
    fill()
    grant = give(app, uses="once")
    assert read(app, grant, key="retry-01").status == 200
    assert to_grant(app, grant, "revocation", {}).status == 200

    assert read(app, grant, key="retry-01").status == 404
    assert look(app, grant, LENDER).json["state"] == "revoked"


def test_no_query_leaves_without_its_entry(app: CreditApp, monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    grant = give(app)
    looked: list[str] = []
    monkeypatch.setattr(archives, "read_archive", lambda *_: looked.append("archive"))

    def fail(*_: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr("chalicelib.disclosure.store.insert_with", fail)

    assert read(app, grant).status == 500
    assert looked == []


# -- asking and answering --------------------------------------------------------------------------


def test_a_bank_asks_and_the_subject_accepts(app: CreditApp) -> None:
    fill()
    asked = to_subject(app, TERMS, LENDER, "/requests")
    grant = asked.json["id"]

    assert (asked.status, asked.json["state"], asked.json["way"]) == (201, "asked", None)
    assert asked.json["recipient_name"] == "清江农商银行"
    listed = ask(app, "GET", f"{ARCHIVE}/grants", path={"subject": ORGANISATION}, caller=OWN)
    assert [each["id"] for each in listed.json["grants"]] == [grant]
    accepted = to_grant(app, grant, "answer", {"accepted": True})
    assert (accepted.json["state"], accepted.json["way"]) == ("active", "online")
    assert read(app, grant).status == 200
    declined = to_grant(app, grant, "answer", {"accepted": False})
    assert (declined.status, declined.json["code"]) == (409, "E-GRANT-06")


def test_what_is_asked_again_is_another_grant_and_answered_for_itself(app: CreditApp) -> None:
    fill()
    first, second = (to_subject(app, TERMS, LENDER, "/requests").json["id"] for _ in range(2))

    assert to_grant(app, first, "answer", {"accepted": False}).json["state"] == "declined"
    assert (read(app, first).status, read(app, second).status) == (404, 404)
    assert to_grant(app, second, "answer", {"accepted": True}).json["state"] == "active"
    assert (read(app, first).status, read(app, second).status) == (404, 200)


def test_what_is_asked_is_not_accepted_once_its_last_day_is_over(app: CreditApp) -> None:
    fill()
    grant = to_subject(app, TERMS, LENDER, "/requests").json["id"]
    app._now = lambda: NOW + timedelta(days=40)
    late = {**OWN, "expires": "4102444800"}

    accepted = to_grant(app, grant, "answer", {"accepted": True}, late)

    assert (accepted.status, accepted.json["code"]) == (409, "E-GRANT-06")
    assert look(app, grant, LENDER).json["state"] == "ended"
    assert read(app, grant).status == 404


def test_an_organisations_grants_are_its_representatives_whoever_that_is_now(
    app: CreditApp,
) -> None:
    """The organisation has granted, not who spoke for it: whoever follows sees and revokes it."""
    fill()
    grant = give(app)
    follower = {**OWN, "sub": "the-next-representative"}
    left = signed_in("subject", organisation=OTHER_BANK, sub=OWN["sub"])

    assert look(app, grant, left).status == 404
    assert to_grant(app, grant, "revocation", {}, left).status == 404
    assert read(app, grant).status == 200
    [used] = look(app, grant, follower, "uses").json["queries"]
    assert used["organisation"] == BANK
    assert to_grant(app, grant, "revocation", {}, follower).json["state"] == "revoked"
    assert read(app, grant).status == 404


def test_a_revocation_at_the_window_ends_what_was_given_on_line(app: CreditApp) -> None:
    fill()
    grant = give(app)

    revoked = to_grant(app, grant, "revocation", {"window": WINDOW}, OPERATOR)

    assert (revoked.status, revoked.json["state"]) == (200, "revoked")
    assert read(app, grant).status == 404


def test_asking_tells_nothing_of_the_subject(app: CreditApp) -> None:
    """Nobody learns by asking whether an archive exists."""
    fill()
    known = to_subject(app, TERMS, LENDER, "/requests")
    unknown = to_subject(app, TERMS, LENDER, "/requests", subject="91329900MA1UUP370C")
    person = to_subject(app, TERMS, LENDER, "/requests", subject="P" + "A" * 26)

    own = {"id", "subject"}
    bodies = [
        {name: value for name, value in answer.json.items() if name not in own}
        for answer in (known, unknown, person)
    ]
    assert bodies[0] == bodies[1] == bodies[2]


def test_at_the_window_papers_are_recorded(app: CreditApp) -> None:
    """NJ-54, SZ-22."""
    fill()
    given = to_subject(app, {**GIVEN, "window": WINDOW}, OPERATOR, "/window")
    asked = to_subject(app, TERMS, LENDER, "/requests").json["id"]
    answered = to_grant(app, asked, "answer", {"accepted": True, "window": WINDOW}, OPERATOR)

    for answer in (given, answered):
        assert (answer.json["way"], answer.json["papers"]) == ("window", WINDOW["papers"])
        assert answer.json["reference"] == WINDOW["reference"]
        assert answer.json["state"] == "active"


def test_an_operator_serves_a_third_party_at_the_window_under_its_grant(app: CreditApp) -> None:
    fill()
    grant = to_subject(app, {**GIVEN, "window": WINDOW}, OPERATOR, "/window").json["id"]

    nobody = read(app, grant, OPERATOR)
    answer = read(app, grant, OPERATOR, papers="mandate,agent_paper")

    assert (nobody.status, nobody.json["errors"][0]["pointer"]) == (422, "/X-Query-Papers")
    assert (answer.status, answer.json["channel"]) == (200, "authorised")
    [asked] = ledger.entries_of(ORGANISATION, None, 9).entries
    assert (asked.entry.role, asked.entry.organisation) == ("operator", BANK)
    assert (asked.entry.by, asked.entry.papers) == (OPERATOR["sub"], "mandate,agent_paper")


def test_where_only_the_window_serves_nothing_goes_on_line(shenzhen: CreditApp) -> None:
    """SZ-22: 书面授权，并在信用中心窗口申请查询."""
    fill()
    for answer in (to_subject(shenzhen, GIVEN), to_subject(shenzhen, TERMS, LENDER, "/requests")):
        assert (answer.status, answer.json["code"]) == (403, "E-GRANT-02")
    grant = to_subject(shenzhen, {**GIVEN, "window": WINDOW}, OPERATOR, "/window").json["id"]

    assert read(shenzhen, grant).json["code"] == "E-GRANT-02"
    assert read(shenzhen, "").json["code"] == "E-GRANT-02"
    assert read(shenzhen, grant, OPERATOR, papers="agent_paper").status == 200
    assert to_grant(shenzhen, grant, "revocation", {}).status == 200


def test_papers_are_an_operators_to_see(app: CreditApp) -> None:
    asked = to_subject(app, TERMS, LENDER, "/requests").json["id"]

    missing = to_grant(app, asked, "answer", {"accepted": True}, OPERATOR)
    foreign = to_grant(app, asked, "answer", {"accepted": True, "window": WINDOW})

    assert (missing.status, missing.json["code"]) == (422, "E-INPUT-01")
    assert (foreign.status, foreign.json["code"]) == (422, "E-INPUT-02")
    assert look(app, asked, OWN).json["state"] == "asked"


# -- whose grant -----------------------------------------------------------------------------------

EVERY_ROUTE = [
    ("GET", "", None),
    ("GET", "uses", None),
    ("GET", "scope", None),
    ("POST", "answer", {"accepted": True}),
    ("POST", "revocation", {}),
    ("POST", "outcome", OUTCOME),
]
ALLOWED = {
    "subject": {"", "uses", "scope", "answer", "revocation"},
    "third_party": {"", "uses", "scope", "outcome"},
    "operator": {"", "uses", "scope", "answer", "revocation"},
    "supervisor": {"", "uses", "scope"},
}


def call(app: CreditApp, method: str, what: str, body: Any, grant: str, caller: Any) -> Answered:
    if method == "GET":
        return look(app, grant, caller, what)
    return to_grant(app, grant, what, body, caller)


@pytest.mark.parametrize(("method", "what", "body"), EVERY_ROUTE)
@pytest.mark.parametrize(
    "role",
    [
        "provider",
        "code_authority",
        "operator",
        "supervisor",
        "agency",
        "subject",
        "third_party",
        "judicial",
    ],
)
def test_roles_that_have_no_part_in_it_are_kept_out(
    app: CreditApp, role: str, method: str, what: str, body: Any
) -> None:
    answer = call(app, method, what, body, "G" + "A" * 24, signed_in(role, organisation=BANK))
    expected = (404, "E-GRANT-01") if what in ALLOWED.get(role, set()) else (403, "E-AUTH-02")
    assert (answer.status, answer.json["code"]) == expected


@pytest.mark.parametrize(("method", "what", "body"), EVERY_ROUTE)
def test_a_grant_between_others_looks_as_if_it_did_not_exist(
    app: CreditApp, method: str, what: str, body: Any
) -> None:
    grant = give(app)
    before = look(app, grant, OWN).json
    strangers = [
        (caller, stranger)
        for caller, stranger in (("subject", FOREIGN), ("third_party", OTHER_LENDER))
        if what in ALLOWED[caller]
    ]
    assert strangers
    for _, stranger in strangers:
        foreign = call(app, method, what, body, grant, stranger)
        absent = call(app, method, what, body, "G" + "B" * 24, stranger)
        assert (foreign.status, foreign.json["code"]) == (404, "E-GRANT-01")
        assert (absent.json["detail"], absent.status) == (foreign.json["detail"], foreign.status)
    assert look(app, grant, OWN).json == before


def test_a_representative_of_the_bank_is_not_the_bank(app: CreditApp) -> None:
    """The bank's own representative signs in as a subject, and has no part in what was granted."""
    grant = give(app)
    assert look(app, grant, signed_in("subject", organisation=BANK)).status == 404


@pytest.mark.parametrize(
    ("at", "caller", "status"),
    [
        ("", OWN, 201),
        ("", FOREIGN, 404),
        ("", LENDER, 403),
        ("", OPERATOR, 403),
        ("/requests", LENDER, 201),
        ("/requests", OWN, 403),
        ("/requests", AGENCY, 403),
        ("/window", OPERATOR, 201),
        ("/window", OWN, 403),
        ("/window", LENDER, 403),
    ],
)
def test_who_may_make_a_grant(app: CreditApp, at: str, caller: Any, status: int) -> None:
    body = {"": GIVEN, "/requests": TERMS, "/window": {**GIVEN, "window": WINDOW}}[at]
    assert to_subject(app, body, caller, at).status == status


def test_lists_hold_the_callers_own(app: CreditApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "_PAGE", 1)
    mine = {give(app), give(app)}
    give(app, recipient=OTHER_BANK)

    def listed(caller: Any) -> list[str]:
        ids: list[str] = []
        query: dict[str, list[str]] = {}
        while True:
            page = ask(app, "GET", "/v1/grants", query=query, caller=caller).json
            ids += [each["id"] for each in page["grants"]]
            if page["next_cursor"] is None:
                return ids
            query = {"cursor": [page["next_cursor"]]}

    assert set(listed(LENDER)) == mine
    assert len(listed(LENDER)) == 2
    assert len(listed(OTHER_LENDER)) == 1
    assert listed(signed_in("third_party")) == []
    cursor = ask(app, "GET", "/v1/grants", caller=LENDER).json["next_cursor"]
    foreign = ask(app, "GET", "/v1/grants", query={"cursor": [cursor]}, caller=OTHER_LENDER)
    assert (foreign.status, foreign.json["code"]) == (422, "E-PAGE-01")
    others = ask(app, "GET", f"{ARCHIVE}/grants", path={"subject": ORGANISATION}, caller=FOREIGN)
    assert (others.status, others.json["code"]) == (404, "E-ARCHIVE-01")


# -- what may be sent ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "caller", "extra"),
    [
        ("", OWN, {"subject": OTHER_BANK}),
        ("", OWN, {"state": "active"}),
        ("", OWN, {"asked": False}),
        ("", OWN, {"window": WINDOW}),
        ("", OWN, {"id": "G" + "A" * 24}),
        ("/requests", LENDER, {"recipient": OTHER_BANK}),
        ("/requests", LENDER, {"accepted": True}),
        ("/requests", LENDER, {"recipient_name": "清江市人民政府"}),
        ("/window", OPERATOR, {"made_at": "2020-01-01T00:00:00+08:00"}),
    ],
)
def test_nothing_is_taken_that_a_caller_may_not_set(
    app: CreditApp, at: str, caller: Any, extra: dict[str, Any]
) -> None:
    body = {"": GIVEN, "/requests": TERMS, "/window": {**GIVEN, "window": WINDOW}}[at]

    answer = to_subject(app, {**body, **extra}, caller, at)

    assert answer.status == 422
    assert {error["code"] for error in answer.json["errors"]} == {"E-INPUT-02"}
    assert ask(app, "GET", "/v1/grants", caller=LENDER).json["grants"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"items": ["penalty"] * 101},
        {"items": [["penalty"]]},
        {"items": ["*"]},
        {"until": "9999-12-31"},
        {"uses": "twice"},
        {"report": "professional"},
        {"purpose": "x" * 33},
        {"recipient": "x" * 33},
    ],
)
def test_a_scope_is_never_wider_than_can_be_granted(
    app: CreditApp, changes: dict[str, Any]
) -> None:
    assert to_subject(app, {**GIVEN, **changes}).status in {404, 422}


@pytest.mark.parametrize("reference", ["329900198503121225", "窗口一号", "", "A\n"])
def test_a_reference_is_no_paper_number(app: CreditApp, reference: str) -> None:
    window = {**WINDOW, "reference": reference}
    assert to_subject(app, {**GIVEN, "window": window}, OPERATOR, "/window").status == 422


def test_the_contracts_are_sound() -> None:
    for api in (grants.api, financing.api, recipients.api, ledger_routes.api, archives.api):
        assert list_faults(api.endpoints) == []


# -- financing (JP-2) ------------------------------------------------------------------------------


def test_the_list_of_data_names_items_and_fields(app: CreditApp) -> None:
    grant = give(app, items=["penalty", "honour"])

    for caller in (LENDER, OWN):
        shown = look(app, grant, caller, "scope").json["items"]
        assert [each["item"] for each in shown] == ["penalty", "honour"]
        assert "bz" not in {field["name"] for field in shown[0]["fields"]}


def test_what_is_listed_for_financing_is_what_can_be_granted(app: CreditApp) -> None:
    """JP-2: 融资信用服务信息共享清单, for everybody to read."""
    answer = ask(app, "GET", "/v1/financing")
    items = answer.json["items"]
    assert "public, max-age=" in answer.headers["Cache-Control"]
    assert {each["item"] for each in items} > {"penalty", "tax_paid", "intellectual_property"}
    assert {each["openness"] for each in items} == {"public", "authorised"}
    assert "bz" not in {field["name"] for each in items for field in each["fields"]}
    names = [each["item"] for each in items]
    assert to_subject(app, {**GIVEN, "items": names}).status == 201


def test_use_and_outcome_are_seen_by_subject_and_supervisor(app: CreditApp) -> None:
    fill()
    grant = give(app)
    unused = to_grant(app, grant, "outcome", OUTCOME, LENDER)
    read(app, grant)

    reported = to_grant(app, grant, "outcome", OUTCOME, LENDER)

    assert (unused.status, unused.json["code"]) == (409, "E-GRANT-09")
    assert reported.status == 200
    for caller in (OWN, SUPERVISOR):
        outcome = look(app, grant, caller).json["outcome"]
        assert {name: outcome[name] for name in OUTCOME} == OUTCOME
    free = to_grant(app, grant, "outcome", {**OUTCOME, "remark": "x"}, LENDER)
    assert free.status == 422


# -- the ledger searched, and recipients told ------------------------------------------------------


def test_the_supervisor_searches_by_organisation_and_day(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_routes, "_PAGE", 1)
    fill()
    grant = give(app)
    for _ in range(2):
        read(app, grant)
    query = {"organisation": [BANK], "from": ["2026-11-22"]}

    first = ask(app, "GET", "/v1/ledger", query=query, caller=SUPERVISOR).json
    rest = {**query, "cursor": [first["next_cursor"]]}
    second = ask(app, "GET", "/v1/ledger", query=rest, caller=SUPERVISOR).json

    [found] = first["found"]
    assert found["subject"] == ORGANISATION
    assert (found["query"]["purpose"], found["query"]["basis"]) == ("financing", grant)
    assert found["query"]["channel"] == "authorised"
    assert second["next_cursor"] is None
    assert second["found"][0]["query"]["entry"] != found["query"]["entry"]
    other = {**rest, "from": ["2026-11-21"]}
    assert ask(app, "GET", "/v1/ledger", query=other, caller=SUPERVISOR).status == 422


@pytest.mark.parametrize(
    "role", ["provider", "operator", "agency", "subject", "third_party", "judicial"]
)
def test_nobody_else_searches_the_ledger(app: CreditApp, role: str) -> None:
    query = {"organisation": [BANK], "from": ["2026-11-22"]}
    caller = signed_in(role, organisation=BANK)
    assert ask(app, "GET", "/v1/ledger", query=query, caller=caller).status == 403


def test_a_bank_is_told_what_becomes_of_what_it_read(app: CreditApp) -> None:
    fill()
    grant = give(app)
    read(app, grant)
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)

    told = ask(app, "GET", "/v1/recipients/notices", caller=LENDER)

    [notice] = told.json["notices"]
    [used] = look(app, grant, OWN, "uses").json["queries"]
    assert notice == {
        "subject": ORGANISATION,
        "record": KEY.path,
        "what": "annulled",
        "happened_at": "2026-01-05T08:00:00+08:00",
        "entry": used["entry"],
        "told_on": "2026-11-22",
    }
    assert "清市监罚" not in told.text
    others = ask(app, "GET", "/v1/recipients/notices", caller=OTHER_LENDER)
    assert others.json["notices"] == []


@pytest.mark.parametrize("role", ["provider", "operator", "supervisor", "subject"])
def test_who_is_given_nothing_is_told_nothing(app: CreditApp, role: str) -> None:
    caller = signed_in(role, organisation=BANK)
    assert ask(app, "GET", "/v1/recipients/notices", caller=caller).status == 403
