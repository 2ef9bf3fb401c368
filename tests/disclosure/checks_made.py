"""A small archive, and batch checks made of it: registered over HTTP, sent, planned and answered."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.archive.statements import RecordKey
from chalicelib.archive.store import scan_records
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.agreements import Giving, Terms, give_agreement
from chalicelib.disclosure.checks.running import run_part
from chalicelib.disclosure.following import update_views
from chalicelib.jobs.checks import handle_event
from chalicelib.runtime import blobs
from chalicelib.web.api import archives, checks, organisations
from chalicelib.web.app import CreditApp
from tests.collection.files import (
    csv_of,
    entitle,
    id_number,
    penalty,
    person_penalty,
    registration,
    send,
    uscc,
)
from tests.disclosure.archives import JIANGSU, TODAY
from tests.disclosure.grants_given import BANK
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

CLEAN, FINED, RENAMED, TWIN, UNHELD = (uscc(number) for number in range(201, 206))
NAMES = {
    CLEAN: "清江闻澍商贸有限公司",
    FINED: "清江市云帆商贸有限公司",
    RENAMED: "清江钟沅科技有限公司",
    TWIN: "清江闻澍商贸有限公司（旧）",
}
FORMER = "清江屠淇科技有限公司"
SHARED = "清江蒲淙建材有限公司"
PERSON = id_number(210)
STRANGER = id_number(211)

AGENCY = signed_in("agency", organisation="11329900009901024T", name="清江市教育局")
COLLEAGUE = {**AGENCY, "sub": "somebody-else"}
LENDER = signed_in("third_party", organisation=BANK, name="清江农商银行")
SUPERVISOR = signed_in("supervisor", organisation="11329900MB00000001", name="清江市信用办")
JUDICIAL = signed_in("judicial", organisation="12329900MB00000001", name="清江市法院")
PURPOSES = {"agency": "qualification", "third_party": "financing", "supervisor": "supervision"}
PURPOSES["judicial"] = "judicial"
BASES = {"third_party": "清信批〔2026〕1号"}
COLUMNS = ("统一社会信用代码", "名称", "证件类型", "证件号码", "授权编号")


def build_app(now: Callable[[], datetime] = lambda: NOW) -> CreditApp:
    """The app with the routes of checks, and those of single queries to hold them against."""
    app = CreditApp("credit", now=now)
    app.mount([checks.api, archives.api, organisations.api], guard=NOBODY)
    return app


def fill() -> None:
    """Put organisations and a person into the archive, with every view of them."""
    entitle()
    agree()
    names = list(NAMES.items())
    former = [(RENAMED, FORMER), (TWIN, SHARED), (CLEAN, SHARED)]
    for rows, day in ((former, 20), (names, 21)):  # the later name is the present one
        named = [registration(uni_social_crd_cd=code, comp_nm=name) for code, name in rows]
        send(csv_of("registration", named), now=NOW.replace(day=day))
    fined = [
        penalty(cf_xdr_shxym=FINED, cf_xdr_mc=NAMES[FINED], cf_wsh=f"清市监罚〔2026〕{n}号")
        for n in (1, 2)
    ]
    fined.append(person_penalty(cf_xdr_zjhm=PERSON, cf_wsh="清公罚〔2026〕9号"))
    send(csv_of("penalty", fined), "penalty")
    for key in _records():
        update_views(key, TODAY, JIANGSU)


def agree() -> None:
    """Let the lender have batch checks made."""
    terms = Terms(
        number=BASES["third_party"],
        purposes=(PURPOSES["third_party"],),
        since=TODAY,
        until=TODAY.replace(year=2099),
    )
    give_agreement(BANK, Giving(terms=terms, at=NOW, by="operator"))


def _records() -> Iterable[RecordKey]:
    found, rest = scan_records(0, 1, None, 1_000)
    assert rest is None
    return sorted(found, key=str)


def list_of(*rows: Sequence[str], columns: Sequence[str] = COLUMNS) -> bytes:
    """A CSV file of `rows`, whose cells may be fewer than the columns."""
    lines = [columns, *([*row, *[""] * (len(columns) - len(row))] for row in rows)]
    return "\n".join(",".join(line) for line in lines).encode()


def register(
    app: CreditApp, body: bytes, caller: Mapping[str, str] = AGENCY, **changed: Any
) -> Answered:
    """Register a check of the file `body`."""
    given = {
        "file_name": "名单.csv",
        "size": len(body),
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "purpose": PURPOSES[caller["role"]],
        "basis": BASES.get(caller["role"], "清教审〔2026〕3号"),
        **changed,
    }
    return post(app, "/v1/checks", given, caller=caller)


def submit(app: CreditApp, body: bytes, caller: Mapping[str, str] = AGENCY, **changed: Any) -> str:
    """Register a check and put its file where it belongs; returns the check's id."""
    answer = register(app, body, caller, **changed)
    assert answer.status == 201, answer.text
    check: str = answer.json["check"]["check"]
    blobs.write(objects.inbox_key(check), body, "text/csv")
    return check


def arrived(key: str) -> str:
    """The message that S3 sends when something stands under `key`."""
    return json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})


def work(check: str) -> None:
    """Plan a check whose file has come, and answer its parts."""
    handle_event(arrived(objects.inbox_key(check)), NOW)
    plan = objects.read_plan(check)
    for part in range(plan.parts if plan else 0):
        run_part(check, part, NOW)


def read_check(app: CreditApp, check: str, caller: Mapping[str, str] = AGENCY) -> Answered:
    """How far a check has come."""
    return ask(app, "GET", "/v1/checks/{check}", path={"check": check}, caller=caller)


def fetch(
    app: CreditApp, check: str, form: str = "jsonl", caller: Mapping[str, str] = AGENCY
) -> Answered:
    """Ask for the result."""
    where = {"path": {"check": check}, "query": {"format": [form]}}
    return ask(app, "GET", "/v1/checks/{check}/result", caller=caller, **where)


def result_of(
    app: CreditApp, check: str, form: str = "jsonl", caller: Mapping[str, str] = AGENCY
) -> bytes:
    """The result, which is made when first asked for."""
    assert fetch(app, check, form, caller).status == 202
    handle_event(arrived(f"{objects.WANTED}{check}.{form}"), NOW)
    assert fetch(app, check, form, caller).status == 200
    return blobs.read(f"{objects.FILES}{check}.{form}") or b""


def answers_of(
    app: CreditApp, check: str, caller: Mapping[str, str] = AGENCY
) -> list[dict[str, Any]]:
    """The answers in the order of the rows, as machines read them."""
    _, *lines = result_of(app, check, "jsonl", caller).splitlines()
    return [json.loads(line) for line in lines]


def check_all(
    app: CreditApp, *rows: Sequence[str], caller: Mapping[str, str] = AGENCY, **changed: Any
) -> list[dict[str, Any]]:
    """The answers to a check of `rows`."""
    check = submit(app, list_of(*rows), caller, **changed)
    work(check)
    return answers_of(app, check, caller)
