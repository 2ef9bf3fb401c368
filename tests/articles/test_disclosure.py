"""REQUIREMENTS §5: who may see what, over which channel, for how long, and who looked 披露."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.archive.visibility import PUBLIC
from chalicelib.disclosure import ledger
from chalicelib.disclosure.explaining import explain
from chalicelib.disclosure.purposes import PURPOSES
from chalicelib.disclosure.queries import read_archive
from chalicelib.disclosure.volumes.watching import count_query
from chalicelib.jobs.archives import Law, judge_by, read_whole
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel, Openness
from chalicelib.runtime.errors import DomainError
from chalicelib.web.app import CreditApp
from tests.articles.scenes import (
    BOOKS,
    CATALOGUE,
    CHANNELS,
    JS,
    NATIONAL,
    NJ,
    ONE_DAY,
    OUTSIDE,
    SD,
    SZ,
    about_person,
    look,
    note,
    only_key,
    penalised,
    report,
    see,
    shown_over,
    subject_of,
)
from tests.catalogue.rows import row_of
from tests.collection.files import (
    DAY,
    NOW,
    ORGANISATION,
    OTHER_PROVIDER,
    PROVIDER,
    id_number,
    penalty,
    person_penalty,
    registration,
)
from tests.disclosure.grants_given import OTHER_BANK, give, query
from tests.disclosure.watched import AT, CLERK, rules_with, told
from tests.web.events import Answered, ask, post, signed_in

AGENCY = signed_in("agency", organisation=PROVIDER, name="清江市市场监督管理局")
OWN = signed_in("subject", organisation=ORGANISATION)
OPERATOR = signed_in("operator", organisation="123299000099010082")
PURPOSE = {"X-Query-Purpose": "market_access", "X-Query-Basis": "设立登记 1 号"}
EACH_BOOK = pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)


def read(app: CreditApp, caller: dict[str, str], **headers: str) -> Answered:
    return ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        headers=headers,
        caller=caller,
    )


# -- 公开 -------------------------------------------------------------------------------------------


def test_what_is_not_published_is_held_all_the_same() -> None:
    """JS-20, JS-26, JS-27: not published is not not-held; each channel has a view of its own."""
    minor = penalised("minor", "2026-11-10")

    assert "public" not in shown_over(minor, JS)
    assert {"own", "authorised", "ex_officio", "special_report"} <= shown_over(minor, JS)


@pytest.mark.usefixtures("city")
def test_the_public_sees_open_items_of_organisations_only() -> None:
    """JS-20, NJ-27, SZ-20: 依法公开; no privacy: persons, personal fields and notes stay inside."""
    report(
        "penalty", penalty(cf_cflb="责令停产停业", bz="内部备注"), person_penalty(1, cf_wsh="2号")
    )
    report("self_declared", row_of(CATALOGUE.item("self_declared"), "organisation"))

    published = look(ORGANISATION, "public")
    assert published.keys() == {"penalty"}
    told = str(published["penalty"].fields)
    assert "内部备注" not in told
    assert "王小明" not in told
    assert look(subject_of(1), "public") == {}


@EACH_BOOK
def test_no_full_id_number_ever_leaves(rulebook: Rulebook) -> None:
    """JS-20, SZ-9, NJ-27: to the public and third parties, a person's number is masked at most."""
    named = about_person(penalised("serious", "2026-11-10", cf_xdr_zjhm=id_number(1)))

    assert not see(named, "public", rulebook).shown
    for channel in ("authorised", "special_report"):
        assert id_number(1) not in str(see(named, channel, rulebook).fields)


@pytest.mark.usefixtures("city")
def test_the_list_of_the_seriously_dishonest_is_published(app: CreditApp) -> None:
    """NJ-40, SZ-28: 严重失信主体名单应当向社会公布; who is repaired leaves it at once (JS-35)."""
    item = CATALOGUE.item("dishonesty")
    assert item.listing is not None
    still_listed = {item.listing.left: ""} if item.listing.left else {}
    report("dishonesty", row_of(item, "organisation", **still_listed))
    look(ORGANISATION, "public")

    listed = ask(app, "GET", "/v1/lists/{item}", path={"item": "dishonesty"})
    assert [each["code"] for each in listed.json["entries"]] == [ORGANISATION]
    note(only_key("dishonesty"), MarkKind.REPAIRED)
    again = ask(app, "GET", "/v1/lists/{item}", path={"item": "dishonesty"})
    assert again.json["entries"] == []


