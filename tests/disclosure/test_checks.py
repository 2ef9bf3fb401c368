"""Batch checks (NJ-67, JP-12): never more than single queries tell, nothing without an entry."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from chalicelib.disclosure import ledger
from chalicelib.disclosure.checks import objects, registering
from chalicelib.disclosure.checks.running import run_part
from chalicelib.disclosure.shares.using import uses_of
from chalicelib.disclosure.volumes.codes import QUERIES_STOPPED
from chalicelib.jobs import check_results, erase
from chalicelib.jobs.checks import plan_check
from chalicelib.jobs.purge import purge_checks
from chalicelib.runtime import blobs
from chalicelib.runtime.clients import s3
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.observability import metrics
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import find_people
from chalicelib.web.app import CreditApp
from tests.aws import emulated_aws
from tests.collection.files import csv_of, id_number, person_penalty, send, uscc
from tests.disclosure.archives import JIANGSU
from tests.disclosure.checks_made import (
    AGENCY,
    CLEAN,
    COLLEAGUE,
    FINED,
    FORMER,
    JUDICIAL,
    LENDER,
    NAMES,
    PERSON,
    RENAMED,
    SHARED,
    STRANGER,
    SUPERVISOR,
    TWIN,
    UNHELD,
    answers_of,
    build_app,
    check_all,
    fetch,
    fill,
    list_of,
    read_check,
    register,
    result_of,
    submit,
    work,
)
from tests.disclosure.grants_given import give
from tests.disclosure.ledger_contents import stored
from tests.disclosure.shares_applied import approved, end
from tests.disclosure.watched import OTHER, rules_with, told
from tests.web.events import NOW, ask

SUPERVISING = "supervision"


@pytest.fixture(scope="module")
def app() -> Iterator[CreditApp]:
    """The app over one archive that tests only read; each check is one of its own."""
    with emulated_aws():
        fill()
        yield build_app()


def person() -> str:
    paper = Paper(PaperKind.ID_NUMBER, PERSON)
    return find_people([paper])[paper].subject


def single(app: CreditApp, subject: str, caller: Any, grant: str = "") -> Any:
    """What a single query tells the same caller of a subject."""
    if caller["role"] in {"supervisor", "third_party"} and not grant:
        return ask(app, "GET", "/v1/organisations/{code}", path={"code": subject}).json
    purpose = {"agency": "qualification", "judicial": "judicial"}.get(caller["role"], "")
    headers = {"X-Query-Purpose": purpose, "X-Query-Basis": "x"}
    headers |= {"X-Query-Grant": grant} if grant else {}
    where = {"path": {"subject": subject}, "headers": headers}
    return ask(app, "GET", "/v1/archives/{subject}", caller=caller, **where).json


def entries(subject: str, check: str) -> list[ledger.Asked]:
    page = ledger.entries_of(subject, None, 500)
    return [each for each in page.entries if each.entry.basis.startswith(check)]


# -- the same as single queries --------------------------------------------------------------------


@pytest.mark.parametrize("caller", [AGENCY, JUDICIAL, SUPERVISOR, LENDER], ids=lambda c: c["role"])
def test_should_tell_what_the_same_callers_single_query_tells(app: CreditApp, caller: Any) -> None:
    answers = check_all(app, (CLEAN,), (FINED,), (RENAMED,), caller=caller)

    for answer in answers:
        alone = single(app, answer["subject"], caller)
        assert answer["records"] == alone["records"]
        assert answer["name"] == alone["name"]
        assert sum(answer["counts"].values()) == len(alone["records"])
    assert answers[1]["counts"]["adverse"] == 2
    assert all(record["period"]["reason"] for record in answers[1]["records"] if record["period"])


def test_should_tell_of_a_person_by_exact_paper_on_duty(app: CreditApp) -> None:
    [answer] = check_all(app, ("", "李四", "身份证", PERSON))

    assert answer["records"] == single(app, person(), AGENCY)["records"]
    assert answer["subject"] == person()
    assert answer["asked"] == f"{PERSON[:3]}*************{PERSON[-2:]}"


def test_should_tell_what_a_grant_covers_and_no_more(app: CreditApp) -> None:
    grant = give(subject=FINED, recipient=LENDER["organisation"]).id

    [granted, open_to_all] = check_all(app, (FINED, "", "", "", grant), (FINED,), caller=LENDER)

    assert granted["channel"] == "authorised"
    assert {record["item"] for record in granted["records"]} == {"penalty"}
    assert granted["records"] == single(app, FINED, LENDER, grant)["records"]
    assert open_to_all["channel"] == "public"
    assert open_to_all["records"] == single(app, FINED, LENDER)["records"]


def test_should_tell_what_a_share_covers_and_no_more(app: CreditApp) -> None:
    """JS-21, JS-32: the check names the share; each subject's entry does, and so do its uses."""
    share = approved(items=("penalty", "honour"))
    check = submit(app, list_of((FINED,), (CLEAN,)), share=share.id, basis="", purpose=SUPERVISING)
    work(check)

    fined, clean = answers_of(app, check)

    assert (fined["channel"], clean["channel"]) == ("shared", "shared")
    assert ({record["item"] for record in fined["records"]}, clean["records"]) == ({"penalty"}, [])
    [entry] = entries(FINED, check)
    assert entry.entry.basis == f"{check} {share.id}"
    assert entry in uses_of(share, None, 9).entries
    assert len(uses_of(share, None, 9).entries) == 2


