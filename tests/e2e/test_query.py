"""What is answered to whom: the public, the subject, the operator, and the ledger beside it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest

from tests.collection.files import csv_of, penalty, registration
from tests.e2e.asking import Caller
from tests.e2e.invented import Person
from tests.e2e.providers import Provider
from tests.e2e.rows import fined, named
from tests.e2e.system import System
from tests.e2e.waiting import wait_for

pytestmark = pytest.mark.deployed


def _register(system: System, provider: Provider, name: str, **more: str) -> str:
    """A registered organisation; returns its code."""
    code = system.invent.code()
    row = registration(uni_social_crd_cd=code, comp_nm=name, **more)
    provider.deliver("registration", csv_of("registration", [row]))
    return code


def _penalise(provider: Provider, *rows: dict[str, str]) -> list[str]:
    """Report penalties; returns whose archives they went to."""
    upload = provider.deliver("penalty", csv_of("penalty", rows))["upload"]["upload"]
    return [row["subject"] for row in provider.rows(upload)]


def _find(system: System, person: Person) -> str:
    """The key of a person's archive, as the operator finds it."""
    paper = {"paper_kind": person.kind, "paper_number": person.number}
    answer = system.operator.post("/v1/archives/lookup", paper, X_Query_Purpose="window_service")
    subject: str = answer.of(200)["subject"]
    return subject


def _as_person(system: System, person: Person) -> Caller:
    kind = "id" if person.kind == "身份证" else "passport"
    claims = {"paper_kind": kind, "paper_number": person.number, "name": person.name}
    return system.sign_in("subject", **claims)


def _items(shown: dict[str, Any]) -> list[str]:
    return sorted(record["item"] for record in shown["records"])


# -- the public -----------------------------------------------------------------------------------


def test_should_show_what_is_open_when_the_public_asks_by_code(system: System) -> None:
    provider = system.provider()
    name, person = system.invent.name(), system.invent.person()
    code = _register(system, provider, name, legal_repre=person.name, reg_state="存续")
    row = penalty(cf_xdr_shxym=code, cf_xdr_mc=name, bz="内部备注", **named(person))
    _penalise(provider, row)
    system.settle()
    answer = system.nobody.get(f"/v1/organisations/{code}")
    shown = answer.of(200)
    assert (shown["name"], shown["status"]) == (name, "存续")
    assert _items(shown) == ["penalty", "registration"]
    fined = next(record for record in shown["records"] if record["item"] == "penalty")
    assert fined["provider"] == provider.code
    assert fined["fields"]["cf_nr_fk"] == "0.2"
    assert fined["period"]["last_day"] == "2029-03-25"  # three years in force on the day: Order 58
    assert fined["ground"]["treatment"] == "marked"
    hidden = (person.name, person.number, "内部备注", "cf_fr_zjhm", "bz")
    assert all(each not in answer.content.decode() for each in hidden)
    held = {"If_None_Match": answer.headers["etag"]}
    assert system.nobody.get(f"/v1/organisations/{code}", **held).status == 304
    seconds = answer.headers["cache-control"].removeprefix("public, max-age=")
    assert 0 <= int(seconds) <= 60


def test_should_find_organisations_when_a_fragment_is_searched(system: System) -> None:
    provider = system.provider()
    fragment = system.invent.name()[2:5] + "渡口"
    codes = [system.invent.code() for _ in range(25)]
    rows = [
        registration(uni_social_crd_cd=code, comp_nm=f"清江市{fragment}第{number}（分）店")
        for number, code in enumerate(codes)
    ]
    provider.deliver("registration", csv_of("registration", rows))
    system.settle()

    def search(words: str, cursor: str = "") -> dict[str, Any]:
        path = f"/v1/organisations?name={quote(words)}&cursor={quote(cursor)}"
        found: dict[str, Any] = system.nobody.get(path).of(200)
        return found

    first = search(fragment)
    second = search(fragment, first["next_cursor"])
    pages = [first["organisations"], second["organisations"]]
    assert len(pages[0]) == 20
    assert second["next_cursor"] is None
    assert sorted(each["code"] for page in pages for each in page) == sorted(codes)
    assert [each["code"] for each in search(f"{fragment} 第7(分)")["organisations"]] == [codes[7]]
    assert search(f"{fragment}无")["organisations"] == []
    foreign = f"name={quote('清江')}&cursor={quote(first['next_cursor'])}"
    system.nobody.get(f"/v1/organisations?{foreign}").refused(422, "E-PAGE-01")
    system.nobody.get(f"/v1/organisations?name={quote('有限公司')}").refused(422, "E-NAME-02")
    system.nobody.get(f"/v1/organisations?name={quote('江')}").refused(422, "E-HTTP-07")


