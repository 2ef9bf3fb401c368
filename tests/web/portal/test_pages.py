"""Pages from the archive to the visitor: the same answers as the API's, and the same ledger."""

import base64
import hashlib
import json
import re
from datetime import date

import pytest

from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.collection.planning import plan_upload
from chalicelib.collection.uploads import ProviderEntry, inbox_key, register_provider
from chalicelib.disclosure import ledger
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.volumes.stops import stop
from chalicelib.disclosure.volumes.values import Excess
from chalicelib.jobs.checks import handle_event
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.timeliness import judge_timeliness
from chalicelib.runtime import blobs
from chalicelib.web.callers import Role
from chalicelib.web.portal.routes import PAGES, Page
from tests.collection.files import csv_of, merge_all, penalty, uscc
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.disclosure.checks_made import agree, arrived, list_of, work
from tests.disclosure.responsible import LISTED, list_organisation
from tests.factories import KEY, ORGANISATION, PROVIDER, any_mark
from tests.web.events import NOW
from tests.web.portal.conftest import SignIn
from tests.web.portal.visitors import Visitor

BANK = "91329900MA99010471"
NAME = "清江桃溪食品有限公司"
_REVOCATION = re.compile(r'action="(/me/grants/\w+/revocation)"')
_HELD = re.compile(r'href="(/grants/G\w+)"')
_PLACE = re.compile(r'"place":"/\w+/(\d{8}-[A-Z2-7]{12})"')


@pytest.fixture(scope="module", autouse=True)
def city(account: None) -> None:
    """An organisation with a penalty that is disputed, and on a list; a provider, a bank."""
    register(NAME)
    say()
    list_organisation()
    mark(any_mark(MarkKind.DISPUTED))
    for key in (KEY, LISTED, RecordKey(ORGANISATION, "registration", "1REGISTRATION")):
        update_views(key, TODAY, JIANGSU)
    register_provider(ProviderEntry(provider=PROVIDER, name="某局", items=("penalty",)), TODAY)


@pytest.fixture
def owner(sign_in: SignIn) -> Visitor:
    """Who speaks for the organisation."""
    return sign_in("subject", organisation=ORGANISATION, name="王五")


def test_an_organisation_is_shown_with_period_article_and_dispute(visitor: Visitor) -> None:
    page = visitor.get(f"/organisations/{ORGANISATION}?tab=penalty").text
    assert NAME in page
    assert "清市监罚〔2026〕1号" in page
    assert "公示期限：自 2026-05-10 起，至 2029-05-10 止" in page
    assert "异议处理中" in page
    assert "内部备注" not in page


def test_a_code_leads_straight_to_its_page(visitor: Visitor) -> None:
    sent = visitor.get(f"/search?name={ORGANISATION.lower()}")
    assert (sent.status, sent.headers["Location"]) == (303, f"/organisations/{ORGANISATION}")


def test_a_fragment_that_is_too_common_is_told_beside_the_form(visitor: Visitor) -> None:
    page = visitor.get("/search?name=%E6%9C%89%E9%99%90%E5%85%AC%E5%8F%B8")
    assert page.status == 422
    assert 'role="alert"' in page.text


def test_the_owner_sees_the_archive_and_is_in_the_ledger(owner: Visitor) -> None:
    before = {each.entry.id for each in ledger.entries_of(ORGANISATION, None, 50).entries}

    page = owner.get("/me?tab=penalty").text
    assert "迟报：应于 2026-05-19 前报送" in page

    assert "内部备注" in page
    entries = ledger.entries_of(ORGANISATION, None, 50).entries
    [added] = [each for each in entries if each.entry.id not in before]
    assert added.entry.channel == "own"
    assert added.handed is not None
    assert KEY.path in added.handed.returned


