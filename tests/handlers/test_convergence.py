"""From files to views through the handlers: no way of delivering them makes a difference."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app
from chalicelib.archive.facts import Facts
from chalicelib.collection import plans, scanning
from chalicelib.collection.receipts import Receipt
from chalicelib.collection.uploads import Randomness
from chalicelib.disclosure.publication.store import Publication
from chalicelib.disclosure.search.store import Name
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import find_people
from tests.collection.archives import folded, opened
from tests.collection.files import (
    NOW,
    csv_of,
    entitle,
    id_number,
    penalty,
    person_penalty,
    receipt_of,
    receive,
    registration,
)
from tests.faults.worlds import World, rewinding
from tests.handlers.events import Source, all_changes, any_message, plan_due, range_due

PEOPLE = [Paper(PaperKind.ID_NUMBER, id_number(number)) for number in (1, 2)]
ROWS: Sequence[tuple[str, Mapping[str, str]]] = [
    ("registration", registration()),
    ("registration", registration(comp_nm="清江市新港物流有限公司")),
    ("penalty", penalty()),
    ("penalty", penalty(cf_nr="罚款二千元整")),
    ("penalty", penalty(cf_wsh="2号", cf_fr_zjlx="身份证", cf_fr_zjhm=id_number(2))),
    ("penalty", person_penalty(1)),
    ("penalty", person_penalty(1, cf_nr="警告")),
    ("penalty", penalty(cf_jdrq="不详")),
]


class Upload(NamedTuple):
    """A file: its item, and the numbers of its rows in `ROWS`."""

    item: str
    rows: tuple[int, ...]


class Pending(NamedTuple):
    """A message that is still to be delivered."""

    handler: Callable[..., Any]
    body: object
    upload: str


class End(NamedTuple):
    """Where everything stands when nothing is pending any more."""

    archive: Mapping[tuple[str, str], object]
    receipts: Sequence[Receipt]
    publication: Mapping[str, Mapping[str, Any]]
    names: set[tuple[str, str]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with rewinding(entitle) as filled:
        yield filled


def split(rows: Sequence[int], cuts: Sequence[bool]) -> list[Upload]:
    """Uploads that say `rows` in their order: cut where told, and where the item changes."""
    uploads: list[Upload] = []
    for row, cut in zip(rows, cuts, strict=True):
        item = ROWS[row][0]
        if uploads and uploads[-1].item == item and not cut:
            uploads[-1] = Upload(item, (*uploads[-1].rows, row))
        else:
            uploads.append(Upload(item, (row,)))
    return uploads


def deliver(uploads: Sequence[Upload], choose: Callable[[int], int], again: float) -> End:
    """Deliver the messages of all uploads, and the stream's changes now and then.

    `choose` picks the next of so many pending messages; each is delivered twice with chance
    `again`, which may be 0.
    """
    drawn = Random(choose(1 << 16))
    ids = []
    for number, upload in enumerate(uploads):
        rows = [ROWS[row][1] for row in upload.rows]
        now = NOW + timedelta(minutes=number)
        body = csv_of(upload.item, rows)
        ids.append(receive(body, upload.item, now=now, randomness=_always(number * 8)))
    pending = [Pending(app.plan_upload, plan_due(each), each) for each in ids]
    while pending:
        due = pending.pop(choose(len(pending)))
        for _ in range(2 if drawn.random() < again else 1):
            _deliver(due.handler, [any_message(due.body)])
        if due.handler is app.plan_upload:
            ranges = _ranges(due.upload)
            pending += [
                Pending(app.merge_rows, range_due(due.upload, n), due.upload) for n in ranges
            ]
        if drawn.random() < again:
            changes = all_changes()
            _deliver(app.follow_archive, drawn.sample(changes, drawn.randint(0, len(changes))))
    changes = all_changes()
    drawn.shuffle(changes)
    _deliver(app.follow_archive, changes)
    return _read_end(ids)


def _always(value: int) -> Randomness:
    return lambda size: bytes([value] * size)


def _deliver(handler: Callable[..., Any], records: list[dict[str, Any]]) -> None:
    source = Source(handler, records)
    source.deliver()
    assert source.pending == []


def _ranges(upload: str) -> range:
    plan = plans.read_plan(upload)
    return range(len(plan.ranges) if plan else 0)


def _read_end(uploads: Sequence[str]) -> End:
    named = {person.subject: str(PEOPLE.index(p)) for p, person in find_people(PEOPLE).items()}
    archive: dict[tuple[str, str], object] = {}
    for key, record in folded().items():
        assert record.current is not None
        shown = opened(record)
        archive[named.get(key.subject, key.subject), key.path] = (
            dict(shown.fields),
            record.said,
            record.size,
            [(version.order, version.provider) for version in record.history],
        )
    return End(
        archive,
        [receipt_of(upload) for upload in uploads],
        {row.key: _plain(row.attribute_values, named) for row in Publication.scan()},
        {(row.gram, row.place) for row in Name.scan()},
    )


def _plain(values: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    """A row with persons called by their papers' places: their keys are drawn."""
    assert not any(person.encode() in values.get("body", b"") for person in named)
    return dict(values)


