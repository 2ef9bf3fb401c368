"""Purging the ledger: all that is due, never early, each entry in exactly one certificate (JS-25)."""

from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from types import ModuleType
from unittest.mock import patch

import msgspec
import pytest

from chalicelib.disclosure import ledger, store
from chalicelib.disclosure.retention import store as retained
from chalicelib.disclosure.retention.certificates import CERTIFICATES, Certificate, digest_of
from chalicelib.jobs import purge as job
from chalicelib.jobs.purge import Purged, purge
from chalicelib.law.retention import LEDGER_KINDS
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.tables import TableBusy
from tests.disclosure.ledger_contents import entry_at, stored

pytestmark = pytest.mark.usefixtures("aws")

JS = load_rulebook("jiangsu")
MADE = datetime(2026, 11, 22, 12, tzinfo=LAWFUL_ZONE)
LATE = datetime(2030, 1, 1, 2, tzinfo=LAWFUL_ZONE)


def lawful(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LAWFUL_ZONE)


def run(now: datetime = LATE, rulebook: str = "jiangsu") -> Purged:
    return purge(now, load_rulebook(rulebook), lambda: 900_000)


def put(count: int, at: datetime = MADE, start: int = 0) -> None:
    for number in range(start, start + count):
        prepared = ledger.prepare(entry_at(at + timedelta(seconds=number), f"Q{number:07d}"))
        if number % 2:
            ledger.hand_over(prepared, ["penalty/A"])


def shard_of(place: store.Place) -> str:
    return store.shard_of("ledger_agency", place[1])


def standing() -> set[store.Place]:
    return {place for place in stored() if not place[0].startswith("@")}


def every_shard() -> list[str]:
    return [shard for kept in LEDGER_KINDS for shard in store.shards_of(kept)]


def certificates() -> list[Certificate]:
    found = [blobs.read_value(key, Certificate) for key in blobs.list_keys("purges/")]
    return [certificate for certificate in found if certificate]


@pytest.mark.parametrize(
    ("created", "kept", "gone"),
    [
        ("2026-11-22 23:59:59.999", "2029-11-22 23:59:59.999", "2029-11-23 00:00:00"),
        ("2026-11-22 00:00:00", "2029-11-22 23:59:59", "2029-11-23 00:00:00"),
        ("2027-01-01 07:59:59", "2030-01-01 23:59:59", "2030-01-02 00:00:00"),
        ("2028-02-28 12:00:00", "2031-02-28 23:59:59", "2031-03-01 00:00:00"),
        ("2028-02-29 00:00:00", "2031-03-01 23:59:59", "2031-03-02 00:00:00"),
        ("2028-02-29 23:59:59", "2031-03-01 23:59:59", "2031-03-02 00:00:00"),
        ("2029-02-28 23:59:59", "2032-02-28 23:59:59", "2032-02-29 00:00:00"),
        ("2029-03-01 00:00:00", "2032-03-01 23:59:59", "2032-03-02 00:00:00"),
    ],
)
def test_should_keep_an_entry_through_its_last_lawful_minute(
    created: str, kept: str, gone: str
) -> None:
    put(1, lawful(created))

    assert run(lawful(kept)).count == 0
    assert len(standing()) == 1
    assert run(lawful(gone)).count == 1
    assert not standing()


def test_should_take_the_handed_over_items_with_their_entries_only() -> None:
    put(6)
    put(2, lawful("2029-06-01 00:00"), start=6)

    run()

    assert {store_key.removesuffix("~handed")[-8:] for _, store_key in standing()} == {
        "Q0000006",
        "Q0000007",
    }
    assert len(standing()) == 3


def test_should_certify_without_keys_what_it_deleted() -> None:
    put(40)
    entries = {place for place in standing() if not place[1].endswith("~handed")}

    done = run()

    assert done.finished
    assert done.count == 40
    kept = certificates()
    assert sorted(done.certificates, key=lambda c: c.id) == kept
    assert {certificate.digest for certificate in kept} == {
        digest_of("/".join(place) for place in entries if shard_of(place) == shard)
        for shard in set(map(shard_of, entries))
    }
    one = kept[0]
    assert (one.retention_years, one.source, one.rulebook) == (3, "JS-25", JS.version)
    assert one.kept == "ledger_agency"
    assert one.cut_off == "20261231T160000.000Z"
    assert "20261122T040000.000Z" <= one.first <= one.last < one.cut_off
    for key in blobs.list_keys("purges/"):
        body = blobs.read(key)
        assert body
        assert b"Q00000" not in body
        assert b"91320" not in body


def test_should_leave_no_key_behind_anywhere() -> None:
    put(8)

    run()

    assert all("manifest" not in item for item in stored().values())
    assert {subject for subject, _ in stored()} == {"@purge"}


def test_should_change_nothing_when_run_again() -> None:
    put(8)
    run()
    after = stored(), certificates()

    assert run() == Purged((), finished=True)
    assert (stored(), certificates()) == after


