"""The proof finds whatever is shown against the rules, on every surface, and says how far it came."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

import app
from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.archive.visibility import Decision
from chalicelib.disclosure import explaining, queries
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.disclosure.publication.projection import read_anew
from chalicelib.disclosure.publication.store import Publication
from chalicelib.jobs import prove as job
from chalicelib.jobs import store, surfaces
from chalicelib.jobs.archives import split_evenly
from chalicelib.jobs.prove import CERTIFICATES, Certificate, Proven, prove_further, prove_part
from chalicelib.jobs.surfaces import SHOWS_NO_RECORDS, SURFACES
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.observability import metrics
from tests.collection import persons
from tests.collection.archives import folded
from tests.collection.files import ORGANISATION as FILED
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, any_mark

NOW = datetime(2026, 11, 22, 0, 20, tzinfo=LAWFUL_ZONE)
ENDED = msgspec.structs.replace(KEY, record="1ENDED")
ANNULLED = msgspec.structs.replace(KEY, record="1ANNULLED")
LISTED = RecordKey(ORGANISATION, "dishonesty", "1LISTED")
REGISTERED = RecordKey(ORGANISATION, "registration", "1REGISTRATION")


def publish() -> None:
    """A penalty that is public, one that has ended, one that is annulled; and a registration."""
    register("清江桃溪食品有限公司")
    say()
    say(ENDED, cf_jdrq="2019-01-10", cf_wsh="旧号")
    say(ANNULLED, cf_wsh="撤号")
    mark(any_mark(), ANNULLED)
    for key in (REGISTERED, KEY, ENDED, ANNULLED):
        update_views(key, TODAY, JIANGSU)


def prove_all(segments: int = 1) -> Proven:
    return job.add_up(_parts(segments))


def _parts(segments: int) -> Iterator[Proven]:
    for part in split_evenly(segments):
        start = part.start
        while True:
            proven, start = prove_part(msgspec.structs.replace(part, start=start), TODAY, JIANGSU)
            yield proven
            if start is None:
                break


def found(proven: Proven) -> set[tuple[str, str]]:
    return {(each.surface, each.record) for each in proven.violations}


NAMES = [surface.name for surface in SURFACES]
ROWS, PAGE, SEARCH, LISTS = NAMES[:4]
REPORT, EXPLANATION, ENTERED = (
    next(name for name in NAMES if name.startswith(wanted))
    for wanted in ("standard report", "explanation", "entered")
)


# -- registry -------------------------------------------------------------------------------------


def test_every_route_is_a_surface_or_says_why_it_is_none() -> None:
    """A route that shows records must be held against the rules: register it in `surfaces`."""
    routes = {f"{each.method} {each.path}" for each in app.app.inventory}
    routes |= {page.route for page in app.app.pages}
    looked_at = {route for surface in SURFACES for route in surface.routes}

    assert routes - looked_at - SHOWS_NO_RECORDS.keys() == set()
    assert (looked_at | SHOWS_NO_RECORDS.keys()) - routes == set()
    assert looked_at & SHOWS_NO_RECORDS.keys() == set()
    assert all(SHOWS_NO_RECORDS.values())


def test_every_surface_has_a_name_of_its_own() -> None:
    assert len({surface.name for surface in SURFACES}) == len(SURFACES)


# -- what is found --------------------------------------------------------------------------------


@pytest.mark.usefixtures("aws")
class TestLooking:
    def test_nothing_is_found_where_all_is_well(self) -> None:
        publish()
        persons.receive_files("subject and representative")

        proven = prove_all()

        assert proven.violations == ()
        assert [each.surface for each in proven.surfaces] == [each.name for each in SURFACES]
        public = next(each for each in proven.surfaces if each.surface == PAGE)
        assert (public.looked_at, public.withheld, public.still_shown) == (8, 4, 0)
        assert set(proven.withheld[ORGANISATION]) == {ENDED.path, ANNULLED.path}

    @pytest.mark.parametrize("segments", [1, 3])
    @pytest.mark.parametrize("read", [1, 2, 3])
    def test_each_record_is_looked_at_once_however_the_archive_is_cut(
        self, read: int, segments: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job, "_READ", read)
        publish()

        proven = prove_all(segments)

        assert (proven.subjects, proven.records) == (1, 4)
        assert {each.looked_at for each in proven.surfaces} == {4}

    @pytest.mark.parametrize(
        ("key", "surfaces_showing"),
        [(ENDED, {ROWS}), (ANNULLED, {ROWS, PAGE}), (LISTED, {ROWS, PAGE, LISTS})],
    )
    def test_a_planted_row_is_found(self, key: RecordKey, surfaces_showing: set[str]) -> None:
        """Readers decide about the end themselves, but what a row does not say they cannot know."""
        publish()
        if key == LISTED:
            say(LISTED)
            mark(any_mark(), LISTED)
        _plant(key)

        assert found(prove_all()) == {(name, key.path) for name in surfaces_showing}

    def test_a_row_of_other_rules_is_no_violation(self) -> None:
        publish()
        _plant(ANNULLED, rules="jiangsu-0:1+x")

        assert prove_all().violations == ()

    def test_a_name_that_only_an_annulled_registration_tells_is_found_by_nobody(self) -> None:
        """Before the projector has followed the mark, and after."""
        publish()
        mark(any_mark(MarkKind.ANNULLED), REGISTERED)

        assert prove_all().violations == ()

        publish()

        assert prove_all().violations == ()

    def test_a_name_that_a_planted_row_tells_is_found(self) -> None:
        publish()
        mark(any_mark(MarkKind.ANNULLED), REGISTERED)
        _plant(REGISTERED)

        assert (SEARCH, REGISTERED.path) in found(prove_all())

    @pytest.mark.parametrize(
        ("module", "reading"),
        [
            (
                queries,
                {name for name in NAMES if name.startswith(("archive,", "yesterday"))} | {REPORT},
            ),
            (explaining, {EXPLANATION}),
        ],
        ids=["queries", "explaining"],
    )
    def test_a_surface_that_decides_wrongly_is_found(
        self, module: object, reading: set[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The proof decides by itself."""
        publish()
        monkeypatch.setattr(module, "decide", _shows_all)

        proven = prove_all()

        wrong = {each.surface for each in proven.surfaces if each.still_shown}
        able = {each.surface for each in proven.surfaces if each.withheld}
        assert wrong == able & reading
        assert wrong

    def test_an_entry_that_outlives_its_record_is_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A person's archive shows a record of the organisation that is annulled."""
        persons.receive_files("subject and representative")
        path = next(key.path for key in folded() if key.subject == FILED)
        mark(any_mark(), RecordKey(FILED, *path.split("/")))
        read_archive = queries.read_archive

        def read(subject: str, *rest: Any, **named: Any) -> queries.Reading:
            """As if no entry were ever decided on again."""
            reading = read_archive(subject, *rest, **named)
            entered = [
                msgspec.structs.replace(each, entered_from=FILED) for each in reading.disclosed
            ]
            facts = Facts(key=RecordKey(FILED, *path.split("/")), said="20260601T000000.000Z")
            return msgspec.structs.replace(
                reading,
                disclosed=tuple(msgspec.structs.replace(each, facts=facts) for each in entered),
            )

        monkeypatch.setattr(surfaces, "are_entered", lambda _: True)
        monkeypatch.setattr(surfaces, "read_archive", read)

        assert (ENTERED, path) in found(prove_all())

    def test_what_is_marked_between_two_looks_is_no_violation(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The rules are asked, then a mark is lifted, then the surface is looked at."""
        publish()
        look_at, lifted = job._look_at, list[str]()

        def look(subject: str, *rest: object) -> Proven:
            proven = look_at(subject, *rest)  # type: ignore[arg-type]
            if not lifted:
                lifted.append(subject)
                violation = job._violation(PAGE, subject, KEY.path, _decision(subject))
                return msgspec.structs.replace(proven, violations=(violation,))
            return proven

        monkeypatch.setattr(job, "_look_at", look)

        assert prove_all().violations == ()


def _decision(subject: str) -> Decision:
    from chalicelib.catalogue.loader import load_catalogue
    from chalicelib.jobs.archives import Law, judge_by, read_whole

    law = Law(rulebook=JIANGSU, catalogue=load_catalogue(TODAY), day=TODAY)
    archive = read_whole(subject)
    return judge_by(law, archive, archive.holdings[0], ("public",)).decisions["public"]


def _shows_all(facts: object, *rest: object) -> Decision:
    from chalicelib.archive.visibility import decide

    decision = decide(facts, *rest)  # type: ignore[arg-type]
    shown = msgspec.structs.replace(decision.reasons[0], treatment="shown")
    return msgspec.structs.replace(
        decision,
        outcome="shown",
        reasons=(shown,),
        fields=facts.fields,  # type: ignore[attr-defined]
    )


def _plant(key: RecordKey, *, rules: str | None = None) -> None:
    """Publish a record as if nothing stood against it."""
    facts = read_anew(key.subject, key.path, TODAY, JIANGSU)
    row = next(iter(Publication.query(key.subject, Publication.key == key.path)))
    row.body = msgspec.msgpack.encode(msgspec.structs.replace(facts, marks=()))
    row.rules = rules or edition_on(TODAY, JIANGSU).text
    row.save()


# -- by schedule ----------------------------------------------------------------------------------


def steps(most: int) -> Callable[[], int]:
    left = chain(repeat(900_000, most), repeat(0))
    return lambda: next(left)


def certificate(day: str = "2026-11-22") -> Certificate | None:
    return blobs.read_value(f"{CERTIFICATES}{day}.json", Certificate)


@pytest.mark.usefixtures("aws")
class TestCertifying:
    @pytest.fixture(autouse=True)
    def _small_steps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(job, "_READ", 2)
        monkeypatch.setattr(job, "_SEGMENTS", 1)

    def test_the_certificate_says_what_was_looked_at_and_whether_it_was_all(self) -> None:
        publish()

        first = prove_further(NOW, JIANGSU, steps(1))
        assert (first, first.complete) == (certificate(), False)
        last = prove_further(NOW + timedelta(minutes=20), JIANGSU, steps(99))

        assert last == certificate()
        assert (last.complete, last.subjects, last.records) == (True, 1, 4)
        assert (last.rules, last.violations) == (edition_on(TODAY, JIANGSU).text, ())
        assert (last.begun, last.ended) == ("20261121T162000.000Z", "20261121T164000.000Z")

    def test_what_is_complete_is_not_proven_again_that_day(self) -> None:
        publish()
        done = prove_further(NOW, JIANGSU, steps(99))

        with patch.object(job, "prove_part", side_effect=AssertionError):
            assert prove_further(NOW + timedelta(hours=2), JIANGSU, steps(99)) == done

    def test_the_next_day_is_proven_anew(self) -> None:
        publish()
        prove_further(NOW, JIANGSU, steps(1))

        after = prove_further(NOW + timedelta(days=1), JIANGSU, steps(99))

        assert (after.complete, after.records) == (True, 4)
        assert certificate() is not None
        assert certificate("2026-11-23") == after

    def test_of_two_runs_at_a_time_one_stops_and_nothing_counts_twice(self) -> None:
        publish()
        keep = store.keep_progress

        def overtaken(name: str, step: int, state: bytes) -> bool:
            return keep(name, step, state) and keep(name, step, state)

        with patch.object(store, "keep_progress", overtaken):
            assert not prove_further(NOW, JIANGSU, steps(99)).complete

        last = prove_further(NOW, JIANGSU, steps(99))
        assert (last.complete, last.subjects, last.records) == (True, 1, 4)

    def test_a_violation_is_kept_logged_and_counted(
        self, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        publish()
        _plant(ANNULLED)

        last = prove_further(NOW, JIANGSU, steps(99))

        assert {(each.surface, each.record) for each in last.violations} == {
            (ROWS, ANNULLED.path),
            (PAGE, ANNULLED.path),
        }
        assert {each.source for each in last.violations} != {""}
        assert [r.message for r in caplog.records].count("STILL_SHOWN") == 2
        assert metrics.metric_set["StillShown"]["Value"] == [1.0, 1.0]
        metrics.clear_metrics()

    def test_more_violations_than_are_kept_are_counted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job, "_MOST", 1)
        publish()
        _plant(ANNULLED)

        last = prove_further(NOW, JIANGSU, steps(99))
        metrics.clear_metrics()

        assert len(last.violations) == 1
        assert sum(each.still_shown for each in last.surfaces) == 2
