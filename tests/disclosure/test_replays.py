"""Replay of an archive: the past as it was for who may know, and for others never more than today."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.replay import INSIDE, held_by, last_instant
from chalicelib.archive.statements import (
    Assertion,
    Box,
    Holding,
    Mark,
    MarkKind,
    Phase,
    RecordKey,
    Statement,
)
from chalicelib.archive.visibility import Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Catalogue
from chalicelib.disclosure import queries
from chalicelib.disclosure.queries import WHOLE, Portion, Reading, read_archive
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import stamp
from tests.disclosure.archives import JIANGSU, TODAY, any_penalty_fields
from tests.factories import (
    KEY,
    ORGANISATION,
    OTHER_PROVIDER,
    PROVIDER,
    any_mark,
    any_statement,
    any_words,
)

PERSON = "P" + "A" * 26
PAST = date(2026, 6, 10)
BEFORE, AFTER = 5, 15
OUTWARD: list[Channel] = ["public", "authorised", "special_report", "ex_officio"]


def when(day: int) -> Assertion:
    return Assertion(f"202606{day:02d}T000000.000Z", "20260601-AAAA", 2)


def note(kind: MarkKind, day: int = AFTER, provider: str = "") -> Mark:
    mark = any_mark(kind, provider=provider)
    return msgspec.structs.replace(mark, at=when(day).registered)


def penalty(day: int = BEFORE, *, key: RecordKey = KEY, **fields: Any) -> Statement:
    words = {**any_penalty_fields(), "cf_jdrq": "2025-12-01", **fields}
    return any_statement(when(day), key=key, **words)


def registered(name: str, day: int) -> Statement:
    key = RecordKey(ORGANISATION, "registration", "1REGISTRATION")
    return any_statement(when(day), key=key, comp_nm=name)


def hold(*statements: Statement, marks: tuple[Mark, ...] = ()) -> list[Holding]:
    """The holdings of these statements, and `marks` on the penalty."""
    keys = sorted({RecordKey(each.subject, each.item, each.record) for each in statements})
    return [
        Holding(
            key=key,
            statements=tuple(each for each in statements if each.item == key.item),
            marks=marks if key.item == "penalty" else (),
        )
        for key in keys
    ]


@contextmanager
def holding_only(holdings: list[Holding]) -> Iterator[None]:
    """An archive that holds just this, without AWS; nobody in it has a key."""

    def read(_subject: str, prefix: str = "", after: str = "") -> Iterator[Holding]:
        return (
            each
            for each in holdings
            if f"{each.key.path}/".startswith(prefix) and each.key.path > after
        )

    with (
        patch.object(queries, "read_records", read),
        patch.object(queries, "read_profiles", lambda _: {}),
        patch.object(queries, "find_by_subject", lambda _: {}),
    ):
        yield


def ask(
    holdings: list[Holding],
    channel: Channel,
    *,
    as_of: date | None = PAST,
    day: date = TODAY,
    rulebook: Rulebook = JIANGSU,
    item: str = "",
    portion: Portion = WHOLE,
) -> Reading:
    subject = holdings[0].key.subject if holdings else ORGANISATION
    with holding_only(holdings):
        return read_archive(subject, Viewer(subject), channel, day, rulebook, item, as_of, portion)


def paths(reading: Reading) -> set[str]:
    return {each.facts.key.path for each in reading.disclosed}


# -- portions of a long archive --------------------------------------------------------------------


def several(*days: int) -> list[Holding]:
    """Penalties registered on these days of June, under keys in that order."""
    keys = [msgspec.structs.replace(KEY, record=f"1R{place}") for place in range(len(days))]
    return [
        Holding(key=key, statements=(penalty(day, key=key),))
        for key, day in zip(keys, days, strict=True)
    ]


def leaf(holdings: list[Holding], channel: Channel, as_of: date | None) -> list[tuple[str, ...]]:
    """The records of each portion of two."""
    found, after = [], ""
    while True:
        reading = ask(holdings, channel, as_of=as_of, portion=Portion(after, 2))
        found.append(tuple(each.path for each in reading.disclosed))
        if reading.rest is None:
            return found
        after = reading.rest


@pytest.mark.parametrize("as_of", [PAST, None])
@pytest.mark.parametrize("channel", ["operator", "ex_officio"])
def test_portions_add_up_to_the_archive(channel: Channel, as_of: date | None) -> None:
    holdings = several(1, 2, 3, 4, 5)

    found = leaf(holdings, channel, as_of)

    assert [len(portion) for portion in found] == [2, 2, 1]
    whole = ask(holdings, channel, as_of=as_of).disclosed
    assert [path for portion in found for path in portion] == [each.path for each in whole]


def test_portions_of_a_past_day_stay_whatever_is_reported_or_withheld_later() -> None:
    """DESIGN §4: the same past day asked twice is the same, however long the archive."""
    then = several(BEFORE, BEFORE, BEFORE, BEFORE)
    later = msgspec.structs.replace(KEY, record="1R0A")
    annulled = msgspec.structs.replace(then[2], marks=(note(MarkKind.ANNULLED),))
    since = [
        then[0],
        Holding(key=later, statements=(penalty(AFTER, key=later),)),
        then[1],
        annulled,
        then[3],
    ]

    assert leaf(since, "operator", PAST) == leaf(then, "operator", PAST)
    assert leaf(since, "authorised", PAST) == [
        (then[0].key.path, then[1].key.path),
        (then[3].key.path,),
    ]


# -- the true past ---------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", sorted(INSIDE))
def test_inside_the_past_is_told_as_it_was(channel: Channel) -> None:
    """REQUIREMENTS §4: versions and annotations of any past day."""
    later = note(MarkKind.ANNULLED, AFTER)
    corrected = penalty(AFTER, cf_wsh="清市监罚〔2026〕1号（更正）")
    before, after = hold(penalty()), hold(penalty(), corrected, marks=(later,))

    told = ask(after, channel)

    assert told.disclosed == ask(before, channel).disclosed
    [one] = told.disclosed
    assert one.decision.fields["cf_wsh"] == "清市监罚〔2026〕1号"
    assert "annulled" not in one.decision.marks


def test_what_was_not_registered_yet_is_not_there() -> None:
    reading = ask(hold(penalty(AFTER), registered("清江桃溪食品有限公司", AFTER)), "operator")

    assert reading.disclosed == ()
    assert (reading.profile.name, reading.profile.former) == ("", ())


@pytest.mark.parametrize("item", ["", "penalty", "registration"])
def test_names_are_those_of_the_day_whichever_item_is_asked_for(item: str) -> None:
    held = hold(penalty(), registered("清江甲有限公司", 2), registered("清江乙有限公司", AFTER))

    then = ask(held, "operator", item=item).profile
    later = ask(held, "operator", item=item, as_of=date(2026, 6, 20)).profile

    assert (then.name, then.former) == ("清江甲有限公司", ())
    assert (later.name, later.former) == ("清江乙有限公司", ("清江甲有限公司",))


def test_outward_a_name_that_is_nobodys_any_more_is_not_told() -> None:
    held = hold(registered("清江甲有限公司", 2))
    taken_back = note(MarkKind.WITHDRAWN, AFTER, provider=PROVIDER)
    held = [msgspec.structs.replace(each, marks=(taken_back,)) for each in held]

    assert ask(held, "operator").profile.name == "清江甲有限公司"
    assert ask(held, "ex_officio").profile.name == ""


# -- rights of today -------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", OUTWARD)
@pytest.mark.parametrize("kind", [MarkKind.ANNULLED, MarkKind.DELETED, MarkKind.REPAIRED])
def test_outward_what_was_lifted_since_does_not_come_back(kind: MarkKind, channel: Channel) -> None:
    """JS-36, NJ-59, SZ-35: nobody gets around a repair by asking for the day before."""
    held = hold(penalty(), marks=(note(kind, AFTER),))

    told = ask(held, channel).disclosed

    if (kind, channel) == (MarkKind.REPAIRED, "special_report"):  # NAT: marked there, not gone
        assert [each.decision.marks for each in told] == [("repaired",)]
    else:
        assert told == ()


@pytest.mark.parametrize("channel", OUTWARD)
def test_outward_what_has_ended_since_does_not_come_back(channel: Channel) -> None:
    """JS-26."""
    held = hold(penalty())
    long_after = date(2035, 1, 1)

    assert paths(ask(held, channel, day=long_after)) <= paths(
        ask(held, channel, as_of=None, day=long_after)
    )


def test_outward_words_taken_back_since_are_not_told_though_others_say_the_same_record() -> None:
    other = msgspec.structs.replace(penalty(cf_wsh="误报"), provider=OTHER_PROVIDER)
    taken_back = note(MarkKind.WITHDRAWN, AFTER, provider=OTHER_PROVIDER)
    held = hold(penalty(BEFORE - 1), other, marks=(taken_back,))

    [inside] = ask(held, "operator").disclosed
    assert inside.decision.fields["cf_wsh"] == "误报"
    assert ask(held, "public", as_of=None).disclosed
    assert ask(held, "public").disclosed == ()


def test_outward_a_dispute_of_today_is_told_with_the_past() -> None:
    held = hold(penalty(), marks=(note(MarkKind.DISPUTED, AFTER),))

    [told] = ask(held, "authorised").disclosed

    assert "disputed" in told.decision.marks
    assert ask(held, "operator").disclosed[0].decision.marks == ()


def test_a_person_erased_since_is_gone_from_the_past_too() -> None:
    """JS-30."""
    key = RecordKey(PERSON, "penalty", KEY.record)
    words = msgspec.structs.replace(any_words(), fields={}, boxes=(Box(PERSON, b"", b""),))
    said = msgspec.structs.replace(penalty(key=key), words=words)

    for channel in (*OUTWARD, *INSIDE):
        assert ask(hold(said), channel).disclosed == ()


FIELDS = {
    "cf_jdrq": st.sampled_from(["2019-01-01", "2023-01-20", "2025-12-01", "2026-06-05"]),
    "cf_cflb": st.sampled_from([("警告",), ("罚款",), ("责令停产停业",), ("其他",)]),
}
said = st.builds(
    lambda day, provider, fields: msgspec.structs.replace(
        penalty(day, **fields), provider=provider
    ),
    st.integers(1, 20),
    st.sampled_from([PROVIDER, OTHER_PROVIDER]),
    st.fixed_dictionaries(FIELDS),
)
VALUES = {
    MarkKind.CLASSIFIED: ["minor", "general", "serious"],
    MarkKind.RUNNING: ["", "2027-01-01"],
}


@st.composite
def noted(draw: st.DrawFn) -> Mark:
    kind = draw(st.sampled_from(MarkKind))
    return msgspec.structs.replace(
        note(
            kind,
            draw(st.integers(1, 20)),
            provider=draw(st.sampled_from([PROVIDER, OTHER_PROVIDER])),
        ),
        id=draw(st.sampled_from(["1", "2"])),
        phase=draw(st.sampled_from(Phase)),
        value=draw(st.sampled_from(VALUES.get(kind, [""]))),
    )


@st.composite
def held_penalties(draw: st.DrawFn) -> list[Holding]:
    subject = draw(st.sampled_from([ORGANISATION, PERSON]))
    key = RecordKey(subject, "penalty", KEY.record)
    statements = [
        msgspec.structs.replace(each, subject=subject)
        for each in draw(st.lists(said, min_size=1, max_size=4, unique_by=lambda each: each.key))
    ]
    marks = draw(st.lists(noted(), max_size=4, unique_by=lambda mark: mark.key("i", "r")))
    return [Holding(key=key, statements=tuple(statements), marks=tuple(marks))]


days = st.integers(0, 25).map(lambda count: date(2026, 5, 31) + timedelta(days=count))
todays = st.sampled_from([date(2026, 6, 26), TODAY, date(2029, 5, 1), date(2035, 1, 1)])
rulebooks = st.sampled_from([JIANGSU, load_rulebook("national")])


@given(held_penalties(), days, todays, st.sampled_from(OUTWARD), rulebooks)
def test_outward_a_replay_shows_nothing_that_today_withholds(
    held: list[Holding], as_of: date, day: date, channel: Channel, rulebook: Rulebook
) -> None:
    replayed = ask(held, channel, as_of=as_of, day=day, rulebook=rulebook)
    today = ask(held, channel, as_of=None, day=day, rulebook=rulebook)

    shown_today = {each.facts.key: each.decision for each in today.disclosed}
    for each in replayed.disclosed:
        assert each.facts.key in shown_today
        assert set(shown_today[each.facts.key].marks) <= set(each.decision.marks)


@given(held_penalties(), days, todays, st.sampled_from(OUTWARD))
def test_a_replay_shows_nothing_that_was_withheld_then(
    held: list[Holding], as_of: date, day: date, channel: Channel
) -> None:
    moment = stamp(last_instant(as_of))
    past = [old for each in held if (old := held_by(each, moment)).size]

    then = ask(past, channel, as_of=None, day=as_of)

    shown_then = {each.facts.key: each for each in then.disclosed}
    for each in ask(held, channel, as_of=as_of, day=day).disclosed:
        assert each.facts == shown_then[each.facts.key].facts
        assert each.decision.fields.items() <= shown_then[each.facts.key].decision.fields.items()


@given(held_penalties(), days, todays, st.sampled_from(sorted(INSIDE)))
def test_inside_a_replay_is_what_was_answered_then(
    held: list[Holding], as_of: date, day: date, channel: Channel
) -> None:
    moment = stamp(last_instant(as_of))
    past = [old for each in held if (old := held_by(each, moment)).size]

    then = ask(past, channel, as_of=None, day=as_of)

    assert ask(held, channel, as_of=as_of, day=day).disclosed == then.disclosed


# -- rules and catalogue of the day ----------------------------------------------------------------


def rules_that(treatment: str, channel: str, *, before: str, directory: Path) -> Rulebook:
    """Jiangsu's rules, where since 2026-07-01 an `openness` or state is treated as `treatment`."""
    for file in RULEBOOKS.glob("*.toml"):
        shutil.copy(file, directory)
    (directory / "changing.toml").write_text(
        f"""
        name = "changing"
        title = "变"
        title_en = "Changing"
        edition = 1
        beneath = "jiangsu"
        [rules.treatment.disputed]
        {channel} = [
            {{ effective = 2026-07-01, source = "OWN", value = "{treatment}" }},
            {{ effective = 0001-01-01, source = "OWN", value = "{before}" }},
        ]
        """,
        encoding="utf-8",
    )
    return load_rulebook("changing", directory)