@pytest.mark.usefixtures("city")
def test_the_list_of_the_honoured_is_published(app: CreditApp) -> None:
    """SZ-27: 守信红名单 is disclosed to departments and society."""
    report("honour", row_of(CATALOGUE.item("honour"), "organisation"))
    look(ORGANISATION, "public")

    listed = ask(app, "GET", "/v1/lists/{item}", path={"item": "honour"})
    assert [each["code"] for each in listed.json["entries"]] == [ORGANISATION]


def test_rules_and_catalogue_are_published(app: CreditApp) -> None:
    """JS-37: how things are done is published: every rule in force, with its article 公布."""
    answer = ask(app, "GET", "/v1/rulebook")

    assert answer.status == 200
    assert all(value["source"] for rule in answer.json["rules"] for value in rule["values"])


# -- 政务共享 · 依职权查询 -----------------------------------------------------------------------------


OPENNESS: list[tuple[Openness, set[str]]] = [
    ("public", set(CHANNELS)),
    ("authorised", {"own", "authorised", "shared", "special_report", "operator"}),
    ("shared", {"own", "ex_officio", "shared", "judicial", "operator"}),
]


@pytest.mark.parametrize(("openness", "channels"), OPENNESS)
@EACH_BOOK
def test_each_item_goes_as_far_as_the_catalogue_opens_it(
    rulebook: Rulebook, openness: Openness, channels: set[str]
) -> None:
    """JS-20, JS-21, JS-22, JS-24, NJ-27, NJ-44, NJ-54, SZ-9, SZ-19: 社会公开、政务共享、授权查询."""
    opened = {
        channel
        for channel, rule in rulebook.openness[openness].items()
        if rule.on(DAY).value != "withheld"
    }
    assert opened == channels


def test_what_needs_authorisation_is_shared_by_agreement_with_its_provider() -> None:
    """SZ-21: 与信息提供单位协商一致; until then agencies do not see it. NJ-27: 签订协议."""
    assert SZ.sharing_needs_provider.on(DAY).source == "SZ-21"
    assert SZ.openness["authorised"]["ex_officio"].on(DAY).source == "SZ-21"
    assert NJ.sharing_needs_agreement.on(DAY).source == "NJ-27"


def share(app: CreditApp, agreed: bool = True, **changes: object) -> str:
    """The agency applies for taxes paid and levies; its provider says yes or no, the centre yes."""
    until = (DAY + ONE_DAY).isoformat()
    application = {
        "items": ["levy", "tax_paid"],
        "purpose": "market_access",
        "ways": ["query"],
        "basis": "清江市准入管理办法第三条",
        "until": until,
    }
    applied = post(app, "/v1/shares", {**application, **changes}, caller=AGENCY)
    assert applied.status == 201, applied.text
    path: dict[str, str] = {"share": applied.json["id"]}
    answer = {"items": ["tax_paid"] if agreed else [], "reason": "" if agreed else "涉及商业秘密"}
    provider = signed_in("provider", organisation=PROVIDER)
    post(app, "/v1/shares/{share}/answer", answer, path=path, caller=provider)
    items = application["items"] if agreed else ["levy"]
    decision = {"items": items, "reason": "" if agreed else "提供单位未同意"}
    decided = post(app, "/v1/shares/{share}/decision", decision, path=path, caller=OPERATOR)
    assert decided.json["state"] == "active", decided.text
    return path["share"]


def report_taxes() -> None:
    for item in ("levy", "tax_paid", "self_declared"):
        report(item, row_of(CATALOGUE.item(item), "organisation"))


def items_read(answer: Answered) -> set[str]:
    assert answer.status == 200, answer.text
    return {record["item"] for record in answer.json["records"]}


@pytest.mark.usefixtures("city")
def test_an_agency_applies_for_a_share_and_reads_what_is_approved(app: CreditApp) -> None:
    """JS-21: 申请信息共享，并明确共享内容、用途和方式; on duty it sees what it saw before."""
    report_taxes()
    lacking = post(app, "/v1/shares", {"items": ["levy"]}, caller=AGENCY)
    assert {each["pointer"] for each in lacking.json["errors"]} >= {"/purpose", "/ways", "/basis"}

    approved = share(app)

    assert items_read(read(app, AGENCY, **{"X-Query-Share": approved})) == {"levy", "tax_paid"}
    assert items_read(read(app, AGENCY, **PURPOSE)) == {"levy"}


