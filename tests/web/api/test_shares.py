"""Shares over HTTP: who may do what to which share, and what cannot be had by trying."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.archive.statements import RecordKey
from chalicelib.collection.uploads import ProviderEntry, register_provider
from chalicelib.disclosure import ledger
from chalicelib.web.api import archives, reports, shares
from chalicelib.web.app import CreditApp
from tests.disclosure.archives import TODAY, mark, register, say
from tests.disclosure.ledger_contents import stored
from tests.disclosure.shares_applied import CENTRE, OTHER_AGENCY, TREASURY
from tests.factories import ORGANISATION, OTHER_PROVIDER, PROVIDER, any_mark
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

LATE = "4102444800"
AGENCY = signed_in("agency", organisation=TREASURY, name="清江市财政局", expires=LATE)
OTHER = signed_in("agency", organisation=OTHER_AGENCY)
COURT = signed_in("judicial", organisation=OTHER_AGENCY)
OPERATOR = signed_in("operator", organisation=CENTRE, expires=LATE)
SUPERVISOR = signed_in("supervisor", organisation=CENTRE)
TAXATION = signed_in("provider", organisation=PROVIDER, expires=LATE)
STRANGER = signed_in("provider", organisation=OTHER_PROVIDER)
OWN = signed_in("subject", organisation=ORGANISATION)
BANK = signed_in("third_party", organisation="91329900MA99010471")
ARCHIVE = "/v1/archives/{subject}"
TAX_PAID = RecordKey(ORGANISATION, "tax_paid", "1TAX")
LEVY = RecordKey(ORGANISATION, "levy", "1LEVY")
APPLICATION: dict[str, Any] = {
    "items": ["levy", "tax_paid"],
    "purpose": "supervision",
    "ways": ["query"],
    "basis": "清江市财政专项资金管理办法第八条",
    "until": "2026-12-31",
}


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([archives.api, reports.api, shares.api], guard=NOBODY)
    for provider, items in ((PROVIDER, ("levy", "tax_paid")), (OTHER_PROVIDER, ("levy",))):
        register_provider(ProviderEntry(provider=provider, name="某局", items=items), TODAY)
    return app


def fill() -> None:
    register("清江桃溪食品有限公司")
    say()
    for key in (TAX_PAID, LEVY):
        say(key, xdr_mc="清江桃溪食品有限公司")


def apply(app: CreditApp, caller: Any = AGENCY, **changes: Any) -> str:
    answer = post(app, "/v1/shares", {**APPLICATION, **changes}, caller=caller)
    assert answer.status == 201, answer.text
    share: str = answer.json["id"]
    assert answer.headers["Location"].endswith(share)
    return share


def act(app: CreditApp, share: str, what: str, body: Mapping[str, Any], caller: Any) -> Answered:
    return post(
        app, f"/v1/shares/{{share}}/{what}", dict(body), path={"share": share}, caller=caller
    )


def approve(app: CreditApp, **changes: Any) -> str:
    share = apply(app, **changes)
    agreed = act(app, share, "answer", {"items": ["tax_paid"]}, TAXATION)
    decided = act(app, share, "decision", {"items": ["levy", "tax_paid"]}, OPERATOR)
    assert (agreed.status, decided.status) == (200, 200)
    assert decided.json["state"] == "active"
    return share


def look(app: CreditApp, share: str, caller: Any, what: str = "") -> Answered:
    resource = "/v1/shares/{share}" + (f"/{what}" if what else "")
    return ask(app, "GET", resource, path={"share": share}, caller=caller)


def listed(app: CreditApp, caller: Any) -> list[str]:
    answer = ask(app, "GET", "/v1/shares", caller=caller)
    assert answer.status == 200, answer.text
    return [each["id"] for each in answer.json["shares"]]


def read(
    app: CreditApp,
    share: str,
    caller: Any = AGENCY,
    subject: str = ORGANISATION,
    item: str = "",
    **headers: str,
) -> Answered:
    named = {f"X-Query-{name.capitalize()}": text for name, text in headers.items()}
    return ask(
        app,
        "GET",
        ARCHIVE,
        path={"subject": subject},
        query={"item": [item]} if item else {},
        headers={"X-Query-Share": share, **named},
        caller=caller,
    )


def items_of(answer: Answered) -> set[str]:
    assert answer.status == 200, answer.text
    return {record["item"] for record in answer.json["records"]}


# -- a shared query --------------------------------------------------------------------------------


def test_an_agency_reads_what_is_approved_and_no_more(app: CreditApp) -> None:
    """JS-21, SZ-21: on duty it sees what is open to agencies; a share adds what is agreed."""
    fill()
    share = approve(app)

    answer = read(app, share)
    on_duty = ask(
        app,
        "GET",
        ARCHIVE,
        path={"subject": ORGANISATION},
        headers={"X-Query-Purpose": "supervision"},
        caller=AGENCY,
    )

    assert (answer.json["channel"], items_of(answer)) == ("shared", {"levy", "tax_paid"})
    assert items_of(read(app, share, item="tax_paid")) == {"tax_paid"}
    assert items_of(on_duty) == {"registration", "penalty", "levy"}


def test_what_the_rules_withhold_is_withheld_under_a_share_too(app: CreditApp) -> None:
    fill()
    share = apply(app, items=["penalty"])
    act(app, share, "decision", {"items": ["penalty"]}, OPERATOR)
    assert items_of(read(app, share)) == {"penalty"}

    mark(any_mark())

    assert items_of(read(app, share)) == set()


def test_the_entry_names_share_agency_and_purpose_and_the_subject_sees_each_use(
    app: CreditApp,
) -> None:
    """JS-32, NJ-57."""
    fill()
    share = approve(app)
    read(app, share)

    for caller in (AGENCY, OPERATOR, SUPERVISOR):
        [used] = look(app, share, caller, "uses").json["found"]
        assert (used["subject"], used["staff"]) == (ORGANISATION, "someone")
    path = {"subject": ORGANISATION}
    [seen] = ask(app, "GET", f"{ARCHIVE}/queries", path=path, caller=OWN).json["queries"]
    assert seen == used["query"]
    told = (seen["basis"], seen["purpose"], seen["channel"], seen["organisation_name"])
    assert told == (share, "supervision", "shared", "清江市财政局")
    assert set(seen["records"]) == {TAX_PAID.path, LEVY.path}


def test_whatever_is_not_approved_looks_as_if_it_did_not_exist(app: CreditApp) -> None:
    fill()
    share = approve(app)
    waiting = apply(app)
    refused = apply(app)
    act(app, refused, "decision", {"items": [], "reason": "与职责无关"}, OPERATOR)
    declined = apply(app)
    act(app, declined, "answer", {"items": [], "reason": "不宜共享"}, TAXATION)
    act(app, declined, "decision", {"items": ["levy"], "reason": "未获同意"}, OPERATOR)
    returned = approve(app)
    act(app, returned, "ending", {"reason": "工作已完成"}, AGENCY)
    revoked = approve(app)
    act(app, revoked, "ending", {"reason": "超范围使用"}, OPERATOR)
    checks = approve(app, ways=["check"])
    today = approve(app, until="2026-11-22")
    before = stored()

    answers = [
        read(app, "S" + "A" * 24),
        read(app, "../" + share),
        read(app, share, OTHER),
        read(app, share, signed_in("agency")),
        read(app, share, COURT),
        read(app, share, OPERATOR),
        read(app, share, OWN),
        read(app, share, BANK),
        read(app, share, subject="nobody"),
        read(app, share, item="penalty"),
        read(app, share, purpose="market_access"),
        read(app, share, grant="G" + "A" * 24),
        read(app, waiting),
        read(app, refused),
        read(app, declined, item="tax_paid"),
        read(app, returned),
        read(app, revoked),
        read(app, checks),
    ]
    app._now = lambda: NOW + timedelta(days=1)
    answers.append(read(app, today))

    told = {(answer.status, answer.json["code"], answer.json["detail"]) for answer in answers}
    assert told == {(404, "E-ARCHIVE-01", answers[0].json["detail"])}
    assert stored() == before
    assert items_of(read(app, declined)) == {"levy"}


def test_a_share_is_of_records_and_not_of_reports(app: CreditApp) -> None:
    fill()
    answer = post(
        app,
        f"{ARCHIVE}/reports",
        {"kind": "standard"},
        path={"subject": ORGANISATION},
        headers={"X-Query-Share": approve(app)},
        caller=AGENCY,
    )
    assert (answer.status, answer.json["code"]) == (404, "E-ARCHIVE-01")


def test_no_query_leaves_without_its_entry(app: CreditApp, monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    share = approve(app)
    looked: list[str] = []
    monkeypatch.setattr(archives, "read_archive", lambda *_: looked.append("archive"))

    def fail(*_: object) -> bool:
        raise ConnectionError

    monkeypatch.setattr("chalicelib.disclosure.store.insert_with", fail)

    assert read(app, share).status == 500
    assert looked == []


def test_shared_queries_are_counted_as_others_are(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NJ-52."""
    fill()
    share = approve(app)
    counted: list[str] = []
    monkeypatch.setattr(
        "chalicelib.web.api.access.count_query",
        lambda asker, *_: counted.append(asker.organisation),
    )
    read(app, share)
    assert counted == [TREASURY]


