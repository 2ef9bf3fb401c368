"""The query ledger: every entry once, first, unchanged, and found by whom it concerns (JS-25)."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.ledger import Asked, Handover, prepare
from chalicelib.disclosure.purposes import PURPOSES, find_purpose
from chalicelib.runtime.errors import DomainError
from tests.disclosure.ledger_contents import AGENCY, SUBJECT, entry_at, stored

pytestmark = pytest.mark.usefixtures("aws")

START = datetime(2026, 11, 22, 3, 55, 0, 123000, tzinfo=UTC)


def test_should_stand_once_when_prepared_again() -> None:
    first = prepare(entry_at(START))
    again = prepare(entry_at(START))

    assert first == again
    assert list(stored()) == [(SUBJECT, "20261122T035500.123Z.Q0000001")]


def test_should_refuse_when_another_entry_has_the_same_id() -> None:
    entry = entry_at(START)
    prepare(entry)

    with pytest.raises(DomainError) as refused:
        prepare(replace(entry, purpose="supervision"))

    assert refused.value.code.id == "E-LEDGER-01"
    assert ledger.entries_of(SUBJECT, None, 10).entries[0].entry == entry


def test_should_carry_the_keys_of_the_indexes_on_entries_only() -> None:
    ledger.hand_over(prepare(entry_at(START)), ["penalty/AAAA"])

    item, handed = (contents for _, contents in sorted(stored().items()))

    number = item["shard"].rpartition("-")[2]
    assert item["organisation_shard"] == f"{AGENCY}.{number}"
    assert item["account_shard"] == f"clerk-1.{number}"
    assert item["created"] == "20261122T035500.123Z"
    assert item["shard"] in store.shards_of("ledger_agency")
    assert handed.keys() == {"subject", "entry", "returned"}


def test_should_tell_what_was_handed_over_when_it_was() -> None:
    answered = prepare(entry_at(START, "Q0000001"))
    prepare(entry_at(START + timedelta(seconds=1), "Q0000002"))
    for _ in range(2):
        ledger.hand_over(answered, ["penalty/BBBB", "licence/AAAA"], "PCI-1")

    unanswered, done = ledger.entries_of(SUBJECT, None, 10).entries

    assert unanswered.handed is None
    assert done == Asked(
        entry=entry_at(START, "Q0000001"),
        handed=Handover(("licence/AAAA", "penalty/BBBB"), "PCI-1"),
    )


def test_should_note_an_empty_answer_as_handed_over() -> None:
    ledger.hand_over(prepare(entry_at(START)), [])

    assert ledger.entries_of(SUBJECT, None, 1).entries[0].handed == Handover((), None)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("handed", [{0, 1, 2, 3, 4, 5, 6}, set(), {1, 2, 5}])
def test_should_page_newest_first_without_loss_or_repeat(limit: int, handed: set[int]) -> None:
    entries = [entry_at(START + timedelta(hours=n), f"Q000000{n}") for n in range(7)]
    for number, entry in enumerate(entries):
        prepared = prepare(entry)
        if number in handed:
            ledger.hand_over(prepared, [f"penalty/{number}"])

    seen: list[Asked] = []
    cursor = None
    while True:
        page = ledger.entries_of(SUBJECT, cursor, limit)
        assert len(page.entries) <= limit
        seen += page.entries
        cursor = page.cursor
        if cursor is None:
            break

    assert [asked.entry for asked in seen] == entries[::-1]
    assert {6 - place for place, asked in enumerate(seen) if asked.handed} == handed


def test_should_be_empty_when_nobody_asked() -> None:
    assert ledger.entries_of(SUBJECT, None, 10) == ledger.Page((), None)


@pytest.mark.parametrize(
    ("channel", "purpose", "code"),
    [
        ("ex_officio", "", "E-PURPOSE-01"),
        ("authorised", "", "E-PURPOSE-01"),
        ("ex_officio", "curiosity", "E-PURPOSE-02"),
        ("ex_officio", "judicial", "E-PURPOSE-03"),
        ("own", "supervision", "E-PURPOSE-03"),
        ("public", "qualification", "E-PURPOSE-03"),
    ],
)
def test_should_refuse_a_purpose_and_write_nothing_when_it_does_not_fit(
    channel: str, purpose: str, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        prepare(replace(entry_at(START), channel=channel, purpose=purpose))

    assert refused.value.code.id == code
    assert refused.value.text.mend_en
    assert not stored()


def test_should_say_where_each_purpose_comes_from() -> None:
    for code, purpose in PURPOSES.items():
        assert code == purpose.code
        assert purpose.zh
        assert purpose.en
        assert purpose.source
        for channel in purpose.channels:
            assert find_purpose(code, channel) is purpose
