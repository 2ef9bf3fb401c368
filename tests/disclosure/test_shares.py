"""Shares (政务共享): what was approved, as long as it stands, each use in the ledger."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.archive.visibility import PUBLIC
from chalicelib.archive.visibility import decide as decide_visibility
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure import ledger
from chalicelib.disclosure.shares import store
from chalicelib.disclosure.shares.applying import (
    apply,
    every_share,
    find_faults,
    find_share,
    shares_of,
)
from chalicelib.disclosure.shares.contents import asked_of, needs_provider, scope_of
from chalicelib.disclosure.shares.deciding import awaits
from chalicelib.disclosure.shares.using import enter_all, uses_of
from chalicelib.disclosure.shares.values import Ending, Scope, Share, State, Verdict, allows
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Rule, Ruled
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.errors import DomainError
from tests.disclosure.archives import JIANGSU, TODAY
from tests.disclosure.ledger_contents import stored
from tests.disclosure.shares_applied import (
    AGENCY_ACT,
    CENTRE,
    ITEMS,
    OPERATOR_ACT,
    OTHER_AGENCY,
    TERMS,
    TREASURY,
    WANTED,
    agree,
    applied,
    approved,
    by_provider,
    decide,
    end,
    entry_under,
    query,
)
from tests.factories import ORGANISATION, OTHER_PROVIDER, PROVIDER, any_mark
from tests.web.events import NOW

SHENZHEN = load_rulebook("shenzhen")
BOOKS = [load_rulebook(each) for each in ("jiangsu", "nanjing", "shenzhen", "shandong")]
YES = Verdict(items=ITEMS, reason="", act=OPERATOR_ACT)
NO = replace(YES, items=(), reason="与职责无关")
AGREED = Verdict(items=("tax_paid",), reason="", act=by_provider())
OVER = Ending(reason="x", act=AGENCY_ACT)
SHARE = Share(id="S" + "A" * 24, terms=TERMS, applicant_name="", made=AGENCY_ACT, decision=YES)


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code.id


def refused_with(code: str, act: Callable[[], object]) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act()
    assert code_of(refused) == code
    return refused.value


def ruled(rulebook: Rulebook, openness: str, value: str) -> Rulebook:
    """The rulebook, but for what it says of an openness over `shared`."""
    rule = Ruled(value=value, source="OWN", effective=date.min, rulebook="test")
    channels: Any = {**rulebook.openness[openness], "shared": Rule((rule,))}  # type: ignore[index]
    return replace(rulebook, openness={**rulebook.openness, openness: channels})


# -- what a share allows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"item": "levy"}, True),
        ({"way": "check"}, True),
        ({"purpose": "supervision"}, True),
        ({"item": "honour"}, False),
        ({"purpose": "market_access"}, False),
        ({"applicant": OTHER_AGENCY}, False),
        ({"applicant": ""}, False),
    ],
)
def test_it_allows_what_is_approved_and_nothing_else(
    changes: dict[str, Any], allowed: bool
) -> None:
    """JS-32: 不得超范围使用，不得用于或者变相用于其他目的."""
    assert allows(SHARE, replace(WANTED, **changes), NOW) is allowed


def test_it_is_used_in_the_ways_that_were_applied_for() -> None:
    """JS-21: 明确共享内容、用途和方式."""
    checks = replace(SHARE, terms=replace(TERMS, ways=("check",)))

    assert allows(checks, replace(WANTED, way="check"), NOW)
    assert not allows(checks, WANTED, NOW)


@pytest.mark.parametrize(
    ("moment", "allowed"), [("2026-12-31T23:59:59", True), ("2027-01-01T00:00:00", False)]
)
def test_it_ends_with_its_last_day_by_the_lawful_clock(moment: str, allowed: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=LAWFUL_ZONE)
    assert allows(SHARE, WANTED, at) is allowed


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"decision": None}, State.APPLIED),
        ({"decision": NO}, State.REFUSED),
        ({"decision": NO, "ending": OVER}, State.REFUSED),
        ({}, State.ACTIVE),
        ({"ending": OVER}, State.RETURNED),
        ({"decision": None, "ending": OVER}, State.RETURNED),
        ({"ending": replace(OVER, act=OPERATOR_ACT)}, State.REVOKED),
        ({"terms": replace(TERMS, until=date(2026, 11, 21))}, State.ENDED),
        ({"decision": None, "terms": replace(TERMS, until=date(2026, 11, 21))}, State.ENDED),
    ],
)
def test_its_state_is_what_its_facts_add_up_to(facts: dict[str, Any], state: State) -> None:
    share = replace(SHARE, **facts)
    assert share.state_on(TODAY) is state
    assert allows(share, WANTED, NOW) is (state is State.ACTIVE)


def test_providers_agree_to_what_is_for_authorised_queries_under_every_rulebook() -> None:
    """SZ-21: 与信息提供单位协商一致; where a text is silent the same is asked (OWN)."""
    for rulebook in BOOKS:
        needing = [item for item in ITEMS if needs_provider(item, TODAY, rulebook)]
        assert needing == ["tax_paid"]
    lenient = replace(
        JIANGSU,
        sharing_needs_provider=JIANGSU.sharing_needs_agreement.__class__(
            (replace(JIANGSU.sharing_needs_provider.on(TODAY), value=False),)
        ),
    )
    assert not needs_provider("tax_paid", TODAY, lenient)
    assert scope_of(SHARE, TODAY, lenient) == Scope(dict.fromkeys(ITEMS))


def test_a_provider_opens_its_own_words_alone() -> None:
    """SZ-21: the agreement is that of whoever provided the information."""
    share = replace(SHARE, answers={PROVIDER: AGREED, OTHER_PROVIDER: replace(AGREED, items=())})

    scope = scope_of(share, TODAY, JIANGSU)

    assert scope.holds("tax_paid", PROVIDER)
    assert not scope.holds("tax_paid", OTHER_PROVIDER)
    assert not scope.holds("tax_paid", "11329900MB0000003C")
    assert scope.holds("levy", OTHER_PROVIDER)
    assert not scope.holds("honour", PROVIDER)


@pytest.mark.parametrize(
    ("entitled", "asked"),
    [(ITEMS, ("tax_paid",)), (("levy", "penalty"), ()), ((), ()), (("tax_paid",), ("tax_paid",))],
)
def test_who_may_report_an_item_is_asked(entitled: tuple[str, ...], asked: tuple[str, ...]) -> None:
    share = replace(SHARE, decision=None)
    assert asked_of(entitled, share, TODAY, JIANGSU) == asked
    assert awaits(entitled, PROVIDER, share, TODAY, JIANGSU) is bool(asked)
    assert not awaits(entitled, PROVIDER, replace(share, ending=OVER), TODAY, JIANGSU)
    answered = replace(share, answers={PROVIDER: AGREED})
    assert not awaits(entitled, PROVIDER, answered, TODAY, JIANGSU)


VERDICTS = st.builds(
    Verdict,
    items=st.lists(st.sampled_from(ITEMS), unique=True).map(tuple),
    reason=st.just("x"),
    act=st.just(OPERATOR_ACT),
)
CATALOGUE = load_catalogue(TODAY)


@given(
    decision=st.none() | VERDICTS,
    answers=st.dictionaries(st.sampled_from([PROVIDER, OTHER_PROVIDER]), VERDICTS),
    item=st.sampled_from([*ITEMS, "honour", "criminal"]),
    provider=st.sampled_from([PROVIDER, OTHER_PROVIDER, CENTRE]),
    kinds=st.lists(st.sampled_from(MarkKind), unique=True, max_size=2),
    decided=st.dates(date(2018, 1, 1), TODAY),
    rulebook=st.sampled_from(BOOKS),
)
def test_never_more_than_its_items_nor_than_is_decided(
    decision: Verdict | None,
    answers: dict[str, Verdict],
    item: str,
    provider: str,
    kinds: list[MarkKind],
    decided: date,
    rulebook: Rulebook,
) -> None:
    """JS-21, JS-32, SZ-21: whatever was said, a record leaves only as all of them let it."""
    share = replace(SHARE, decision=decision, answers=answers)
    opened = scope_of(share, TODAY, rulebook).holds(item, provider)
    if opened:
        assert item in share.approved
        agreed = provider in answers and item in answers[provider].items
        assert agreed or CATALOGUE.item(item).openness != "authorised"
    facts = Facts(
        key=RecordKey(ORGANISATION, item, "1A"),
        provider=provider,
        said="20260511T000000.000Z",
        fields={"cf_jdrq": decided.isoformat(), "cf_cflb": ("责令停产停业",)},
        marks=tuple(any_mark(kind) for kind in kinds),
    )
    asked = (facts, CATALOGUE.item(item), PUBLIC)
    shared = decide_visibility(*asked, "shared", TODAY, rulebook)
    on_duty = decide_visibility(*asked, "ex_officio", TODAY, rulebook)
    hiding = {each.about for each in on_duty.reasons if each.treatment == "withheld"}
    assert not shared.shown or hiding <= {"openness_authorised"}


# -- applying --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({}, []),
        ({"until": date(2026, 11, 22)}, []),
        ({"until": date(2027, 11, 22)}, []),
        ({"until": date(2026, 11, 21)}, ["/until E-SHARE-06"]),
        ({"until": date(2027, 11, 23)}, ["/until E-SHARE-06"]),
        ({"items": ()}, ["/items E-SHARE-03"]),
        ({"items": ("levy", "levy")}, ["/items E-SHARE-03"]),
        ({"items": ("levy", "gossip")}, ["/items/1 E-CAT-11"]),
        ({"ways": ()}, ["/ways E-SHARE-05"]),
        ({"ways": ("check", "check")}, ["/ways E-SHARE-05"]),
        ({"purpose": ""}, ["/purpose E-PURPOSE-01"]),
        ({"purpose": "curiosity"}, ["/purpose E-PURPOSE-02"]),
        ({"purpose": "financing"}, ["/purpose E-PURPOSE-03"]),
        (
            {"items": ("gossip",), "purpose": "", "ways": (), "until": date(2020, 1, 1)},
            ["/items/0 E-CAT-11", "/purpose E-PURPOSE-01", "/ways E-SHARE-05", "/until E-SHARE-06"],
        ),
    ],
)
def test_all_that_an_application_lacks_is_told_field_by_field(
    terms: dict[str, Any], told: list[str]
) -> None:
    """JS-21: 明确共享内容、用途和方式."""
    faults = find_faults(replace(TERMS, **terms), TODAY, JIANGSU)
    assert [f"{fault.pointer} {fault.code.id}" for fault in faults] == told
    assert all(fault.text.zh and "{" not in fault.text.zh for fault in faults)


def test_what_no_agency_may_have_is_refused_at_once() -> None:
    closed = ruled(JIANGSU, "authorised", "withheld")

    [fault] = find_faults(TERMS, TODAY, closed)

    assert (fault.code.id, fault.pointer) == ("E-SHARE-04", "/items/2")
    assert (fault.values["item"], fault.values["source"]) == ("tax_paid", "OWN")


@pytest.mark.usefixtures("aws")
def test_a_drawn_id_is_drawn_again_where_it_is_taken() -> None:
    drawn = iter([b"A" * 15, b"A" * 15, b"B" * 15])
    made = [apply(TERMS, AGENCY_ACT, "", lambda _: next(drawn)).id for _ in range(2)]
    assert made[0] != made[1]


# -- agreeing and deciding -------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
def test_an_application_is_approved_once_its_provider_agrees() -> None:
    """SZ-21: 属于授权查询信息的，应当约定用途，并与信息提供单位协商一致."""
    share = applied()
    refusal = refused_with("E-SHARE-10", lambda: decide(share, rulebook=SHENZHEN))
    assert (refusal.values["item"], refusal.values["source"]) == ("tax_paid", "SZ-21")

    agreed = agree(share)

    assert agreed.state_on(TODAY) is State.APPLIED
    assert decide(agreed).state_on(TODAY) is State.ACTIVE
    assert find_share(share.id).approved == ITEMS


@pytest.mark.usefixtures("aws")
def test_what_a_provider_refuses_is_left_out() -> None:
    share = agree(applied(), items=())
    assert share.answers[PROVIDER].reason == "数据不宜共享"
    refused_with("E-SHARE-10", lambda: decide(share))

    fewer = decide(share, ("penalty", "levy"))

    assert scope_of(fewer, TODAY, JIANGSU) == Scope({"penalty": None, "levy": None})


@pytest.mark.usefixtures("aws")
def test_a_provider_that_answers_later_opens_its_words_then() -> None:
    share = approved()
    assert not scope_of(share, TODAY, JIANGSU).holds("tax_paid", OTHER_PROVIDER)

    later = agree(share, provider=OTHER_PROVIDER)

    assert scope_of(later, TODAY, JIANGSU).holds("tax_paid", OTHER_PROVIDER)


@pytest.mark.usefixtures("aws")
def test_the_first_answer_and_the_first_decision_stand() -> None:
    share = applied()
    agreed = agree(share)
    assert agree(share) == agreed
    for each in (share, agreed):
        refused_with("E-SHARE-07", lambda each=each: agree(each, items=()))  # type: ignore[misc]
    decided = decide(agreed)
    assert decide(agreed) == decided
    for each in (agreed, decided):
        refused_with("E-SHARE-07", lambda each=each: decide(each, ()))  # type: ignore[misc]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("items", "reason", "code"),
    [
        (("levy",), "", "E-SHARE-09"),
        ((), "", "E-SHARE-09"),
        (("levy", "levy"), "x", "E-SHARE-08"),
        (("honour",), "x", "E-SHARE-08"),
    ],
)
def test_whoever_says_less_than_yes_says_why(
    items: tuple[str, ...], reason: str, code: str
) -> None:
    share = applied(items=("penalty", "levy"))
    refused_with(code, lambda: decide(share, items, reason))
    assert find_share(share.id).decision is None


@pytest.mark.usefixtures("aws")
def test_a_provider_answers_for_its_own_items_only() -> None:
    refused_with("E-SHARE-08", lambda: agree(applied(), items=("levy",)))
    refused_with("E-SHARE-01", lambda: agree(applied(items=("levy",)), items=("levy",)))


# -- ending ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("act", "state"), [(AGENCY_ACT, State.RETURNED), (OPERATOR_ACT, State.REVOKED)]
)
def test_both_sides_end_a_share_at_once(act: Any, state: State) -> None:
    share = approved()
    query(share.id)
    before = stored()

    ended = end(share, act)

    assert ended.state_on(TODAY) is state
    assert end(share, replace(act, at=NOW + timedelta(hours=1))) == ended
    refused_with("E-ARCHIVE-01", lambda: query(share.id))
    assert stored() == before
    other = OPERATOR_ACT if act is AGENCY_ACT else AGENCY_ACT
    refused_with("E-SHARE-07", lambda: end(ended, other))


@pytest.mark.usefixtures("aws")
def test_an_application_is_taken_back_but_not_revoked() -> None:
    refused_with("E-SHARE-07", lambda: end(applied(), OPERATOR_ACT))
    back = end(applied())
    assert back.state_on(TODAY) is State.RETURNED
    refused_with("E-SHARE-07", lambda: decide(back, ("penalty",)))


@pytest.mark.usefixtures("aws")
def test_what_is_over_or_refused_is_neither_answered_nor_ended() -> None:
    refused = decide(applied(), ())
    refused_with("E-SHARE-07", lambda: agree(refused))
    refused_with("E-SHARE-07", lambda: end(refused))
    late = replace(by_provider(), at=datetime(2027, 1, 1, tzinfo=LAWFUL_ZONE))
    share = applied()
    ending = replace(AGENCY_ACT, at=late.at)
    refused_with("E-SHARE-07", lambda: end(share, ending))


# -- using -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
def test_the_entry_names_the_share_as_its_basis() -> None:
    """JS-32: each delivery is in the ledger, with purpose and basis."""
    share = approved()
    used = query(share.id)

    [asked] = ledger.entries_of(ORGANISATION, None, 9).entries

    assert (asked.entry.basis, asked.entry.purpose) == (share.id, "supervision")
    assert (asked.entry.channel, asked.entry.organisation) == ("shared", TREASURY)
    assert used.prepared == ledger.Prepared(ORGANISATION, asked.entry.key, TREASURY)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("share", ["", "S", "S" + "A" * 24, "@applied", "S" + "a" * 24, "x" * 3000])
def test_an_invented_share_is_refused_like_any_other(share: str) -> None:
    refusal = refused_with("E-ARCHIVE-01", lambda: query(share))
    assert refusal.values == {}


@pytest.mark.usefixtures("aws")
def test_nothing_is_asked_before_it_is_approved() -> None:
    for share in (applied(), agree(applied()), decide(applied(), ())):
        refused_with("E-ARCHIVE-01", lambda share=share: query(share.id))  # type: ignore[misc]
    assert not stored()


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_uses_come_in_pages_newest_first_whoever_they_were_about(limit: int) -> None:
    share, other = approved(items=("levy",)), approved(items=("levy",))
    query(other.id)
    for minutes in range(3):
        query(share.id, NOW + timedelta(minutes=minutes))
    subjects = [OTHER_AGENCY, TREASURY]
    entries = [entry_under(share, subject, NOW + timedelta(hours=1)) for subject in subjects]
    assert enter_all(share, entries) == enter_all(share, entries)

    seen: list[tuple[str, datetime]] = []
    cursor = None
    while True:
        page = uses_of(share, cursor, limit)
        seen += [(asked.entry.subject, asked.entry.at) for asked in page.entries]
        cursor = page.cursor
        if cursor is None:
            break

    assert len(seen) == 5
    assert {subject for subject, _ in seen[:2]} == set(subjects)
    assert seen[2:] == [(ORGANISATION, NOW + timedelta(minutes=n)) for n in (2, 1, 0)]


@pytest.mark.usefixtures("aws")
def test_a_use_without_its_entry_is_not_told() -> None:
    share = approved(items=("levy",))
    store.note_uses(share.id, [(ORGANISATION, "20261122T040000.000Z.ABC")])
    assert uses_of(share, None, 9).entries == ()


# -- listing ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
def test_shares_are_listed_newest_first() -> None:
    made = [
        applied(NOW + timedelta(minutes=n), applicant=(TREASURY, OTHER_AGENCY)[n % 2])
        for n in range(5)
    ]
    end(made[0])

    first = every_share(None, 3)
    rest = every_share(first.cursor, 3)

    ids = [share.id for share in (*first.shares, *rest.shares)]
    assert ids == [share.id for share in made[::-1]]
    assert rest.cursor is None
    assert rest.shares[-1].state_on(TODAY) is State.RETURNED
    own = shares_of(OTHER_AGENCY, None, 9).shares
    assert [share.id for share in own] == [made[3].id, made[1].id]
