"""Identities: a paper leads to one person, whoever asks first, and an erased one leads nowhere."""

from typing import Any

import pytest

from chalicelib.subjects import identities, store
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import (
    destroy_person,
    find_by_subject,
    find_or_add_people,
    find_people,
)

SINCE = "20260101T000000.000Z"
PAPER = Paper(PaperKind.PASSPORT, "E00000001")
OTHER = Paper(PaperKind.PASSPORT, "E00000002")

pytestmark = pytest.mark.usefixtures("aws")


def test_a_paper_leads_to_the_same_person_every_time() -> None:
    first = find_or_add_people([PAPER, OTHER], since=SINCE)
    again = find_or_add_people([OTHER, PAPER], since=SINCE)

    assert first == again
    assert first[PAPER].subject != first[OTHER].subject
    assert find_people([PAPER]) == {PAPER: first[PAPER]}


def test_nobody_is_made_by_looking() -> None:
    assert find_people([PAPER]) == {}


def test_two_who_meet_a_person_first_agree_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    add = store.add_people

    def add_after_another(*given: Any) -> bool:
        monkeypatch.setattr(store, "add_people", add)
        met.append(find_or_add_people([PAPER], since=SINCE)[PAPER])
        return add(*given)

    met: list[identities.Person] = []
    monkeypatch.setattr(store, "add_people", add_after_another)
    met.append(find_or_add_people([PAPER], since=SINCE)[PAPER])

    assert len(met) == 2
    assert len(set(met)) == 1


def test_the_table_tells_neither_paper_nor_key() -> None:
    person = find_or_add_people([PAPER], since=SINCE)[PAPER]

    for item in store.Identity.scan():
        held = str(item.attribute_values)
        assert PAPER.number not in held
        assert person.key is not None
        assert str(person.key) not in held


def test_a_destroyed_person_has_no_key_and_no_paper() -> None:
    person = find_or_add_people([PAPER], since=SINCE)[PAPER]

    assert destroy_person(person.subject, when=SINCE)
    assert not destroy_person(person.subject, when=SINCE)
    assert find_people([PAPER]) == {}
    assert find_by_subject([person.subject])[person.subject].key is None


def test_who_returns_after_erasure_is_somebody_new() -> None:
    person = find_or_add_people([PAPER], since=SINCE)[PAPER]
    destroy_person(person.subject, when=SINCE)

    assert find_or_add_people([PAPER], since=SINCE)[PAPER].subject != person.subject


def test_another_process_reads_the_same_keyring() -> None:
    first = find_or_add_people([PAPER], since=SINCE)
    identities.keyring.cache_clear()

    assert find_people([PAPER]) == first
