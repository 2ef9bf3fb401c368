"""Public lists (NJ-40, SZ-27): who is on them now, who was, and that nobody withheld is shown."""

from datetime import date, timedelta

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind, Phase, RecordKey
from chalicelib.archive.store import insert_statements
from chalicelib.archive.visibility import PUBLIC
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.lists import Page, lists_on, read_list
from chalicelib.disclosure.publication import store
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.queries import read_archive
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime.errors import DomainError
from tests.collection.files import uscc
from tests.disclosure.archives import JIANGSU, TODAY, mark
from tests.disclosure.responsible import list_organisation
from tests.factories import PROVIDER, any_mark

pytestmark = pytest.mark.usefixtures("aws")

SUBJECTS = [uscc(number) for number in range(11, 19)]
END = date(2029, 5, 20)


def key_of(number: int) -> RecordKey:
    return RecordKey(SUBJECTS[number], "dishonesty", "1LISTED")


def put_on_list(number: int, *, day: int = 1, **fields: str) -> RecordKey:
    key = key_of(number)
    list_organisation(key=key, day=day, **fields)
    project(key, TODAY, JIANGSU)
    return key


def walk(
    day: date = TODAY, as_of: date | None = None, *, limit: int = 3, item: str = "dishonesty"
) -> list[str]:
    """Every page of a list."""
    seen: list[str] = []
    cursor = None
    while True:
        page = read_list(item, day, JIANGSU, as_of, cursor, limit)
        assert len(page.entries) <= limit
        seen += [each.facts.key.subject for each in page.entries]
        cursor = page.cursor
        if cursor is None:
            return seen


def page_of(as_of: date | None = None, rulebook: Rulebook = JIANGSU) -> Page:
    """The first page of the list."""
    return read_list("dishonesty", TODAY, rulebook, as_of, None, 9)


def note(key: RecordKey, kind: MarkKind, day: int = 10, phase: Phase = Phase.OPEN) -> None:
    given = msgspec.structs.replace(any_mark(kind, phase), at=f"202606{day:02d}T000000.000Z")
    assert mark(given, key)


# -- now -------------------------------------------------------------------------------------------


def test_the_lists_are_those_of_the_catalogue() -> None:
    found = {item.id: item.listing.kind for item in lists_on(TODAY) if item.listing}

    assert found == {
        "abnormal": "abnormal",
        "court_default": "dishonest",
        "dishonesty": "dishonest",
        "honour": "red",
    }


