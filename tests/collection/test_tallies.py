"""Tallies: a receipt of many ranges is folded from few objects, and says the same in the end."""

import random
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.collection import merging, planning, plans, scanning, tallies
from chalicelib.collection.problems import Problem
from chalicelib.collection.receipts import Receipt, State
from chalicelib.collection.results import list_merged_between
from chalicelib.collection.tallies import RowProblem, Tally, add_up
from chalicelib.runtime import blobs
from tests.aws import emulated_aws
from tests.collection.files import csv_of, entitle, penalty, receipt_of, receive
from tests.faults.sweep import failing, sweep

UPLOAD = "20261122-AAAAAAAAAAAA"
ROWS = [
    penalty(cf_wsh=f"{number}号", **({"cf_jdrq": "2026-02-30"} if number % 3 == 0 else {}))
    for number in range(7)
]


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 1)
    monkeypatch.setattr(tallies, "BLOCK", 2)


@pytest.fixture
def planned(aws: dict[str, str], entitled: None) -> list[int]:
    """The ranges of an upload that is planned."""
    return _plan()


def _plan(rows: int = 7) -> list[int]:
    assert receive(csv_of("penalty", ROWS[:rows]), "penalty", randomness=bytes) == UPLOAD
    planning.plan_upload(UPLOAD)
    plan = plans.read_plan(UPLOAD)
    assert plan is not None
    return list(range(len(plan.ranges)))


def _kept() -> list[str]:
    return list(blobs.list_keys("tallies/"))


def _check(receipt: Receipt) -> None:
    assert (receipt.state, receipt.merged, receipt.counted) == (State.DONE, 7, 7)
    assert (receipt.accepted, receipt.refused) == (4, 3)
    assert receipt.codes == {"E-DATE-01": 3}
    assert [each.row for each in receipt.problems] == [2, 5, 8]


@pytest.mark.parametrize("seed", range(4))
def test_should_come_to_the_same_receipt_in_whatever_order_ranges_are_merged(
    planned: list[int], seed: int
) -> None:
    random.Random(seed).shuffle(planned)
    for place, index in enumerate(planned):
        merging.merge_range(UPLOAD, index)
        if seed % 2:
            receipt = receipt_of(UPLOAD)
            assert receipt.merged == receipt.counted == place + 1
    _check(receipt_of(UPLOAD))
    assert len(_kept()) == 5  # four blocks and the whole
    _check(receipt_of(UPLOAD))


def test_should_read_few_objects_when_a_receipt_is_final(planned: list[int]) -> None:
    for index in planned:
        merging.merge_range(UPLOAD, index)
    receipt_of(UPLOAD)
    with failing() as calls:
        _check(receipt_of(UPLOAD))
    assert calls.operations == ["GetItem", "GetObject", "GetObject"]


def test_should_read_a_bounded_number_of_results_when_asked(
    planned: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody kept a block: whoever asks makes some of them, and the rest when asked again."""
    monkeypatch.setattr(merging, "keep_block", lambda *_: None)
    monkeypatch.setattr(tallies, "MOST_READ", 4)
    for index in planned:
        merging.merge_range(UPLOAD, index)
    first = receipt_of(UPLOAD)
    assert (first.state, first.merged, first.counted) == (State.MERGING, 7, 4)
    assert first.outcome == ""
    _check(receipt_of(UPLOAD))


def test_should_count_whole_blocks_before_parts_of_others(
    planned: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "keep_block", lambda *_: None)
    monkeypatch.setattr(tallies, "MOST_READ", 2)
    for index in (0, 2, 3):
        merging.merge_range(UPLOAD, index)
    assert receipt_of(UPLOAD).counted == 2
    assert [key.rsplit("/", 1)[1] for key in _kept()] == ["0001.json"]
    assert receipt_of(UPLOAD).counted == 3


def test_should_keep_nothing_for_a_small_upload(
    planned: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "BLOCK", 7)
    for index in planned:
        merging.merge_range(UPLOAD, index)
    _check(receipt_of(UPLOAD))
    assert _kept() == []


def test_should_list_results_of_a_block_alone(planned: list[int]) -> None:
    for index in (0, 2, 3, 6):
        merging.merge_range(UPLOAD, index)
    assert list_merged_between(UPLOAD, 2, 4) == [2, 3]
    assert list_merged_between(UPLOAD, 4, 6) == []


@pytest.mark.timeout(300)
def test_should_come_to_the_same_receipt_when_a_worker_dies_anywhere() -> None:
    def arrange() -> None:
        entitle()
        for index in _plan(rows=3)[:-1]:
            merging.merge_range(UPLOAD, index)

    def act() -> None:
        merging.merge_range(UPLOAD, 2)
        receipt_of(UPLOAD)

    def check() -> None:
        receipt = receipt_of(UPLOAD)
        assert (receipt.state, receipt.merged, receipt.counted) == (State.DONE, 3, 3)
        assert (receipt.accepted, receipt.refused, receipt.codes) == (2, 1, {"E-DATE-01": 1})

    places = sweep(emulated_aws, arrange, act, check)
    assert {"PutObject", "ListObjectsV2"} <= {each.operation for each in places}


def _tallies() -> st.SearchStrategy[list[Tally]]:
    few = st.integers(0, 3)
    problem = st.builds(
        RowProblem, few, st.just(Problem(code="E-X", column="", field="", label="", values={}))
    )
    return st.lists(
        st.builds(
            Tally,
            version=st.just("1"),
            ranges=few,
            accepted=few,
            refused=few,
            codes=st.dictionaries(st.sampled_from("ab"), st.integers(1, 3)),
            problems=st.lists(problem, max_size=3).map(tuple),
        ),
        max_size=6,
    )


def _cut(values: Sequence[Tally], size: int) -> Iterator[Sequence[Tally]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


@given(_tallies(), st.integers(1, 3))
def test_should_add_up_to_the_same_however_it_is_bracketed(parts: list[Tally], size: int) -> None:
    assert add_up(map(add_up, _cut(parts, size))) == add_up(parts)
    whole = msgspec.json.encode(add_up(parts), order="deterministic")
    assert msgspec.json.decode(whole, type=Tally) == add_up(parts)
