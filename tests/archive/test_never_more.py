"""Nobody ever sees more than the decision table allows, of any item, under any rulebook."""

from datetime import date
from typing import get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Mark, MarkKind, RecordKey
from chalicelib.archive.visibility import Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Channel, Rule, State, Treatment
from tests.catalogue.rows import row_of
from tests.factories import DAY, ORGANISATION, any_mark

BOOKS = [load_rulebook(path.stem) for path in sorted(RULEBOOKS.glob("*.toml"))]
ITEMS = sorted(load_catalogue(DAY).items)
OUTWARD = ("public", "authorised", "special_report")
STRICTNESS: tuple[Treatment, ...] = get_args(Treatment)
NOTED: dict[MarkKind, State] = {
    MarkKind.ANNULLED: "annulled",
    MarkKind.DELETED: "deleted",
    MarkKind.HIDDEN: "hidden",
    MarkKind.REPAIRED: "repaired",
    MarkKind.DISPUTED: "disputed",
    MarkKind.VERIFYING: "verifying",
    MarkKind.REPLACED: "replaced",
}

books = st.sampled_from(BOOKS)
channels = st.sampled_from(get_args(Channel))
states = st.sampled_from(get_args(State))
days = st.dates(date(2026, 2, 1), date(2033, 1, 1))
marks = st.lists(st.builds(any_mark, st.sampled_from(sorted(NOTED))), max_size=3)


@st.composite
def records(draw: st.DrawFn) -> tuple[Facts, Item]:
    """A record of any item on a subject of any kind that it may be about, with whatever is noted."""
    item = load_catalogue(DAY).item(draw(st.sampled_from(ITEMS)))
    kind = draw(st.sampled_from(sorted(item.subject.possible)))
    subject = "P" + "A" * 26 if kind == "person" else ORGANISATION
    noted: list[Mark] = draw(marks)
    facts = Facts(
        key=RecordKey(subject, item.id, "0" * 20),
        said=draw(st.sampled_from(["20260401T000000.000Z", ""])),
        fields=row_of(item, kind),
        marks=tuple(noted),
        ceased=draw(st.none() | days),
    )
    return facts, item


def strictness(decision: Decision) -> int:
    return STRICTNESS.index(decision.outcome)


@given(records(), books, channels, days)
def test_no_answer_holds_more_than_its_cells_and_its_fields_allow(
    record: tuple[Facts, Item], rulebook: Rulebook, channel: Channel, day: date
) -> None:
    facts, item = record
    decision = decide(facts, item, Viewer(facts.key.subject), channel, day, rulebook)

    true: set[State] = {NOTED[mark.kind] for mark in facts.marks}
    true |= {"person"} if facts.key.subject.startswith("P") else set()
    true |= {"withdrawn"} if not facts.said and "replaced" not in true else set()
    cells = [rulebook.treatment[state][channel].on(day).value for state in true]
    cells.append(rulebook.openness[item.openness][channel].on(day).value)
    assert strictness(decision) >= max(map(STRICTNESS.index, cells))
    assert decision.shown or not decision.fields
    for name, value in decision.fields.items():
        openness = item.fields[name].openness
        assert channel not in OUTWARD or openness != "internal"
        if channel in OUTWARD and openness == "masked":
            assert name in decision.masked
            assert value != facts.fields[name] or not value
        else:
            assert value == facts.fields[name]


@given(records(), books, channels, days)
def test_ones_own_archive_is_shown_to_nobody_else(
    record: tuple[Facts, Item], rulebook: Rulebook, channel: Channel, day: date
) -> None:
    facts, item = record
    for viewer in (Viewer(), Viewer("P" + "B" * 26)):
        assert not decide(facts, item, viewer, "own", day, rulebook).shown


@given(records(), books, channels, days, states, channels, st.sampled_from(STRICTNESS))
def test_a_stricter_cell_never_shows_more(
    record: tuple[Facts, Item],
    rulebook: Rulebook,
    channel: Channel,
    day: date,
    state: State,
    cell: Channel,
    treatment: Treatment,
) -> None:
    """Adding a restriction to the law takes away, or changes nothing."""
    facts, item = record
    viewer = Viewer(facts.key.subject)
    before = decide(facts, item, viewer, channel, day, rulebook)
    after = decide(facts, item, viewer, channel, day, tighten(rulebook, state, cell, treatment))

    assert strictness(after) >= strictness(before)
    assert set(after.fields) <= set(before.fields)


@given(records(), books, channels, days, st.sampled_from(sorted(NOTED)))
def test_a_further_note_never_shows_more_under_any_rulebook(
    record: tuple[Facts, Item], rulebook: Rulebook, channel: Channel, day: date, kind: MarkKind
) -> None:
    facts, item = record
    viewer = Viewer(facts.key.subject)
    noted = msgspec.structs.replace(facts, marks=(*facts.marks, any_mark(kind)))
    before = decide(facts, item, viewer, channel, day, rulebook)
    after = decide(noted, item, viewer, channel, day, rulebook)

    assert set(after.fields) <= set(before.fields)
    if facts.said or kind is not MarkKind.REPLACED:
        assert strictness(after) >= strictness(before)


def tighten(rulebook: Rulebook, state: State, channel: Channel, treatment: Treatment) -> Rulebook:
    """The same rules, with one cell of the table at least as strict as `treatment` on every day."""
    cells = rulebook.treatment[state]
    entries = tuple(
        msgspec.structs.replace(entry, value=max(entry.value, treatment, key=STRICTNESS.index))
        for entry in cells[channel].entries
    )
    stricter = {**cells, channel: Rule(entries)}
    return msgspec.structs.replace(rulebook, treatment={**rulebook.treatment, state: stricter})