def test_should_find_by_a_former_name_when_renamed(system: System) -> None:
    provider = system.provider()
    old, new, code = system.invent.name(), system.invent.name(), system.invent.code()
    for name in (old, new):
        row = registration(uni_social_crd_cd=code, comp_nm=name)
        provider.deliver("registration", csv_of("registration", [row]))
    system.settle()
    for name, former in ((new, None), (old, old)):
        path = f"/v1/organisations?name={quote(name[2:5])}"
        found = system.nobody.get(path).of(200)["organisations"]
        assert found == [{"code": code, "name": new, "former_name": former}]
    assert system.public(code)["former_names"] == [old]


def test_should_never_publish_a_person_when_penalised(system: System) -> None:
    provider = system.provider()
    person, traveller = system.invent.person(), system.invent.traveller()
    subjects = _penalise(provider, fined(person), fined(traveller))
    system.settle()
    for subject, somebody in zip(subjects, (person, traveller), strict=True):
        assert _find(system, somebody) == subject
        system.nobody.get(f"/v1/organisations/{subject}").refused(404, "E-PUBLIC-01")
        found = system.nobody.get(f"/v1/organisations?name={quote(somebody.name)}").of(200)
        assert found["organisations"] == []
        assert _items(system.archive(subject)) == ["penalty"]
    rows = {row["subject"]["S"] for row in system.scan("PublicationTable")}
    assert not rows & set(subjects)


# -- archives and the ledger ----------------------------------------------------------------------


def test_should_tell_the_subject_when_somebody_has_asked(system: System) -> None:
    provider = system.provider()
    code = _register(system, provider, system.invent.name())
    path = f"/v1/archives/{code}"
    agency = system.sign_in("agency")
    system.operator.get(path).refused(422, "E-PURPOSE-01")
    system.operator.get(path, X_Query_Purpose="curiosity").refused(422, "E-PURPOSE-02")
    agency.get(path, X_Query_Purpose="window_service").refused(403, "E-PURPOSE-03")
    asked = ("operator", "agency", "judicial")
    records = [_paths(system.archive(code, persona)) for persona in asked]

    representative = system.sign_in("representative", organisation=code)
    entries = representative.get(f"{path}/queries").of(200)["queries"]
    assert [entry["role"] for entry in entries] == list(reversed(asked))
    purposes = ["judicial", "supervision", "window_service"]
    assert [entry["purpose"] for entry in entries] == purposes
    assert [entry["records"] for entry in reversed(entries)] == records
    assert all(entry["handed_over"] and entry["organisation_name"] for entry in entries)
    assert system.sign_in("supervisor").get(f"{path}/queries").of(200)["queries"] == entries

    own = representative.get(path).of(200)
    assert own["channel"] == "own"
    newest = representative.get(f"{path}/queries").of(200)["queries"][0]
    assert (newest["role"], newest["purpose"]) == ("subject", "own")
    stranger = system.sign_in("representative")
    for foreign in (path, f"{path}/queries"):
        stranger.get(foreign).refused(404, "E-ARCHIVE-01")


def _paths(archive: dict[str, Any]) -> list[str]:
    return sorted(f"{record['item']}/{record['record']}" for record in archive["records"])


@pytest.mark.parametrize("paper", ["identity number", "passport"])
def test_should_open_ones_own_archive_when_signed_in_by_ones_paper(
    system: System, paper: str
) -> None:
    person = system.invent.traveller() if paper == "passport" else system.invent.person()
    signed_in = _as_person(system, person)
    told = {"paper_kind": person.kind, "paper_number": person.number}
    lookup = "/v1/archives/lookup"
    system.operator.post(lookup, told, X_Query_Purpose="own").refused(403, "E-PURPOSE-03")
    unknown = system.operator.post(lookup, told, X_Query_Purpose="window_service")
    unknown.refused(404, "E-ARCHIVE-01")
    [subject] = _penalise(system.provider(), fined(person))
    assert _find(system, person) == subject
    path = f"/v1/archives/{subject}"
    wait_for("the person's sign-in is known", lambda: signed_in.get(path).status == 200)
    [record] = signed_in.get(path).of(200)["records"]
    assert record["fields"]["cf_xdr_mc"] == person.name
    assert record["fields"]["cf_xdr_zjhm"] == person.number
    entries = signed_in.get(f"{path}/queries").of(200)["queries"]
    assert ("operator", "window_service") in [(e["role"], e["purpose"]) for e in entries]
    somebody = _as_person(system, system.invent.person())
    somebody.get(path).refused(404, "E-ARCHIVE-01")


# -- reports --------------------------------------------------------------------------------------