@pytest.mark.usefixtures("shenzhen")
def test_a_provider_agrees_or_its_records_stay_where_they_are(app: CreditApp) -> None:
    """SZ-21: 属于授权查询信息的，应当约定用途，并与信息提供单位协商一致; open information at once."""
    report_taxes()

    agreed, refused = share(app), share(app, agreed=False)

    assert items_read(read(app, AGENCY, **{"X-Query-Share": agreed})) == {"levy", "tax_paid"}
    assert items_read(read(app, AGENCY, **{"X-Query-Share": refused})) == {"levy"}
    report("tax_paid", row_of(CATALOGUE.item("tax_paid"), "organisation"), provider=OTHER_PROVIDER)
    shown = read(app, AGENCY, **{"X-Query-Share": agreed}).json["records"]
    assert {record["provider"] for record in shown} == {PROVIDER}


@pytest.mark.usefixtures("city")
def test_what_is_shared_is_for_its_purpose_its_recipient_and_its_time(app: CreditApp) -> None:
    """JS-32: 不得超范围使用，不得用于其他目的，不得擅自提供给第三方; each delivery is in the ledger."""
    report_taxes()
    approved = {"X-Query-Share": share(app)}
    other = signed_in("agency", organisation=OTHER_PROVIDER)

    assert read(app, AGENCY, **approved).status == 200
    assert read(app, other, **approved).status == 404
    assert read(app, AGENCY, **approved, **{"X-Query-Purpose": "supervision"}).status == 404
    assert read(app, AGENCY, **{"X-Query-Share": share(app, until=DAY.isoformat())}).status == 200
    entries = ledger.entries_of(ORGANISATION, None, 9).entries
    [entry] = [each for each in entries if each.entry.basis == approved["X-Query-Share"]]
    assert (entry.entry.channel, entry.entry.purpose) == ("shared", "market_access")
    assert entry.handed is not None
    assert len(entry.handed.returned) == 2
    app._now = lambda: AT + 2 * ONE_DAY
    late = signed_in("agency", organisation=PROVIDER, expires="4102444800")
    assert read(app, late, **approved).status == 404


@pytest.mark.usefixtures("city")
def test_an_agency_states_its_purpose_or_learns_nothing(app: CreditApp) -> None:
    """JS-22, NJ-44, NJ-53: 明确查询用途; without one the query is refused before anything is read."""
    report("penalty", penalty())

    without, with_purpose = read(app, AGENCY), read(app, AGENCY, **PURPOSE)

    assert (without.status, without.json["code"]) == (422, "E-PURPOSE-01")
    assert with_purpose.status == 200
    assert len(with_purpose.json["records"]) == 1


# -- 本人查询 ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
def test_the_subject_sees_who_asked_and_why(app: CreditApp) -> None:
    """NJ-57, JS-25, SZ-23: 使用、查询情况: every query is in the ledger before its answer leaves."""
    report("penalty", penalty())
    read(app, AGENCY, **PURPOSE)

    answer = ask(
        app,
        "GET",
        "/v1/archives/{subject}/queries",
        path={"subject": ORGANISATION},
        caller=OWN,
    )
    [entry] = answer.json["queries"]
    assert entry["organisation"] == PROVIDER
    assert entry["organisation_name"] == "清江市市场监督管理局"
    assert (entry["channel"], entry["purpose"]) == ("ex_officio", "market_access")
    assert entry["basis"] == "设立登记 1 号"
    assert len(entry["records"]) == 1


@pytest.mark.usefixtures("city")
def test_anomalous_volumes_of_queries_are_noticed_and_stopped() -> None:
    """NJ-52: 查询流量异常管控; one's own archive is never counted."""
    rules = rules_with(staff_subjects=(1, 2))
    count_query(CLERK, ORGANISATION, AT, rules)
    with pytest.raises(DomainError) as refusal:
        count_query(CLERK, PROVIDER, AT, rules)
    assert refusal.value.values["source"] == "NJ-52"
    assert told() == [("noticed", 1), ("noticed", 2), ("stopped", 2)]


@pytest.mark.usefixtures("city")
def test_nobody_reads_anothers_archive_as_their_own(app: CreditApp) -> None:
    """JS-23, NJ-54, NJ-53: after real-name sign-in 实名认证, one's own and no other."""
    report("penalty", penalty())
    stranger = signed_in("subject", organisation="91329900MA1UUP370C")

    assert read(app, OWN).status == 200
    assert read(app, stranger).status == 404
    assert look(ORGANISATION, "own", viewer="91329900MA1UUP370C") == {}


def test_the_own_archive_shows_what_has_ended_marked_so() -> None:
    """JS-23, NJ-57: also what is expired; SZ-24 alone keeps its archive for the judiciary."""
    ended = penalised("general", "2020-05-10")

    for rulebook in (NATIONAL, JS, NJ, SD):
        assert "ended" in see(ended, "own", rulebook).marks
    assert not see(ended, "own", SZ).shown


