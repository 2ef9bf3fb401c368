"""What becomes visible of the demo's archives, to whom, and what does not."""

import json
from collections import Counter
from datetime import date
from urllib.parse import quote

from infra.local.demo import explained, sharing
from infra.local.demo.asking import Caller, Json, System, check, check_equal, wait_for
from infra.local.demo.city import COMPANY, RENAMED, STALL, STALLHOLDER
from infra.local.demo.deliveries import CORRECTED_NAME
from infra.local.demo.followed import (
    ENDED,
    FOLLOWED,
    GENERAL,
    HEAVY,
    STREET_FOOD,
    WARNING,
    Followed,
    number_of,
)
from infra.local.demo.parties import ID_CARD, Subject
from infra.local.demo.telling import tell, tell_step

_VIEWS_WITHIN = 180
_OWN = {"registration": 1, "licence": 1, "honour": 1}  # of the company, always public


def show(stack: System, day: date) -> None:
    """Query, report, verification, share, ledger and annulment, on `day`."""
    _search(stack)
    _show_public(stack, day)
    records = _read_archive(stack)
    explained.show(stack, records)
    subject = _find_person(stack)
    _issue_report(stack)
    sharing.show(stack, day)
    _show_queries(stack, subject)
    _annul(stack, records, day)


def _search(stack: System) -> None:
    tell_step("按名称查询", "organisations are found by a fragment of their name")
    public = Caller(stack)
    for fragment, code in ((COMPANY.name[3:7], COMPANY.uscc), (CORRECTED_NAME[3:7], RENAMED.uscc)):
        path = f"/v1/organisations?name={quote(fragment)}"

        def look(path: str = path, code: str = code) -> Json:
            answer = public.ask("GET", path, expect=(200, 429))  # asked too often: in a while
            found = answer.get("organisations", ())
            return next((one for one in found if one["code"] == code), None)

        one = wait_for(f"{fragment} in the index of names", look, _VIEWS_WITHIN)
        former = f"（曾用名 former {one['former_name']}）" if one["former_name"] else ""
        tell(f"“{fragment}” → {one['code']} {one['name']}{former}")


def _number(record: Json) -> int:
    """The running number in a penalty's document number."""
    text: str = record["fields"]["cf_wsh"]
    return int("".join(filter(str.isdecimal, text))[4:])


def _penalties(shown: Json) -> dict[int, Json]:
    return {_number(each): each for each in shown["records"] if each["item"] == "penalty"}


def _published(subject: Subject, day: date, *without: Followed) -> set[int]:
    """The numbers of the penalties of `subject` that the public must see on `day`."""
    return {
        number_of(one)
        for one in FOLLOWED
        if one.subject is subject
        and one not in without
        and one.shown_until is not None
        and day <= one.shown_until
    }


def _wait_for_public(stack: System, expected: set[int]) -> Json:
    """What the public sees of the company, once its penalties are exactly `expected`."""
    public = Caller(stack)

    def look() -> Json:
        shown = public.get(f"/v1/organisations/{COMPANY.uscc}")
        items = Counter(each["item"] for each in shown["records"])
        counts = _OWN | ({"penalty": len(expected)} if expected else {})
        return shown if set(_penalties(shown)) == expected and items == counts else None

    return wait_for(f"public records of {COMPANY.uscc}", look, _VIEWS_WITHIN)


def _show_public(stack: System, day: date) -> None:
    tell_step("社会公众查询", "what everybody sees of one organisation")
    shown = _wait_for_public(stack, _published(COMPANY, day))
    check_equal("name shown", shown["name"], COMPANY.name)
    for record in shown["records"]:
        kinds = "、".join(record["fields"].get("cf_cflb", ()))
        told = filter(None, (kinds, _period_of(record)))
        tell(f"{record['title']} {record['title_en']} {'，'.join(told)}")
    text = json.dumps(shown, ensure_ascii=False)
    check(
        holds=COMPANY.representative.id_number not in text,
        otherwise="the public sees an ID number",
    )
    _show_stall(stack, day)


def _period_of(record: Json) -> str:
    period = record["period"]
    if period is None:
        return ""
    last_day = period["last_day"] or "长期 no end"
    return f"公示至 until {last_day}（{period['source']}）"


def _show_stall(stack: System, day: date) -> None:
    """A sole trader without a unified social credit code is asked for by registration number."""
    if not (expected := _published(STALL, day)):
        return
    shown = Caller(stack).get(f"/v1/organisations/{STALL.subject}")
    check_equal("the stall's penalties", set(_penalties(shown)), expected)
    tell(f"{STALL.subject}（无统一社会信用代码 no code）: 行政处罚 penalties {len(expected)}")


