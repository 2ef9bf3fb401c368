"""A batch check (NJ-67): registered, sent, answered subject by subject, fetched by nobody else."""

import base64
import hashlib
import json
from typing import Any

import pytest

from chalicelib.runtime.clock import lawful_day, now
from infra.local.issuer import PERSONAS
from tests.collection.files import csv_of, penalty, registration
from tests.disclosure.checks_made import list_of
from tests.e2e.asking import Caller, request
from tests.e2e.rows import fined
from tests.e2e.system import System
from tests.e2e.waiting import wait_for

pytestmark = pytest.mark.deployed
_BANK = PERSONAS["third_party"]["organisation"]
_ALWAYS = {"since": "2020-01-01", "until": "2099-12-31"}


def _submit(
    caller: Caller, body: bytes, purpose: str, basis: str = "清财采〔2026〕1号", share: str = ""
) -> str:
    """Register a check and PUT its file; returns its id."""
    told = {
        "file_name": "名单.csv",
        "size": len(body),
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "purpose": purpose,
        "basis": basis,
        "share": share,
    }
    invited = caller.post("/v1/checks", told).of(201)
    answer = request("PUT", invited["url"], body, invited["headers"])
    assert answer.status == 200, answer
    check: str = invited["check"]["check"]
    return check


def _result(caller: Caller, check: str, form: str = "jsonl") -> bytes:
    """The result, as soon as it is made."""

    def is_done() -> bool:
        return bool(caller.get(f"/v1/checks/{check}").of(200)["state"] == "done")

    def look() -> dict[str, Any] | None:
        answer = caller.get(f"/v1/checks/{check}/result?format={form}")
        return answer.body if answer.status == 200 else None

    wait_for(f"the check {check}", is_done)
    shown = wait_for(f"the result of {check}", look)
    fetched = request("GET", shown["url"])
    assert fetched.status == 200
    return fetched.content


def test_should_answer_each_subject_as_alone_when_an_agency_checks(system: System) -> None:
    provider, person = system.provider(), system.invent.person()
    name, code = system.invent.name(), system.invent.code()
    registered = registration(uni_social_crd_cd=code, comp_nm=name)
    provider.deliver("registration", csv_of("registration", [registered]))
    rows = [penalty(cf_xdr_shxym=code, cf_xdr_mc=name), fined(person)]
    receipt = provider.deliver("penalty", csv_of("penalty", rows))
    subject = provider.rows(receipt["upload"]["upload"])[1]["subject"]
    wait_for("the name is found", lambda: system.published(code) or None)
    agency = system.sign_in("agency")
    unheld = system.invent.code()

    body = list_of(("", name), ("", "", "身份证", person.number), (unheld,), (code[:-1] + "!",))
    check = _submit(agency, body, "supervision")
    head, *answers = map(json.loads, _result(agency, check).splitlines())

    assert head["rows"] == 4
    assert [each["status"] for each in answers] == ["found", "found", "not_found", "refused"]
    for answer, asked in zip(answers, (code, subject), strict=False):
        alone = system.archive(asked, "agency")
        assert answer["records"] == alone["records"]
    assert person.number[3:-2] not in answers[1]["asked"]
    sheet = _result(agency, check, "xlsx")
    assert sheet.startswith(b"PK")
    queries = system.operator.get(f"/v1/archives/{subject}/queries").of(200)["queries"]
    [entered] = [each for each in queries if each["basis"].startswith(check)]
    assert entered["handed_over"]
    assert entered["purpose"] == "supervision"


def test_should_be_somebody_elses_when_another_account_asks(system: System) -> None:
    bank, other = system.sign_in("third_party"), system.sign_in("third_party", sub="another")
    code = system.invent.code()

    number = "清信批〔2026〕1号"
    agreed = {"number": number, "purposes": ["financing"], **_ALWAYS}
    system.operator.post(f"/v1/agreements/{_BANK}", agreed).of(201)
    check = _submit(bank, list_of((code,)), "financing", number)
    [_, answer] = map(json.loads, _result(bank, check).splitlines())

    assert answer["told"]["code"] == "E-ARCHIVE-01"
    other.get(f"/v1/checks/{check}").refused(404, "E-CHECK-01")
    other.get(f"/v1/checks/{check}/result").refused(404, "E-CHECK-01")
    assert system.keys(f"check-inbox/{check}") == system.keys(f"check-rows/{check}") == []


def test_should_tell_what_is_approved_when_a_check_is_made_under_a_share(system: System) -> None:
    """JS-21: 方式; each subject is a use of the share."""
    agency, code = system.sign_in("agency"), system.invent.code()
    system.provider().deliver("penalty", csv_of("penalty", [penalty(cf_xdr_shxym=code)]))
    until = lawful_day(now()).isoformat()
    application = {
        "items": ["penalty"],
        "purpose": "supervision",
        "ways": ["check"],
        "basis": "清江市财政专项资金管理办法第八条",
        "until": until,
    }
    share = agency.post("/v1/shares", application).of(201)["id"]
    system.operator.post(f"/v1/shares/{share}/decision", {"items": ["penalty"]}).of(200)

    check = _submit(agency, list_of((code,)), "supervision", "", share)
    [_, answer] = map(json.loads, _result(agency, check).splitlines())

    assert (answer["channel"], answer["counts"]) == ("shared", {"adverse": 1})
    [use] = agency.get(f"/v1/shares/{share}/uses").of(200)["found"]
    assert (use["subject"], use["query"]["basis"]) == (code, f"{check} {share}")