# -- 授权查询 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rulebook", "ways", "source"),
    [
        (JS, ("online", "window"), "JS-24"),
        (NJ, ("online", "window"), "NJ-54"),
        (SZ, ("window",), "SZ-22"),
    ],
)
def test_authorisations_are_given_in_the_ways_that_the_text_allows(
    rulebook: Rulebook, ways: Iterable[str], source: str
) -> None:
    """JS-24, NJ-54, SZ-22: on-line or at the window; in Shenzhen, in writing at the window only."""
    rule = rulebook.authorisation_ways.on(DAY)
    assert (rule.value, rule.source) == (ways, source)


@pytest.mark.usefixtures("city")
def test_institutions_learn_what_a_subject_granted_for_purposes_of_the_text() -> None:
    """JS-28, SZ-29: 融资信贷、市场交易; nothing beside the grant, and nothing for another purpose."""
    named = {each.code for each in PURPOSES.values() if each.source == "JS-28"}
    grant = give(purpose="financing")

    use = query(grant.id, purpose="financing", item="penalty")

    assert named == {"financing", "transaction"}
    assert use.grant.terms.purpose == "financing"
    beside: dict[str, Any] = {
        "purpose": "transaction",
        "item": "honour",
        "recipient": OTHER_BANK,
    }
    for name, value in beside.items():
        with pytest.raises(DomainError) as refused:
            query(grant.id, **{name: value})
        assert refused.value.code.id == "E-ARCHIVE-01"


def test_offices_learn_what_is_held_without_asking_for_papers(app: CreditApp) -> None:
    """NJ-46, SZ-26: 可以通过共享方式获取的信息，不得要求重复提供; the query names its matter."""
    report("licence", row_of(CATALOGUE.item("licence"), "organisation"))

    answer = read(app, AGENCY, **PURPOSE)

    [licence] = [each for each in answer.json["records"] if each["item"] == "licence"]
    assert licence["fields"]["xk_wsh"]
    [asked] = ledger.entries_of(ORGANISATION, None, 10).entries
    assert (asked.entry.purpose, asked.entry.basis) == ("market_access", "设立登记 1 号")


# -- 异议、修复、隐去 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("rulebook", "source"), [(JS, "JS-33"), (NJ, "NJ-58"), (SD, "SD-18")])
def test_a_dispute_annotates_and_never_suspends(rulebook: Rulebook, source: str) -> None:
    """JS-33, NJ-58, SD-18: 对异议信息进行标注，但不影响公开和使用."""
    disputed = penalised("serious", "2026-11-10", MarkKind.DISPUTED)

    for channel in CHANNELS:
        decision = see(disputed, channel, rulebook)
        assert decision.marks == ("disputed",)
        assert source in {reason.source for reason in decision.reasons}


@EACH_BOOK
def test_what_a_dispute_had_deleted_is_not_shown_outside(rulebook: Rulebook) -> None:
    """NJ-58, SZ-35: 确实有误的，予以更正或者删除."""
    deleted = penalised("serious", "2026-11-10", MarkKind.DELETED)
    assert shown_over(deleted, rulebook).isdisjoint(OUTSIDE)


@pytest.mark.parametrize(
    ("rulebook", "days", "source"),
    [(JS, 5, "JP-15"), (NJ, 15, "NJ-58"), (SD, 3, "SD-18"), (SZ, 5, "SZ-35")],
)
def test_a_dispute_has_its_deadline(rulebook: Rulebook, days: int, source: str) -> None:
    """JP-15, NJ-58, SD-18, SZ-35: decided within the working days of the place."""
    rule = rulebook.deadline["dispute_decide"].on(DAY)
    assert (rule.value, rule.source) == (days, source)


@EACH_BOOK
def test_what_is_repaired_is_no_longer_displayed_or_queried(rulebook: Rulebook) -> None:
    """JS-35, JS-36, NJ-60: 停止公示, and third parties follow; the special report marks it 已修复."""
    repaired = penalised("serious", "2025-05-10", MarkKind.REPAIRED)

    assert shown_over(repaired, rulebook).isdisjoint({"public", "authorised", "ex_officio"})
    assert "repaired" in see(repaired, "own", rulebook).marks


def test_what_may_not_be_repaired_before_its_minimum_is_told() -> None:
    """JS-34: 达到最短公示期限; until when no repair may take a record down."""
    for severity, until in (("general", date(2026, 8, 10)), ("serious", date(2027, 5, 10))):
        period = see(penalised(severity), "public", JS).period
        assert period is not None
        assert period.minimum_until == until