def _read_archive(stack: System) -> dict[int, Json]:
    tell_step("依职权查询", "an agency sees more, states its purpose, and is written down")
    path = f"/v1/archives/{COMPANY.uscc}"
    agency = Caller(stack, "agency")
    refusal = agency.ask("GET", path, expect=(422,))
    check_equal("a query without a purpose", refusal["code"], "E-PURPOSE-01")
    tell(f"{refusal['code']} {refusal['detail']}")
    agency.get(path, purpose="supervision")
    shown = Caller(stack, "operator").get(path, purpose="quality_control")
    records = _penalties(shown)
    held = {number_of(one) for one in (HEAVY, GENERAL, WARNING, ENDED)}
    check_equal("penalties held", set(records), held)
    for record in records.values():
        kinds = "、".join(record["fields"]["cf_cflb"])
        ground = record["ground"]
        tell(
            f"{record['fields']['cf_jdrq']} {kinds} {record['severity']}:"
            f" {ground['treatment']}, {ground['about']} ({ground['source']})"
        )
    return records


def _find_person(stack: System) -> str:
    """The key of the stallholder's archive."""
    tell_step("自然人：凭证件查询", "a person is found by paper, never by the public")
    operator = Caller(stack, "operator")
    paper = {"paper_kind": ID_CARD, "paper_number": STALLHOLDER.id_number}
    lookup = operator.ask("POST", "/v1/archives/lookup", body=paper, purpose="window_service")
    subject: str = lookup["subject"]
    shown = operator.get(f"/v1/archives/{subject}", purpose="window_service")
    check_equal("the person's penalties", set(_penalties(shown)), {number_of(STREET_FOOD)})
    tell(f"{subject}: 行政处罚 penalties 1")
    refusal = Caller(stack).ask("GET", f"/v1/organisations/{subject}", expect=(404,))
    tell(f"公众 public: 404 {refusal['code']}")
    return subject


def _issue_report(stack: System) -> None:
    tell_step("标准版信用报告", "a standard report, and its verification")
    representative = Caller(stack, "representative")
    path = f"/v1/archives/{COMPANY.uscc}/reports"
    issued = representative.ask("POST", path, body={"kind": "standard"}, expect=(201,))
    report, number = issued["report"], issued["number"]
    groups = [group for chapter in report["chapters"] for group in chapter["groups"]]
    counts = {group["item"]: len(group["records"]) for group in groups}
    summary = report["summary"]
    told = {each["id"]: each["count"] for each in summary["items"]}
    check_equal("the report's counts by item", told, counts)
    check_equal("the report's total", summary["total"], sum(counts.values()))
    verified = Caller(stack).get(f"/v1/reports/{number}/verification")
    check_equal("the verified digest", verified["digest"], issued["digest"])
    tell(f"{number} {report['generated']} {report['rules']['version']}")
    tell(json.dumps({"subject": report["subject"], "counts": told}, ensure_ascii=False))
    tell(f"核验 verified: {verified['subject_name']} {verified['digest']}")


def _show_queries(stack: System, subject: str) -> None:
    tell_step("谁查过我", "the subject sees who looked")
    for persona, key in (("representative", COMPANY.uscc), ("subject", subject)):
        queries = Caller(stack, persona).get(f"/v1/archives/{key}/queries")["queries"]
        for query in queries:
            who = query["organisation_name"] or "本人 oneself"
            records = len(query["records"])
            tell(f"{query['at']} {who} {query['purpose']}: {records} 条 records")
        roles = {query["role"] for query in queries if query["handed_over"]}
        check(holds="operator" in roles, otherwise=f"{key}: a query is missing in the ledger")
    foreign = Caller(stack, "subject").ask("GET", f"/v1/archives/{COMPANY.uscc}", expect=(404,))
    tell(f"查询他人档案 another's archive: 404 {foreign['code']}")


def _annul(stack: System, records: dict[int, Json], day: date) -> None:
    tell_step("撤销处罚", "an annulled penalty leaves the public view at once")
    record = records[number_of(HEAVY)]["record"]
    path = f"/v1/archives/{COMPANY.uscc}/records/penalty/{record}/marks"
    basis = "演示：行政复议决定撤销原处罚决定"
    mark = {"kind": "annulled", "phase": "open", "id": "demo-1", "basis": basis}
    Caller(stack, "operator").ask("POST", path, body=mark, expect=(200, 201))
    shown = _wait_for_public(stack, _published(COMPANY, day, HEAVY))
    tell(f"公示的行政处罚 penalties shown: {len(_penalties(shown))}")
