"""Findings beside a receipt: names by grade, changes, disagreement, codes given twice."""

from datetime import timedelta

import pytest

from chalicelib.archive import store
from chalicelib.archive.statements import Holding, RecordKey
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import planning, plans, scanning
from chalicelib.collection.candidates import read_given
from chalicelib.collection.code_issues import Place, list_code_issues
from chalicelib.collection.findings import find_in_range
from chalicelib.disclosure.search.index import index_names
from chalicelib.subjects.evidence import Given
from tests.collection.files import (
    DAY,
    NOW,
    ORGANISATION,
    OTHER_PROVIDER,
    csv_of,
    entitle,
    merge_all,
    penalty,
    person_penalty,
    receive,
    registration,
    send,
)

pytestmark = pytest.mark.usefixtures("aws", "entitled")

RECENT = "2026-11-20"
LATER = NOW + timedelta(hours=1)
NAME = "清江市云帆商贸有限公司"


def _codes(upload: str) -> list[str]:
    return [each.finding.code for each in find_in_range(upload, 0)]


def test_should_read_each_record_once_when_a_range_is_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [penalty(cf_wsh=f"清{number}号", cf_jdrq=RECENT) for number in (1, 2, 2)]
    send(csv_of("penalty", rows), "penalty")
    old = csv_of("penalty", [*rows, penalty(cf_wsh="清3号", cf_nr_fk="0.9")])
    upload = send(old, "penalty", now=LATER)
    asked: list[RecordKey] = []
    read = store.read_alone

    def read_alone(key: RecordKey) -> Holding:
        asked.append(key)
        return read(key)

    monkeypatch.setattr(store, "read_alone", read_alone)
    monkeypatch.setattr(store, "read_record", None)
    assert "F-LATE-01" in _codes(upload)
    assert len(asked) == len(set(asked)) == 3


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (NAME, []),
        ("清江市云帆商贸有限公司 ", []),
        ("清江市“云帆”商贸有限公司", ["F-NAME-03"]),
        ("清江云帆商贸", ["F-NAME-04"]),
        ("清江市风帆商贸有限公司", ["F-NAME-02"]),
        ("大河食品厂", ["F-NAME-01"]),
    ],
)
def test_should_grade_names_when_they_differ_from_the_registered_one(
    name: str, code: list[str]
) -> None:
    send(csv_of("registration", [registration(comp_nm="清江市风帆商贸有限公司")]))
    send(csv_of("registration", [registration()]), now=LATER)
    index_names(ORGANISATION, load_catalogue(DAY).item("registration"))
    row = penalty(cf_xdr_mc=name, cf_jdrq=RECENT)
    assert _codes(send(csv_of("penalty", [row]), "penalty", now=LATER)) == code


def test_should_tell_what_changed_when_the_same_record_is_sent_again() -> None:
    send(csv_of("penalty", [penalty(cf_jdrq=RECENT)]), "penalty")
    row = penalty(cf_jdrq=RECENT, cf_nr_fk="0.3", cf_nr="罚款三千元")
    (found,) = find_in_range(send(csv_of("penalty", [row]), "penalty", now=LATER), 0)
    assert found.finding.code == "F-CHANGED-01"
    assert found.finding.values["fields"] == "处罚内容、罚款金额(万元)"
    assert found.finding.values["row"] == 2


@pytest.mark.parametrize(
    ("changed", "codes"),
    [({"cf_nr_fk": "0.3"}, ["F-DISAGREES-01"]), ({"cf_sjly": "另一单位", "bz": "补录"}, [])],
)
def test_should_tell_who_disagrees_when_another_provider_said_else(
    changed: dict[str, str], codes: list[str]
) -> None:
    send(csv_of("penalty", [penalty(cf_jdrq=RECENT)]), "penalty")
    entitle(OTHER_PROVIDER)
    body = csv_of("penalty", [penalty(cf_jdrq=RECENT, **changed)])
    upload = receive(body, "penalty", now=LATER, provider=OTHER_PROVIDER)
    planning.plan_upload(upload)
    merge_all(upload)
    assert _codes(upload) == codes


@pytest.mark.parametrize(("formed", "reused"), [("2018-01-06", False), ("2020-02-02", True)])
def test_should_suspect_a_code_given_twice_when_name_and_formation_differ(
    formed: str, *, reused: bool
) -> None:
    send(csv_of("registration", [registration()]))
    row = registration(comp_nm="大河食品厂", est_dt=formed)
    upload = send(csv_of("registration", [row]), now=LATER)
    assert ("F-CODE-01" in _codes(upload)) is reused


def test_should_list_wrong_mismatched_and_duplicate_codes_when_a_day_is_reported() -> None:
    send(csv_of("registration", [registration()]))
    index_names(ORGANISATION, load_catalogue(DAY).item("registration"))
    wrong = penalty(cf_xdr_shxym=ORGANISATION[:-1] + "*")
    rows = [penalty(cf_xdr_mc="大河食品厂"), wrong, person_penalty(1)]
    send(csv_of("penalty", rows), "penalty", now=LATER)
    twice = registration(comp_nm="大河食品厂", est_dt="2020-02-02")
    send(csv_of("registration", [twice]), now=LATER + timedelta(hours=1))
    issues, rest = list_code_issues(DAY, Place())
    assert rest is None
    told = sorted((each.kind, each.row, each.problem.code) for each in issues)
    assert ("mismatched", 2, "F-NAME-01") in told
    assert ("wrong", 3, "E-USCC-07") in told
    assert ("duplicate", 2, "F-CODE-01") in told
    assert list_code_issues(DAY - timedelta(days=1), Place()) == ([], None)


def test_should_go_on_where_it_stopped_when_a_report_is_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chalicelib.collection.code_issues.MOST_RANGES", 1)
    wrong = penalty(cf_xdr_shxym=ORGANISATION[:-1] + "*")
    uploads = [send(csv_of("penalty", [wrong]), "penalty") for _ in range(3)]
    place: Place | None = Place()
    found = []
    while place is not None:
        issues, place = list_code_issues(DAY, place)
        found += [each.upload for each in issues]
    assert sorted(found) == sorted(uploads)


def test_should_give_what_a_row_says_of_its_organisation_when_it_was_refused() -> None:
    hidden = f"{ORGANISATION[:11]}****{ORGANISATION[15:]}"
    person = person_penalty(1, cf_wsh="")
    rows = [penalty(cf_xdr_shxym=hidden), penalty(), person]
    upload = send(csv_of("penalty", rows), "penalty")
    assert read_given(upload, 0, 2) == Given(name=NAME, code=hidden)
    assert read_given(upload, 0, 3) is None
    assert read_given(upload, 0, 4) is None


def test_should_tell_all_rows_of_a_record_when_it_stands_in_a_file_several_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 2)
    row = penalty(cf_jdrq=RECENT)
    rows = [row, {**row, "cf_nr_fk": "0.3"}, row, penalty(cf_jdrq=RECENT, cf_wsh="清2号")]
    upload = send(csv_of("penalty", rows), "penalty")
    plan = plans.read_plan(upload)
    assert plan is not None
    found = [each for index in range(len(plan.ranges)) for each in find_in_range(upload, index)]
    assert [(each.row, each.finding.code, each.finding.values["rows"]) for each in found] == [
        (2, "F-DUP-01", "4"),
        (2, "F-DUP-02", "3"),
        (3, "F-DUP-02", "2、4"),
        (4, "F-DUP-01", "2"),
        (4, "F-DUP-02", "3"),
    ]
    assert {each.finding.values.get("last") for each in found} == {None, 4}