def test_what_is_no_list_is_refused() -> None:
    for item in ("penalty", "nothing"):
        with pytest.raises(DomainError) as refused:
            read_list(item, TODAY, JIANGSU, None, None, 9)
        assert refused.value.code.id == "E-LIST-01"


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 9])
def test_pages_are_newest_first_without_gap_or_repetition(limit: int) -> None:
    days = {number: 1 + number // 3 for number in range(8)}
    for number, day in days.items():
        put_on_list(number, day=day)

    seen = walk(limit=limit)

    by_place = sorted(days, key=lambda number: (days[number], SUBJECTS[number]), reverse=True)
    assert seen == [SUBJECTS[number] for number in by_place]


def test_an_entry_is_what_the_public_may_see_of_the_record() -> None:
    put_on_list(0)

    [entry] = page_of().entries
    [(facts, _, decision)] = read_published(SUBJECTS[0], TODAY, JIANGSU)

    assert (entry.facts, entry.decision) == (facts, decision)
    assert "bz" not in entry.decision.fields


@pytest.mark.parametrize("kind", [MarkKind.REPAIRED, MarkKind.ANNULLED, MarkKind.DELETED])
def test_a_mark_takes_its_subject_off_the_list_at_once(kind: MarkKind) -> None:
    """Before the stream has told of it; closing it brings the subject back."""
    for number in range(3):
        put_on_list(number, day=number + 1)
    note(key_of(1), kind)

    assert walk() == [SUBJECTS[2], SUBJECTS[0]]
    note(key_of(1), kind, 11, Phase.CLOSE)
    assert walk() == [SUBJECTS[2], SUBJECTS[1], SUBJECTS[0]]


def test_a_disputed_entry_stays_and_is_marked() -> None:
    """JS-33."""
    note(put_on_list(0), MarkKind.DISPUTED)

    [entry] = page_of().entries
    assert entry.decision.marks == ("disputed",)


def test_who_has_left_is_not_on_the_list_from_that_day_on() -> None:
    put_on_list(0, rem_dt="2026-11-22")
    put_on_list(1, rem_dt="2026-11-23")

    assert walk() == [SUBJECTS[1]]
    assert walk(date(2026, 11, 23)) == []
    assert len(list(read_published(SUBJECTS[0], TODAY, JIANGSU))) == 1


def test_who_has_ended_is_not_on_the_list_before_any_job_has_run() -> None:
    put_on_list(0)

    assert walk(END) == [SUBJECTS[0]]
    assert walk(END + timedelta(days=1)) == []


def test_a_row_of_another_edition_is_read_from_the_archive() -> None:
    put_on_list(0)
    list_organisation(key=key_of(0), day=2, serill_rea="更正")
    newer = msgspec.structs.replace(JIANGSU, edition=JIANGSU.edition + 1, version="newer")

    [entry] = page_of(rulebook=newer).entries

    assert entry.facts.fields["serill_rea"] == "更正"


def test_a_person_is_on_no_list_even_where_persons_are_published() -> None:
    person = RecordKey("P" + "A" * 26, "dishonesty", "1LISTED")
    list_organisation(key=person)
    shown = {**JIANGSU.treatment, "person": JIANGSU.openness["public"]}
    open_to_all = msgspec.structs.replace(JIANGSU, treatment=shown)
    project(person, TODAY, open_to_all)

    assert list(store.read_subject(person.subject)) != []
    assert page_of(rulebook=open_to_all) == Page((), None)


def test_records_that_make_up_no_list_stand_in_no_index() -> None:
    key = RecordKey(SUBJECTS[0], "penalty", "1PENALTY")
    statement = list_organisation(key=key_of(0))
    insert_statements([msgspec.structs.replace(statement, item="penalty", record="1PENALTY")])
    project(key, TODAY, JIANGSU)

    [row] = store.Publication.query(SUBJECTS[0])
    assert not {"listed", "since"} & row.attribute_values.keys()


def test_a_place_is_that_of_the_first_report_whoever_is_followed_first() -> None:
    key = put_on_list(0, day=5)
    put_on_list(1, day=3)
    list_organisation(key=key, day=2, provider=PROVIDER, serill_rea="较早的表述")
    update_views(key, TODAY, JIANGSU)

    assert walk() == [SUBJECTS[1], SUBJECTS[0]]


# -- the past --------------------------------------------------------------------------------------


def test_a_past_day_shows_who_was_on_the_list_then() -> None:
    put_on_list(0, day=1)
    put_on_list(1, day=2, rem_dt="2026-06-20")
    put_on_list(2, day=15)

    assert walk(as_of=date(2026, 5, 31)) == []
    assert walk(as_of=date(2026, 6, 10)) == [SUBJECTS[1], SUBJECTS[0]]
    assert walk(as_of=date(2026, 6, 19)) == [SUBJECTS[2], SUBJECTS[1], SUBJECTS[0]]
    assert walk(as_of=date(2026, 6, 20)) == [SUBJECTS[2], SUBJECTS[0]]


def test_the_last_moment_of_the_day_belongs_to_it() -> None:
    """Asia/Shanghai: 15:59:59.999 UTC."""
    late, later = key_of(0), key_of(1)
    for key, registered in ((late, "20260610T155959.999Z"), (later, "20260610T160000.000Z")):
        statement = list_organisation(key=msgspec.structs.replace(key, record="1TEMPLATE"))
        first = msgspec.structs.replace(statement.first, registered=registered)
        insert_statements([msgspec.structs.replace(statement, record=key.record, first=first)])
        project(key, TODAY, JIANGSU)

    assert walk(as_of=date(2026, 6, 10)) == [SUBJECTS[0]]


def test_words_of_a_past_day_are_those_of_that_day() -> None:
    key = put_on_list(0, serill_rea="拖欠工资")
    list_organisation(key=key, day=20, serill_rea="拖欠工资（更正）")
    project(key, TODAY, JIANGSU)

    [entry] = page_of(date(2026, 6, 10)).entries

    assert entry.decision.fields["serill_rea"] == "拖欠工资"


@pytest.mark.parametrize("kind", [MarkKind.REPAIRED, MarkKind.ANNULLED, MarkKind.DELETED])
def test_a_past_day_shows_nobody_who_is_withheld_today(kind: MarkKind) -> None:
    for number in range(3):
        put_on_list(number, day=number + 1)
    past = date(2026, 6, 8)
    before = walk(as_of=past)
    note(key_of(1), kind)

    assert before == [SUBJECTS[2], SUBJECTS[1], SUBJECTS[0]]
    assert walk(as_of=past) == [SUBJECTS[2], SUBJECTS[0]]
    assert walk(END + timedelta(days=1), as_of=past) == []


def test_a_past_list_is_what_the_archives_of_that_day_show_the_public() -> None:
    for number in range(4):
        put_on_list(number, day=2 * number + 1)
    note(key_of(1), MarkKind.DISPUTED, 4)
    past = date(2026, 6, 6)

    page = page_of(past)

    for entry in page.entries:
        subject = entry.facts.key.subject
        reading = read_archive(subject, PUBLIC, "public", TODAY, JIANGSU, as_of=past)
        assert [each.decision for each in reading.disclosed] == [entry.decision]
    assert len(page.entries) == 3


def test_asking_again_for_a_past_day_gives_the_same_pages_whatever_came_since() -> None:
    past = date(2026, 6, 8)
    for number in range(5):
        put_on_list(number, day=number + 1)

    def pages() -> list[Page]:
        first = read_list("dishonesty", TODAY, JIANGSU, past, None, 2)
        second = read_list("dishonesty", TODAY, JIANGSU, past, first.cursor, 2)
        return [first, second]

    before = pages()
    put_on_list(5, day=20)
    list_organisation(key=key_of(2), day=21, serill_rea="更正")
    update_views(key_of(2), TODAY, JIANGSU)

    assert pages() == before


def test_the_list_of_honours_is_read_as_any_other() -> None:
    key = RecordKey(SUBJECTS[0], "honour", "1HONOUR")
    template = list_organisation(key=key_of(0))
    words = msgspec.structs.replace(
        template.words,
        fields={
            "xdr_mc": "清江桃溪食品有限公司",
            "xdr_lb": "法人及非法人组织",
            "honour_nm": "守信红名单",
            "identification_date": "2026-05-20",
        },
    )
    insert_statements(
        [msgspec.structs.replace(template, item="honour", record="1HONOUR", words=words)]
    )
    project(key, TODAY, JIANGSU)

    assert walk(item="honour") == [SUBJECTS[0]]
