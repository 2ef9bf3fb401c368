"""From a provider's file to archives: what is accepted, refused, found, and what it adds up to."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.runtime.clock import LAWFUL_ZONE
from infra.compose import PROJECT
from tests.collection.files import csv_of, penalty, registration
from tests.e2e.asking import Answer, request
from tests.e2e.invented import miscopied
from tests.e2e.providers import problems
from tests.e2e.rows import fined
from tests.e2e.system import QUEUES, System
from tests.e2e.waiting import wait_for

pytestmark = pytest.mark.deployed


def _fields(archive: dict[str, Any], item: str) -> list[dict[str, Any]]:
    return [record["fields"] for record in archive["records"] if record["item"] == item]


# -- what S3 takes --------------------------------------------------------------------------------


def test_should_accept_exactly_the_registered_bytes_once_when_put(system: System) -> None:
    provider = system.provider("registration")
    row = registration(uni_social_crd_cd=system.invent.code())
    body = csv_of("registration", [row])
    invited = provider.announce("registration", body).of(201)
    url, headers = invited["url"], invited["headers"]
    other = provider.announce("registration", body).of(201)["upload"]["upload"]

    def put(content: bytes, url: str = url, **changed: str) -> Answer:
        sent = {**headers, **{name.replace("_", "-"): told for name, told in changed.items()}}
        return request("PUT", url, content, {name: told for name, told in sent.items() if told})

    day = re.search(r"X-Amz-Date=(\d{8})", url)
    assert day is not None
    refused = {
        "other bytes": put(body.replace(b"200", b"300")),
        "fewer bytes": put(body[:-1]),
        "more bytes": put(body + b"\n"),
        "another digest": put(body[::-1], x_amz_checksum_sha256="A" * 43 + "="),
        "another type": put(body, Content_Type="text/html"),
        "no condition": put(body, If_None_Match=""),
        "a longer time": put(body, url.replace("X-Amz-Expires=3600", "X-Amz-Expires=604800")),
        "an older date": put(body, url.replace(day[1], "20200101")),
        "another signature": put(body, re.sub(r"(?<=X-Amz-Signature=)\w{8}", "0" * 8, url)),
        "no signature": put(body, url.partition("?")[0]),
        "another upload": put(body, url.replace(invited["upload"]["upload"], other)),
    }
    statuses = {what: answer.status for what, answer in refused.items()}
    assert set(statuses.values()) <= {400, 403}, statuses
    assert provider.caller.get(f"/v1/uploads/{other}").of(200)["state"] == "registered"

    assert put(body).status == 200
    assert put(body).status == 412
    receipt = provider.receipt(invited["upload"]["upload"])
    assert (receipt["state"], receipt["accepted"]) == ("done", 1)


def test_should_take_a_file_in_parts_bound_one_by_one_and_go_on_with_it(system: System) -> None:
    provider, stranger = system.provider("registration"), system.provider("registration")
    rows = [registration(uni_social_crd_cd=system.invent.code())]
    body = csv_of("registration", rows) + (b"," * 99 + b"\n") * 53_000  # blank rows
    pieces = [body[: 5 << 20], body[5 << 20 :]]
    digests = [base64.b64encode(hashlib.sha256(each).digest()).decode() for each in pieces]
    invited = provider.announce(
        "registration", body, parts={"size": 5 << 20, "sha256": digests}
    ).of(201)
    path = f"/v1/uploads/{invited['upload']['upload']}"
    first, last = provider.caller.get(f"{path}/parts").of(200)["parts"]

    other = last["url"].replace("partNumber=2", "partNumber=1")
    refused = [
        request("PUT", last["url"], pieces[1][::-1], last["headers"]),
        request("PUT", last["url"], pieces[1]),
        request("PUT", last["url"], pieces[0], first["headers"]),
        request("PUT", other, pieces[1], last["headers"]),
    ]
    assert {answer.status for answer in refused} <= {400, 403}
    assert stranger.caller.get(f"{path}/parts").status == 404
    assert stranger.caller.post(f"{path}/completion", None).status == 404

    assert request("PUT", last["url"], pieces[1], last["headers"]).status == 200
    assert provider.caller.post(f"{path}/completion", None).of(409)["code"] == "E-PART-04"
    left, there = provider.caller.get(f"{path}/parts").of(200)["parts"]
    assert (left["number"], there["url"]) == (1, None)
    assert request("PUT", left["url"], pieces[0], left["headers"]).status == 200
    for _ in range(2):
        assert provider.caller.post(f"{path}/completion", None).status == 200
    receipt = provider.receipt(invited["upload"]["upload"])
    assert (receipt["state"], receipt["accepted"]) == ("done", 1)


# -- what becomes of rows -------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_should_mean_the_same_when_encoded_otherwise(system: System, encoding: str) -> None:
    provider = system.provider()
    code, name = system.invent.code(), system.invent.name("〇鎔䶮")
    row = registration(uni_social_crd_cd=code, comp_nm=name, addr="清江市运河路1号，“桥”西")
    body = csv_of("registration", [row], encoding=encoding)
    upload = provider.deliver("registration", body)["upload"]["upload"]
    assert _fields(system.archive(code), "registration") == [row]
    plain = csv_of("registration", [row])
    again = provider.deliver("registration", plain)["upload"]["upload"]
    assert provider.findings(again) == [(2, "F-SAME-01")]
    assert [row["subject"] for row in provider.rows(upload)] == [code]


def test_should_know_columns_by_label_or_code_when_in_any_order(system: System) -> None:
    provider = system.provider("registration")
    code = system.invent.code()
    row = registration(uni_social_crd_cd=code)
    turned = dict(reversed(row.items()))
    by_label = csv_of("registration", [turned])
    by_code = csv_of("registration", [row], codes=True)
    by_alias = by_label.replace("企业名称".encode(), " 单位名称 ".encode())
    for body in (by_label, by_code, by_alias):
        provider.deliver("registration", body)
    assert _fields(system.archive(code), "registration") == [row]


def test_should_tell_exactly_what_is_wrong_when_rows_are_refused(system: System) -> None:
    provider = system.provider()
    code = system.invent.code()
    person, traveller = system.invent.person(), system.invent.traveller()
    tomorrow = datetime.now(UTC).astimezone(LAWFUL_ZONE) + timedelta(days=1)
    rows = [
        penalty(cf_xdr_shxym=code),
        penalty(cf_xdr_shxym=miscopied(code), cf_wsh="2号"),
        penalty(cf_xdr_shxym=code[:17], cf_wsh="3号"),
        penalty(cf_xdr_shxym="", cf_wsh="4号"),
        penalty(cf_xdr_shxym=code, cf_wsh="", cf_nr=""),
        penalty(cf_xdr_shxym=code, cf_wsh="6号", cf_jdrq="2026-02-30"),
        penalty(cf_xdr_shxym=code, cf_wsh="7号", cf_jdrq=f"{tomorrow:%Y-%m-%d}"),
        penalty(cf_xdr_shxym=code, cf_wsh="8号", cf_cflb="没收违法所得", cf_nr_wfff="好多"),
        penalty(cf_xdr_shxym=code, cf_wsh="9号", cf_cflb="没收违法所得"),
        penalty(cf_xdr_shxym=code, cf_wsh="10号", cf_xdr_lb="企业"),
        penalty(cf_xdr_shxym=code, cf_wsh="11号" + "长" * 128),
        penalty(cf_xdr_shxym=code, cf_wsh="12号", cf_yxq="2020-01-01"),
        fined(person, cf_wsh="13号"),
        fined(person, cf_wsh="14号", cf_xdr_zjhm=miscopied(person.number)),
        fined(traveller, cf_wsh="15号"),
        fined(person, cf_wsh="16号", cf_xdr_shxym=code),
        fined(person, cf_wsh="17号", cf_xdr_zjlx="", cf_xdr_zjhm=""),
        penalty(cf_xdr_shxym=system.invent.code().replace("91", "21", 1), cf_wsh="18号"),
        penalty(cf_xdr_shxym=system.invent.code(region="990000"), cf_wsh="19号"),
    ]
    receipt = provider.send("penalty", csv_of("penalty", rows))
    assert problems(receipt) == [
        (3, "cf_xdr_shxym", "E-USCC-03"),
        (4, "cf_xdr_shxym", "E-USCC-01"),
        (5, "cf_xdr_shxym", "E-REQUIRED-02"),
        (6, "cf_wsh", "E-REQUIRED-01"),
        (6, "cf_nr", "E-REQUIRED-01"),
        (7, "cf_jdrq", "E-DATE-01"),
        (8, "cf_jdrq", "E-DATE-02"),
        (9, "cf_nr_wfff", "E-AMOUNT-01"),
        (10, "cf_nr_wfff", "E-REQUIRED-02"),
        (11, "cf_xdr_lb", "E-CHOICE-01"),
        (12, "cf_wsh", "E-LENGTH-01"),
        (13, "cf_yxq", "E-DATE-03"),
        (15, "cf_xdr_zjhm", "E-PAPER-02"),
        (17, "cf_xdr_shxym", "E-SUBJECT-01"),
        (18, "cf_xdr_zjlx", "E-REQUIRED-02"),
        (18, "cf_xdr_zjhm", "E-REQUIRED-02"),
        (19, "cf_xdr_shxym", "E-USCC-03"),
        (20, "cf_xdr_shxym", "W-USCC-02"),
    ]
    upload = receipt["upload"]["upload"]
    counts = {name: receipt[name] for name in ("received", "accepted", "warned", "refused")}
    assert counts == {"received": 19, "accepted": 4, "warned": 1, "refused": 15}
    rows_told = provider.rows(upload)
    assert [row["row"] for row in rows_told if row["accepted"]] == [2, 14, 16, 20]
    subjects = [row["subject"] for row in rows_told if row["accepted"]]
    assert subjects[0] == code
    assert all(subject.startswith("P") for subject in subjects[1:3])
    told = str([receipt, rows_told])
    assert all(each not in told for each in (person.name, person.number, traveller.number))


def test_should_cut_into_ranges_when_a_file_is_long(system: System) -> None:
    provider = system.provider("penalty")
    code = system.invent.code()
    facts = "引人误解" * 2500  # 40 rows of more than 30 kB are more than a range
    rows = [penalty(cf_xdr_shxym=code, cf_wsh=f"长{n}号", cf_sy=facts) for n in range(1, 41)]
    rows[38]["cf_nr"] = ""
    receipt = provider.send("penalty", csv_of("penalty", rows))
    counts = [receipt[name] for name in ("ranges", "merged", "received", "accepted", "refused")]
    assert counts == [2, 2, 40, 39, 1]
    assert problems(receipt) == [(40, "cf_nr", "E-REQUIRED-01")]
    upload = receipt["upload"]["upload"]
    numbers = [row["row"] for index in (0, 1) for row in provider.rows(upload, index)]
    assert numbers == list(range(2, 42))
    assert len(system.archive(code)["records"]) == 39


# -- what files add up to -------------------------------------------------------------------------


def test_should_find_repetitions_and_other_names_when_compared(system: System) -> None:
    provider = system.provider()
    code, old, new = system.invent.code(), system.invent.name(), system.invent.name()
    for name in (old, new):
        row = registration(uni_social_crd_cd=code, comp_nm=name)
        provider.deliver("registration", csv_of("registration", [row]))
    system.settle()
    rows = [
        penalty(cf_xdr_shxym=code, cf_xdr_mc=name, cf_wsh=f"{number}号")
        for number, name in enumerate((new, old, "清江市无此名称公司"))
    ]
    body = csv_of("penalty", rows)
    first = provider.deliver("penalty", body)["upload"]["upload"]
    names = [(3, "F-NAME-02"), (4, "F-NAME-01")]
    told = sorted([*names, *((n, "F-LATE-01") for n in (2, 3, 4))])
    assert provider.findings(first) == told
    held = _fields(system.archive(code), "penalty")
    second = provider.deliver("penalty", body)["upload"]["upload"]
    assert provider.findings(second) == sorted([*names, *((n, "F-SAME-01") for n in (2, 3, 4))])
    assert provider.findings(first) == told
    assert _fields(system.archive(code), "penalty") == held


def test_should_end_at_the_first_words_when_a_provider_returns_to_them(system: System) -> None:
    provider = system.provider("registration")
    code = system.invent.code()
    one, two = "清江市人民路1号", "清江市人民路2号"
    for address in (one, two, one):
        row = registration(uni_social_crd_cd=code, addr=address)
        provider.deliver("registration", csv_of("registration", [row]))
        [said] = _fields(system.archive(code), "registration")
        assert said["addr"] == address


def test_should_be_one_record_when_two_providers_report_an_act(system: System) -> None:
    city, province = system.provider("penalty"), system.provider("penalty")
    code = system.invent.code()
    row = penalty(cf_xdr_shxym=code, cf_cfjgdm=city.code, cf_nr="罚款一千元")
    other = {**row, "cf_nr": "罚款壹仟元"}
    city.deliver("penalty", csv_of("penalty", [row]))
    province.deliver("penalty", csv_of("penalty", [other]))
    [record] = system.archive(code)["records"]
    assert record["provider"] == city.code  # who took the decision knows it best
    assert record["fields"]["cf_nr"] == "罚款一千元"


def test_should_change_nothing_when_a_file_is_delivered_again(system: System) -> None:
    provider, code = system.provider("penalty"), system.invent.code()
    rows = [penalty(cf_xdr_shxym=code, cf_wsh=f"{number}号") for number in range(3)]
    receipt = provider.deliver("penalty", csv_of("penalty", rows))
    system.settle()
    upload, held = receipt["upload"]["upload"], _held(system, code)
    event = {"Records": [{"s3": {"object": {"key": f"inbox/{upload}"}}}]}
    queues = system.aws("sqs")
    for queue, body in (
        ("InboxQueueUrl", event),
        ("PlansQueueUrl", {"upload": upload}),
        ("RangesQueueUrl", {"upload": upload, "range": 0}),
    ):
        for _ in range(2):
            url = system.stack.outputs[queue]
            queues.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    wait_for("all is delivered", lambda: not system.count_messages(*QUEUES))
    assert provider.receipt(upload) == receipt
    assert _held(system, code) == held


def _held(system: System, subject: str) -> list[Any]:
    items = system.scan("ArchiveTable")
    return sorted((i for i in items if i["subject"]["S"] == subject), key=lambda i: i["key"]["S"])


# -- what cannot be read --------------------------------------------------------------------------

_HEAD = csv_of("registration", [registration()]).splitlines(keepends=True)[0]
_ROW = csv_of("registration", [registration()]).splitlines(keepends=True)[1]
_UNREADABLE = {
    "a spreadsheet": (b"PK\x03\x04" + bytes(60), "E-FILE-07"),
    "neither encoding": (_HEAD + b"\xff\xff,\xff\n", "E-FILE-02"),
    "a header only": (_HEAD, "E-FILE-04"),
    "an open quotation": (_HEAD + b'"' + _ROW, "E-FILE-05"),
    "no header": (_ROW + _ROW, "E-HEAD-01"),
    "a foreign column": (_HEAD.replace("注册资本".encode(), "市值".encode()) + _ROW, "E-HEAD-03"),
    "a column twice": (_HEAD.replace("注册资本".encode(), "单位名称".encode()) + _ROW, "E-HEAD-04"),
    "a column missing": (_HEAD.replace("成立日期".encode(), b"") + _ROW, "E-HEAD-05"),
}


def test_should_quarantine_with_the_reason_when_files_cannot_be_read(system: System) -> None:
    bad, good = system.provider("registration"), system.provider("registration")
    sent = {what: bad.put("registration", body) for what, (body, _) in _UNREADABLE.items()}
    row = registration(uni_social_crd_cd=system.invent.code())
    assert good.send("registration", csv_of("registration", [row]))["state"] == "done"
    for what, upload in sent.items():
        receipt = bad.receipt(upload)
        assert (receipt["state"], receipt["received"]) == ("quarantined", 0), what
        assert receipt["reason"]["code"] == _UNREADABLE[what][1], what
    assert not system.keys(f"plans/{upload}")


@pytest.mark.parametrize(
    ("label", "article"),
    [("宗教信仰", "SZ-12"), ("血型", "SZ-12"), ("指纹", "NJ-29"), ("bank_deposit", "NJ-29")],
)
def test_should_refuse_with_the_article_when_a_column_is_prohibited(
    system: System, label: str, article: str
) -> None:
    provider = system.provider("registration")
    head = _HEAD.rstrip() + f",{label}\r\n".encode()
    receipt = provider.send("registration", head + _ROW.rstrip() + b",x\r\n")
    assert receipt["state"] == "quarantined"
    reason = receipt["reason"]
    assert reason["code"] == "E-HEAD-02"
    assert reason["values"]["column"] == "E"
    assert article in reason["values"]["articles"]
    assert label in reason["detail"]
    assert "E" in reason["detail_en"]


# -- whose files they are -------------------------------------------------------------------------


def test_should_not_be_there_for_anybody_else_when_somebody_uploads(system: System) -> None:
    owner, other = system.provider(), system.provider()
    row = registration(uni_social_crd_cd=system.invent.code())
    upload = owner.deliver("registration", csv_of("registration", [row]))["upload"]["upload"]
    for path in ("", "/rows?range=0", "/findings?range=0"):
        address = f"/v1/uploads/{upload}{path}"
        other.caller.get(address).refused(404, "E-UPLOAD-01")
        system.operator.get(address).of(200)
        owner.caller.get(address).of(200)
    listed = other.caller.get(f"/v1/uploads?provider={owner.code}").of(200)
    assert listed["uploads"] == []
    own = owner.caller.get("/v1/uploads").of(200)["uploads"]
    assert [each["upload"] for each in own] == [upload]
    for_operator = system.operator.get(f"/v1/uploads?provider={owner.code}").of(200)
    assert for_operator["uploads"] == own


def test_should_refuse_to_register_when_not_entitled(system: System) -> None:
    provider = system.provider("registration")
    body = csv_of("penalty", [penalty()])
    provider.announce("penalty", body).refused(403, "E-UPLOAD-03")
    provider.announce("nothing", body).refused(404, "E-CAT-11")
    told = {"item": "registration", "size": 1, "sha256": "A" * 44, "file_name": "a.csv"}
    post = provider.caller.post
    post("/v1/uploads", told).refused(422, "E-UPLOAD-05")
    post("/v1/uploads", {**told, "size": 0}).refused(422, "E-UPLOAD-04")
    post("/v1/uploads", {**told, "colour": "red"}).refused(422, "E-HTTP-07")
    stranger = system.sign_in("provider", organisation=system.invent.code("11"))
    stranger.post("/v1/uploads", told).refused(403, "E-UPLOAD-02")
    unlawful = {"name": "x", "items": ["registration"]}
    path = f"/v1/providers/{miscopied(provider.code)}"
    system.operator.put(path, unlawful).refused(422, "E-UPLOAD-06")


def test_should_print_the_receipt_when_sent_from_the_command_line(
    system: System, tmp_path: Path
) -> None:
    provider = system.provider("registration")
    good = registration(uni_social_crd_cd=system.invent.code())
    bad = registration(uni_social_crd_cd=miscopied(system.invent.code()))
    path = tmp_path / "rows.csv"

    def send(*rows: dict[str, str]) -> subprocess.CompletedProcess[str]:
        path.write_bytes(csv_of("registration", rows))
        token = system.stack.token("provider", organisation=provider.code)
        given = ("--url", system.stack.url, "--token", token, "--item", "registration", str(path))
        command = [sys.executable, str(PROJECT / "infra" / "send.py"), *given]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    done = send(good)
    assert (done.returncode, done.stderr) == (0, "")
    assert "received 1 · accepted 1 · warned 0 · refused 0" in done.stdout
    done = send(good, bad)
    assert (done.returncode, done.stderr) == (1, "")
    assert "3 A 统一社会信用代码 E-USCC-03" in done.stdout
