"""Every cell of every rulebook's decision table is what is decided, with its article."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.facts import Facts
from chalicelib.archive.judging import judge
from chalicelib.archive.statements import Mark, MarkKind, RecordKey, Value
from chalicelib.archive.visibility import Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Consent, Item
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from chalicelib.law.rules import Channel, Openness, State
from tests.factories import DAY, KEY, any_mark

NAMES = sorted(path.stem for path in RULEBOOKS.glob("*.toml"))
CHANNELS: tuple[Channel, ...] = get_args(Channel)
STATES: tuple[State, ...] = get_args(State)
STRICTNESS = ("shown", "marked", "withheld")
PERSON = RecordKey("P" + "A" * 26, KEY.item, KEY.record)
BORN_2010 = "110101201001010019"
LONG_AGO = "1990-11-10"
CONSENT = Consent(notice="gzrq", agreement="tysbh", purpose="ydyt", until="ydqx")

TELLING: Mapping[State, Mapping[str, Value]] = {
    "unpublished": {"cf_cflb": ("警告",)},
    "unclassified": {"cf_cflb": ("罚款",)},
    "ended": {"cf_jdrq": LONG_AGO},
    "consent_over": {CONSENT.until: "2026-11-10"},
}
"""Fields of which a state is true."""


def facts_in(state: State) -> tuple[Facts, str]:
    """Facts of which `state` is true, and their item."""
    fields: dict[str, Value] = {
        "cf_cflb": ("责令停产停业",),
        "cf_jdrq": "2026-11-10",
        "cf_wsh": "1",
    }
    facts = Facts(key=KEY, said="20261111T000000.000Z", fields=fields)
    if telling := TELLING.get(state):
        return with_fields(facts, **telling), "penalty"
    match state:
        case "withdrawn":
            return msgspec.structs.replace(facts, said=""), "penalty"
        case "person":
            return msgspec.structs.replace(facts, key=PERSON), "penalty"
        case "underage":
            minor = with_fields(facts, cf_xdr_zjhm=BORN_2010)
            return msgspec.structs.replace(minor, key=PERSON), "penalty"
        case "hidden":
            merit = msgspec.structs.replace(facts, fields={}, marks=(any_mark(MarkKind.HIDDEN),))
            return merit, "honour"
        case _:
            return msgspec.structs.replace(facts, marks=(any_mark(MarkKind(state)),)), "penalty"


def consented(item: str) -> Item:
    """The item, as if what it collects needed consent."""
    return msgspec.structs.replace(load_catalogue(DAY).item(item), consent=CONSENT)


def with_fields(facts: Facts, **changed: Value) -> Facts:
    return msgspec.structs.replace(facts, fields={**facts.fields, **changed})


def cells() -> Iterator[tuple[str, State, Channel]]:
    for name in NAMES:
        for state in STATES:
            if state == "underage" and load_rulebook(name).full_capacity_age.on(DAY).value == 0:
                continue
            yield from ((name, state, channel) for channel in CHANNELS)


@pytest.mark.parametrize(("name", "state", "channel"), list(cells()))
def test_each_cell_is_what_is_decided(name: str, state: State, channel: Channel) -> None:
    rulebook = load_rulebook(name)
    facts, item = facts_in(state)
    ruled = rulebook.treatment[state][channel].on(DAY)

    decision = decide(facts, consented(item), Viewer(facts.key.subject), channel, DAY, rulebook)

    found = {reason.about: reason for reason in decision.reasons}
    assert (found[state].treatment, found[state].source) == (ruled.value, ruled.source)
    assert found[state].rulebook == ruled.rulebook
    assert STRICTNESS.index(decision.outcome) >= STRICTNESS.index(ruled.value)
    assert (state in decision.marks) == (ruled.value == "marked" and decision.shown)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("openness", get_args(Openness))
@pytest.mark.parametrize("name", NAMES)
def test_openness_decides_where_nothing_else_is_true(
    name: str, openness: Openness, channel: Channel
) -> None:
    rulebook = load_rulebook(name)
    item = msgspec.structs.replace(load_catalogue(DAY).item("honour"), openness=openness)
    facts = Facts(key=KEY, said="20261111T000000.000Z", fields={})
    ruled = rulebook.openness[openness][channel].on(DAY)

    decision = decide(facts, item, Viewer(KEY.subject), channel, DAY, rulebook)

    assert (decision.outcome, decision.reason.source) == (ruled.value, ruled.source)


states = st.sets(st.sampled_from([s for s in STATES if s not in {"underage", "hidden"}]))


@given(states, st.sampled_from(NAMES), st.sampled_from(CHANNELS), st.dates(DAY, date(2031, 1, 1)))
def test_no_viewer_ever_sees_more_than_the_table_allows(
    wanted: set[State], name: str, channel: Channel, day: date
) -> None:
    """Whatever is true of a record at once, no state's cell is ever outvoted."""
    rulebook = load_rulebook(name)
    item = consented("penalty")
    facts = combine(wanted)

    decision = decide(facts, item, Viewer(facts.key.subject), channel, day, rulebook)

    strictest = max(
        (
            rulebook.treatment[state][channel].on(day).value
            for state in true_of(facts, name, channel, day)
        ),
        key=STRICTNESS.index,
        default="shown",
    )
    assert STRICTNESS.index(decision.outcome) >= STRICTNESS.index(strictest)
    if decision.outcome == "withheld":
        assert not decision.fields


