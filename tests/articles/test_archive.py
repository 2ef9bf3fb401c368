"""REQUIREMENTS §4: one archive for every subject, with everything that was ever said 信用档案."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.archive.statements import MarkKind, Phase
from chalicelib.archive.store import read_record
from chalicelib.archive.visibility import Viewer
from chalicelib.disclosure.queries import read_archive
from chalicelib.law.rules import Channel
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper, PaperKind, is_person
from chalicelib.subjects.identities import find_people
from chalicelib.web.app import CreditApp
from tests.articles.scenes import (
    CATALOGUE,
    NJ,
    look,
    note,
    only_key,
    query,
    report,
    subject_of,
)
from tests.catalogue.rows import row_of
from tests.collection.archives import held, stored_items
from tests.collection.files import (
    DAY,
    ORGANISATION,
    OTHER_PROVIDER,
    PROVIDER,
    id_number,
    penalty,
    person_penalty,
    registration,
)
from tests.web.events import ask, signed_in

pytestmark = pytest.mark.usefixtures("city")

JANUARY = datetime(2026, 1, 5, 1, tzinfo=UTC)
MARCH = datetime(2026, 3, 27, 1, tzinfo=UTC)


def test_an_organisation_has_one_archive_under_its_code() -> None:
    """JS-10, NJ-20, SD-8: 以统一社会信用代码为标识; every provider's records meet in it."""
    report("registration", registration())
    report("penalty", penalty(), provider=OTHER_PROVIDER)

    assert {key.subject for key in held()} == {ORGANISATION}
    assert look(ORGANISATION, "operator").keys() == {"registration", "penalty"}


def test_a_person_has_one_archive_under_the_id_number() -> None:
    """JS-10, NJ-20, SD-8: 以公民身份号码为标识; the number itself is in no key."""
    report("penalty", person_penalty(1))
    report("honour", row_of(CATALOGUE.item("honour"), "person"))

    [subject] = {key.subject for key in held()}
    assert is_person(subject)
    assert subject == subject_of(1)
    assert look(subject, "operator").keys() == {"penalty", "honour"}


def test_a_person_without_an_id_number_is_known_by_another_paper() -> None:
    """JS-10, JS-12: 自然人无公民身份号码的，以其他有效身份证件号码为标识 — here a passport."""
    for number in ("1号", "2号"):
        row = person_penalty(cf_xdr_zjlx="护照号", cf_xdr_zjhm="E12345678", cf_wsh=number)
        report("penalty", row)

    [subject] = {key.subject for key in held()}
    assert find_people([Paper(PaperKind.PASSPORT, "E12345678")]).popitem()[1].subject == subject
    assert len(query(subject, "operator")) == 2


def test_persons_are_pseudonymous_and_sealed() -> None:
    """JS-30, NJ-51, SZ-31: what the archive stores tells neither name nor number 数据安全."""
    report("penalty", person_penalty(1))

    stored = str(stored_items(settings().archive_table))
    assert id_number(1) not in stored
    assert "李四" not in stored


def test_the_archive_tells_sources_versions_and_reasons(app: CreditApp) -> None:
    """NJ-57, JS-23: 信息来源和变动理由: who said it, when, what is noted on it and why it is shown."""
    report("penalty", penalty(cf_cflb="责令停产停业"))
    note(only_key("penalty"), MarkKind.DISPUTED)

    answer = ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        caller=signed_in("subject", organisation=ORGANISATION),
    )
    [record] = answer.json["records"]
    assert record["provider"] == PROVIDER
    assert record["said_at"] == "2026-11-22T09:00:00+08:00"
    assert record["marks"] == ["disputed"]
    assert record["ground"]["source"]
    assert record["period"]["source"]


def test_the_subject_is_told_why_a_record_is_shown_as_it_is(app: CreditApp) -> None:
    """NJ-57, JS-26: class, first and last day, minimum, channel by channel, with the article."""
    report("penalty", penalty(cf_cflb="责令停产停业"))
    key = only_key("penalty")

    answer = ask(
        app,
        "GET",
        "/v1/archives/{subject}/records/{item}/{record}/explanation",
        path={"subject": key.subject, "item": key.item, "record": key.record},
        caller=signed_in("subject", organisation=ORGANISATION),
    )
    assert answer.status == 200
    assert "serious" in answer.text
    assert "2029-03-25" in answer.text


def test_every_mark_has_its_basis_and_is_closed_by_another() -> None:
    """NJ-53, SD-17: nothing is deleted from the record of what was noted, and by whom."""
    report("penalty", penalty())
    key = only_key("penalty")
    note(key, MarkKind.VERIFYING)
    note(key, MarkKind.VERIFYING, phase=Phase.CLOSE)

    assert look(ORGANISATION, "operator")["penalty"].marks == ("unclassified",)
    marks = read_record(key).marks
    assert {mark.phase for mark in marks} == {Phase.OPEN, Phase.CLOSE}
    assert all(mark.basis and mark.by for mark in marks)


def test_a_past_day_is_read_as_it_was_and_shows_nothing_ended_since() -> None:
    """NJ-53, NJ-60, JS-35: the past is kept for its subject; outside, what was repaired is gone."""
    report("penalty", penalty(cf_cflb="责令停产停业"), now=MARCH)
    note(only_key("penalty"), MarkKind.REPAIRED, NJ)

    def on(channel: Channel, as_of: date) -> list[str]:
        viewer = Viewer(ORGANISATION)
        reading = read_archive(ORGANISATION, viewer, channel, DAY, NJ, as_of=as_of)
        return [mark for each in reading.disclosed for mark in ("shown", *each.decision.marks)]

    assert on("own", date(2026, 3, 26)) == []
    assert on("own", date(2026, 4, 1)) == ["shown"]
    assert on("ex_officio", date(2026, 4, 1)) == []