def test_should_tell_nothing_under_a_share_that_has_ended_meanwhile(app: CreditApp) -> None:
    share = approved(items=("penalty",))
    check = submit(app, list_of((FINED,)), share=share.id, basis="", purpose=SUPERVISING)
    end(share)
    work(check)

    [answer] = answers_of(app, check)

    [unheld] = check_all(app, (UNHELD,))
    assert (answer["status"], answer["told"]) == (unheld["status"], unheld["told"])
    assert entries(FINED, check) == []


@pytest.mark.parametrize(
    ("caller", "changes"),
    [
        (AGENCY, {"share": "S" + "A" * 24}),
        (AGENCY, {"purpose": "qualification"}),
        ({**AGENCY, "organisation": "11329900MB0000003C"}, {}),
        (JUDICIAL, {}),
        (SUPERVISOR, {}),
        ({**LENDER, "organisation": AGENCY["organisation"]}, {}),
    ],
)
def test_should_register_nothing_under_a_share_that_does_not_cover_it(
    app: CreditApp, caller: Any, changes: Any
) -> None:
    given = {"share": approved(items=("penalty",)).id, "basis": "", "purpose": SUPERVISING}
    answer = register(app, list_of((FINED,)), caller, **{**given, **changes})
    assert (answer.status, answer.json["code"]) == (404, "E-ARCHIVE-01")


def test_should_be_made_under_a_share_for_checks_and_no_other_basis(app: CreditApp) -> None:
    single_only, both = approved(items=("penalty",), ways=("query",)), approved(items=("penalty",))
    given: dict[str, Any] = {"basis": "", "purpose": SUPERVISING}
    assert register(app, b"x", share=single_only.id, **given).json["code"] == "E-ARCHIVE-01"
    two = register(app, b"x", share=both.id, **{**given, "basis": "清教审〔2026〕3号"})
    assert (two.status, two.json["code"]) == (422, "E-INPUT-02")


def test_should_tell_of_a_person_under_the_persons_grant(app: CreditApp) -> None:
    grant = give(subject=person(), recipient=LENDER["organisation"]).id

    [answer] = check_all(app, ("", "", "", PERSON, grant), caller=LENDER)

    assert answer["records"] == single(app, person(), LENDER, grant)["records"]
    [entry] = [e for e in ledger.entries_of(person(), None, 99).entries if e.entry.basis == grant][
        1:
    ]
    assert entry.entry.channel == "authorised"


def test_should_count_and_not_tell_when_a_summary_suffices(app: CreditApp) -> None:
    [answer] = check_all(app, (FINED,), detail="summary")

    assert answer["counts"] == {"basic": 1, "adverse": 2}
    assert answer["records"] == []


# -- who is meant ----------------------------------------------------------------------------------


def test_should_find_by_an_exact_present_or_former_name_only(app: CreditApp) -> None:
    rows = [("", name) for name in (NAMES[FINED], FORMER, NAMES[FINED][:-1], "商贸", "有限公司")]

    answers = check_all(app, *rows)

    assert [answer["subject"] for answer in answers] == [FINED, RENAMED, "", "", ""]
    assert {answer["told"]["code"] for answer in answers[2:]} == {"E-ARCHIVE-01"}