def combine(wanted: set[State]) -> Facts:
    """One record of which every state in `wanted` is true, as far as they go together."""
    facts, _ = facts_in("ended" if "ended" in wanted else "disputed")
    held: list[Mark] = [any_mark(MarkKind(s)) for s in wanted if s in set(MarkKind) - {"withdrawn"}]
    changes: dict[str, Any] = {"marks": tuple(held)}
    if "person" in wanted:
        changes["key"] = PERSON
    if "withdrawn" in wanted:
        changes["said"] = ""
    facts = msgspec.structs.replace(facts, **changes)
    if "unclassified" in wanted:
        facts = with_fields(facts, cf_cflb=("罚款",))
    if "consent_over" in wanted:
        facts = with_fields(facts, **{CONSENT.until: "2026-11-10"})
    return facts


def true_of(facts: Facts, name: str, channel: Channel, day: date) -> set[State]:
    """What is plainly true of `facts`, told without `decide`."""
    rulebook = load_rulebook(name)
    judgement = judge(facts, load_catalogue(day).item("penalty"), rulebook)
    period = judgement.periods[rulebook.span[channel].on(day).value]
    true: set[State] = {mark.kind.value for mark in facts.marks}  # type: ignore[misc]
    true |= {"person"} if facts.key == PERSON else set()
    true |= {"withdrawn"} if not facts.said else set()
    true |= {"consent_over"} if CONSENT.until in facts.fields else set()
    true |= {"ended"} if period.last_day and period.last_day < day else set()
    return true


@pytest.mark.parametrize("name", NAMES)
def test_what_ends_is_shown_through_the_last_day_and_not_on_the_next(name: str) -> None:
    """DESIGN §5: from the first moment of the day, on every channel that withholds what ended."""
    rulebook = load_rulebook(name)
    facts, item_id = facts_in("disputed")
    item = load_catalogue(DAY).item(item_id)
    for channel in CHANNELS:
        period = judge(facts, item, rulebook).periods[rulebook.span[channel].on(DAY).value]
        assert period.last_day is not None
        next_day = period.last_day + timedelta(days=1)
        viewer = Viewer(facts.key.subject)
        before = decide(facts, item, viewer, channel, period.last_day, rulebook)
        after = decide(facts, item, viewer, channel, next_day, rulebook)
        assert "ended" not in {reason.about for reason in before.reasons}
        assert "ended" in {reason.about for reason in after.reasons}
        treatment = rulebook.treatment["ended"][channel].on(next_day).value
        assert after.shown == (treatment != "withheld")


@pytest.mark.parametrize("channel", ["authorised", "ex_officio", "shared", "judicial"])
def test_what_was_consented_to_is_used_through_the_last_day_of_its_term(channel: Channel) -> None:
    """SZ-12, NJ-29: collected for an agreed purpose and term."""
    facts = with_fields(facts_in("person")[0], **{CONSENT.until: DAY.isoformat()})
    for book in NAMES:
        for days, over in ((0, False), (1, True)):
            day = DAY + timedelta(days=days)
            rulebook = load_rulebook(book)
            decision = decide(facts, consented("penalty"), Viewer(), channel, day, rulebook)
            found = {reason.about for reason in decision.reasons}
            assert ("consent_over" in found) is over
            assert decision.shown is not over


def test_an_item_without_consent_has_no_term() -> None:
    facts = with_fields(facts_in("person")[0], **{CONSENT.until: LONG_AGO})
    item = load_catalogue(DAY).item("penalty")
    decision = decide(facts, item, Viewer(), "ex_officio", DAY, load_rulebook("nanjing"))
    assert "consent_over" not in {reason.about for reason in decision.reasons}
