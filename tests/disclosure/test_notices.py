"""Notices (SZ-16, NJ-57): once for everything that is told, and never what the record says."""

from datetime import date
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.statements import Assertion, Box, Holding, MarkKind, Phase, RecordKey
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.notices import store
from chalicelib.disclosure.notices.outbox import Notice, first_told, notices_of, page_of
from chalicelib.jobs.archives import Part
from chalicelib.jobs.rebuild import rebuild_part
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Rule, Ruled
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import (
    KEY,
    ORGANISATION,
    OTHER_PROVIDER,
    PROVIDER,
    any_assertion,
    any_mark,
    any_statement,
    holding,
)

NANJING = load_rulebook("nanjing")
SHENZHEN = load_rulebook("shenzhen")
PERSON = "P" + "A" * 26
NEXT_DAY = date(2026, 11, 23)


def due(
    held: Holding, rulebook: Rulebook = NANJING, item: str = "penalty"
) -> list[tuple[str, str, str]]:
    notices = notices_of(held, load_catalogue(TODAY).item(item), TODAY, rulebook)
    return [(each.what, each.provider, each.at[:8]) for each in notices]


def ids(held: Holding) -> set[str]:
    item = load_catalogue(TODAY).item("penalty")
    return {each.id for each in notices_of(held, item, TODAY, NANJING)}


# -- what is told ----------------------------------------------------------------------------------


def test_words_and_what_became_of_them_are_told() -> None:
    first = any_statement(any_assertion(1))
    corrected = any_statement(any_assertion(3), cf_nr="更正")
    annulled, lifted = any_mark(day=5), any_mark(phase=Phase.CLOSE, day=6)
    repaired = any_mark(MarkKind.REPAIRED, day=7)
    withdrawn = any_mark(MarkKind.WITHDRAWN, day=8, mark_id=f"{PROVIDER}.1", provider=PROVIDER)

    assert due(holding(first, corrected, marks=(annulled, lifted, repaired, withdrawn))) == [
        ("reported", PROVIDER, "20260101"),
        ("reported", PROVIDER, "20260103"),
        ("annulled", "", "20260105"),
        ("annulled_lifted", "", "20260106"),
        ("repaired", "", "20260107"),
        ("withdrawn", PROVIDER, "20260108"),
    ]


@pytest.mark.parametrize(
    "kind", [MarkKind.DISPUTED, MarkKind.VERIFYING, MarkKind.HIDDEN, MarkKind.RUNNING]
)
def test_steps_of_a_procedure_are_told_elsewhere(kind: MarkKind) -> None:
    assert len(due(holding(any_statement(), marks=(any_mark(kind),)))) == 1


def test_the_same_content_is_told_once_whoever_says_it_and_however_it_was_typed() -> None:
    said = any_statement(any_assertion(1), cf_wsh="1号")
    typed = msgspec.structs.replace(said.words, typed={"cf_wsh": " 1号"})
    retyped = msgspec.structs.replace(said, words=typed, first=any_assertion(2))
    others = any_statement(any_assertion(3), provider=OTHER_PROVIDER, cf_wsh="1号")
    again = ((said, any_assertion(4)),)

    assert due(holding(said, retyped, others, again=again)) == [("reported", PROVIDER, "20260101")]


def test_a_mark_on_what_nobody_has_said_is_told_once_somebody_has() -> None:
    marked = holding(marks=(any_mark(),))

    assert due(marked) == []
    assert len(due(msgspec.structs.replace(marked, statements=(any_statement(),)))) == 2


def test_a_notice_says_nothing_of_the_content() -> None:
    sealed = Box(PERSON, b"sealed", b"")
    statement = any_statement(cf_wsh="清市监罚〔2026〕1号")
    words = msgspec.structs.replace(statement.words, boxes=(sealed,))
    held = holding(msgspec.structs.replace(statement, words=words), marks=(any_mark(),))

    told = str(notices_of(held, load_catalogue(TODAY).item("penalty"), TODAY, NANJING))

    assert "清市监罚" not in told
    assert "行政复议" not in told
    assert PERSON not in told


# -- who is told -----------------------------------------------------------------------------------


def test_only_adverse_information_is_told_of() -> None:
    honoured = RecordKey(ORGANISATION, "honour", "1HONOUR")
    held = Holding(key=honoured, statements=(any_statement(key=honoured),))

    assert due(held, item="honour") == []


@pytest.mark.parametrize(
    ("rulebook", "organisation", "person"),
    [(JIANGSU, 0, 0), (NANJING, 1, 1), (SHENZHEN, 0, 1)],
    ids=["jiangsu", "nanjing NJ-57", "shenzhen SZ-16"],
)
def test_the_rulebook_says_which_subjects_are_told(
    rulebook: Rulebook, organisation: int, person: int
) -> None:
    own = msgspec.structs.replace(KEY, subject=PERSON)
    persons = Holding(key=own, statements=(any_statement(key=own),))

    assert len(due(holding(any_statement()), rulebook)) == organisation
    assert len(due(persons, rulebook)) == person


