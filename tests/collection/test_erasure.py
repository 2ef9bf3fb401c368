"""A person erased is nowhere any more, whatever way a file named them; everything else stays."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from cryptography.exceptions import InvalidTag

from chalicelib.archive.opening import open_words
from chalicelib.archive.visibility import Viewer
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import erasure
from chalicelib.collection.blanking import Sought
from chalicelib.collection.linking import paper_of_name
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.queries import read_archive
from chalicelib.jobs import erase as job
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.reports.issuing import issue_standard_report, read_report
from chalicelib.reports.model import DisclosedRecord, ReportSubject
from chalicelib.reports.verify import verify
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.clock import moment_of
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import Person, find_by_subject, find_people
from tests.collection import persons
from tests.collection.archives import folded, stored_items
from tests.collection.files import (
    DAY,
    NOW,
    ORGANISATION,
    csv_of,
    person_penalty,
    receipt_of,
    receive,
    send,
)
from tests.collection.persons import FORMS, NAME, NAMESAKES, OTHER_PAPER, PAPER, erase, person_of
from tests.faults.views import rebuilt_views, views
from tests.faults.worlds import World, rewinding

JIANGSU = load_rulebook("jiangsu")


class Before(NamedTuple):
    """What there was before the erasure."""

    received: dict[str, str]
    shown: dict[tuple[str, str, str], dict[str, object]]
    person: Person
    other: Person


_WORLDS: list[Before] = []


def _arrange() -> None:
    received = persons.receive_files()
    for key in folded():
        update_views(key, DAY, JIANGSU)
    _WORLDS[:] = [Before(received, persons.shown(), person_of(), person_of(OTHER_PAPER))]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with rewinding(_arrange) as filled:
        yield filled


@pytest.fixture
def before(world: World) -> Iterator[Before]:
    with world():
        yield _WORLDS[0]


def test_a_person_stands_in_no_version_of_a_file_and_no_item(before: Before) -> None:
    assert len(persons.traces(FORMS)) == 7

    erase()

    assert persons.traces(FORMS) == []
    assert persons.traces((NAME,)) == [f"inbox/{before.received['a namesake']}"]


def test_files_keep_their_sizes_so_that_plans_stay_right(before: Before) -> None:
    sizes = {key: len(body) for key, body in persons.file_versions()}

    erase()

    assert {key: len(body) for key, body in persons.file_versions()} == sizes


def test_it_is_told_in_how_many_files_and_records(before: Before) -> None:
    assert erase() == (8, 9)
    assert erase() == (0, 0)


def test_no_key_opens_what_was_sealed_for_the_person(before: Before) -> None:
    erase()

    people = {
        item["key"]["S"]
        for item in stored_items(settings().identities_table)
        if item["key"]["S"].startswith("P")
    }
    known = find_by_subject(people)
    keys = [each.key for each in known.values() if each.key is not None]
    sealed = [
        (record.current.words, record.key)
        for record in folded().values()
        if record.current is not None
        and before.person.subject in {box.person for box in record.current.words.boxes}
    ]
    assert known[before.person.subject].key is None
    assert len(keys) == 3
    assert len(sealed) == 5
    for words, place in sealed:
        for key in keys:
            with pytest.raises(InvalidTag):
                open_words(words, place, {before.person.subject: key})


@pytest.mark.parametrize("channel", ["own", "operator", "judicial", "authorised"])
def test_the_persons_records_are_shown_to_nobody(before: Before, channel: Channel) -> None:
    def count() -> int:
        subject = before.person.subject
        return len(read_archive(subject, Viewer(subject), channel, DAY, JIANGSU).disclosed)

    assert count() == 3

    erase()

    assert count() == 0


def test_an_organisations_records_are_shown_without_the_person(before: Before) -> None:
    def read() -> dict[str, dict[str, object]]:
        disclosed = read_archive(ORGANISATION, Viewer(), "operator", DAY, JIANGSU).disclosed
        return {each.facts.key.path: dict(each.decision.fields) for each in disclosed}

    then = read()
    erase()
    now = read()

    assert now.keys() == then.keys()
    personal = {"cf_frdb", "cf_fr_zjlx", "cf_fr_zjhm", "legal_repre"}
    for path, fields in then.items():
        named = NAME in str(fields.get("cf_frdb", fields.get("legal_repre"))).replace(" ", "")
        kept = {name: value for name, value in fields.items() if not named or name not in personal}
        assert now[path] == kept
    assert sum(fields != now[path] for path, fields in then.items()) == 3


def test_other_persons_and_organisations_stay_as_they_are(before: Before) -> None:
    then = {place: fields for place, fields in before.shown.items() if NAME not in str(fields)}
    erase()
    now = persons.shown()

    for place, fields in then.items():
        if "张 雨桐" not in fields.values():
            assert now[place] == fields
    assert now[(NAMESAKES, "registration", _only_record(NAMESAKES))]["legal_repre"] == NAME
    assert person_of(OTHER_PAPER) == before.other


def _only_record(subject: str) -> str:
    (record,) = persons.records_of(subject)
    return record.key.record


def test_only_the_named_representative_of_the_same_organisation_goes(before: Before) -> None:
    here, there = paper_of_name(NAME, ORGANISATION), paper_of_name(NAME, NAMESAKES)
    assert find_people([here, there]).keys() == {here, there}

    erase()

    assert find_people([here, there, PAPER]).keys() == {there}


def test_kept_reports_open_no_more_and_are_verified_without_a_name(before: Before) -> None:
    own, about_organisation = (_issue(before.person.subject, NAME), _issue(ORGANISATION, "云帆"))
    others = _issue(before.other.subject, "李四")
    assert read_report(own)
    assert read_report(about_organisation)

    erase()

    assert read_report(own) is None
    assert read_report(about_organisation) is None
    assert read_report(others)
    names = [found.subject_name for found in map(verify, (own, about_organisation)) if found]
    assert names == ["", "云***"]
    assert persons.traces((*FORMS,)) == []


def _issue(subject: str, name: str) -> str:
    reading = read_archive(subject, Viewer(), "operator", DAY, JIANGSU)
    records = [
        DisclosedRecord(
            item=each.item.id,
            record=each.facts.key.record,
            provider=each.facts.provider,
            said_at=moment_of(each.facts.said),
            fields=each.facts.fields,
        )
        for each in reading.disclosed
    ]
    return issue_standard_report(
        ReportSubject(subject, name, ""),
        records,
        reading.keys,
        generated=NOW,
        as_of=NOW,
        rulebook=JIANGSU,
        catalogue=load_catalogue(DAY),
        randomness=lambda size: subject.encode()[-size:],
    ).number


def test_views_are_the_same_and_can_be_made_again(before: Before) -> None:
    then = views()
    erase()

    assert views() == then
    assert rebuilt_views() == then
    update_views(folded().popitem()[0], DAY, JIANGSU)


def test_receipts_stay(before: Before) -> None:
    then = {name: receipt_of(upload) for name, upload in before.received.items()}

    erase()

    assert {name: receipt_of(upload) for name, upload in before.received.items()} == then


def test_merging_the_files_again_does_not_bring_the_person_back(before: Before) -> None:
    erase()
    then = persons.shown()
    persons.drop_results()
    persons.deliver_again(before.received)

    assert find_people([PAPER, paper_of_name(NAME, ORGANISATION)]) == {}
    assert persons.traces(FORMS) == []
    now = persons.shown()
    assert now.keys() == then.keys()
    for place, fields in then.items():
        assert fields.items() - {("legal_repre", ""), ("cf_frdb", "")} <= now[place].items()


def test_an_archive_made_again_from_the_files_holds_everything_but_the_person(
    before: Before,
) -> None:
    """Every organisation's record comes back, and every other person's."""
    erase()
    for table, names in (("archive_table", ("subject", "key")), ("identities_table", ("key",))):
        _empty(getattr(settings(), table), names)
    persons.drop_results()
    persons.deliver_again(before.received)

    now = {place[1:]: fields for place, fields in persons.shown().items()}
    expected = {
        place[1:]: fields
        for place, fields in before.shown.items()
        if place[0] != before.person.subject
    }
    assert now.keys() == expected.keys()
    for place, fields in expected.items():
        hidden = {"cf_frdb": "*", "legal_repre": "*", "cf_fr_zjlx": "", "cf_fr_zjhm": ""}
        for name, value in fields.items():
            found = str(now[place].get(name, "")).replace("*" * 9, "*").replace("*" * 7, "*")
            assert now[place].get(name) == value or found == hidden[name], name
    assert find_people([PAPER, paper_of_name(NAME, ORGANISATION)]) == {}


def _empty(table: str, names: tuple[str, ...]) -> None:
    for item in stored_items(table):
        if not item["key"]["S"].startswith("keyring"):
            key = {name: item[name] for name in names}
            dynamodb().delete_item(TableName=table, Key=key)


def test_who_is_reported_anew_later_is_a_new_person(before: Before) -> None:
    erase()
    row = person_penalty(cf_xdr_mc=NAME, cf_xdr_zjhm=PAPER.number, cf_wsh="新1号")
    send(csv_of("penalty", [row]), "penalty", now=NOW + timedelta(days=1))

    assert person_of().subject != before.person.subject
    (record,) = persons.records_of(person_of().subject)
    assert persons.shown()[(record.key.subject, "penalty", record.key.record)]["cf_xdr_mc"] == NAME
    assert find_by_subject([before.person.subject])[before.person.subject].key is None


def test_a_number_inside_another_is_not_taken_for_it(before: Before) -> None:
    """A passport's few characters may stand in a date, an amount or somebody's ID number."""
    paper = Paper(PaperKind.PASSPORT, "98001")
    row = person_penalty(cf_xdr_mc="王五", cf_xdr_zjlx="护照号", cf_xdr_zjhm="9 8001", cf_wsh="9号")
    send(csv_of("penalty", [row]), "penalty", now=NOW + timedelta(days=1))

    assert erase("王五", paper) == (1, 1)
    assert find_people([paper]) == {}
    assert person_of() == before.person


def test_a_permit_is_found_as_it_was_typed(before: Before) -> None:
    row = person_penalty(
        cf_xdr_mc="何六", cf_xdr_zjlx="03", cf_xdr_zjhm="H12345678(01)", cf_wsh="10号"
    )
    send(csv_of("penalty", [row]), "penalty", now=NOW + timedelta(days=1))
    assert persons.traces(("何六",)) != []

    assert erase("何六", Paper(PaperKind.HK_MACAO_PERMIT, "H1234567801")) == (1, 1)
    assert persons.traces(("何六",)) == []


def test_only_a_number_of_the_1900s_has_an_old_form() -> None:
    def found(number: str, text: str) -> bool:
        return Sought(Paper(PaperKind.ID_NUMBER, number), NAME).numbered_in(text)

    assert found("329900198001010031", "329900800101003")
    assert not found("329900202001010030", "329900200101003")
    assert not found("329900198001010031", "1329900800101003")


def test_the_job_goes_on_from_where_it_stopped(
    before: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "_FILES", 2)
    order = {"paper_kind": "身份证", "paper_number": PAPER.number, "name": NAME}
    parts = list(persons.erased_parts(lambda event: job.run(event, NOW), order))

    assert sum(part["records"] for part in parts) == 9
    assert len(parts) == 3 * 5
    assert persons.traces(FORMS) == []
    assert find_people([PAPER]) == {}


def test_a_paper_that_cannot_be_one_is_refused_without_repeating_it() -> None:
    order = {"paper_kind": "身份证", "paper_number": "329900198001019999", "name": NAME}
    with pytest.raises(DomainError) as refused:
        job.run(order, NOW)

    assert refused.value.code.id == "E-PAPER-02"
    assert "329900198001019999" not in f"{refused.value!r}{refused.value}"


def test_a_sole_trader_without_code_loses_its_representative_too(before: Before) -> None:
    trader = {
        "cf_xdr_mc": "清江市桃溪小吃店",
        "cf_xdr_lb": "个体工商户",
        "cf_xdr_shxym": "00000000000000000X",
        "cf_xdr_gszc": "329900600000010",
        "cf_frdb": NAME,
    }
    with_paper = {"cf_fr_zjlx": "身份证", "cf_fr_zjhm": PAPER.number}
    rows = [person_penalty(1, **{"cf_xdr_zjlx": "", "cf_xdr_zjhm": "", **trader, "cf_wsh": "11号"})]
    rows += [{**rows[0], **with_paper, "cf_wsh": "12号"}]
    upload = send(csv_of("penalty", rows), "penalty", now=NOW + timedelta(days=1))
    assert receipt_of(upload).accepted == 2
    named = paper_of_name(NAME, "R329900600000010")
    assert find_people([named])

    erase()

    assert find_people([named]) == {}
    assert persons.traces((NAME,)) == [f"inbox/{before.received['a namesake']}"]


def test_a_file_that_nobody_has_planned_yet_is_blanked_and_planned_then(before: Before) -> None:
    row = person_penalty(cf_xdr_mc=NAME, cf_xdr_zjhm=PAPER.number, cf_wsh="13号")
    other = person_penalty(cf_xdr_mc="李四", cf_xdr_zjhm=OTHER_PAPER.number, cf_wsh="14号")
    upload = receive(csv_of("penalty", [row, other]), "penalty", now=NOW + timedelta(days=1))

    erase()
    persons.deliver_again({"late": upload})

    assert (receipt_of(upload).state, receipt_of(upload).accepted) == ("done", 1)
    assert persons.traces(FORMS) == []
    assert find_people([PAPER]) == {}
