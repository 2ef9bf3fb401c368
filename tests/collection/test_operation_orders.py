"""Files with operations, split, doubled and merged in any order, end at the same archive.

What they end at is also said by a model: a few lines that do the rows one after another.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.archive.fold import fold
from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.collection import merging, planning, plans
from tests.collection.archives import held
from tests.collection.files import NOW, PROVIDER, csv_of, entitle, penalty, receive, uscc
from tests.faults.worlds import World, rewinding

SUBJECTS = (uscc(7), uscc(8))
NUMBERS = ("1号", "2号")
PLACES = tuple((subject, number) for subject in SUBJECTS for number in NUMBERS)

Place = tuple[str, str]
End = Mapping[Place, str | None]


class Deed(NamedTuple):
    """One row: what it does to the record at `place`, which says `text`, and stood at `former`."""

    kind: str
    place: Place
    text: str = ""
    former: Place | None = None

    def row(self) -> dict[str, str]:
        subject, number = self.place
        operation = {"operation": self.kind, "operation_reason": "依据" if self.kind else ""}
        row = penalty(cf_xdr_shxym=subject, cf_wsh=number, cf_nr=self.text or "无")
        if self.former is not None:
            old, old_number = self.former
            row |= {"orig_cf_xdr_shxym": old, "orig_cf_wsh": old_number}
        return row | operation


places = st.sampled_from(PLACES)
texts = st.sampled_from(["甲", "乙"])
deeds = st.one_of(
    st.builds(Deed, st.just(""), places, texts, st.none()),
    st.builds(Deed, st.just("更正"), places, texts, st.none()),
    st.builds(Deed, st.just("撤销"), places, st.just(""), st.none()),
    st.builds(Deed, st.just("更正"), places, texts, places),
)


def model(done: Sequence[Deed]) -> End:
    """What stands at each place when the rows are done one after another."""
    words: dict[Place, str | None] = {}
    gone: set[Place] = set()
    for deed in done:
        if deed.kind == "撤销":
            words[deed.place] = None
            continue
        if deed.former is not None and deed.former != deed.place:
            words[deed.former] = None
            gone.add(deed.former)
            gone.discard(deed.place)
        words[deed.place] = None if deed.place in gone else deed.text
    return {place: text for place, text in words.items() if text is not None}


def stands() -> End:
    """What stands at each place of the archive."""
    end: dict[Place, str | None] = {}
    for holding in held().values():
        record = fold(holding)
        if record.current is not None:
            fields = record.current.words.fields
            end[holding.key.subject, str(fields["cf_wsh"])] = str(fields["cf_nr"])
    return end


def marked() -> Mapping[RecordKey, list[tuple[MarkKind, str, str]]]:
    return {
        key: sorted((mark.kind, mark.value, mark.order) for mark in holding.marks)
        for key, holding in held().items()
    }


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with rewinding(entitle) as filled:
        yield filled


def deliver(files: Sequence[Sequence[Deed]], order: Sequence[int]) -> None:
    """Register the files one after another, and merge them in `order`."""
    uploads = []
    for number, file in enumerate(files):
        body = csv_of("penalty", [deed.row() for deed in file], codes=True)
        letter = number * 8 % 256
        upload = receive(
            body,
            "penalty",
            now=NOW + timedelta(minutes=number),
            randomness=partial(_letters, letter),
        )
        planning.plan_upload(upload)
        uploads.append(upload)
    for index in order:
        plan = plans.read_plan(uploads[index])
        assert plan is not None
        for part in range(len(plan.ranges)):
            merging.merge_range(uploads[index], part)


def _letters(letter: int, size: int) -> bytes:
    return bytes([letter] * size)


def split(done: Sequence[Deed], cuts: Sequence[bool]) -> list[list[Deed]]:
    files: list[list[Deed]] = [[]]
    for deed, cut in zip(done, cuts, strict=True):
        if cut and files[-1]:
            files.append([])
        files[-1].append(deed)
    return files


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.timeout(400)
def test_any_split_and_order_of_files_ends_at_what_the_rows_say(
    world: World, data: st.DataObject
) -> None:
    done = data.draw(st.lists(deeds, min_size=1, max_size=5))
    cuts = data.draw(st.lists(st.booleans(), min_size=len(done), max_size=len(done)))
    files = split(done, cuts)
    order = data.draw(st.permutations([*range(len(files)), *range(len(files))]))
    with world():
        deliver(files, order)
        assert stands() == model(done)
        shuffled = marked()
    with world():
        deliver(files, range(len(files)))
        assert marked() == shuffled


@given(st.lists(deeds, min_size=1, max_size=4))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.timeout(400)
def test_the_same_file_twice_ends_as_if_its_rows_were_done_twice(
    world: World, done: list[Deed]
) -> None:
    with world():
        deliver([done, done], [1, 0])
        assert stands() == model([*done, *done])
        providers = {mark.provider for holding in held().values() for mark in holding.marks}
        assert providers <= {PROVIDER}
