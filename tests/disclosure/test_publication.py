"""Publication: a view that follows the archive, never shows too much, and can be made anew."""

from datetime import date, timedelta

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind, Phase, RecordKey
from chalicelib.archive.store import read_record
from chalicelib.disclosure.publication import store
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.jobs.archives import Part
from chalicelib.jobs.expire import end_disclosures
from chalicelib.jobs.rebuild import rebuild_part
from tests.disclosure.archives import JIANGSU, TODAY, mark, say
from tests.factories import KEY, ORGANISATION, any_mark

pytestmark = pytest.mark.usefixtures("aws")

LAST_DAY = date(2029, 5, 10)


def published(day: date = TODAY) -> list[str]:
    return [facts.key.record for facts, _, _ in read_published(ORGANISATION, day, JIANGSU)]


def rows() -> list[dict[str, object]]:
    return sorted((dict(row.attribute_values) for row in store.Publication.scan()), key=str)


def test_a_penalty_is_published_without_what_is_internal() -> None:
    say()
    project(KEY, TODAY, JIANGSU)

    [(facts, _, decision)] = read_published(ORGANISATION, TODAY, JIANGSU)

    assert facts.fields.keys() == {"cf_wsh", "cf_jdrq", "cf_cflb"}
    assert "bz" not in decision.fields
    assert decision.reason.source == "JS-20"


def test_a_row_that_the_job_has_not_tidied_is_not_shown_after_the_last_day() -> None:
    say()
    project(KEY, TODAY, JIANGSU)

    assert published(LAST_DAY) == [KEY.record]
    assert published(LAST_DAY + timedelta(days=1)) == []


def test_ending_disclosures_empties_rows_of_missed_days_and_is_safe_to_repeat() -> None:
    say()
    project(KEY, TODAY, JIANGSU)
    late = LAST_DAY + timedelta(days=40)

    assert end_disclosures(LAST_DAY, JIANGSU) == 0
    assert end_disclosures(late, JIANGSU) == 1
    assert end_disclosures(late, JIANGSU) == 0
    [row] = rows()
    assert "body" not in row
    assert "ends" not in row


@pytest.mark.parametrize("kind", [MarkKind.ANNULLED, MarkKind.DELETED, MarkKind.REPAIRED])
def test_a_mark_takes_a_record_down_at_once_and_its_closing_brings_it_back(kind: MarkKind) -> None:
    say()
    project(KEY, TODAY, JIANGSU)

    assert mark(any_mark(kind))
    assert published() == []
    assert not mark(any_mark(kind))
    assert mark(any_mark(kind, Phase.CLOSE))
    assert published() == [KEY.record]


def test_a_dispute_annotates_without_taking_down() -> None:
    """JS-33."""
    say()
    project(KEY, TODAY, JIANGSU)
    mark(any_mark(MarkKind.DISPUTED))

    [(_, _, decision)] = read_published(ORGANISATION, TODAY, JIANGSU)
    assert decision.marks == ("disputed",)


def test_a_person_leaves_no_row_at_all() -> None:
    person = RecordKey("P" + "A" * 26, "penalty", KEY.record)
    say(person)
    project(person, TODAY, JIANGSU)
    mark(any_mark(), person)

    assert rows() == []


def test_a_projector_that_read_before_the_mark_cannot_bring_the_record_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say()
    where = "chalicelib.disclosure.publication.projection.read_record"

    def read_then_be_overtaken(key: RecordKey) -> object:
        before = read_record(key)
        monkeypatch.setattr(where, read_record)
        mark(any_mark())
        return before

    monkeypatch.setattr(where, read_then_be_overtaken)

    assert not project(KEY, TODAY, JIANGSU)
    assert published() == []


def test_every_mark_and_every_word_counts_however_they_alternate() -> None:
    for number in range(1, 5):
        say(day=number, cf_nr=f"更正{number}")
        project(KEY, TODAY, JIANGSU)
        mark(any_mark(mark_id=f"c{number}"))

    [row] = rows()
    assert (row["size"], row["marks"]) == (8, 4)
    assert published() == []


def test_rebuilding_gives_the_rows_that_following_gave() -> None:
    for number in range(5):
        say(msgspec.structs.replace(KEY, record=f"1RECORD{number}"), cf_wsh=f"〔2026〕{number}号")
    for number in range(5):
        project(msgspec.structs.replace(KEY, record=f"1RECORD{number}"), TODAY, JIANGSU)
    mark(any_mark(), msgspec.structs.replace(KEY, record="1RECORD3"))
    followed = rows()
    for row in store.Publication.scan():
        row.delete()

    for segment in range(2):
        part = Part(segment=segment, segments=2)
        while True:
            done = rebuild_part(part, TODAY, JIANGSU)
            if done.start is None:
                break
            part = msgspec.structs.replace(part, start=done.start)

    assert rows() == followed


def test_a_row_of_another_edition_is_read_from_the_archive() -> None:
    say()
    project(KEY, TODAY, JIANGSU)
    newer = msgspec.structs.replace(JIANGSU, edition=JIANGSU.edition + 1)
    say(day=2, cf_nr="更正")

    [(facts, _, _)] = read_published(ORGANISATION, TODAY, newer)

    assert facts.fields["cf_nr"] == "更正"
