"""Grants (授权): exactly what was granted, as long as it stands, and every use in the ledger."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.disclosure import ledger
from chalicelib.disclosure.grants.financing import list_readable, report_outcome
from chalicelib.disclosure.grants.giving import (
    answer_grant,
    find_grant,
    grants_for,
    grants_of,
    make_grant,
    revoke_grant,
)
from chalicelib.disclosure.grants.using import uses_of
from chalicelib.disclosure.grants.values import (
    Act,
    Answer,
    Consumption,
    Grant,
    Outcome,
    Scope,
    State,
    Wanted,
    Window,
    allows,
)
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.errors import DomainError
from tests.disclosure.archives import JIANGSU, TODAY
from tests.disclosure.grants_given import BANK, ONLINE, OTHER_BANK, TERMS, give, query
from tests.disclosure.ledger_contents import stored
from tests.factories import ORGANISATION
from tests.web.events import NOW

NANJING = load_rulebook("nanjing")
SHENZHEN = load_rulebook("shenzhen")
PERSON = "P" + "A" * 26
MANDATE = Window(papers=("mandate", "subject_paper"), reference="WIN-1")
AT_WINDOW = Act(at=NOW, by="operator-1", role="operator", window=MANDATE)
GRANT = Grant(id="G" + "A" * 24, terms=TERMS, recipient_name="", asked=False, made=ONLINE)
WANTED = Wanted(subject=ORGANISATION, recipient=BANK)


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code.id


# -- what a grant allows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"item": "penalty"}, True),
        ({"purpose": "financing"}, True),
        ({"recipient": None}, True),
        ({"item": "honour"}, False),
        ({"report": "standard"}, False),
        ({"purpose": "transaction"}, False),
        ({"subject": OTHER_BANK}, False),
        ({"recipient": OTHER_BANK}, False),
        ({"recipient": ""}, False),
    ],
)
def test_it_allows_what_it_names_and_nothing_else(changes: dict[str, Any], allowed: bool) -> None:
    assert allows(GRANT, replace(WANTED, **changes), NOW) is allowed


def test_a_grant_of_a_report_is_none_of_records() -> None:
    report = replace(GRANT, terms=replace(TERMS, scope=Scope(report="standard")))

    assert allows(report, replace(WANTED, report="standard"), NOW)
    assert not allows(report, WANTED, NOW)
    assert not allows(report, replace(WANTED, item="penalty"), NOW)


@pytest.mark.parametrize(
    ("moment", "allowed"), [("2026-12-31T23:59:59", True), ("2027-01-01T00:00:00", False)]
)
def test_it_ends_with_its_last_day_by_the_lawful_clock(moment: str, allowed: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=LAWFUL_ZONE)
    assert allows(GRANT, WANTED, at) is allowed


FACTS = {
    "answer": st.none() | st.builds(Answer, accepted=st.booleans(), act=st.just(ONLINE)),
    "revoked": st.none() | st.just(ONLINE),
    "consumption": st.none() | st.just(Consumption(at=NOW, entry="x", key="retry-01")),
    "asked": st.booleans(),
}


@given(facts=st.fixed_dictionaries(FACTS), day=st.dates(date(2026, 11, 22), date(2027, 2, 1)))
def test_only_an_active_grant_is_used_for_the_first_time(facts: dict[str, Any], day: date) -> None:
    grant = replace(GRANT, **facts)
    at = datetime.combine(day, datetime.min.time(), LAWFUL_ZONE)
    active = (
        (grant.answer.accepted if grant.answer else not grant.asked)
        and not grant.revoked
        and not grant.consumption
        and day <= TERMS.until
    )
    assert (grant.state_on(day) is State.ACTIVE) == active
    assert allows(grant, WANTED, at) == active


@pytest.mark.parametrize(
    ("key", "minutes", "allowed"),
    [("retry-01", 15, True), ("retry-01", 16, False), ("retry-02", 1, False), ("", 1, False)],
)
def test_a_consumed_grant_answers_again_under_the_same_key_for_a_while(
    key: str, minutes: int, allowed: bool
) -> None:
    grant = replace(GRANT, consumption=Consumption(at=NOW, entry="x", key="retry-01"))
    at = NOW + timedelta(minutes=minutes)

    assert allows(grant, replace(WANTED, key=key), at) is allowed
    assert not allows(replace(grant, revoked=ONLINE), replace(WANTED, key=key), at)


@pytest.mark.parametrize("other", [{"item": "penalty"}, {"as_of": date(2026, 1, 1)}])
def test_another_query_is_no_repetition_whatever_its_key(other: dict[str, Any]) -> None:
    """A grant for once does not follow the archive through its items and days."""
    first = replace(WANTED, key="retry-01")
    second = replace(first, **other)
    consumed = Consumption(at=NOW, entry="x", key="retry-01")
    assert allows(replace(GRANT, consumption=consumed), first, NOW)
    assert not allows(replace(GRANT, consumption=consumed), second, NOW)
    consumed = replace(consumed, **other)
    assert allows(replace(GRANT, consumption=consumed), second, NOW)
    assert not allows(replace(GRANT, consumption=consumed), first, NOW)


def test_a_query_without_a_key_is_never_repeated() -> None:
    grant = replace(GRANT, consumption=Consumption(at=NOW, entry="x", key=""))
    assert not allows(grant, WANTED, NOW)


# -- giving ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"until": date(2026, 11, 21)}, "E-GRANT-03"),
        ({"until": date(2027, 11, 23)}, "E-GRANT-03"),
        ({"scope": Scope()}, "E-GRANT-04"),
        ({"scope": Scope(items=("penalty",), report="standard")}, "E-GRANT-04"),
        ({"scope": Scope(items=("penalty", "penalty"))}, "E-GRANT-04"),
        ({"scope": Scope(items=("penalty", "gossip"))}, "E-CAT-11"),
        ({"recipient": ORGANISATION}, "E-GRANT-07"),
        ({"recipient": "91329900MA99010472"}, "E-GRANT-07"),
        ({"recipient": "R110108001234567"}, "E-GRANT-07"),
        ({"purpose": ""}, "E-PURPOSE-01"),
        ({"purpose": "curiosity"}, "E-PURPOSE-02"),
        ({"purpose": "supervision"}, "E-PURPOSE-03"),
    ],
)
def test_terms_that_cannot_be_granted_are_refused(terms: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        give(**terms)
    assert code_of(refused) == code
    assert grants_of(ORGANISATION, None, 9).grants == ()


@pytest.mark.usefixtures("aws")
def test_the_last_day_may_be_today_or_a_year_away_and_a_person_may_be_granted() -> None:
    for until in (date(2026, 11, 22), date(2027, 11, 22)):
        assert give(until=until, recipient=PERSON).terms.until == until


@pytest.mark.usefixtures("aws")
def test_items_for_government_only_are_not_granted() -> None:
    """The catalogue's 政务共享 is not to be had by authorised queries."""
    with pytest.raises(DomainError) as refused:
        give(scope=Scope(items=("penalty", "levy")))
    assert code_of(refused) == "E-GRANT-05"
    assert refused.value.pointer == "/items/1"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("rulebook", "act", "code"),
    [
        (JIANGSU, ONLINE, None),
        (JIANGSU, AT_WINDOW, None),
        (NANJING, ONLINE, None),
        (NANJING, AT_WINDOW, None),
        (SHENZHEN, ONLINE, "E-GRANT-02"),
        (SHENZHEN, AT_WINDOW, None),
    ],
    ids=["JS-24 online", "JS-24 window", "NJ-54 online", "NJ-54 window", "SZ-22", "SZ-22 window"],
)
def test_the_rulebook_says_how_one_is_authorised(
    rulebook: Rulebook, act: Act, code: str | None
) -> None:
    def make() -> Grant:
        return make_grant(
            TERMS, act, rulebook, recipient_name="", asked=False, randomness=lambda n: b"A" * n
        )

    if code is None:
        assert make().made == act
        return
    with pytest.raises(DomainError) as refused:
        make()
    assert code_of(refused) == code
    assert (refused.value.values["source"], refused.value.values["ways"]) == ("SZ-22", "window")


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("papers", [("mandate",), ("subject_paper", "agent_paper")])
def test_at_the_window_mandate_and_a_paper_are_seen(papers: Any) -> None:
    """JS-24, NJ-54, SZ-22: 书面授权."""
    with pytest.raises(DomainError) as refused:
        give(act=replace(AT_WINDOW, window=replace(MANDATE, papers=papers)))
    assert code_of(refused) == "E-GRANT-08"