def test_the_page_tells_which_calendar_timeliness_awaits(
    owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline is never guessed: as if 2027 had come, and its calendar not been loaded."""
    awaited = judge_timeliness(load_rulebook("jiangsu"), 7, date(2026, 12, 28), date(2027, 1, 8))
    monkeypatch.setattr("chalicelib.web.api.archives.timeliness_of", lambda *_: awaited)

    page = owner.get("/me?tab=penalty").text

    assert "是否迟报尚不能判定：2027 年的工作日历尚未公布或未载入" in page


def test_the_owner_is_told_why_a_record_is_shown(owner: Visitor) -> None:
    page = owner.get(f"/me/records/{KEY.item}/{KEY.record}").text
    assert "严重失信" in page
    assert "本人查询" in page
    assert "社会公开" in page
    assert "判断依据：江苏省公共信用信息管理办法" in page
    assert 'href="/me?tab=penalty"' in page


def test_the_owner_sees_who_looked(owner: Visitor) -> None:
    owner.get("/me")
    page = owner.get("/me/queries").text
    assert "本人查询" in page


def test_nobody_without_an_archive_has_one_shown(sign_in: SignIn) -> None:
    stranger = sign_in("subject", organisation=None, paper_kind="passport", paper_number="E7654321")
    assert "没有您的档案" in stranger.get("/me").text
    assert stranger.get("/me/queries").status == 404


def test_a_grant_is_given_shown_and_revoked(owner: Visitor) -> None:
    known = set(_REVOCATION.findall(owner.get("/me/grants").text))
    owner.get("/me/grants/new")
    form = {"recipient": BANK, "report": "standard", "purpose": "financing"}

    given = owner.post("/me/grants", {**form, "until": "2027-03-01", "uses": "many"})

    assert (given.status, given.headers["Location"]) == (303, "/me/grants?done=given")
    page = owner.get("/me/grants").text
    assert "有效" in page
    [address] = set(_REVOCATION.findall(page)) - known
    assert "尚未使用" in owner.get(address.removesuffix("/revocation")).text
    owner.get("/me/grants")
    assert owner.post(address, {}).headers["Location"] == "/me/grants?done=revoked"
    assert "已撤销" in owner.get("/me/grants").text


def test_a_grant_of_items_is_given(owner: Visitor) -> None:
    owner.get("/me/grants/new")
    form = {"recipient": BANK, "report": "", "items": "penalty", "purpose": "transaction"}
    given = owner.post("/me/grants", {**form, "until": "2027-03-01", "uses": "once"})
    assert given.status == 303
    assert "行政处罚" in owner.get("/me/grants").text


def test_what_is_wrong_with_a_grant_is_told_beside_its_field(owner: Visitor) -> None:
    owner.get("/me/grants/new")
    refused = owner.post("/me/grants", {"recipient": BANK, "purpose": "financing"})
    assert refused.status == 422
    assert 'id="until-trouble"' in refused.text
    assert f'value="{BANK}"' in refused.text


def test_anothers_grant_is_unknown(owner: Visitor) -> None:
    assert owner.get("/me/grants/GAAAAAAAAAAAAAAAAAAAAAAAA").status == 404


def test_a_file_is_registered_sent_and_its_rows_are_told(sign_in: SignIn) -> None:
    provider = sign_in("provider", organisation=PROVIDER)
    body = csv_of(
        "penalty", [penalty(cf_cfjgdm=PROVIDER), penalty(cf_xdr_shxym="91329900MA9901039X")]
    )
    page = provider.get("/reporting")
    assert "connect-src 'self' https://" in page.headers["Content-Security-Policy"]

    upload = _register(provider, "/reporting", body, item="penalty")
    blobs.write(inbox_key(upload), body, "text/csv")
    assert "正在校验" in provider.get(f"/reporting/{upload}").text
    plan_upload(upload)
    merge_all(upload)

    told = provider.get(f"/reporting/{upload}").text
    assert "部分接收" in told
    assert "E-USCC-" in told
    assert "。。" not in told
    assert provider.get(f"/reporting/{upload}/refused").headers["Location"].startswith("https://")
    assert provider.get(f"/reporting/{upload}/results").status == 303
    assert "回执" in provider.get(f"/reporting/{upload}/receipt").text
    other = sign_in("provider", organisation="113200000140000003")
    assert other.get(f"/reporting/{upload}").status == 404


def _register(visitor: Visitor, place: str, body: bytes, **more: str) -> str:
    given = {
        **more,
        "size": len(body),
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "file_name": "a.csv",
    }
    told = visitor.post(place, {"given": json.dumps(given)})
    assert told.status == 201, told.text
    found = _PLACE.search(told.text)
    assert found
    return found[1]


def test_a_script_is_told_in_its_own_tongue_what_is_wrong(sign_in: SignIn) -> None:
    provider = sign_in("provider", organisation=PROVIDER)
    provider.get("/reporting")
    told = provider.post("/reporting", {"given": '{"item": "licence"}'})
    assert told.status == 422
    assert told.json["said"]


def test_a_provider_that_is_not_registered_is_told_so(sign_in: SignIn) -> None:
    assert "尚未登记" in sign_in("provider").get("/reporting").text


@pytest.mark.parametrize("item", ["penalty", "person_registration"])
def test_an_item_is_shown_field_by_field_with_its_template(visitor: Visitor, item: str) -> None:
    assert "数据项" in visitor.get(f"/catalogue/{item}").text
    assert visitor.get(f"/catalogue/{item}/template").status == 303
    assert item in visitor.get("/catalogue").text


def test_the_supervisor_searches_the_ledger_by_day_and_by_subject(sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    assert (
        "没有查询记录" in supervisor.get("/ledger?organisation=x&staff=&from=2026-11-22&to=").text
    )
    assert "检索结果" in supervisor.get(f"/ledger?subject={ORGANISATION}").text
    assert supervisor.get("/ledger?subject=nobody").status == 422


def test_the_operator_asks_by_subject_only(sign_in: SignIn) -> None:
    operator = sign_in("operator")
    assert 'name="organisation"' not in operator.get("/ledger").text
    assert operator.get("/ledger?organisation=x&from=2026-11-22").status == 403


@pytest.mark.parametrize(
    "page", [each for each in PAGES if each.roles], ids=lambda each: each.route
)
def test_a_page_is_for_its_roles_alone(page: Page, visitor: Visitor, sign_in: SignIn) -> None:
    address = re.sub(r"{\w+}", "x", page.path)
    other = sign_in("provider" if Role.JUDICIAL in page.roles else "judicial")
    other.get("/")
    if page.method == "GET":
        asked = visitor.get(address)
        assert asked.status == (401 if page.told else 303)
        assert other.get(address).status == 403
    else:
        assert visitor.post(address, {}).status == 401
        assert other.post(address, {}).status == 403


def test_the_owner_takes_a_report_that_anybody_verifies(owner: Visitor, visitor: Visitor) -> None:
    owner.get("/me/report")
    page = owner.post("/me/report", {}).text
    assert "清市监罚〔2026〕1号" in page
    assert "内部备注" not in page
    assert "未查询到相关记录" in page
    assert 'href="/me/report?lang=en"' in page
    [number] = re.findall(r"<title>(PCI-\d{8}-\w{10})", page)
    assert f"报告 {number}" in owner.get("/me/queries").text

    told = visitor.get(f"/verify?number={number.lower()}").text
    assert "本系统出具过此编号的报告" in told
    assert NAME not in told
    assert "清市监罚" not in told


def test_a_number_that_was_never_given_is_told_beside_the_form(visitor: Visitor) -> None:
    page = visitor.get("/verify?number=PCI-20261122-0000000000")
    assert page.status == 404
    assert 'id="number-trouble"' in page.text
    assert visitor.get("/verify").status == 200


def test_a_list_names_organisations_with_record_and_rule(visitor: Visitor) -> None:
    assert 'href="/lists/dishonesty"' in visitor.get("/lists").text
    page = visitor.get("/lists/dishonesty").text
    assert f'<a href="/organisations/{ORGANISATION}">{NAME}</a>' in page
    assert "公示期限：自" in page
    assert "没有机构" in visitor.get("/lists/honour?as_of=2026-01-31").text
    assert visitor.get("/lists/penalty").status == 404


def test_a_list_is_checked_with_purpose_and_basis(sign_in: SignIn) -> None:
    agency = sign_in("agency", organisation=PROVIDER)
    page = agency.get("/checks")
    assert "日常监管" in page.text
    assert "融资信贷" not in page.text
    assert "connect-src 'self' https://" in page.headers["Content-Security-Policy"]
    body = list_of((ORGANISATION,), ("", "没有的机构"))
    check = _register(agency, "/checks", body, purpose="supervision", basis="清财采〔2026〕1号")
    assert "正在读取名单" in agency.get(f"/checks/{check}").text

    blobs.write(objects.inbox_key(check), body, "text/csv")
    work(check)

    told = agency.get(f"/checks/{check}").text
    assert "核查完成" in told
    assert "<strong>1</strong> 行查到档案" in told
    assert "<strong>1</strong> 行未查到" in told
    result = f"/checks/{check}/result?format=csv"
    sent = agency.get(result).headers["Location"]
    assert sent == f"/checks/{check}?making=csv"
    assert f'id="fetch" href="{result}"' in agency.get(sent).text
    handle_event(arrived(f"{objects.WANTED}{check}.csv"), NOW)
    assert agency.get(result).headers["Location"].startswith("https://")
    assert "下载记录" in agency.get(f"/checks/{check}").text
    assert check in agency.get("/checks").text
    assert (
        sign_in("agency", organisation=PROVIDER, sub="other").get(f"/checks/{check}").status == 404
    )


def test_a_third_party_names_its_agreement(sign_in: SignIn) -> None:
    agree()
    bank = sign_in("third_party", organisation=BANK)
    page = bank.get("/checks").text
    assert "批量查询协议编号" in page
    assert "授权编号" in page
    given = {"purpose": "financing", "basis": "没有的协议", "file_name": "a.csv", "size": 1}
    told = bank.post("/checks", {"given": json.dumps({**given, "sha256": "A" * 43 + "="})})
    assert told.status == 403
    assert "批量查询协议" in told.json["said"]


def test_a_list_that_cannot_be_read_says_why(sign_in: SignIn) -> None:
    judge = sign_in("judicial")
    judge.get("/checks")
    body = list_of(("x",), columns=("没有的列",))
    check = _register(judge, "/checks", body, purpose="judicial", basis="清法〔2026〕1号")
    blobs.write(objects.inbox_key(check), body, "text/csv")
    work(check)
    page = judge.get(f"/checks/{check}").text
    assert "名单未能读取" in page
    assert "/problems/E-HEAD-" in page


def test_the_supervisor_is_told_of_a_stop_and_lifts_it(sign_in: SignIn) -> None:
    excess = Excess(
        id="2026-11-22.day.staff",
        organisation=BANK,
        staff="clerk",
        measure="day",
        count=3_000,
        threshold=3_000,
        source="NJ-52",
        rulebook="nanjing-1",
        at=NOW,
    )
    stop(excess)
    supervisor = sign_in("supervisor")
    told = supervisor.get("/alerts").text
    assert "停止查询" in told
    place = f"/alerts/{excess.organisation}"
    assert f'href="{place}"' in told
    assert "现已停止" in supervisor.get(place).text

    refused = supervisor.post(place, {"stop": excess.id})
    assert refused.status == 422
    assert 'role="alert"' in refused.text
    assert supervisor.post(place, {"stop": excess.id, "reason": "已核实"}).status == 303

    page = supervisor.get(place).text
    assert "没有停止" in page
    assert "已核实" in page
    assert supervisor.post(place, {"stop": "x", "reason": "已核实"}).status == 404


def test_a_bank_asks_and_reads_what_is_granted_and_no_more(owner: Visitor, sign_in: SignIn) -> None:
    bank = sign_in("third_party", organisation=uscc(301), name="清江农商银行")
    bank.get("/grants/new")
    wanted = {"subject": ORGANISATION, "report": "", "items": "dishonesty", "uses": "once"}
    asked = bank.post("/grants", {**wanted, "purpose": "financing", "until": "2027-03-01"})
    assert asked.headers["Location"] == "/grants?done=requested"
    page = bank.get("/grants").text
    assert "待答复" in page
    [place] = set(_HELD.findall(page))
    assert "/reading" not in bank.get(place).text
    owner.get("/me/grants")
    owner.post(f"/me{place}/answer", {"accepted": "true"})

    key = re.search(r'name="key" value="([^"]+)"', bank.get(place).text)
    assert key
    told = bank.post(f"{place}/reading", {"key": key[1]}).text

    assert "严重失信主体名单" in told
    assert "清人社列〔2026〕1号" in told
    assert "清市监罚" not in told
    assert f'href="{place}?lang=en"' in told
    assert bank.post(f"{place}/reading", {"key": key[1]}).status == 200
    assert bank.post(f"{place}/reading", {"key": "another"}).status == 404
    assert "已使用" in bank.get(place).text
    assert "清江农商银行" in owner.get("/me/queries").text


def test_a_bank_takes_a_report_that_was_granted(owner: Visitor, sign_in: SignIn) -> None:
    code = uscc(302)
    bank = sign_in("third_party", organisation=code)
    owner.get("/me/grants/new")
    form = {"recipient": code, "report": "standard", "purpose": "financing", "uses": "many"}
    owner.post("/me/grants", {**form, "until": "2027-03-01"})
    [place] = _HELD.findall(bank.get("/grants").text)
    bank.get(place)
    page = bank.post(f"{place}/reading", {}).text
    assert "PCI-" in page
    assert "附：" not in page


def test_what_is_wrong_with_a_request_is_told_beside_its_field(sign_in: SignIn) -> None:
    bank = sign_in("third_party", organisation=BANK)
    bank.get("/grants/new")
    refused = bank.post("/grants", {"subject": "x", "purpose": "financing"})
    assert refused.status == 422
    assert 'id="until-trouble"' in refused.text
