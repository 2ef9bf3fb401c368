"""Entries for responsible persons (NJ-43): they follow the organisation's record, and tell no more."""

from datetime import date
from functools import partial
from typing import get_args

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind, Phase, RecordKey
from chalicelib.archive.store import read_records, record_of
from chalicelib.archive.visibility import Viewer
from chalicelib.disclosure.entries import store
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.projection import set_mark
from chalicelib.disclosure.publication.store import Publication
from chalicelib.disclosure.queries import Disclosed, Portion, read_archive
from chalicelib.jobs.archives import Part
from chalicelib.jobs.rebuild import rebuild_part
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Channel, Rule, Ruled
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import destroy_person
from tests.disclosure.archives import JIANGSU, TODAY, say
from tests.disclosure.responsible import (
    LIN,
    LISTED,
    NAME_ONLY,
    WANG,
    Named,
    list_organisation,
)
from tests.factories import ORGANISATION, PROVIDER, any_mark
from tests.faults.views import views

pytestmark = pytest.mark.usefixtures("aws")

NANJING = load_rulebook("nanjing")
CHANNELS: tuple[Channel, ...] = get_args(Channel)
TRADER = "R329900600000001"


def follow(key: RecordKey = LISTED, rulebook: Rulebook = NANJING) -> None:
    update_views(key, TODAY, rulebook)


def enter(*named: Named) -> None:
    list_organisation(*named)
    follow()


def entered(
    named: Named = WANG,
    channel: Channel = "own",
    *,
    day: date = TODAY,
    as_of: date | None = None,
    item: str = "",
    rulebook: Rulebook = NANJING,
) -> list[Disclosed]:
    person = named.person.subject
    reading = read_archive(person, Viewer(person), channel, day, rulebook, item, as_of)
    return list(reading.disclosed)


def of_organisation(channel: Channel, rulebook: Rulebook = NANJING) -> dict[str, Disclosed]:
    viewer = Viewer(ORGANISATION)
    reading = read_archive(ORGANISATION, viewer, channel, TODAY, rulebook)
    return {each.facts.key.record: each for each in reading.disclosed}


def note(kind: MarkKind, phase: Phase = Phase.OPEN, *, provider: str = "", value: str = "") -> None:
    mark = msgspec.structs.replace(
        any_mark(kind, phase, provider=provider), at="20260620T000000.000Z", value=value
    )
    assert set_mark(LISTED, mark, TODAY, NANJING)


# -- what is entered, and how it is told -----------------------------------------------------------


def test_a_serious_record_stands_in_the_archives_of_those_who_answer_for_it() -> None:
    """NJ-43: 同步将该严重失信行为记入…法定代表人、实际控制人…信用档案."""
    enter(WANG, LIN)

    for named in (WANG, LIN):
        [entry] = entered(named)
        assert entry.entered_from == ORGANISATION
        assert entry.path == f"{ORGANISATION}/{LISTED.path}"
        assert entry.decision.fields["identification_no"] == "清人社列〔2026〕1号"
        assert entry.decision.marks == ("entered",)
        assert (entry.decision.reason.about, entry.decision.reason.source) == ("entered", "NJ-43")
        assert "person" in {reason.about for reason in entry.decision.reasons}


def test_the_organisations_own_archive_is_as_it_was() -> None:
    enter(WANG)

    [record] = of_organisation("own").values()

    assert record.entered_from is None
    assert record.decision.marks == ()


def test_entries_follow_the_persons_own_records_in_portions() -> None:
    enter(WANG)
    own = RecordKey(WANG.person.subject, "penalty", "1OWN")
    say(own)
    read = partial(read_archive, own.subject, Viewer(own.subject), "own", TODAY, NANJING)

    first = read(portion=Portion(most=1))
    assert [each.path for each in first.disclosed] == [own.path]
    assert first.rest is not None

    second = read(portion=Portion(first.rest, 1))
    assert [each.path for each in second.disclosed] == [str(LISTED)]
    assert second.rest is None

    third = read(portion=Portion(str(LISTED), 1))
    assert third.disclosed == ()