def test_should_name_the_candidates_when_several_have_a_name(app: CreditApp) -> None:
    [answer] = check_all(app, ("", SHARED))

    assert answer["status"] == "ambiguous"
    assert answer["candidates"] == sorted([CLEAN, TWIN])
    assert answer["records"] == []
    assert answer["told"]["code"] == "E-CHECK-10"


def test_should_tell_alike_of_what_is_not_held_and_what_is_not_permitted(app: CreditApp) -> None:
    rows = [(UNHELD,), ("", "没有这家公司"), (FINED, "", "", "", "G" + "A" * 24)]
    other = give(subject=FINED, recipient=AGENCY["organisation"]).id

    answers = check_all(app, *rows, (FINED, "", "", "", other), caller=LENDER)

    told = [{key: each[key] for key in each.keys() - {"row", "asked"}} for each in answers]
    assert told == [told[0]] * 4
    assert told[0]["status"] == "not_found"
    assert told[0]["told"]["code"] == "E-ARCHIVE-01"


def test_should_not_look_for_persons_without_a_basis(app: CreditApp) -> None:
    for caller in (LENDER, SUPERVISOR):
        [held, unheld] = check_all(app, ("", "", "", PERSON), ("", "", "", STRANGER), caller=caller)
        assert held["told"]["code"] == unheld["told"]["code"] == "E-CHECK-09"
        assert held["status"] == "refused"


def test_should_not_use_a_grant_that_a_single_query_of_an_agency_could_not(app: CreditApp) -> None:
    grant = give(subject=FINED, recipient=AGENCY["organisation"]).id

    [answer] = check_all(app, (FINED, "", "", "", grant))

    assert answer["status"] == "not_found"


def test_should_tell_what_is_wrong_with_each_row(app: CreditApp) -> None:
    rows = [
        (FINED, "清江别名商贸有限公司"),
        (FINED[:-1] + "0",),
        ("", "", "身份证", "123"),
        (CLEAN, "", "身份证", PERSON),
        (CLEAN,),
        (CLEAN,),
        ("", "名" * 201),
        ("", "", "身份证", "", ""),
        ("无", "空", "", "", "G"),
    ]

    answers = check_all(app, *rows)

    codes = [answer["told"] and answer["told"]["code"] for answer in answers]
    assert codes[0] == "W-CHECK-01"
    assert answers[0]["status"] == "found"
    assert codes[1].startswith("E-USCC")
    assert codes[2] == "E-PAPER-01"
    assert codes[3:] == ["E-CHECK-11", None, "E-CHECK-08", "E-CHECK-12", *["E-CHECK-07"] * 2]


# -- the ledger ------------------------------------------------------------------------------------


def test_should_enter_every_subject_once_with_purpose_and_basis(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,), (CLEAN,), (UNHELD,), ("", "", "", STRANGER)))
    work(check)
    work(check)

    [fined] = entries(FINED, check)
    assert fined.entry.channel == "ex_officio"
    assert fined.entry.purpose == "qualification"
    assert fined.entry.basis == f"{check} 清教审〔2026〕3号"
    assert fined.entry.organisation_name == "清江市教育局"
    assert fined.handed is not None
    assert len(fined.handed.returned) == 3
    assert (
        len(entries(CLEAN, check)) == len(entries(UNHELD, check)) == len(entries("-", check)) == 1
    )


def test_should_enter_what_is_public_too_when_an_institution_checks(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,)), LENDER)
    work(check)

    [entry] = entries(FINED, check)
    assert entry.entry.channel == "public"
    assert entry.handed is not None


def test_should_enter_nothing_for_rows_that_lead_nowhere(app: CreditApp) -> None:
    before = stored()
    check = submit(app, list_of(("", "没有这家公司"), ("", SHARED), (FINED[:-1] + "0",)))
    work(check)

    assert stored() == before


# -- progress and files ----------------------------------------------------------------------------


def test_should_say_how_far_it_is(app: CreditApp) -> None:
    rows = [(uscc(number),) for number in range(1000, 1260)]
    check = submit(app, list_of(("", SHARED), ("X",), (FINED,), *rows))
    assert read_check(app, check).json["state"] == "registered"

    plan_check(check, NOW)
    told = read_check(app, check)
    assert (told.json["state"], told.json["rows"], told.json["parts"]) == ("running", 263, 2)
    assert told.headers["Retry-After"] == "2"
    run_part(check, 0, NOW)
    assert read_check(app, check).json["answered"] == 1
    assert fetch(app, check).status == 409
    run_part(check, 1, NOW)

    told = read_check(app, check)
    assert told.json["state"] == "done"
    assert told.json["counts"] == {"found": 1, "not_found": 260, "ambiguous": 1, "refused": 1}
    assert not list(_standing(check, objects.INBOX, objects.ROWS))