@pytest.mark.usefixtures("aws")
def test_a_drawn_id_is_drawn_again_where_it_is_taken() -> None:
    drawn = iter([b"A" * 15, b"A" * 15, b"B" * 15])

    def make() -> Grant:
        return make_grant(
            TERMS, ONLINE, JIANGSU, recipient_name="", asked=False, randomness=lambda _: next(drawn)
        )

    assert make().id != make().id


# -- answering and revoking ------------------------------------------------------------------------


def say(accepted: bool, at: datetime = NOW) -> Answer:
    return Answer(accepted=accepted, act=replace(ONLINE, at=at))


@pytest.mark.usefixtures("aws")
def test_what_is_asked_allows_nothing_until_it_is_accepted() -> None:
    asked = give(asked=True)
    with pytest.raises(DomainError) as refused:
        query(asked.id)
    assert code_of(refused) == "E-ARCHIVE-01"
    assert not stored()

    accepted = answer_grant(asked, say(accepted=True), JIANGSU)

    assert accepted.state_on(TODAY) is State.ACTIVE
    assert query(asked.id).grant == accepted


@pytest.mark.usefixtures("aws")
def test_the_first_answer_stands() -> None:
    asked = give(asked=True)
    declined = answer_grant(asked, say(accepted=False), JIANGSU)

    assert declined.state_on(TODAY) is State.DECLINED
    assert answer_grant(asked, say(accepted=False), JIANGSU) == declined
    for grant in (asked, declined):
        with pytest.raises(DomainError) as refused:
            answer_grant(grant, say(accepted=True), JIANGSU)
        assert code_of(refused) == "E-GRANT-06"