def test_inside_the_rules_of_the_day_decide(tmp_path: Path) -> None:
    rulebook = rules_that("withheld", "operator", before="shown", directory=tmp_path)
    held = hold(penalty(), marks=(note(MarkKind.DISPUTED, BEFORE),))

    assert ask(held, "operator", as_of=None, rulebook=rulebook).disclosed == ()
    [told] = ask(held, "operator", rulebook=rulebook).disclosed
    assert told.decision.outcome == "shown"


@pytest.mark.parametrize(("now", "before"), [("withheld", "shown"), ("shown", "withheld")])
def test_outward_the_rules_of_both_days_decide(now: str, before: str, tmp_path: Path) -> None:
    rulebook = rules_that(now, "authorised", before=before, directory=tmp_path)
    held = hold(penalty(), marks=(note(MarkKind.DISPUTED, BEFORE),))

    assert ask(held, "authorised", rulebook=rulebook).disclosed == ()


def test_outward_a_field_closed_since_is_closed_in_the_past(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def catalogue(on: date) -> Catalogue:
        known = load_catalogue(TODAY)
        if on == PAST:
            return known
        item = known.item("penalty")
        schema = msgspec.structs.replace(
            item.schema,
            fields=tuple(
                msgspec.structs.replace(field, openness="internal")
                if field.name == "cf_wsh"
                else field
                for field in item.schema.fields
            ),
        )
        closed = msgspec.structs.replace(item, schema=schema)
        return msgspec.structs.replace(known, items={**known.items, "penalty": closed})

    monkeypatch.setattr(queries, "load_catalogue", catalogue)
    held = hold(penalty())

    [outward] = ask(held, "public").disclosed
    [inside] = ask(held, "operator").disclosed

    assert "cf_wsh" not in outward.decision.fields
    assert "cf_jdrq" in outward.decision.fields
    assert inside.decision.fields["cf_wsh"]


def test_the_past_is_decided_on_by_the_one_decision_at_the_door() -> None:
    with patch.object(queries, "decide", wraps=decide) as asked:
        ask(hold(penalty()), "public")
        ask(hold(penalty()), "operator")

    assert [call.args[4] for call in asked.call_args_list] == [PAST, TODAY, TODAY, PAST]