def _standing(check: str, *prefixes: str) -> Iterator[str]:
    for prefix in prefixes:
        yield from blobs.list_keys(f"{prefix}{check}")


def test_should_refuse_a_file_that_is_no_list(app: CreditApp) -> None:
    phones = list_of((FINED, "13900000000"), columns=("统一社会信用代码", "联系电话"))
    check = submit(app, phones)
    work(check)

    told = read_check(app, check).json
    assert told["state"] == "refused"
    assert told["refused"]["code"].startswith("E-HEAD")
    assert fetch(app, check).status == 409
    assert not list(_standing(check, objects.INBOX, objects.ROWS))


def test_should_refuse_a_list_that_is_too_long(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.jobs.check_lists.MAX_ROWS", 2)
    check = submit(app, list_of((FINED,), (CLEAN,), (RENAMED,)))
    work(check)

    assert read_check(app, check).json["refused"]["code"] == "E-CHECK-04"


@pytest.mark.parametrize("form", ["xlsx", "jsonl"])
def test_should_read_lists_in_every_format(app: CreditApp, form: str) -> None:
    if form == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["企业名称", "信用代码"])
        sheet.append([NAMES[FINED], FINED])
        out = io.BytesIO()
        book.save(out)
        body = out.getvalue()
    else:
        body = json.dumps({"code": FINED}).encode()
    check = submit(app, body, file_name=f"list.{form}")
    work(check)

    [answer] = answers_of(app, check)
    assert answer["subject"] == FINED


def test_should_give_the_result_as_a_table_and_as_a_workbook(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,), ("", "@清江商贸"), ("", "", "", PERSON)))
    work(check)

    table = list(csv.reader(io.StringIO(result_of(app, check, "csv").decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(result_of(app, check, "xlsx")))
    subjects, records = (list(sheet.values) for sheet in book)

    assert len(table) == 1 + 3 + 1 + 1
    assert len({len(line) for line in table}) == 1
    assert [line[2] for line in subjects[1:]] == ["found", "not_found", "found"]
    assert len(records) == 1 + 3 + 1
    assert table[4][1] == "'@清江商贸"
    assert subjects[2][1] == "@清江商贸"
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}


def test_should_be_nobody_elses(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,)))
    work(check)
    answers_of(app, check)

    for caller in (COLLEAGUE, LENDER, SUPERVISOR, {**AGENCY, "organisation": uscc(9, "11")}):
        foreign = read_check(app, check, caller)
        unknown = read_check(app, "20260101-AAAAAAAAAAAA", caller)
        assert foreign.status == unknown.status == 404
        assert foreign.json["code"] == unknown.json["code"] == "E-CHECK-01"
        assert fetch(app, check, caller=caller).status == 404
        listed = ask(app, "GET", "/v1/checks", caller=caller).json["checks"]
        assert check not in {each["check"] for each in listed}
    own = ask(app, "GET", "/v1/checks", caller=AGENCY).json
    assert check in {each["check"] for each in own["checks"]}
    assert len(read_check(app, check).json["fetched"]) == 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"purpose": ""}, 422, "E-PURPOSE-01"),
        ({"purpose": "judicial"}, 403, "E-PURPOSE-03"),
        ({"basis": " "}, 422, "E-CHECK-03"),
        ({"size": 0}, 422, "E-CHECK-02"),
        ({"file_name": "list.pdf"}, 422, "E-UPLOAD-08"),
        ({"sha256": "x"}, 422, "E-HTTP-07"),
    ],
)
def test_should_refuse_to_register_without(
    app: CreditApp, changed: Any, status: int, code: str
) -> None:
    answer = register(app, b"x", **changed)

    assert (answer.status, answer.json["code"]) == (status, code)


