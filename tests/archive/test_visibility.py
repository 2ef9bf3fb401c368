"""Visibility: what each viewer sees, cell by cell, with the article that says so."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Mark, MarkKind, RecordKey
from chalicelib.archive.visibility import PUBLIC, Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Channel
from tests.factories import DAY, KEY, ORGANISATION, any_mark

PERSON = "P" + "A" * 26
CHANNELS: list[Channel] = [
    "public",
    "own",
    "authorised",
    "ex_officio",
    "shared",
    "judicial",
    "special_report",
    "operator",
]
JIANGSU = load_rulebook("jiangsu")


def any_penalty(
    *marks: Mark,
    subject: str = ORGANISATION,
    decided: str = "2026-05-10",
    kinds: tuple[str, ...] = ("责令停产停业",),
    said: str = "20260511T000000.000Z",
) -> Facts:
    return Facts(
        key=RecordKey(subject, KEY.item, KEY.record),
        provider="11329900MB0000001E",
        said=said,
        version="2018.1",
        fields={
            "cf_wsh": "清市监罚〔2026〕1号",
            "cf_jdrq": decided,
            "cf_cflb": kinds,
            "bz": "内部备注",
        },
        marks=marks,
    )


def see(facts: Facts, channel: Channel, day: str = "2026-11-22") -> Decision:
    item = load_catalogue(DAY).item(facts.key.item)
    viewer = Viewer(facts.key.subject) if channel == "own" else PUBLIC
    return decide(facts, item, viewer, channel, date.fromisoformat(day), JIANGSU)


def test_a_serious_penalty_is_displayed_through_the_last_day_and_not_a_day_longer() -> None:
    """JS-26 with the national standard: three years from the decision, the last day inclusive."""
    facts = any_penalty(decided="2026-05-10")

    assert see(facts, "public", "2029-05-10").outcome == "shown"
    ended = see(facts, "public", "2029-05-11")
    assert (ended.outcome, ended.reason.about, ended.reason.source) == (
        "withheld",
        "ended",
        "JS-26",
    )
    assert see(facts, "operator", "2029-05-11").marks == ("ended",)


def test_a_warning_is_not_published_but_is_held() -> None:
    """NAT: minor penalties are not displayed in principle; not published is not not-held."""
    facts = any_penalty(kinds=("警告",))

    assert see(facts, "public").reason.about in {"unpublished", "ended"}
    assert see(facts, "public", "2026-06-01").reason.about == "unpublished"
    assert see(facts, "own", "2026-06-01").shown


def test_an_unclassified_penalty_says_so_wherever_it_is_shown() -> None:
    facts = any_penalty(kinds=("罚款",), decided="2026-11-01")

    for channel in CHANNELS:
        assert "unclassified" in see(facts, channel).marks


def test_a_person_is_never_public() -> None:
    """JS-20: no personal privacy; persons only where a law says so (OWN: off)."""
    decision = see(any_penalty(subject=PERSON), "public")

    assert (decision.outcome, decision.reason.about) == ("withheld", "person")
    assert see(any_penalty(subject=PERSON), "own").shown


def test_own_archive_is_for_its_own_subject_only() -> None:
    """JS-23: after real-name verification, one's own information."""
    item = load_catalogue(DAY).item("penalty")
    day = date(2026, 11, 22)

    decision = decide(any_penalty(), item, Viewer("91329900MA1UUP370C"), "own", day, JIANGSU)

    assert (decision.outcome, decision.reason.about) == ("withheld", "not_own")


def test_a_dispute_is_told_and_hides_nothing() -> None:
    """JS-33: annotated during the check, without effect on disclosure and use."""
    facts = any_penalty(any_mark(MarkKind.DISPUTED))

    for channel in CHANNELS:
        decision = see(facts, channel)
        assert decision.shown
        assert "disputed" in decision.marks
    assert see(facts, "public").reasons[0].source == "JS-33"


