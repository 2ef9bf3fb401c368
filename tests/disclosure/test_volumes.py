"""Anomalous volumes of queries: noticed, stopped, lifted by the supervisor with a reason (NJ-52)."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.disclosure.volumes.stops import alerts, lift, stops_of
from chalicelib.disclosure.volumes.values import Asker, Counted, Excess, Lifting
from chalicelib.disclosure.volumes.watching import count_queries, count_query
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Measure, Watched
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from tests.disclosure.watched import AT, CLERK, COLLEAGUE, MACHINE, OTHER, rules_with, told

LIFTING = Lifting(at=AT, by="supervisor-1", reason="核查属实，专项清理")
HOUR = timedelta(hours=1)


def ask(asker: Asker, rules: Rulebook, *subjects: str, at: object = AT) -> list[str]:
    """Ask about each subject in turn: the codes of the refusals, empty where there was none."""
    codes = []
    for subject in subjects:
        try:
            count_query(asker, subject, at, rules)  # type: ignore[arg-type]
            codes.append("")
        except DomainError as refusal:
            codes.append(refusal.code.id)
    return codes


STOPPED = "E-VOLUME-01"


def test_should_tell_once_when_a_volume_is_noticed(aws: dict[str, str]) -> None:
    rules = rules_with(staff_hour=(3, 1000))
    assert ask(CLERK, rules, *"abcde") == [""] * 5
    assert told() == [("noticed", 3)]
    [alert] = alerts(None, 10).alerts
    assert alert.excess.id.startswith("20261122T11.hour.")
    assert ask(CLERK, rules, "f") == [""]
    assert told() == [("noticed", 3), ("noticed", 6)]


def test_should_refuse_the_account_and_nobody_else_when_its_volume_is_too_large(
    aws: dict[str, str],
) -> None:
    rules = rules_with(staff_hour=(2, 4))
    assert ask(CLERK, rules, *"abcdef") == ["", "", "", STOPPED, STOPPED, STOPPED]
    assert ask(COLLEAGUE, rules, "a") == [""]
    assert ask(OTHER, rules, "a") == [""]
    assert told() == [("noticed", 2), ("noticed", 4), ("stopped", 4)]


def test_should_refuse_the_whole_organisation_when_its_volume_is_too_large(
    aws: dict[str, str],
) -> None:
    rules = rules_with(organisation_day=(2, 3))
    assert ask(CLERK, rules, "a") + ask(COLLEAGUE, rules, "a") == ["", ""]
    assert ask(MACHINE, rules, "a") == [STOPPED]
    assert ask(CLERK, rules, "a") == [STOPPED]
    [stop] = stops_of(CLERK.organisation)
    assert (stop.excess.staff, stop.excess.id) == ("", "20261122.day.-.1")
    assert (stop.excess.source, stop.excess.rulebook) == ("NJ-52", "nanjing")


def test_should_count_each_subject_once_a_day_when_subjects_are_watched(
    aws: dict[str, str],
) -> None:
    rules = rules_with(staff_subjects=(2, 3))
    assert ask(CLERK, rules, "a", "a", "a", "b", "b") == [""] * 5
    assert ask(CLERK, rules, "c") == [STOPPED]


def test_should_watch_machines_as_their_organisation_when_they_ask(aws: dict[str, str]) -> None:
    rules = rules_with(staff_hour=(1, 2), organisation_hour=(3, 4))
    assert ask(MACHINE, rules, *"abcd") == ["", "", "", STOPPED]


def test_should_count_people_and_machines_of_one_organisation_together(
    aws: dict[str, str],
) -> None:
    """Single queries and batch checks alike; what an account reaches stops the account alone."""
    rules = rules_with(organisation_hour=(2, 4), organisation_checked=(100, 300))
    assert ask(CLERK, rules, "a") == ask(MACHINE, rules, "b") == ask(COLLEAGUE, rules, "c") == [""]
    assert ask(MACHINE, rules, "d") == [STOPPED]
    assert ask(CLERK, rules, "e") == [STOPPED]
    assert ask(OTHER, rules, "a") == [""]
    [stop] = stops_of(CLERK.organisation)
    lift(CLERK.organisation, stop.excess.id, LIFTING)

    count_queries(CLERK, 100, AT, rules)
    count_queries(MACHINE, 100, AT, rules)
    with pytest.raises(DomainError, match=STOPPED):
        count_queries(COLLEAGUE, 100, AT, rules)
    for asker in (CLERK, COLLEAGUE, MACHINE):
        assert ask(asker, rules, "f") == [STOPPED]


def test_should_count_anew_when_the_hour_or_the_day_is_another(aws: dict[str, str]) -> None:
    rules = rules_with(staff_hour=(1, 2), staff_day=(3, 4))
    assert ask(CLERK, rules, "a") == [""]
    assert ask(CLERK, rules, "a", at=AT + HOUR) == [""]
    assert ask(CLERK, rules, "a", at=AT + 2 * HOUR) == [""]
    assert ask(CLERK, rules, "a", at=AT + 24 * HOUR) == [""]
    assert ask(CLERK, rules, "a", at=AT + 25 * HOUR) == [""]


def test_should_stay_stopped_over_days_when_nobody_lifts_it(aws: dict[str, str]) -> None:
    rules = rules_with(staff_hour=(1, 2))
    ask(CLERK, rules, "a", "b")
    assert ask(CLERK, rules, "c", at=AT + 240 * HOUR) == [STOPPED]


def test_should_let_queries_go_on_until_the_next_threshold_when_a_stop_is_lifted(
    aws: dict[str, str],
) -> None:
    rules = rules_with(staff_hour=(3, 3))
    assert ask(CLERK, rules, *"abc") == ["", "", STOPPED]
    [stop] = stops_of(CLERK.organisation)
    lifted = lift(CLERK.organisation, stop.excess.id, LIFTING)
    assert lifted.lifted == LIFTING
    assert ask(CLERK, rules, *"abc") == ["", "", STOPPED]
    assert [each.lifted for each in stops_of(CLERK.organisation)] == [LIFTING, None]
    stopped = [("lifted", 3), ("noticed", 3), ("stopped", 3), ("noticed", 6), ("stopped", 6)]
    assert told() == stopped


def test_should_keep_the_first_lifting_when_it_is_repeated(aws: dict[str, str]) -> None:
    rules = rules_with(staff_hour=(1, 1))
    ask(CLERK, rules, "a")
    [stop] = stops_of(CLERK.organisation)
    again = Lifting(at=AT + HOUR, by="supervisor-2", reason=LIFTING.reason)
    other = Lifting(at=AT, by="supervisor-1", reason="另一理由")
    assert lift(CLERK.organisation, stop.excess.id, LIFTING).lifted == LIFTING
    assert lift(CLERK.organisation, stop.excess.id, again).lifted == LIFTING
    with pytest.raises(DomainError, match="E-VOLUME-03"):
        lift(CLERK.organisation, stop.excess.id, other)
    with pytest.raises(DomainError, match="E-VOLUME-02"):
        lift(OTHER.organisation, stop.excess.id, LIFTING)


def test_should_count_every_subject_of_a_batch_when_it_is_checked(aws: dict[str, str]) -> None:
    rules = rules_with(staff_checked=(100, 250))
    count_queries(CLERK, 100, AT, rules)
    count_queries(CLERK, 100, AT, rules)
    assert told() == [("noticed", 100), ("noticed", 200)]
    with pytest.raises(DomainError, match=STOPPED):
        count_queries(CLERK, 100, AT, rules)
    assert ask(CLERK, rules, "a") == [STOPPED]


def test_should_forget_counts_in_some_days_when_they_are_kept(aws: dict[str, str]) -> None:
    ask(CLERK, rules_with(), "a")
    items = dynamodb().scan(TableName=settings().counters_table)["Items"]
    assert len(items) == 3
    for item in items:
        assert 2 * 86400 < int(item["ends"]["N"]) - AT.timestamp() <= 3 * 86400


def test_should_page_newest_first_when_many_alerts_were_made(aws: dict[str, str]) -> None:
    rules = rules_with(staff_hour=(1, 1000))
    for number in range(5):
        ask(CLERK, rules, "a", at=AT + timedelta(minutes=number))
    first = alerts(None, 2)
    rest = alerts(first.cursor, 10)
    counts = [each.excess.count for each in (*first.alerts, *rest.alerts)]
    assert (counts, rest.cursor) == ([5, 4, 3, 2, 1], None)


@given(steps=st.lists(st.integers(1, 40), min_size=1, max_size=30), stop=st.integers(5, 60))
def test_should_stop_once_for_each_full_threshold_when_volumes_grow(
    steps: list[int], stop: int
) -> None:
    """Whatever the steps, no threshold passes unstopped, and none stops twice."""
    rules = rules_with(staff_checked=(stop, stop)).query_volume["staff"]["checked"].on(AT.date())
    made: list[str] = []
    total = 0
    for step in steps:
        total += step
        excess = _counted(total, step).stop(rules, made)
        if excess:
            made.append(excess.id)
        assert _counted(total, step).stop(rules, made) is None
        assert (int(made[-1].rpartition(".")[2]) if made else 0) == total // stop


def _counted(count: int, added: int) -> Counted:
    return Counted(asker=CLERK, watched="staff", measure="checked", count=count, added=added, at=AT)


@pytest.mark.parametrize("name", ["national", "jiangsu", "nanjing", "shenzhen", "shandong"])
@pytest.mark.parametrize("watched", get_args(Watched))
@pytest.mark.parametrize("measure", get_args(Measure))
def test_should_have_thresholds_from_its_own_text_or_ours_when_a_rulebook_is_asked(
    name: str, watched: Watched, measure: Measure
) -> None:
    rule = load_rulebook(name).query_volume[watched][measure]
    today, before = rule.on(AT.date()), rule.on(date(2020, 6, 30))
    assert today.source == ("NJ-52" if name == "nanjing" else "OWN")
    assert before.source == "OWN"
    assert today.value.notice < today.value.stop


def test_should_name_no_account_in_ids_when_one_is_stopped(aws: dict[str, str]) -> None:
    ask(CLERK, rules_with(staff_hour=(1, 1)), "a")
    [stop] = stops_of(CLERK.organisation)
    assert isinstance(stop.excess, Excess)
    assert "clerk" not in stop.excess.id
    assert stop.excess.staff == "clerk"