def test_should_count_every_subject_and_stop_at_the_threshold(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    monkeypatch.setattr(registering, "count_queries", lambda _, n, *rest: counted.append(n))
    check = submit(app, list_of((FINED,), (CLEAN,), (CLEAN,)))
    work(check)
    work(check)
    assert counted == [0, 3]

    def refuse(_: Any, subjects: int, *rest: Any) -> None:
        if subjects:
            raise DomainError(QUERIES_STOPPED, stop="1", source="OWN")

    monkeypatch.setattr(registering, "count_queries", refuse)
    check = submit(app, list_of((FINED,)))
    work(check)
    assert read_check(app, check).json["refused"]["code"] == "E-VOLUME-01"
    assert entries(FINED, check) == []


def test_should_count_the_subjects_of_colleagues_and_machines_together(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NJ-52: what its people and its machines have checked are one volume of the organisation."""
    rules = rules_with(organisation_checked=(2, 4))
    monkeypatch.setattr(registering, "load_rulebook", lambda _: rules)
    monkeypatch.setattr(metrics.provider, "namespace", "Credit")
    clerk = {**AGENCY, "organisation": OTHER.organisation}
    colleague = {**clerk, "sub": "somebody-else"}
    machine = {**clerk, "sub": "exchange-platform", "scope": "checks"}
    checks = []
    for caller, row in ((clerk, FINED), (colleague, CLEAN), (machine, TWIN), (colleague, FINED)):
        checks.append((submit(app, list_of((row,)), caller), caller))
        work(checks[-1][0])

    shown = [read_check(app, check, caller).json for check, caller in checks]
    assert [each["state"] for each in shown] == ["done", "done", "done", "refused"]
    assert shown[-1]["refused"]["code"] == "E-VOLUME-01"
    assert register(app, b"x", clerk).json["code"] == "E-VOLUME-01"
    assert ("stopped", 4) in told()


# -- afterwards ------------------------------------------------------------------------------------


def test_should_say_that_results_are_gone_after_their_term(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,)))
    work(check)
    later = NOW + timedelta(days=31)
    late = build_app(lambda: later)
    caller = {**AGENCY, "expires": "4102444800"}

    assert read_check(late, check, caller).json["state"] == "expired"
    assert fetch(late, check, caller=caller).json["code"] == "E-CHECK-05"


def test_should_make_a_result_once_however_often_it_is_asked_for(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,)))
    work(check)

    wanted = [fetch(app, check, "csv").status for _ in range(3)]

    assert wanted == [202] * 3
    key = f"{objects.WANTED}{check}.csv"
    versions = s3().list_object_versions(Bucket=settings().files_bucket, Prefix=key)["Versions"]
    assert len(versions) == 1


def test_should_leave_no_result_when_somebody_is_erased_while_it_is_made(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = submit(app, list_of(("", "", "", PERSON)))
    work(check)
    fetch(app, check, "csv")
    monkeypatch.setattr(check_results.Keys, "still_stand", lambda _: False)

    check_results.make_result(check, "csv")

    assert not list(_standing(check, objects.FILES, objects.WANTED))


def test_should_remove_everything_of_a_check_when_its_term_is_over(app: CreditApp) -> None:
    check = submit(app, list_of((FINED,)))
    work(check)
    answers_of(app, check)
    unread = submit(app, list_of((FINED,)))
    before = stored()

    assert purge_checks(NOW + timedelta(days=30), JIANGSU, lambda: 900_000) == 0
    assert purge_checks(NOW + timedelta(days=31), JIANGSU, lambda: 900_000) >= 2
    assert not [key for key in blobs.list_keys("check-") if check in key or unread in key]
    assert stored() == before


def test_should_tell_nothing_of_who_was_erased_since(app: CreditApp) -> None:
    paper = id_number(212)
    send(
        csv_of("penalty", [person_penalty(cf_xdr_zjhm=paper, cf_wsh="清公罚〔2026〕7号")]),
        "penalty",
    )
    check = submit(app, list_of(("", "", "", paper), (FINED,)))
    work(check)
    waiting = submit(app, list_of(("", "", "", paper)))
    plan_check(waiting, NOW)
    found, other = answers_of(app, check)
    assert found["status"] == "found"

    order: dict[str, Any] = {"paper_kind": "身份证", "paper_number": paper, "name": "李四"}
    while order.get("after", order) is not None:
        order["after"] = erase.run(order, NOW)["after"]
    run_part(waiting, 0, NOW)

    told, same = answers_of(app, check)
    assert told == {**told, "status": "not_found", "records": [], "subject": "", "asked": ""}
    assert same == other
    [blanked] = answers_of(app, waiting)
    assert blanked["told"]["code"] == "E-CHECK-13"
    assert not [
        key for key in blobs.list_keys("check-") if paper.encode() in (blobs.read(key) or b"")
    ]