def test_a_sole_trader_is_told_as_one() -> None:
    on = Rule((Ruled(value=True, source="OWN", effective=date.min, rulebook="test"),))
    traders = {**JIANGSU.subject_notice, "sole_trader": on}
    rulebook = msgspec.structs.replace(JIANGSU, subject_notice=traders)

    assert due(holding(any_statement(cf_xdr_lb="法人及非法人组织")), rulebook) == []
    assert len(due(holding(any_statement(cf_xdr_lb="个体工商户")), rulebook)) == 1


def test_what_happened_before_the_rule_is_not_told_of_later() -> None:
    values = (
        Ruled(value=True, source="OWN", effective=date(2026, 1, 4), rulebook="test"),
        Ruled(value=False, source="OWN", effective=date.min, rulebook="test"),
    )
    notice = {**JIANGSU.subject_notice, "organisation": Rule(values)}
    rulebook = msgspec.structs.replace(JIANGSU, subject_notice=notice)
    said = any_statement(Assertion("20260103T155959.999Z", "20260103-AAAA", 2))
    midnight = any_statement(Assertion("20260103T160000.000Z", "20260103-AAAA", 3), cf_nr="更正")

    assert [what for what, _, _ in due(holding(said, midnight, marks=(any_mark(),)), rulebook)] == [
        "reported",
        "annulled",
    ]


# -- once ------------------------------------------------------------------------------------------

STATEMENTS = st.lists(
    st.builds(
        lambda day, provider, text: any_statement(
            any_assertion(day), provider=provider, cf_nr=text
        ),
        st.integers(1, 9),
        st.sampled_from([PROVIDER, OTHER_PROVIDER]),
        st.sampled_from(["甲", "乙", "丙"]),
    ),
    max_size=6,
    unique_by=lambda statement: statement.key,
)
MARKS = st.lists(
    st.builds(any_mark, st.sampled_from(MarkKind), st.sampled_from(Phase)),
    max_size=6,
    unique_by=lambda mark: (mark.kind, mark.phase),
)


@given(statements=STATEMENTS, marks=MARKS, order=st.randoms())
def test_the_notices_are_the_same_in_whatever_order_things_come(
    statements: list[object], marks: list[object], order: Random
) -> None:
    things = [("statements", each) for each in statements] + [("marks", each) for each in marks]
    order.shuffle(things)
    held, told = holding(), set[str]()
    for name, thing in things:
        grown = {name: (*getattr(held, name), thing)}
        held = msgspec.structs.replace(held, **grown)
        assert told <= ids(held)
        told |= ids(held)

    whole = msgspec.structs.replace(holding(), statements=tuple(statements), marks=tuple(marks))
    assert told == ids(whole)


# -- the outbox ------------------------------------------------------------------------------------


def stored() -> dict[str, dict[str, object]]:
    return {item.notice: dict(item.attribute_values) for item in store.find(ORGANISATION)}


@pytest.mark.usefixtures("aws")
def test_a_notice_is_appended_once_and_kept_as_it_was() -> None:
    say()
    update_views(KEY, TODAY, NANJING)
    before = stored()

    update_views(KEY, NEXT_DAY, NANJING)
    assert rebuild_part(Part(), NEXT_DAY, NANJING).start is None

    assert len(before) == 1
    assert stored() == before


@pytest.mark.usefixtures("aws")
def test_a_rebuild_appends_only_what_is_missing() -> None:
    """Evidence is never made anew (DESIGN §1.5): what is lost is told again, not overwritten."""
    say()
    update_views(KEY, TODAY, NANJING)
    kept = stored()
    mark(any_mark())

    assert rebuild_part(Part(), NEXT_DAY, NANJING).start is None

    assert kept.items() <= stored().items()
    assert [notice.what for notice in page_of(ORGANISATION, None, 9).notices] == [
        "reported",
        "annulled",
    ]


@pytest.mark.usefixtures("aws")
def test_nothing_is_appended_where_no_rule_says_so() -> None:
    register("清江桃溪食品有限公司")
    say()
    for key in (KEY, RecordKey(ORGANISATION, "registration", "1REGISTRATION")):
        update_views(key, TODAY, JIANGSU)

    assert stored() == {}


@pytest.mark.usefixtures("aws")
def test_pages_are_newest_first_without_gap_or_repetition() -> None:
    for number in range(1, 8):
        key = msgspec.structs.replace(KEY, record=f"1RECORD{number}")
        say(key, day=1 + number // 2)
        update_views(key, TODAY, NANJING)

    seen: list[Notice] = []
    cursor = None
    while True:
        page = page_of(ORGANISATION, cursor, 3)
        seen += page.notices
        cursor = page.cursor
        if cursor is None:
            break

    assert len(seen) == 7
    assert seen == sorted(seen, reverse=True)


@pytest.mark.usefixtures("aws")
def test_the_day_of_the_first_notice_is_known_for_each_record() -> None:
    say()
    update_views(KEY, TODAY, NANJING)
    say(day=2, cf_nr="更正")
    mark(any_mark())
    update_views(KEY, NEXT_DAY, NANJING)

    assert len(stored()) == 3
    assert first_told(ORGANISATION) == {KEY.path: TODAY}
