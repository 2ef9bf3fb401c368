"""Re-evaluation, preview and proof die or are refused at any AWS call, and are run again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import app
from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.disclosure.publication.store import Publication
from chalicelib.jobs import preview, prove, rebuild, reevaluate
from chalicelib.jobs.prove import CERTIFICATES, Certificate
from chalicelib.law.rulebook import RULEBOOKS
from chalicelib.runtime import blobs
from tests.collection import persons
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, any_mark
from tests.faults.sweep import Fault, sweep
from tests.faults.views import rebuilt_views, views
from tests.faults.worlds import rewinding
from tests.handlers.events import clock_at, due_at, invoke
from tests.handlers.test_rules import EARLIER
from tests.web.events import NOW

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for job in (prove, reevaluate):
        monkeypatch.setattr(job, "_SEGMENTS", 1)
    for job in (prove, preview, rebuild):
        monkeypatch.setattr(job, "_READ", 3)
    with clock_at(NOW):
        yield


def _tried(
    arrange: Callable[[], object], act: Callable[[], object], check: Callable[[], object]
) -> set[tuple[str, Fault]]:
    with rewinding(arrange) as world:
        places = sweep(world, lambda: None, act, check)
    return {(place.operation, place.fault) for place in places}


def _every_fault(*operations: str) -> set[tuple[str, Fault]]:
    return {(operation, fault) for operation in operations for fault in Fault}


def _fill() -> None:
    """Rows of an earlier edition."""
    register("清江桃溪食品有限公司")
    say()
    for key in (RecordKey(ORGANISATION, "registration", "1REGISTRATION"), KEY):
        update_views(key, TODAY, EARLIER)
    mark(any_mark())


def test_the_views_are_of_the_rules_in_force_when_re_evaluation_fails_anywhere() -> None:
    def check() -> None:
        done = invoke(app.reevaluate, {**due_at(NOW), "detail": {"look": True}})
        assert done["segments_left"] == 0
        assert {row.rules for row in Publication.scan()} == {edition_on(TODAY, JIANGSU).text}
        assert views() == rebuilt_views()

    struck = _tried(_fill, lambda: invoke(app.reevaluate, due_at(NOW)), check)

    assert _every_fault("Scan", "Query", "PutItem", "BatchGetItem") <= struck


def test_every_record_is_proven_once_when_the_proof_fails_anywhere() -> None:
    def check() -> None:
        certificate = blobs.read_value(f"{CERTIFICATES}{TODAY}.json", Certificate)
        assert certificate is not None
        assert (certificate.complete, certificate.subjects, certificate.records) == (True, 1, 2)
        assert certificate.violations == ()

    struck = _tried(_fill, lambda: invoke(app.prove, due_at(NOW)), check)

    assert _every_fault("Scan", "Query", "PutItem", "GetObject", "PutObject") <= struck


def test_a_preview_that_fails_anywhere_changes_nothing_and_is_given_again() -> None:
    text = (RULEBOOKS / "jiangsu.toml").read_text("utf-8")
    order = {"candidate": {"rulebook": {"name": "jiangsu.toml", "text": text}}}
    records: list[int] = []

    def act() -> None:
        records.clear()
        start: Any = None
        while True:
            done = invoke(app.preview, {**order, "start": start})
            records.append(done["records"])
            start = done["start"]
            if start is None:
                return

    struck = _tried(
        lambda: persons.receive_files("subject and representative"),
        act,
        lambda: _check_records(records, 4),
    )

    assert _every_fault("Scan", "Query", "BatchGetItem") <= struck


def _check_records(records: list[int], expected: int) -> None:
    assert sum(records) == expected