@pytest.mark.usefixtures("aws")
def test_what_is_over_or_was_given_unasked_is_not_answered() -> None:
    late = datetime(2027, 1, 1, tzinfo=LAWFUL_ZONE)
    for grant, at in ((give(asked=True), late), (give(), NOW)):
        with pytest.raises(DomainError) as refused:
            answer_grant(grant, say(accepted=True, at=at), JIANGSU)
        assert code_of(refused) == "E-GRANT-06"


@pytest.mark.usefixtures("aws")
def test_nothing_is_answered_after_a_revocation() -> None:
    grant = give()
    query(grant.id)
    before = stored()

    revoked = revoke_grant(grant, ONLINE)

    assert revoked.state_on(TODAY) is State.REVOKED
    assert revoke_grant(grant, replace(ONLINE, at=NOW + timedelta(hours=1))) == revoked
    with pytest.raises(DomainError) as refused:
        query(grant.id)
    assert code_of(refused) == "E-ARCHIVE-01"
    assert stored() == before


@pytest.mark.usefixtures("aws")
def test_what_was_not_given_is_not_revoked() -> None:
    with pytest.raises(DomainError) as refused:
        revoke_grant(give(asked=True), ONLINE)
    assert code_of(refused) == "E-GRANT-06"


# -- using -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
def test_the_entry_names_the_grant_as_its_basis() -> None:
    grant = give()
    used = query(grant.id)

    [asked] = ledger.entries_of(ORGANISATION, None, 9).entries

    assert (asked.entry.basis, asked.entry.purpose) == (grant.id, "financing")
    assert (asked.entry.channel, asked.entry.organisation) == ("authorised", BANK)
    assert used.prepared == ledger.Prepared(ORGANISATION, asked.entry.key, BANK)


@pytest.mark.usefixtures("aws")
def test_a_grant_for_once_is_consumed() -> None:
    grant = give(uses="once")
    first = query(grant.id)

    with pytest.raises(DomainError) as refused:
        query(grant.id)

    assert code_of(refused) == "E-ARCHIVE-01"
    consumed = find_grant(grant.id)
    assert consumed.state_on(TODAY) is State.CONSUMED
    assert consumed.consumption == Consumption(at=NOW, entry=first.prepared.entry, key="")
    assert len(ledger.entries_of(ORGANISATION, None, 9).entries) == 1


