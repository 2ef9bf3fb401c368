"""Recipients are told what becomes of the records that they were given, by the ledger (JS-36)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.archive.fold import latest
from chalicelib.archive.statements import Mark, MarkKind, Phase, RecordKey, Statement
from chalicelib.disclosure import ledger
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.recipients.changes import changes_of
from chalicelib.disclosure.recipients.store import RecipientItem
from chalicelib.disclosure.recipients.telling import (
    RecipientNotice,
    hand_over,
    open_answer,
    page_for,
)
from chalicelib.jobs.archives import Part
from chalicelib.jobs.rebuild import rebuild_part
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Channel
from tests.disclosure.archives import JIANGSU, TODAY, mark, say
from tests.disclosure.ledger_contents import AGENCY, entry_at
from tests.disclosure.responsible import LISTED, WANG, list_organisation
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
from tests.web.events import NOW

NANJING = load_rulebook("nanjing")
NEXT_DAY = TODAY + timedelta(days=1)


# -- what is told ----------------------------------------------------------------------------------


def told_of(*statements: Statement, marks: Iterable[Mark] = (), **more: Any) -> list[str]:
    held = holding(*statements, marks=tuple(marks), **more)
    return [f"{change.what} {change.at[6:8]}" for change in changes_of(held, latest)]


def test_words_that_replace_others_are_a_correction() -> None:
    first, second = any_statement(any_assertion(1)), any_statement(any_assertion(3), cf_nr="更正")

    assert told_of(first) == []
    assert told_of(first, second) == ["corrected 03"]
    assert told_of(first, second, again=((first, any_assertion(5)),)) == [
        "corrected 03",
        "corrected 05",
    ]


def test_the_same_said_again_or_typed_otherwise_is_none() -> None:
    said = any_statement(any_assertion(1))
    typed = replace(said.words, typed={"cf_wsh": " 1号"})
    retyped = replace(said, words=typed, first=any_assertion(2))
    others = any_statement(any_assertion(3), provider=OTHER_PROVIDER)

    assert told_of(said, retyped, others, again=((said, any_assertion(4)),)) == []


def test_words_that_do_not_become_the_current_ones_are_none() -> None:
    """Whoever has precedence speaks for the record; another's words are a disagreement."""
    said = any_statement(any_assertion(1))
    other = any_statement(any_assertion(3), provider=OTHER_PROVIDER, cf_nr="不同")
    held = holding(said, other)

    def first_provider(statement: Statement, at: Any) -> tuple[int, Any]:
        return int(statement.provider == PROVIDER), at

    assert changes_of(held, first_provider) == ()
    assert [change.what for change in changes_of(held, latest)] == ["corrected"]


def test_marks_that_take_it_away_or_give_it_back_are_told() -> None:
    taken_back = any_mark(MarkKind.WITHDRAWN, day=8, mark_id=f"{PROVIDER}.1", provider=PROVIDER)
    marks = [
        any_mark(day=5),
        any_mark(phase=Phase.CLOSE, day=6),
        any_mark(MarkKind.REPAIRED, day=7),
        taken_back,
        any_mark(MarkKind.DISPUTED),
        any_mark(MarkKind.VERIFYING),
    ]

    assert told_of(any_statement(any_assertion(1)), marks=marks) == [
        "annulled 05",
        "annulled_lifted 06",
        "repaired 07",
        "withdrawn 08",
    ]


def test_another_providers_words_that_are_left_are_a_correction_too() -> None:
    first = any_statement(any_assertion(1), provider=OTHER_PROVIDER)
    second = any_statement(any_assertion(2), cf_nr="不同")
    taken_back = any_mark(MarkKind.WITHDRAWN, day=8, mark_id=f"{PROVIDER}.1", provider=PROVIDER)

    assert told_of(first, second, marks=[taken_back]) == [
        "corrected 02",
        "corrected 08",
        "withdrawn 08",
    ]


@given(
    statements=st.lists(
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
    ),
    order=st.randoms(),
)
def test_the_changes_are_the_same_in_whatever_order_things_come(
    statements: list[Statement], order: Any
) -> None:
    shuffled = list(statements)
    order.shuffle(shuffled)
    assert changes_of(holding(*statements), latest) == changes_of(holding(*shuffled), latest)


# -- who is told -----------------------------------------------------------------------------------


def hand(
    path: str = KEY.path,
    *,
    number: int = 1,
    channel: Channel = "ex_officio",
    purpose: str = "supervision",
    subject: str = ORGANISATION,
    **changes: Any,
) -> str:
    """An answer that holds the record at `path`; returns its entry."""
    entry = replace(
        entry_at(NOW + timedelta(seconds=number), f"Q{number:07d}"),
        subject=subject,
        channel=channel,
        purpose=purpose,
        **changes,
    )
    hand_over(open_answer(ledger.prepare(entry)), [path])
    return entry.key