@pytest.mark.parametrize("kind", [MarkKind.ANNULLED, MarkKind.DELETED, MarkKind.REPAIRED])
def test_what_a_mark_withholds_from_the_public_is_withheld(kind: MarkKind) -> None:
    """JS-35 repaired, NJ-59 annulled, SZ-35 deleted: off the public channel at once."""
    decision = see(any_penalty(any_mark(kind)), "public")

    assert decision.outcome == "withheld"
    assert decision.reason.about == kind.value
    assert decision.fields == {}


def test_withdrawn_words_are_shown_to_nobody_outside() -> None:
    facts = any_penalty(said="")

    assert see(facts, "public").outcome == "withheld"
    assert "withdrawn" in {reason.about for reason in see(facts, "public").reasons}


@pytest.mark.parametrize("channel", ["public", "authorised", "special_report"])
def test_what_goes_outward_holds_open_fields_only(channel: Channel) -> None:
    assert "bz" not in see(any_penalty(), channel).fields
    assert "bz" in see(any_penalty(), "operator").fields


def test_what_goes_outward_holds_no_full_paper_number() -> None:
    """REQUIREMENTS §5: persons never with a full ID number."""
    facts = msgspec.structs.replace(
        any_penalty(subject=PERSON),
        fields={"cf_jdrq": "2026-05-10", "cf_cflb": ("限制从业",), "cf_xdr_zjhm": "E00000001"},
    )

    decision = see(facts, "authorised")

    assert "E00000001" not in str(decision.fields)
    assert decision.masked == ("cf_xdr_zjhm",)


def test_what_has_been_erased_cannot_be_shown() -> None:
    facts = Facts(
        key=RecordKey(PERSON, "penalty", KEY.record),
        said="20260511T000000.000Z",
        erased=True,
    )

    for channel in CHANNELS:
        decision = see(facts, channel)
        assert not decision.fields
        assert decision.outcome == "withheld"


RESTRICTING = sorted(set(MarkKind) - {MarkKind.CLASSIFIED, MarkKind.RUNNING, MarkKind.CONFIRMED})
"""Kinds that can only take away; the others say what a record is, which may lengthen its period."""

marks = st.builds(any_mark, st.sampled_from(RESTRICTING), mark_id=st.sampled_from(["1", "2"]))
days = st.dates(date(2026, 5, 10), date(2031, 1, 1))
kinds = st.lists(st.sampled_from(["警告", "罚款", "责令停产停业", "其他", "限制从业"]), max_size=3)


@given(st.lists(marks, max_size=3), marks, days, kinds, st.sampled_from(CHANNELS))
def test_a_further_mark_never_shows_more(
    held: list[Mark], further: Mark, day: date, measures: list[str], channel: Channel
) -> None:
    facts = any_penalty(*held, kinds=tuple(measures))
    marked = any_penalty(*held, further, kinds=tuple(measures))

    before, after = see(facts, channel, day.isoformat()), see(marked, channel, day.isoformat())

    assert set(after.fields) <= set(before.fields)


@given(days, kinds)
def test_what_has_ended_for_the_public_never_comes_back(day: date, measures: list[str]) -> None:
    facts = any_penalty(kinds=tuple(measures))
    period = see(facts, "public", day.isoformat()).period

    assert period is not None
    if period.ended_on(day):
        assert not see(facts, "public", day.isoformat()).shown
        later = day + timedelta(days=400)
        assert not see(facts, "public", later.isoformat()).shown


@given(st.lists(marks, max_size=3), days, kinds)
def test_the_public_never_sees_more_than_the_operator(
    held: list[Mark], day: date, measures: list[str]
) -> None:
    facts = any_penalty(*held, kinds=tuple(measures))

    public = see(facts, "public", day.isoformat())
    operator = see(facts, "operator", day.isoformat())

    assert set(public.fields) <= set(operator.fields)