def test_an_entry_is_asked_for_by_its_item() -> None:
    enter(WANG)

    assert len(entered(item="dishonesty")) == 1
    assert entered(item="penalty") == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_entry_tells_of_its_own_person_only_and_no_more_than_the_record(
    channel: Channel,
) -> None:
    enter(WANG, LIN)

    record = of_organisation(channel)[LISTED.record].decision
    for entry in entered(WANG, channel):
        fields = entry.decision.fields
        assert {name: record.fields[name] for name in fields} == dict(fields)
        assert set(entry.decision.masked) <= set(record.masked)
        assert not {"sjkzr", "sjkzr_zjlx", "sjkzr_zjhm"} & fields.keys()
        assert LIN.name not in str(entry.facts)
        assert LIN.number not in str(entry.facts)
    assert bool(entered(WANG, channel)) == (channel != "public")


@pytest.mark.parametrize("channel", ["authorised", "special_report"])
def test_outward_the_own_number_is_masked(channel: Channel) -> None:
    enter(WANG)

    [entry] = entered(WANG, channel)

    assert "bz" not in entry.decision.fields
    assert entry.decision.fields["fr_zjhm"] != WANG.number
    assert entry.decision.fields["legal_repre"] != WANG.name


def test_nobody_reads_it_as_the_persons_own_but_the_person() -> None:
    enter(WANG)
    person = WANG.person.subject

    for stranger in (LIN.person.subject, ORGANISATION, None):
        reading = read_archive(person, Viewer(stranger), "own", TODAY, NANJING)
        assert reading.disclosed == ()


def test_it_is_never_published_even_where_persons_are() -> None:
    shown = Rule((Ruled(value="shown", source="OWN", effective=date.min, rulebook="test"),))
    treatment = {**NANJING.treatment, "person": dict.fromkeys(CHANNELS, shown)}
    open_to_all = msgspec.structs.replace(NANJING, treatment=treatment)
    list_organisation(WANG)
    follow(rulebook=open_to_all)

    assert entered(WANG, "public", rulebook=open_to_all) == []
    assert {row.subject for row in Publication.scan()} == {ORGANISATION}


# -- what is not -----------------------------------------------------------------------------------


def test_nothing_is_entered_where_no_rule_says_so() -> None:
    list_organisation(WANG)
    follow(rulebook=JIANGSU)

    assert list(store.read(WANG.person.subject)) == []
    assert entered(rulebook=JIANGSU) == []


def test_a_rule_that_is_not_in_force_yet_enters_nothing_before_its_day() -> None:
    begins = date(2027, 1, 1)
    values = (
        Ruled(value=True, source="NJ-43", effective=begins, rulebook="test"),
        Ruled(value=False, source="OWN", effective=date.min, rulebook="test"),
    )
    later = msgspec.structs.replace(NANJING, entered_for_responsible=Rule(values))
    list_organisation(WANG)
    follow(rulebook=later)

    assert entered(rulebook=later) == []
    assert len(entered(day=begins, rulebook=later)) == 1


def test_who_is_known_by_name_only_is_not_entered() -> None:
    enter(NAME_ONLY)

    assert entered(NAME_ONLY) == []


def test_a_sole_trader_is_not_an_organisation() -> None:
    key = msgspec.structs.replace(LISTED, subject=TRADER)
    list_organisation(WANG, key=key, xdr_lb="个体工商户")
    follow(key)

    assert entered() == []


def test_a_record_that_is_not_serious_is_not_entered() -> None:
    """An operator's class counts as any other."""
    enter(WANG)
    note(MarkKind.CLASSIFIED, value="general")

    assert entered() == []


def test_who_answers_is_read_from_the_present_words() -> None:
    enter(WANG)
    list_organisation(LIN, day=2)
    follow()

    assert entered(WANG) == []
    assert len(entered(LIN)) == 1


