"""An agency applies for what is for authorised queries, its provider agrees, the centre approves."""

from datetime import date, timedelta

from infra.local.demo.asking import Caller, Json, System, check, check_equal
from infra.local.demo.city import COMPANY
from infra.local.demo.followed import LATEST_DAY
from infra.local.demo.providers import TAXATION
from infra.local.demo.sending import as_provider
from infra.local.demo.telling import tell, tell_step

_ITEM = "tax_paid"
_PURPOSE = "supervision"
_ARCHIVE = f"/v1/archives/{COMPANY.uscc}"
_AGREES_TO = {"items": [_ITEM]}
_RECORD = {
    "ns_xdr_mc": COMPANY.name,
    "ns_xdr_lb": "法人及非法人组织",
    "ns_xdr_shxym": COMPANY.uscc,
    "ns_lb": "税款",
    "ns_nd": f"{LATEST_DAY.year - 1}",
    "ns_zk": "依法缴纳",
    "ns_jb": "A",
    "ns_rdrq": f"{LATEST_DAY.year}-04-30",
    "ns_rdjg": TAXATION.name,
    "ns_rdjgdm": TAXATION.uscc,
    "ns_sjly": TAXATION.name,
    "ns_sjlydm": TAXATION.uscc,
    "bz": "演示数据，纯属虚构",
}


def show(stack: System, day: date) -> None:
    """Application, agreement, approval, query and what the subject sees of it, on `day`."""
    tell_step("政务共享", "an agency reads what it applied for, once its provider agrees")
    agency, taxation = Caller(stack, "agency"), as_provider(stack, TAXATION.uscc)
    _report(taxation)
    check_equal("taxes paid, seen on duty", _taxes(agency.get(_ARCHIVE, purpose=_PURPOSE)), [])
    share = _apply(agency, day)
    path = f"/v1/shares/{share}"
    early = Caller(stack, "operator").ask(
        "POST", f"{path}/decision", body=_AGREES_TO, expect=(409,)
    )
    check_equal("approved before its provider agrees", early["code"], "E-SHARE-10")
    tell(f"{early['code']} {early['detail']}")
    waiting = [each["id"] for each in taxation.get("/v1/shares")["shares"]]
    check(holds=share in waiting, otherwise="the provider is not asked to agree")
    taxation.ask("POST", f"{path}/answer", body=_AGREES_TO)
    decided = Caller(stack, "operator").ask("POST", f"{path}/decision", body=_AGREES_TO)
    tell(f"{TAXATION.name} 同意 agrees，信用中心批准 approved: {decided['state']}")
    shown = agency.ask("GET", _ARCHIVE, headers={"X-Query-Share": share})
    check_equal("items read under the share", {r["item"] for r in shown["records"]}, {_ITEM})
    [record] = _taxes(shown)
    ground = record["ground"]
    tell(f"{record['title']} {record['fields']['ns_jb']}: {ground['about']} ({ground['source']})")
    _show_use(stack, share)


def _report(taxation: Caller) -> None:
    """The tax authority pushes one record."""
    body = {"item": _ITEM, "records": [_RECORD]}
    key = {"Idempotency-Key": "demo-tax-paid-1"}
    pushed = taxation.ask("POST", "/v1/records", body=body, headers=key, expect=(201, 202))
    check_equal("records accepted", pushed["receipt"]["accepted"], 1)


def _taxes(shown: Json) -> list[Json]:
    return [record for record in shown["records"] if record["item"] == _ITEM]


def _apply(agency: Caller, day: date) -> str:
    application = {
        "items": [_ITEM],
        "purpose": _PURPOSE,
        "ways": ["query"],
        "basis": "演示：财政专项资金监管",
        "until": (day + timedelta(days=30)).isoformat(),
    }
    applied = agency.ask("POST", "/v1/shares", body=application, expect=(201,))
    tell(f"{applied['id']} {applied['applicant_name']}: {_ITEM}，{_PURPOSE}，{applied['until']}")
    share: str = applied["id"]
    return share


def _show_use(stack: System, share: str) -> None:
    """The subject and the agency see the same query."""
    queries = Caller(stack, "representative").get(f"{_ARCHIVE}/queries")["queries"]
    [seen] = [query for query in queries if query["basis"] == share]
    [use] = Caller(stack, "agency").get(f"/v1/shares/{share}/uses")["found"]
    check_equal("the use of the share", use["query"]["entry"], seen["entry"])
    tell(f"企业看到 the company sees: {seen['organisation_name']} {seen['channel']} {share}")