def _groups(report: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [group for chapter in report["chapters"] for group in chapter["groups"]]


def test_should_count_what_it_holds_when_a_report_is_issued(system: System) -> None:
    provider = system.provider()
    name, person = system.invent.name(), system.invent.person()
    code = _register(system, provider, name)
    rows = [penalty(cf_xdr_shxym=code, cf_wsh=f"{n}号", **named(person)) for n in range(3)]
    _penalise(provider, *rows)
    wanted, path = {"kind": "standard"}, f"/v1/archives/{code}"
    answer = system.operator.post(f"{path}/reports", wanted, X_Query_Purpose="window_service")
    issued = answer.of(201)
    report = issued["report"]
    groups = {group["item"]: len(group["records"]) for group in _groups(report)}
    assert (groups["registration"], groups["penalty"], sum(groups.values())) == (1, 3, 4)
    summary = report["summary"]
    assert summary["total"] == 4
    assert {each["id"]: each["count"] for each in summary["items"]} == groups
    chapters = {c["id"]: sum(len(g["records"]) for g in c["groups"]) for c in report["chapters"]}
    assert {each["id"]: each["count"] for each in summary["chapters"]} == chapters
    categories = {each["id"]: each["count"] for each in summary["categories"]}
    assert categories == {"basic": 1, "positive": 0, "adverse": 3, "other": 0}
    assert report["subject"] == {"name": name, "code": code}
    assert person.number not in answer.content.decode()
    assert person.name not in answer.content.decode()

    handed = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(handed.encode()).hexdigest() == issued["digest"]
    verified = system.nobody.get(f"/v1/reports/{issued['number']}/verification").of(200)
    assert verified["digest"] == issued["digest"]
    assert name not in json.dumps(verified, ensure_ascii=False)
    assert verified["subject_name"].startswith(name[:2])
    miscopied = issued["number"][:-1] + ("0" if issued["number"][-1] != "0" else "1")
    system.nobody.get(f"/v1/reports/{miscopied}/verification").refused(404, "E-REPORT-01")

    representative = system.sign_in("representative", organisation=code)
    [entry] = representative.get(f"{path}/queries").of(200)["queries"]
    assert entry["report"] == issued["number"]
    assert len(entry["records"]) == 4


# -- marks ----------------------------------------------------------------------------------------

_MARKS = {
    "annulled": ("withheld", "withheld"),
    "deleted": ("withheld", "withheld"),
    "repaired": ("withheld", "withheld"),
    "disputed": ("marked", "marked"),
    "verifying": ("marked", "marked"),
}


@pytest.mark.parametrize("kind", _MARKS)
def test_should_be_gone_at_once_when_a_mark_says_so(system: System, kind: str) -> None:
    provider = system.provider()
    code = system.invent.code()
    _penalise(provider, penalty(cf_xdr_shxym=code))
    system.settle()
    [record] = system.published(code)
    mark = {"kind": kind, "phase": "open", "id": "case-1", "basis": "行政复议决定书〔2026〕1号"}
    path = f"/v1/archives/{code}/records/penalty/{record['record']}/marks"
    with system.unfollowed():  # the answer itself is what makes the record vanish
        assert system.operator.post(path, mark).of(201)["new"]
        _check_shown(system, code, kind)
        assert not system.operator.post(path, mark).of(200)["new"]
        _check_shown(system, code, kind)

    provider.deliver("penalty", csv_of("penalty", [penalty(cf_xdr_shxym=code)]))
    system.settle()
    _check_shown(system, code, kind)  # saying it again lifts no mark

    with system.unfollowed():
        assert system.operator.post(path, {**mark, "phase": "close"}).of(201)["new"]
        [again] = system.published(code)
    assert {**again, "said_at": ""} == {**record, "said_at": ""}


def _check_shown(system: System, code: str, kind: str) -> None:
    """What the public and an agency see at once, and that the operator is told of the mark."""
    for records, treatment in zip(
        (system.published(code), system.archive(code, "agency")["records"]),
        _MARKS[kind],
        strict=True,
    ):
        if treatment == "withheld":
            assert records == []
        else:
            assert kind in records[0]["marks"]
    assert kind in system.archive(code)["records"][0]["marks"]


def test_should_only_withdraw_ones_own_words_when_a_provider_marks(system: System) -> None:
    provider, other = system.provider(), system.provider()
    code = system.invent.code()
    _penalise(provider, penalty(cf_xdr_shxym=code))
    system.settle()
    [record] = system.published(code)
    path = f"/v1/archives/{code}/records/penalty/{record['record']}/marks"
    mark = {"kind": "withdrawn", "phase": "open", "id": "1", "basis": "误报"}
    other.caller.post(path, mark).refused(403, "E-ARCHIVE-03")
    system.operator.post(path, mark).refused(403, "E-ARCHIVE-03")
    provider.caller.post(path, {**mark, "kind": "annulled"}).refused(403, "E-ARCHIVE-03")
    unknown = path.replace(record["record"], "1AAAAAAAAAAAAAAAA")
    provider.caller.post(unknown, mark).refused(404, "E-ARCHIVE-02")
    assert len(system.published(code)) == 1
    provider.caller.post(path, mark).of(201)
    assert system.published(code) == []
    assert "withdrawn" in system.archive(code)["records"][0]["marks"]
