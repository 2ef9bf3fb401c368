"""After a change of rules or catalogue: views in steps, and the right answers all the time."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.catalogue import loader
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication import edition, reading
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.disclosure.publication.projection import read_anew
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.publication.store import Publication
from chalicelib.jobs import rebuild, store
from chalicelib.jobs import reevaluate as job
from chalicelib.jobs.expire import end_disclosures
from chalicelib.jobs.reevaluate import Reevaluation, find_progress, reevaluate
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.clock import LAWFUL_ZONE
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, any_mark
from tests.jobs.rulebooks import hiding_disputed, load_changed, raised

pytestmark = pytest.mark.usefixtures("aws")

NOW = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
RECORDS = 6


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "_READ", 2)
    monkeypatch.setattr(job, "_SEGMENTS", 1)


@pytest.fixture
def changed(tmp_path: Path) -> Rulebook:
    return hiding_disputed(tmp_path, TODAY)


def publish() -> None:
    """Penalties under the deployed rules, each second one disputed, and a registration."""
    register("清江桃溪食品有限公司")
    update_views(
        msgspec.structs.replace(KEY, item="registration", record="1REGISTRATION"), TODAY, JIANGSU
    )
    for number in range(RECORDS):
        key = msgspec.structs.replace(KEY, record=f"1RECORD{number}")
        say(key, cf_wsh=f"{number}号")
        update_views(key, TODAY, JIANGSU)
        if number % 2:
            mark(any_mark(MarkKind.DISPUTED), key)


def shown(rulebook: Rulebook, day: date = TODAY) -> list[tuple[str, tuple[str, ...]]]:
    published = read_published(ORGANISATION, day, rulebook)
    return [(facts.key.record, decision.marks) for facts, _, decision in published]


def rules_of_rows() -> set[str]:
    return {row.rules for row in Publication.scan()}


def steps(most: int) -> Callable[[], int]:
    """Time for so many steps."""
    left = chain(repeat(900_000, most), repeat(0))
    return lambda: next(left)


def finish(rulebook: Rulebook, now: datetime = NOW) -> Reevaluation:
    return reevaluate(now, rulebook, steps(99))


def test_the_public_is_answered_by_the_new_rules_before_during_and_after(changed: Rulebook) -> None:
    publish()
    before = shown(changed)
    assert before != shown(JIANGSU)
    assert [record for record, _ in before] == [
        "1RECORD0",
        "1RECORD2",
        "1RECORD4",
        "1REGISTRATION",
    ]

    answers, left = [], 1
    while left:
        left = len(reevaluate(NOW, changed, steps(1)).todo)
        answers.append(shown(changed))

    assert len(answers) > 3
    assert all(answer == before for answer in answers)
    assert rules_of_rows() == {edition_on(TODAY, changed).text}


def test_once_it_is_done_nobody_reads_the_archive_for_the_public(changed: Rulebook) -> None:
    publish()
    expected = shown(changed)
    finish(changed)

    with patch.object(reading, "read_anew", side_effect=AssertionError):
        assert shown(changed) == expected


def test_what_is_done_is_not_done_again(changed: Rulebook) -> None:
    publish()
    first = finish(changed)

    with patch.object(job, "rebuild_part", side_effect=AssertionError):
        again = finish(changed, NOW + timedelta(days=3))

    assert (first.todo, again) == ((), first)


def test_a_run_goes_on_where_the_last_one_stopped(changed: Rulebook) -> None:
    publish()

    parts = [reevaluate(NOW, changed, steps(1)) for _ in range(3)]

    markers = [part.start for state in parts for part in state.todo]
    assert len({str(marker) for marker in markers}) == 3
    assert finish(changed).todo == ()


def test_segments_side_by_side_reach_every_record(
    changed: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "_SEGMENTS", 4)
    publish()

    assert finish(changed).todo == ()

    assert rules_of_rows() == {edition_on(TODAY, changed).text}


def test_the_day_on_which_a_value_takes_effect_begins_another_one(tmp_path: Path) -> None:
    """Nothing is deployed that day."""
    publish()
    tomorrow = NOW + timedelta(days=1)
    dated = hiding_disputed(tmp_path, tomorrow.date())
    finish(dated)
    assert len(shown(dated)) == RECORDS + 1

    assert find_progress(tomorrow, dated)[1].todo
    assert len(shown(dated, tomorrow.date())) == RECORDS // 2 + 1
    finish(dated, tomorrow)

    bodies = {row.key for row in Publication.scan() if row.body is not None}
    assert bodies == {f"penalty/1RECORD{n}" for n in (0, 2, 4)} | {"registration/1REGISTRATION"}


def test_a_further_change_supersedes_what_is_not_finished(changed: Rulebook) -> None:
    publish()
    reevaluate(NOW, changed, steps(1))
    further = raised(changed)

    state = finish(further)

    assert state.edition == edition_on(TODAY, further).text
    assert rules_of_rows() == {state.edition}


def test_of_two_runs_at_a_time_one_stops(changed: Rulebook) -> None:
    publish()
    keep = store.keep_progress

    def overtaken(name: str, step: int, state: bytes) -> bool:
        keep(name, step, state)
        return keep(name, step, state)

    with patch.object(store, "keep_progress", overtaken):
        reevaluate(NOW, changed, steps(99))

    step, state = find_progress(NOW, changed)
    assert (step, len(state.todo)) == (1, 1)
    assert finish(changed).todo == ()


def test_new_words_beside_it_are_neither_lost_nor_shown_by_old_rules(changed: Rulebook) -> None:
    publish()
    reevaluate(NOW, changed, steps(1))
    key = msgspec.structs.replace(KEY, record="1RECORD1")
    say(key, day=2, cf_nr="更正")
    update_views(key, TODAY, JIANGSU)  # by a function that was started before the change

    assert "1RECORD1" not in [record for record, _ in shown(changed)]
    finish(changed)

    assert "1RECORD1" not in [record for record, _ in shown(changed)]


# -- what an edition is made of --------------------------------------------------------------------


@pytest.fixture
def adopting(tmp_path: Path) -> Iterator[date]:
    """A later version of an item in the catalogue; the day of its adoption."""
    items = tmp_path / "items"
    items.mkdir()
    for file in loader.ITEMS.glob("*.json"):
        (items / file.name).write_bytes(file.read_bytes())
    adopted = TODAY + timedelta(days=9)
    text = (items / "penalty.json").read_text("utf-8")
    item = loader.load_catalogue(TODAY).item("penalty")
    for old, new in ((item.version, "2026.9"), (item.adopted.isoformat(), adopted.isoformat())):
        assert f'"{old}"' in text
        text = text.replace(f'"{old}"', f'"{new}"', 1)
    (items / "penalty@2026.9.json").write_text(text, encoding="utf-8")
    register = loader.read_register(items, loader.DRAFTS)
    edition_on.cache_clear()
    with (
        patch.object(edition, "load_register", lambda: register),
        patch.object(edition, "load_catalogue", register.on),
    ):
        yield adopted
    edition_on.cache_clear()


def test_an_adopted_version_of_an_item_is_another_edition(adopting: date) -> None:
    before = edition_on(adopting - timedelta(days=1), JIANGSU)
    after = edition_on(adopting, JIANGSU)

    assert before.number < after.number
    assert before.text != after.text
    assert edition_on(adopting + timedelta(days=1), JIANGSU) == after


def test_rows_of_another_catalogue_are_not_believed(adopting: date) -> None:
    publish()

    with patch.object(reading, "read_anew", wraps=read_anew) as read:
        shown(JIANGSU)
        assert read.call_count == 0
        shown(JIANGSU, adopting)
        assert read.call_count == RECORDS + 1


def test_rules_with_the_same_number_are_told_apart_by_their_names() -> None:
    other = msgspec.structs.replace(JIANGSU, version="nanjing-1/national-9")

    assert edition_on(TODAY, other).number == edition_on(TODAY, JIANGSU).number
    assert edition_on(TODAY, other).text != edition_on(TODAY, JIANGSU).text


# -- expire ----------------------------------------------------------------------------------------

_LONGER = """
[rules]
overall_maximum_months.display = [
    { effective = 0001-01-01, source = "OWN", value = "unlimited" },
]
[[rules.term]]
for = { item = "penalty" }
values = [{ effective = 0001-01-01, source = "OWN", value = { maximum_months = MONTHS } }]
"""


@pytest.mark.parametrize(("months", "left"), [(1, 0), (900, RECORDS)])
def test_rows_whose_end_the_new_rules_have_moved_are_tidied(
    months: int, left: int, tmp_path: Path
) -> None:
    """A row's `ends` may be of rules that do not hold any more, before or after the true end."""
    rulebook = load_changed(tmp_path, _LONGER.replace("MONTHS", str(months)))
    publish()
    late = date(2040, 1, 1)

    end_disclosures(late, rulebook)
    finish(rulebook, datetime(2040, 1, 1, 12, tzinfo=LAWFUL_ZONE))

    bodies = [row.key for row in Publication.scan() if row.body is not None]
    assert len([key for key in bodies if key.startswith("penalty/")]) == left
    assert len([record for record, _ in shown(rulebook, late) if record != "1REGISTRATION"]) == left
    assert end_disclosures(late, rulebook) == 0
