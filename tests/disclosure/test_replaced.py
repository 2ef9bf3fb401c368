"""A replaced record leaves the public view, and what is noted on it reaches the one in its place."""

import msgspec
import pytest

from chalicelib.archive import store as archive
from chalicelib.archive.statements import Mark, MarkKind, RecordKey, Statement
from chalicelib.archive.visibility import PUBLIC, Viewer
from chalicelib.disclosure.following import follow
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.queries import read_archive
from tests.disclosure.archives import JIANGSU, TODAY, mark, say
from tests.factories import KEY, ORGANISATION, PROVIDER, any_mark

OTHER = "91329900MA2UUP366Y"
NEW = RecordKey(OTHER, "penalty", "1BBBBBBBBBBBBBBBB")
PERSON = RecordKey("P" + "A" * 26, "penalty", KEY.record)

pytestmark = pytest.mark.usefixtures("aws")


def correct(old: RecordKey = KEY) -> Statement:
    """Move what is said on the record `old` to the record `NEW`."""
    words = say(old).words
    new = say(NEW, day=1, upload="20260601-BBBB")
    statement = msgspec.structs.replace(new, words=words, digest="D" * 16)
    archive.move_words(statement, [_end(old, NEW, "replaced"), _end(NEW, old, "replaces")])
    for key in (old, NEW):
        project(key, TODAY, JIANGSU)
    return statement


def _end(place: RecordKey, other: RecordKey, kind: str) -> tuple[RecordKey, Mark]:
    one = any_mark(MarkKind(kind), provider=PROVIDER, mark_id=f"{PROVIDER}.1")
    changed = {"value": str(other), "at": "20260602T000000.000Z"}
    return place, msgspec.structs.replace(one, **changed)


def published(subject: str) -> list[str]:
    return [facts.key.record for facts, _, _ in read_published(subject, TODAY, JIANGSU)]


def test_the_record_in_its_place_is_shown_and_the_old_one_told_inside_only() -> None:
    correct()

    assert (published(ORGANISATION), published(OTHER)) == ([], [NEW.record])
    for channel in ("authorised", "ex_officio", "judicial", "special_report"):
        reading = read_archive(ORGANISATION, PUBLIC, channel, TODAY, JIANGSU)
        assert reading.disclosed == ()
    (own,) = read_archive(ORGANISATION, Viewer(ORGANISATION), "own", TODAY, JIANGSU).disclosed
    assert own.decision.marks == ("replaced",)


@pytest.mark.parametrize("old", [KEY, PERSON], ids=["organisation", "person"])
def test_a_mark_on_the_old_record_hides_the_new_one_at_once(old: RecordKey) -> None:
    correct(old)
    assert published(OTHER) == [NEW.record]

    assert mark(any_mark(MarkKind.REPAIRED), old)
    assert published(OTHER) == []
    assert not mark(any_mark(MarkKind.REPAIRED), old)
    project(NEW, TODAY, JIANGSU)
    assert published(OTHER) == []


@pytest.mark.parametrize("old", [KEY, PERSON], ids=["organisation", "person"])
def test_a_mark_that_comes_in_by_the_stream_reaches_the_new_record(old: RecordKey) -> None:
    correct(old)
    repaired = any_mark(MarkKind.REPAIRED)
    archive.add_marks([(old, repaired)])

    keys = {"subject": {"S": old.subject}, "key": {"S": repaired.key(old.item, old.record)}}
    follow(keys, TODAY, JIANGSU, set())

    assert published(OTHER) == []


def test_a_mark_that_does_not_reach_the_new_record_leaves_it_alone() -> None:
    """Its provider had said nothing on the old one."""
    say(NEW)
    other = RecordKey(ORGANISATION, "penalty", "1CCCCCCCCCCCCCCCC")
    archive.add_marks([_end(other, NEW, "replaced"), _end(NEW, other, "replaces")])
    project(NEW, TODAY, JIANGSU)

    assert mark(any_mark(MarkKind.REPAIRED), other)
    assert published(OTHER) == [NEW.record]


def test_a_mark_without_words_is_no_record_of_an_archive() -> None:
    withdrawn = any_mark(MarkKind.WITHDRAWN, provider=PROVIDER)
    archive.add_marks([(KEY, withdrawn)])

    assert read_archive(ORGANISATION, PUBLIC, "operator", TODAY, JIANGSU).disclosed == ()