@pytest.mark.usefixtures("aws")
def test_a_repetition_has_an_entry_of_its_own() -> None:
    grant = give(uses="once")
    for minutes in (0, 1):
        query(grant.id, NOW + timedelta(minutes=minutes), key="retry-01")

    assert len(ledger.entries_of(ORGANISATION, None, 9).entries) == 2
    assert len(uses_of(find_grant(grant.id), None, 9).entries) == 2


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_uses_come_in_pages_newest_first(limit: int) -> None:
    grant = give()
    query(give().id)
    for minutes in range(5):
        query(grant.id, NOW + timedelta(minutes=minutes))

    seen: list[datetime] = []
    cursor = None
    while True:
        page = uses_of(grant, cursor, limit)
        seen += [asked.entry.at for asked in page.entries]
        cursor = page.cursor
        if cursor is None:
            break

    assert seen == [NOW + timedelta(minutes=minutes) for minutes in (4, 3, 2, 1, 0)]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("grant", ["", "G", "G" + "A" * 24, "@grant", "G" + "a" * 24, "x" * 3000])
def test_an_invented_grant_is_refused_like_any_other(grant: str) -> None:
    with pytest.raises(DomainError) as refused:
        query(grant)
    assert (code_of(refused), refused.value.values) == ("E-ARCHIVE-01", {})


# -- listing ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
def test_grants_are_listed_for_both_parties_newest_first() -> None:
    made = [
        give(
            act=replace(ONLINE, at=NOW + timedelta(minutes=n)), recipient=(BANK, OTHER_BANK)[n % 2]
        )
        for n in range(5)
    ]
    revoke_grant(made[0], ONLINE)

    first = grants_of(ORGANISATION, None, 3)
    rest = grants_of(ORGANISATION, first.cursor, 3)

    ids = [grant.id for grant in (*first.grants, *rest.grants)]
    assert ids == [grant.id for grant in made[::-1]]
    assert rest.cursor is None
    assert rest.grants[-1].state_on(TODAY) is State.REVOKED
    assert [grant.id for grant in grants_for(OTHER_BANK, None, 9).grants] == [
        made[3].id,
        made[1].id,
    ]


# -- financing -------------------------------------------------------------------------------------

LOAN = Outcome(decided="granted", product="loan", amount="1m_to_3m", at=NOW)


@pytest.mark.usefixtures("aws")
def test_a_bank_reports_once_what_became_of_it() -> None:
    """JP-2."""
    grant = give()
    query(grant.id)

    reported = report_outcome(grant, LOAN)

    assert reported.outcome == LOAN
    again = report_outcome(grant, replace(LOAN, at=NOW + timedelta(days=1)))
    assert again == reported
    with pytest.raises(DomainError) as refused:
        report_outcome(grant, replace(LOAN, amount="from_30m"))
    assert code_of(refused) == "E-GRANT-10"


@pytest.mark.usefixtures("aws")
def test_no_outcome_without_a_use_nor_of_another_purpose() -> None:
    other = give(purpose="transaction")
    query(other.id)
    for grant in (give(), other):
        with pytest.raises(DomainError) as refused:
            report_outcome(grant, LOAN)
        assert code_of(refused) == "E-GRANT-09"


@pytest.mark.parametrize("changes", [{"amount": None}, {"decided": "declined"}])
def test_an_amount_belongs_to_what_was_granted(changes: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        report_outcome(GRANT, replace(LOAN, **changes))
    assert code_of(refused) == "E-GRANT-11"


def test_the_list_of_data_holds_only_what_leaves() -> None:
    [penalty] = list_readable(GRANT, TODAY)

    openness = {field.openness for field in penalty.fields}
    assert penalty.item.id == "penalty"
    assert "internal" not in openness
    assert {field.name for field in penalty.fields} >= {"cf_wsh", "cf_jdrq"}