def test_some_kinds_of_penalty_are_never_repaired() -> None:
    """NJ-60: 被处以责令停产停业、吊销许可证或者执照的，不适用社会信用修复."""
    excluded = NJ.repair_excluded_kinds.on(DAY)
    assert excluded.source == "NJ-60"
    assert {"责令停产停业", "吊销许可证件"} <= set(excluded.value)


@pytest.mark.usefixtures("city")
def test_a_subject_may_have_its_merits_hidden() -> None:
    """NJ-61: 良好信息不作公开: from every outside query at once; the subject still sees them."""
    report("honour", row_of(CATALOGUE.item("honour"), "organisation"))
    assert look(ORGANISATION, "public", NJ).keys() == {"honour"}
    note(only_key("honour"), MarkKind.HIDDEN, NJ)

    for channel in OUTSIDE:
        assert look(ORGANISATION, channel, NJ) == {}
    assert look(ORGANISATION, "own", NJ)["honour"].marks == ("hidden",)
    assert NJ.deadline["merit_hiding"].on(DAY).value == 2


# -- 信用报告 ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
def test_a_subject_takes_its_report_and_anybody_verifies_it(app: CreditApp) -> None:
    """JS-23, JS-27, NJ-57, JP-13: numbered, dated; verification shows authenticity only."""
    report("penalty", penalty(cf_cflb="责令停产停业"))

    issued = post(
        app,
        "/v1/archives/{subject}/reports",
        {"kind": "standard"},
        path={"subject": ORGANISATION},
        caller=OWN,
    )
    number = issued.json["report"]["number"]
    verified = ask(app, "GET", "/v1/reports/{number}/verification", path={"number": number})
    assert (issued.status, verified.status) == (201, 200)
    assert issued.json["report"]["summary"]["total"] == 1
    assert "清市监处罚" in issued.text
    assert "清市监处罚" not in verified.text
    [entry] = ledger.entries_of(ORGANISATION, None, 10).entries
    assert entry.handed is not None
    assert entry.handed.report == number


# -- 存续期 -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("state", "approved", "ended"),
    [
        ("存续", "2026-11-20", False),
        ("吊销，未注销", "2026-11-20", False),
        ("注销", "2026-11-20", True),
        ("已注销", "", False),  # as of the day of its report, which is still shown
    ],
)
def test_a_commitment_is_disclosed_until_its_organisation_is_deregistered(
    state: str, approved: str, ended: bool
) -> None:
    """SZ-25: 在商事主体、社会组织存续期内披露; on every channel, whoever's words say that it ended."""
    report("commitment", row_of(CATALOGUE.item("commitment"), "organisation"))
    report("registration", registration(reg_state=state, appr_dt=approved))

    for rulebook, hidden in ((SZ, ended), (JS, False)):
        for channel in ("public", "own", "authorised", "ex_officio", "judicial"):
            withheld = hidden and channel != "judicial"
            assert ("commitment" in look(ORGANISATION, channel, rulebook)) == (not withheld)
        whole = read_whole(ORGANISATION)
        law = Law(rulebook=rulebook, catalogue=CATALOGUE, day=DAY)
        [judged] = [
            judge_by(law, whole, each, ("public",))
            for each in whole.holdings
            if each.key.item == "commitment"
        ]
        assert judged.decisions["public"].shown == (not hidden)
        explained = explain(only_key("commitment"), DAY, rulebook)
        assert explained is not None
        assert explained.decisions["public"].shown == (not hidden)
    tomorrow = DAY + ONE_DAY
    assert ("commitment" in look(ORGANISATION, "public", SZ, tomorrow)) == ("注销" not in state[:3])


@pytest.mark.usefixtures("city")
def test_asking_for_the_past_does_not_bring_a_deregistered_ones_commitments_back() -> None:
    """SZ-25, SZ-24: outward no more than today; inside it is told as it was."""
    early, day = NOW - timedelta(days=9), DAY - timedelta(days=5)
    report("commitment", row_of(CATALOGUE.item("commitment"), "organisation"), now=early)
    report("registration", registration(reg_state="存续"), now=early)
    assert (
        _replayed("authorised", day) == _replayed("judicial", day) == {"commitment", "registration"}
    )

    report("registration", registration(reg_state="注销", appr_dt="2026-11-20"))

    assert _replayed("authorised", day) == {"registration"}
    assert _replayed("judicial", day) == {"commitment", "registration"}


def _replayed(channel: Channel, day: date) -> set[str]:
    reading = read_archive(ORGANISATION, PUBLIC, channel, DAY, SZ, as_of=day)
    return {each.item.id for each in reading.disclosed}
