"""What a past day is found by stands when a range counts as merged, with no view brought up yet."""

import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from chalicelib.archive.visibility import Viewer
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import planning
from chalicelib.collection.settling import settled_until
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.lists import Listed, read_list
from chalicelib.disclosure.queries import Disclosed, read_archive
from chalicelib.jobs.merge import merge
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import find_people
from tests.articles.scenes import only_key
from tests.catalogue.rows import row_of
from tests.collection.files import DAY, NOW, csv_of, entitle, id_number, receive

NANJING = load_rulebook("nanjing")
LATER = NOW + timedelta(days=3)
TODAY = date.fromordinal(DAY.toordinal() + 3)


@pytest.fixture(autouse=True)
def _under_nanjing(aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert aws["RULEBOOK"] == "jiangsu"
    monkeypatch.setenv("RULEBOOK", "nanjing")
    settings.cache_clear()


def send(item: str, **fields: str) -> str:
    """A file about an organisation is planned, and waits for its only range to be merged."""
    entitle(items=[item])
    upload = receive(
        csv_of(item, [row_of(load_catalogue(DAY).item(item), "organisation", **fields)]), item
    )
    planning.plan_upload(upload)
    return upload


def merge_only_range(upload: str) -> None:
    merge(json.dumps({"upload": upload, "range": 0}), LATER)


def listed() -> Sequence[Listed]:
    return read_list("dishonesty", TODAY, NANJING, DAY, None, 10).entries


def entered() -> Sequence[Disclosed]:
    paper = Paper(PaperKind.ID_NUMBER, id_number(2))
    person = find_people([paper])[paper].subject
    return read_archive(person, Viewer(person), "own", TODAY, NANJING, as_of=DAY).disclosed


def test_a_past_day_that_is_final_misses_nobody_on_a_list_and_no_entry() -> None:
    """DESIGN §4: what is said of a past day once it is final is said for good (NJ-40, NJ-43)."""
    upload = send("dishonesty", rem_dt="", rem_excpres_rea="", recorg_ogr="")
    assert settled_until(LATER) == NOW
    merge_only_range(upload)
    assert settled_until(LATER) > NOW

    before = listed(), entered()
    assert [len(found) for found in before] == [1, 1]
    update_views(only_key("dishonesty"), TODAY, NANJING)

    assert (listed(), entered()) == before


def test_merging_again_refers_to_nothing_new() -> None:
    upload = send("dishonesty", rem_dt="", rem_excpres_rea="", recorg_ogr="")
    merge_only_range(upload)
    before = listed(), entered()

    merge_only_range(upload)

    assert (listed(), entered()) == before


def test_a_penalty_is_on_no_list_but_in_the_archives_of_those_who_answer_for_it() -> None:
    merge_only_range(send("penalty", cf_cflb="责令停产停业"))

    [entry] = entered()
    assert entry.path == str(only_key("penalty"))