def test_a_day_past_is_answered_under_a_share_by_the_rules_of_both_days(app: CreditApp) -> None:
    fill()
    share = approve(app)
    path, headers = {"subject": ORGANISATION}, {"X-Query-Share": share}
    query = {"as_of": ["2026-11-01"]}
    answer = ask(app, "GET", ARCHIVE, path=path, query=query, headers=headers, caller=AGENCY)

    assert items_of(answer) == {"levy", "tax_paid"}
    [asked] = ledger.entries_of(ORGANISATION, None, 9).entries
    assert str(asked.entry.as_of) == "2026-11-01"


# -- applying, agreeing, deciding, ending ----------------------------------------------------------


def test_all_that_an_application_lacks_is_told_at_once(app: CreditApp) -> None:
    """JS-21."""
    wrong = {**APPLICATION, "items": ["gossip"], "ways": [], "until": "2020-01-01"}

    answer = post(app, "/v1/shares", wrong, caller=AGENCY)

    assert (answer.status, answer.json["code"]) == (422, "E-SHARE-11")
    told = {(each["pointer"], each["code"]) for each in answer.json["errors"]}
    assert told == {
        ("/items/0", "E-CAT-11"),
        ("/ways", "E-SHARE-05"),
        ("/until", "E-SHARE-06"),
    }
    assert listed(app, AGENCY) == []


