"""Each handler dies or is refused at any AWS call and is tried again: nothing lost or doubled."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

import app
from chalicelib.collection import uploads
from chalicelib.collection.linking import paper_of_name
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.jobs import rebuild
from chalicelib.reports import store as reports
from chalicelib.reports.issuing import read_report
from chalicelib.runtime import blobs
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import find_people, keyring
from chalicelib.web import signing_in
from tests.collection import persons
from tests.collection.archives import folded, held, stored_items
from tests.collection.files import ORGANISATION, entitle, receipt_of
from tests.collection.persons import FORMS, NAME, PAPER, erased_parts
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.disclosure.ledger_contents import stored as ledger_items
from tests.factories import KEY, any_mark
from tests.faults.sweep import Fault, Place, sweep
from tests.faults.throttling import scarce
from tests.faults.views import rebuilt_views, views
from tests.faults.worlds import rewinding
from tests.handlers import door
from tests.handlers.events import LambdaContext, Source, all_changes, clock_at, due_at, invoke
from tests.web.events import NOW
from tests.web.issuer import any_token, any_trust

pytestmark = pytest.mark.timeout(300)

SUBJECT = KEY.subject
ENDED = date(2026, 5, 11)
UPLOAD = "20261122-AAAAAAAAAAAA"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock_at(NOW):
        yield


def tried(
    arrange: Callable[[], object],
    start: Callable[[], object],
    act: Callable[[], object],
    check: Callable[[], object],
) -> set[tuple[str, Fault]]:
    """Sweep `act`, then run it where AWS refuses a part of every batch; what was struck."""
    with rewinding(arrange) as world:
        places: list[Place] = sweep(world, start, act, check)
        with world():
            start()
            with scarce():
                act()
            check()
    return {(place.operation, place.fault) for place in places}


def every_fault(*operations: str) -> set[tuple[str, Fault]]:
    return {(operation, fault) for operation in operations for fault in Fault}


# -- stream, schedules, commands ------------------------------------------------------------------


def _fill() -> None:
    register("清江桃溪食品有限公司")
    for key in folded():  # so that what is followed is a new name
        update_views(key, TODAY, JIANGSU)
    register("清江新港物流有限公司", day=2)
    say()
    say(day=2, cf_nr="更正")
    mark(any_mark())


def test_views_are_those_made_anew_when_following_fails_anywhere() -> None:
    source: list[Source] = []

    def start() -> None:
        source[:] = [Source(app.follow_archive, all_changes())]

    def check() -> None:
        assert source[0].pending == []
        followed = views()
        assert len(followed) > 10
        assert followed == rebuilt_views()

    def deliver() -> None:
        source[0].deliver()

    struck = tried(_fill, start, deliver, check)

    assert (
        every_fault("Query", "PutItem", "BatchGetItem", "BatchWriteItem", "TransactWriteItems")
        <= struck
    )


def test_what_has_ended_is_emptied_when_expire_fails_anywhere() -> None:
    def fill() -> None:
        say(cf_jdrq="2023-05-10")
        register("清江桃溪食品有限公司")
        for key in folded():
            update_views(key, date(2026, 5, 1), JIANGSU)

    def expire() -> None:
        invoke(app.expire, due_at(datetime(2026, 5, 10, 16, 5, tzinfo=UTC)))

    def check() -> None:
        rows = stored_items(settings().publication_table)
        assert {row["key"]["S"]: "body" in row for row in rows} == {
            KEY.path: False,
            "registration/1REGISTRATION": True,
        }

    assert every_fault("Query", "PutItem") <= tried(fill, lambda: None, expire, check)


def _published(day: date) -> Iterator[str]:
    return (facts.key.item for facts, _, _ in read_published(SUBJECT, day, JIANGSU))


def test_views_are_complete_when_a_rebuild_fails_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "_READ", 2)
    expected: list[Mapping[Any, Any]] = []

    def rebuild_all() -> None:
        start: Any = None
        while True:
            start = invoke(app.rebuild, {"start": start})["start"]
            if start is None:
                return

    def check() -> None:
        expected.append(views())
        assert expected[0] == expected[-1]

    struck = tried(_fill, lambda: None, rebuild_all, check)

    assert every_fault("Scan", "Query", "PutItem", "TransactWriteItems") <= struck


def test_a_person_is_gone_when_erasing_fails_anywhere() -> None:
    names = ("subject and representative", "name only")

    def erase() -> None:
        order = {"paper_kind": "身份证", "paper_number": PAPER.number, "name": NAME}
        list(erased_parts(lambda event: invoke(app.erase, event), order))

    def check() -> None:
        assert persons.traces((*FORMS, NAME)) == []
        assert find_people([PAPER, paper_of_name(NAME, ORGANISATION)]) == {}
        assert receipt_of(UPLOAD).accepted == 4
        assert len([key for key, _ in persons.file_versions() if key.startswith("inbox/")]) == 2

    struck = tried(lambda: persons.receive_files(*names), lambda: None, erase, check)

    assert (
        every_fault(
            "GetObject", "PutObject", "DeleteObject", "ListObjectVersions", "TransactWriteItems"
        )
        <= struck
    )


# -- the API --------------------------------------------------------------------------------------


def _fill_archive() -> None:
    """A penalty of a person, and one of an organisation that names its representative."""
    persons.receive_files("subject and representative")


def test_a_person_signs_in_when_signing_in_fails_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "trusted", any_trust)
    known: list[str] = []

    def start() -> None:
        known[:] = [persons.person_of().subject]

    def sign_in() -> None:
        keyring.cache_clear()
        answer = _authenticate()
        assert answer["context"]["person"] == known[0]

    struck = tried(_fill_archive, start, sign_in, lambda: None)

    assert every_fault("Decrypt", "BatchGetItem") <= struck


def _authenticate() -> dict[str, Any]:
    token = any_token(
        role="subject",
        organisation=None,
        paper_kind="id",
        paper_number=PAPER.number,
    )
    event = {
        "type": "TOKEN",
        "authorizationToken": f"Bearer {token}",
        "methodArn": "arn:aws-cn:execute-api:cn-north-1:000000000000:abcdef1234/api/GET/v1/x",
    }
    answer: dict[str, Any] = app.authenticate(event, LambdaContext())
    return answer


@pytest.mark.parametrize("whose", ["person", "organisation"])
def test_no_archive_is_answered_without_an_entry_when_a_query_fails_anywhere(whose: str) -> None:
    answered: list[int] = []
    subjects: list[str] = []

    def start() -> None:
        answered.clear()
        subjects[:] = [persons.person_of().subject if whose == "person" else ORGANISATION]

    def query() -> None:
        keyring.cache_clear()
        answer = door.query_archive(subjects[0])
        if answer.status == 200:
            answered.append(len(answer.json["records"]))

    def check() -> None:
        assert set(answered) == {1 if whose == "person" else 2}
        assert _handed(subjects[0]) >= len(answered)
        assert _prepared(subjects[0]) >= _handed(subjects[0])

    struck = tried(_fill_archive, start, query, check)

    assert every_fault("PutItem", "Query", "BatchGetItem") <= struck


def _prepared(subject: str) -> int:
    return sum(of == subject and not key.endswith("~handed") for of, key in ledger_items())


def _handed(subject: str) -> int:
    return sum(of == subject and key.endswith("~handed") for of, key in ledger_items())


def test_no_archive_is_found_without_an_entry_when_the_search_fails_anywhere() -> None:
    answered: list[str] = []

    def look_up() -> None:
        keyring.cache_clear()
        answer = door.find_archive("身份证", PAPER.number)
        if answer.status == 200:
            answered.append(answer.json["subject"])

    def check() -> None:
        (subject,) = set(answered)
        assert _prepared(subject) >= len(answered)

    struck = tried(_fill_archive, answered.clear, look_up, check)

    assert every_fault("PutItem", "BatchGetItem", "Decrypt") <= struck


def test_no_report_is_lost_or_unentered_when_issuing_fails_anywhere() -> None:
    issued: list[str] = []

    def issue() -> None:
        keyring.cache_clear()
        answer = door.issue_report(ORGANISATION)
        if answer.status == 201:
            issued.append(answer.json["number"])

    def check() -> None:
        entered = {row.number for row in reports.Report.scan()}
        told = {item.get("report") for item in ledger_items().values()} - {None}
        assert set(issued) <= told <= entered
        assert issued
        assert all(map(read_report, entered))

    struck = tried(_fill_archive, issued.clear, issue, check)

    assert every_fault("PutItem", "PutObject", "Query", "BatchGetItem") <= struck


def test_a_mark_is_set_once_and_not_lost_when_setting_it_fails_anywhere() -> None:
    statuses: list[int] = []

    def fill() -> None:
        register("清江桃溪食品有限公司")
        say()
        for key in folded():
            update_views(key, TODAY, JIANGSU)

    def annul() -> None:
        statuses.append(door.set_mark(SUBJECT, KEY.path).status)

    def check() -> None:
        (found,) = held()[KEY].marks
        assert found.kind == "annulled"
        assert statuses[-1] in {200, 201}
        assert list(_published(TODAY)) == ["registration"]
        update_views(KEY, TODAY, JIANGSU)
        assert views() == rebuilt_views()

    struck = tried(fill, statuses.clear, annul, check)

    assert every_fault("Query", "TransactWriteItems") <= struck


def test_an_upload_that_was_answered_is_registered_when_registering_fails_anywhere() -> None:
    answered: list[str] = []

    def announce() -> None:
        answer = door.register_upload()
        if answer.status == 201:
            answered.append(answer.json["upload"]["upload"])

    def check() -> None:
        listed = {item["upload"]["S"] for item in stored_items(settings().uploads_table)}
        kept = {key.split("/")[1].removesuffix(".json") for key in blobs.list_keys("registrations")}
        assert answered
        assert set(answered) <= listed <= kept
        assert len(listed) <= 2
        for upload in listed:
            assert uploads.read_registration(upload) == uploads.find_registration(upload)

    struck = tried(entitle, answered.clear, announce, check)

    assert every_fault("PutObject", "PutItem") <= struck