# -- it follows the record -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [MarkKind.ANNULLED, MarkKind.DELETED, MarkKind.REPAIRED, MarkKind.DISPUTED]
)
@pytest.mark.parametrize("channel", ["own", "authorised", "ex_officio", "operator"])
def test_what_is_noted_on_the_record_holds_for_the_entry(kind: MarkKind, channel: Channel) -> None:
    """Nobody follows the mark: it is decided on reading."""
    enter(WANG)
    note(kind)

    record = of_organisation(channel).get(LISTED.record)
    entries = entered(WANG, channel)

    assert len(entries) == (record is not None)
    if record is not None:
        assert set(entries[0].decision.marks) == {"entered", *record.decision.marks}
    note(kind, Phase.CLOSE)
    assert entered(WANG, channel)[0].decision.marks == ("entered",)


def test_what_its_provider_takes_back_is_gone() -> None:
    enter(WANG)
    note(MarkKind.WITHDRAWN, provider=PROVIDER)

    assert entered() == []


def test_an_ended_record_is_gone_outward_and_marked_for_the_own_eyes() -> None:
    enter(WANG)
    late = date(2036, 1, 1)

    assert entered(WANG, "authorised", day=late) == []
    [own] = entered(WANG, "own", day=late)
    assert "ended" in own.decision.marks


def test_an_erased_person_has_no_entry() -> None:
    enter(WANG, LIN)
    person = WANG.person.subject
    destroy_person(person, when="20261122T000000.000Z")

    reading = read_archive(person, Viewer(person), "operator", TODAY, NANJING)

    assert reading.disclosed == ()
    assert len(entered(LIN, "operator")) == 1


# -- the past --------------------------------------------------------------------------------------

BEFORE, BETWEEN, AFTER = date(2026, 5, 31), date(2026, 6, 5), date(2026, 6, 15)


def test_a_past_day_shows_the_entries_of_that_day() -> None:
    enter(WANG)
    list_organisation(LIN, day=10)
    follow()

    assert entered(WANG, as_of=BEFORE) == []
    assert len(entered(WANG, as_of=BETWEEN)) == 1
    assert entered(LIN, as_of=BETWEEN) == []
    assert len(entered(LIN, as_of=AFTER)) == 1
    assert entered(WANG, as_of=AFTER) == []


@pytest.mark.parametrize("channel", ["authorised", "special_report", "ex_officio"])
def test_outward_a_past_day_shows_no_entry_that_is_none_today(channel: Channel) -> None:
    enter(WANG)
    assert len(entered(WANG, channel, as_of=BETWEEN)) == 1

    list_organisation(LIN, day=10)
    follow()
    assert entered(WANG, channel, as_of=BETWEEN) == []

    list_organisation(WANG, day=11)
    follow()
    note(MarkKind.REPAIRED)
    assert entered(WANG, channel, as_of=BETWEEN) == []


# -- the view --------------------------------------------------------------------------------------


def pointers() -> set[tuple[str, str]]:
    return {(place[1], place[2]) for place in views() if place[2].startswith("@entry/")}


def test_a_pointer_is_never_read_as_a_statement() -> None:
    enter(WANG)
    [(person, key)] = pointers()

    assert key == f"@entry/{ORGANISATION}/{LISTED.path}"
    assert record_of({"subject": {"S": person}, "key": {"S": key}}) is None
    assert list(read_records(person)) == []


def test_rebuilding_points_from_the_same_archives() -> None:
    enter(WANG, LIN)
    list_organisation(day=2, serill_rea="拖欠数额较大（更正）")
    follow()
    before = pointers()
    for person, key in before:
        place = {"subject": {"S": person}, "key": {"S": key}}
        dynamodb().delete_item(TableName=settings().archive_table, Key=place)

    assert len(before) == 2
    assert rebuild_part(Part(), TODAY, NANJING).start is None
    assert pointers() == before