def _first(_count: int) -> int:
    return 0


SAYINGS = st.lists(st.sampled_from(range(len(ROWS))), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(rows=SAYINGS, data=st.data(), random=st.randoms(use_true_random=False))
def test_any_delivery_of_the_same_files_ends_the_same(
    world: World, rows: list[int], data: st.DataObject, random: Random
) -> None:
    """Duplicated, re-ordered, interleaved, in ranges of any size, with the stream in between."""
    cuts = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    uploads = split(rows, cuts)
    with world():
        straight = deliver(uploads, _first, again=0)
    with world(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(scanning, "MAX_ROWS", random.randint(1, 3))
        mixed = deliver(uploads, random.randrange, again=0.4)

    assert mixed.archive == straight.archive
    assert mixed.publication == straight.publication
    assert mixed.names == straight.names
    assert list(map(_without_ranges, mixed.receipts)) == list(
        map(_without_ranges, straight.receipts)
    )


def _without_ranges(receipt: Receipt) -> Receipt:
    """How a file was cut shows in its receipt; what became of its rows does not depend on it."""
    assert receipt.state == "done"
    assert receipt.merged == receipt.ranges
    return msgspec.structs.replace(receipt, ranges=0, merged=0, counted=0)


@settings(max_examples=12, deadline=None)
@given(rows=SAYINGS, data=st.data(), random=st.randoms(use_true_random=False))
def test_any_split_of_the_same_rows_into_files_ends_at_the_same_words(
    world: World, rows: list[int], data: st.DataObject, random: Random
) -> None:
    """Who says the same in one file or in several, once or again at once, has said the same."""
    size = len(rows)
    cuts = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    uploads = [
        upload
        for upload in split(rows, cuts)
        for _ in range(2 if data.draw(st.booleans(), label="sent again") else 1)
    ]
    with world():
        whole = deliver(split(rows, [False] * size), _first, again=0)
    with world():
        parts = deliver(uploads, random.randrange, again=0.2)

    assert _words(parts) == _words(whole)
    assert _published(parts) == _published(whole)
    assert parts.names == whole.names
    assert _counts(parts, uploads) == _counts(whole, split(rows, [False] * size))


def _words(end: End) -> dict[tuple[str, str], object]:
    return {place: record[0] for place, record in end.archive.items() if isinstance(record, tuple)}


def _published(end: End) -> dict[str, object]:
    """Rows without when and in how many things it was said."""
    found: dict[str, object] = {}
    for path, row in end.publication.items():
        facts = msgspec.msgpack.decode(row["body"], type=Facts)
        found[path] = (msgspec.structs.replace(facts, said="", first_said=""), row.get("ends"))
    return found


def _counts(end: End, uploads: Sequence[Upload]) -> set[tuple[int, bool]]:
    """Which rows were accepted; each receipt must agree with its own."""
    found = set()
    for receipt, upload in zip(end.receipts, uploads, strict=True):
        refused = [row for row in upload.rows if row == len(ROWS) - 1]
        assert (receipt.received, receipt.refused) == (len(upload.rows), len(refused))
        assert receipt.accepted == receipt.received - receipt.refused
        found |= {(row, row not in refused) for row in upload.rows}
    return found