def told(recipient: str = AGENCY) -> list[tuple[str, str, str]]:
    notices = page_for(recipient, None, 50).notices
    return [(notice.what, notice.record, notice.entry) for notice in notices]


@pytest.mark.usefixtures("aws")
def test_whoever_was_given_it_is_told_once_for_each_entry() -> None:
    say()
    first, second = hand(), hand(number=2)
    hand("penalty/1OTHER", number=3)
    mark(any_mark(MarkKind.REPAIRED))

    update_views(KEY, TODAY, JIANGSU)
    update_views(KEY, NEXT_DAY, JIANGSU)
    assert rebuild_part(Part(), NEXT_DAY, JIANGSU).start is None

    assert sorted(told()) == [
        ("repaired", KEY.path, first),
        ("repaired", KEY.path, second),
    ]
    [notice, _] = page_for(AGENCY, None, 50).notices
    assert notice.told == TODAY
    assert notice.happened.isoformat() == "2026-01-05T00:00:00+00:00"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("channel", "purpose", "is_told"),
    [
        ("ex_officio", "supervision", True),
        ("judicial", "judicial", True),
        ("authorised", "financing", True),
        ("operator", "quality_control", False),
        ("own", "own", False),
    ],
)
def test_recipients_outside_are_told(channel: Channel, purpose: str, is_told: bool) -> None:
    """The subject has notices of its own, and the operator keeps the archive."""
    say()
    hand(channel=channel, purpose=purpose)
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)

    assert bool(told()) is is_told


@pytest.mark.usefixtures("aws")
def test_whoever_is_given_what_it_says_now_is_not_told_of_what_it_said_before() -> None:
    say()
    say(day=2, cf_nr="更正")
    update_views(KEY, TODAY, JIANGSU)
    hand()
    update_views(KEY, TODAY, JIANGSU)

    assert told() == []


@pytest.mark.usefixtures("aws")
def test_a_later_change_is_told_too() -> None:
    say()
    early = hand()
    say(day=2, cf_nr="更正")
    update_views(KEY, TODAY, JIANGSU)
    late = hand(number=2)
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)

    assert sorted(told()) == [
        ("annulled", KEY.path, early),
        ("annulled", KEY.path, late),
        ("corrected", KEY.path, early),
    ]


@pytest.mark.usefixtures("aws")
def test_an_answer_on_its_way_is_told() -> None:
    """The archive was read before the change, and the answer noted after it was followed."""
    say()
    prepared = ledger.prepare(replace(entry_at(NOW), subject=ORGANISATION))
    answering = open_answer(prepared)
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)
    assert told() == []

    hand_over(answering, [KEY.path])

    assert told() == [("annulled", KEY.path, prepared.entry)]


@pytest.mark.usefixtures("aws")
def test_an_answer_that_began_after_the_change_is_not_told() -> None:
    say()
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)
    hand()

    assert told() == []


@pytest.mark.usefixtures("aws")
def test_those_given_it_from_a_responsible_persons_archive_are_told() -> None:
    """NJ-43: an organisation's record stands in the archives of those who answer for it."""
    list_organisation(WANG)
    person = WANG.person.subject
    entry = hand(f"{ORGANISATION}/{LISTED.path}", subject=person)
    mark(any_mark(), LISTED)

    update_views(LISTED, TODAY, NANJING)

    assert told() == [("annulled", f"{ORGANISATION}/{LISTED.path}", entry)]
    assert page_for(AGENCY, None, 9).notices[0].subject == person


@pytest.mark.usefixtures("aws")
def test_a_notice_says_nothing_of_the_content() -> None:
    say()
    hand()
    say(day=2, cf_nr="更正")
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)

    text = str([dict(item.attribute_values) for item in RecipientItem.scan()])
    for secret in ("清市监罚", "更正", "行政复议", "责令"):
        assert secret not in text


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_have_no_gap_and_no_repetition(limit: int) -> None:
    for number in range(6):
        key = RecordKey(ORGANISATION, "penalty", f"1RECORD{number}")
        say(key)
        hand(key.path, number=number)
        mark(any_mark(), key)
        update_views(key, TODAY if number % 2 else NEXT_DAY, JIANGSU)

    seen: list[RecipientNotice] = []
    cursor = None
    while True:
        page = page_for(AGENCY, cursor, limit)
        seen += page.notices
        cursor = page.cursor
        if cursor is None:
            break

    assert [notice.told for notice in seen] == [NEXT_DAY] * 3 + [TODAY] * 3
    assert len({notice.entry for notice in seen}) == 6