def test_a_share_is_an_agencys(app: CreditApp) -> None:
    answer = post(app, "/v1/shares", APPLICATION, caller=signed_in("agency"))
    assert (answer.status, answer.json["code"]) == (403, "E-SHARE-02")
    assert apply(app, COURT)  # SZ-21: 行政机关、司法机关


def test_a_share_shows_how_it_came_about(app: CreditApp) -> None:
    share = approve(app)
    act(app, share, "ending", {"reason": "工作已完成"}, AGENCY)

    shown = look(app, share, AGENCY).json

    assert {**shown, **APPLICATION} == shown
    assert (shown["applicant"], shown["applicant_name"]) == (TREASURY, "清江市财政局")
    assert shown["needing_agreement"] == ["tax_paid"]
    [answer] = shown["answers"]
    assert (answer["by"], answer["items"]) == (PROVIDER, ["tax_paid"])
    assert (shown["decision"]["by"], shown["ending"]["by"]) == (CENTRE, TREASURY)
    assert (shown["ending"]["reason"], shown["state"]) == ("工作已完成", "returned")


def test_each_sees_the_shares_that_are_its_business(app: CreditApp) -> None:
    own, others = apply(app), apply(app, OTHER, items=["levy"])

    assert listed(app, AGENCY) == [own]
    assert listed(app, OTHER) == [others]
    assert set(listed(app, OPERATOR)) == set(listed(app, SUPERVISOR)) == {own, others}
    assert (listed(app, TAXATION), listed(app, STRANGER)) == ([own], [])
    act(app, own, "answer", {"items": ["tax_paid"]}, TAXATION)
    assert listed(app, TAXATION) == []
    assert look(app, own, TAXATION).status == 200


def test_whatever_is_others_business_looks_as_if_it_did_not_exist(app: CreditApp) -> None:
    share = apply(app)
    agreement, reason = {"items": ["tax_paid"]}, {"reason": "x"}
    answers = [
        look(app, "S" + "A" * 24, AGENCY),
        look(app, share, OTHER),
        look(app, share, COURT),
        look(app, share, STRANGER),
        look(app, share, OTHER, "uses"),
        act(app, share, "answer", agreement, STRANGER),
        act(app, "S" + "A" * 24, "answer", agreement, TAXATION),
        act(app, "S" + "A" * 24, "decision", agreement, OPERATOR),
        act(app, share, "ending", reason, OTHER),
    ]
    told = {(answer.status, answer.json["code"], answer.json["detail"]) for answer in answers}
    assert told == {(404, "E-SHARE-01", answers[0].json["detail"])}
    assert look(app, share, AGENCY).json["state"] == "applied"


def test_lists_go_on_where_they_ended(app: CreditApp) -> None:
    made = []
    for minutes in range(22):
        app._now = lambda minutes=minutes: NOW + timedelta(minutes=minutes)  # type: ignore[misc]
        made.append(apply(app, items=["levy"]))
    for caller in (AGENCY, OPERATOR, TAXATION):
        ids: list[str] = []
        query: dict[str, list[str]] = {}
        while True:
            page = ask(app, "GET", "/v1/shares", query=query, caller=caller).json
            ids += [each["id"] for each in page["shares"]]
            if page["next_cursor"] is None:
                break
            query = {"cursor": [page["next_cursor"]]}
        assert ids == ([] if caller is TAXATION else made[::-1])


def test_nobody_decides_twice(app: CreditApp) -> None:
    share = approve(app)
    again = act(app, share, "decision", {"items": [], "reason": "x"}, OPERATOR)
    assert (again.status, again.json["code"]) == (409, "E-SHARE-07")