def test_should_make_up_for_missed_days_with_numbers_without_a_gap() -> None:
    put(10)
    run()
    put(10, lawful("2027-03-01 00:00"), start=10)
    run(LATE + timedelta(days=200))

    for shard in store.shards_of("ledger_agency"):
        numbers = [int(c.id.split("-")[2]) for c in certificates() if c.id.startswith(shard)]
        assert numbers == list(range(1, len(numbers) + 1))
    assert sum(certificate.count for certificate in certificates()) == 20


def test_should_purge_nothing_where_no_term_is_fixed() -> None:
    put(3)

    assert run(rulebook="national") == Purged((), finished=True)
    assert len(standing()) == 4


def test_should_finish_what_was_begun_even_where_no_term_is_fixed_now() -> None:
    put(1)
    with (
        patch.object(store, "delete_entries", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        run()

    assert run(rulebook="national").count == 1
    assert not standing()


def test_should_stop_in_time_and_go_on_in_the_next_run() -> None:
    put(12)
    left = chain([900_000, 60_000], repeat(59_999))

    first = purge(LATE, JS, lambda: next(left))
    second = run()

    assert len(first.certificates) == 3
    assert not first.finished
    assert second.finished
    assert first.count + second.count == 12


def test_should_cut_a_shard_into_bounded_manifests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "_MOST", 4)
    monkeypatch.setattr(job, "_READ", 2)
    put(60)

    done = run()

    assert max(certificate.count for certificate in done.certificates) == 4
    assert done.count == 60
    assert sum(certificate.count for certificate in certificates()) == 60
    assert not standing()


def test_should_not_count_again_what_a_lagging_index_still_lists() -> None:
    put(8)
    listed = {shard: list(store.find_older(shard, "9")) for shard in every_shard()}
    with patch.object(store, "find_older", lambda shard, _cut_off: iter(listed[shard])):
        assert run().count == 8
        assert run().count == 0


def test_should_not_trust_the_index_about_age() -> None:
    put(1, lawful("2029-12-31 00:00"))
    listed = {shard: list(store.find_older(shard, "9")) for shard in every_shard()}
    with patch.object(store, "find_older", lambda shard, _cut_off: iter(listed[shard])):
        assert run().count == 0
    assert len(standing()) == 1


@pytest.mark.parametrize(
    ("where", "overlap"),
    [
        (store, "find_standing"),
        (retained, "open_manifest"),
        (store, "delete_entries"),
        (retained, "close_manifest"),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_should_count_once_when_another_run_comes_in_between(
    where: ModuleType, overlap: str, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole other run, on a later day that takes more, at each step of the first one."""
    put(12)
    put(12, lawful("2027-01-01 00:00"), start=12)
    entries = {place for place in standing() if not place[1].endswith("~handed")}
    original = getattr(where, overlap)

    def interrupted(*arguments: object) -> object:
        monkeypatch.setattr(where, overlap, original)
        if before:
            run(LATE + timedelta(days=1))
            return original(*arguments)
        result = original(*arguments)
        run(LATE + timedelta(days=1))
        return result

    monkeypatch.setattr(where, overlap, interrupted)
    run()
    run(LATE + timedelta(days=1))

    assert not standing()
    assert sum(certificate.count for certificate in certificates()) == len(entries) == 24


def test_should_send_again_what_dynamodb_left_unprocessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.runtime.retries._FIRST_SECONDS", 0)
    put(1)
    original = dynamodb().batch_write_item
    left = [1, 1]

    def batch_write_item(**request: dict[str, object]) -> object:
        if left.pop() if left else False:
            return {"UnprocessedItems": request["RequestItems"]}
        return original(**request)  # type: ignore[arg-type]

    with patch.object(dynamodb(), "batch_write_item", batch_write_item):
        assert run().count == 1
    assert not standing()


def test_should_fail_and_keep_the_manifest_when_dynamodb_stays_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chalicelib.runtime.retries._FIRST_SECONDS", 0)
    put(1)

    def batch_write_item(**request: dict[str, object]) -> object:
        return {"UnprocessedItems": request["RequestItems"]}

    with (
        patch.object(dynamodb(), "batch_write_item", batch_write_item),
        pytest.raises(TableBusy),
    ):
        run()
    assert not certificates()

    assert run().count == 1


def test_should_write_the_same_certificate_when_written_again() -> None:
    put(1)
    with (
        patch.object(retained, "close_manifest", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        run()
    (first,) = (blobs.read(key) for key in blobs.list_keys(CERTIFICATES))

    run(LATE + timedelta(days=400))

    (second,) = (blobs.read(key) for key in blobs.list_keys(CERTIFICATES))
    assert first == second
    assert msgspec.json.decode(second or b"", type=Certificate).count == 1


def test_should_read_days_in_any_zone() -> None:
    put(1, MADE)

    assert run(datetime(2029, 11, 22, 15, 59, 59, tzinfo=UTC)).count == 0
    assert run(datetime(2029, 11, 22, 16, tzinfo=UTC)).count == 1
