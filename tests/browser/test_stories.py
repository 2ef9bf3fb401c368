"""What people come for: search, reporting, their own archive, the ledger."""

import io
from pathlib import Path

import openpyxl
import pytest
from msgspec import Struct
from playwright.sync_api import Browser, Page, expect

from chalicelib.runtime.clock import lawful_day, now
from tests.browser.conftest import Visits
from tests.collection.files import csv_of, penalty, registration
from tests.e2e.invented import miscopied
from tests.e2e.providers import Provider
from tests.e2e.system import System

pytestmark = pytest.mark.deployed

_SECONDS = 60_000


class City(Struct, frozen=True):
    """An organisation that is registered and was fined, and who reported it."""

    name: str
    code: str
    provider: Provider


@pytest.fixture(scope="module")
def city(system: System) -> City:
    """Reported as it would be, and searchable."""
    provider = system.provider("registration", "penalty", "licence")
    code, name = system.invent.code(), system.invent.name("听潮")
    row = registration(uni_social_crd_cd=code, comp_nm=name, reg_state="存续")
    provider.deliver("registration", csv_of("registration", [row]))
    fine = penalty(cf_xdr_mc=name, cf_xdr_shxym=code, cf_jdrq=lawful_day(now()).isoformat())
    provider.deliver("penalty", csv_of("penalty", [fine]))
    system.settle()
    return City(name, code, provider)


def send(page: Page, name: str, body: bytes) -> None:
    """Choose the item and the file, and wait for the receipt."""
    page.get_by_label("目录项").select_option("penalty")
    page.get_by_label("选择文件").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": body}
    )
    page.get_by_role("button", name="上传并校验").click()
    expect(page.locator("#live[data-final]")).to_be_attached(timeout=_SECONDS)


def test_somebody_looks_an_organisation_up(visit: Visits, city: City) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.get_by_label("机构名称、曾用名或统一社会信用代码").fill(city.name[2:7])
    page.get_by_role("button", name="查询").click()
    visitor.check()
    page.get_by_role("link", name=city.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(city.name)
    page.get_by_role("link", name="行政处罚").click()
    visitor.check()
    expect(page.get_by_text("公示期限：自").first).to_be_visible()
    page.get_by_text("全部内容").click()
    expect(page.get_by_text("虚假宣传")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("Display period: from")).to_be_visible()
    visitor.check()
    page.get_by_role("link", name="Large text").click()
    visitor.check()


def test_a_page_is_whole_without_scripts(browser: Browser, system: System, city: City) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=system.stack.url)
    page = context.new_page()
    page.goto(f"/search?name={city.code}")
    expect(page.get_by_role("heading", level=1)).to_have_text(city.name)
    context.close()


def test_somebody_reads_lists_and_the_catalogue_and_takes_a_template(visit: Visits) -> None:
    visitor = visit()
    visitor.open("/lists")
    visitor.open("/lists/dishonesty")
    visitor.open("/catalogue")
    page = visitor.open("/catalogue/penalty")
    with page.expect_download() as download:
        page.get_by_role("link", name="报送模板").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.worksheets[0].title == "行政处罚"


def test_a_clerk_sends_a_good_file_and_one_with_errors(
    visit: Visits, system: System, city: City
) -> None:
    code, name = system.invent.code(), system.invent.name("观澜")
    visitor = visit("provider", organisation=city.provider.code)
    page = visitor.open("/reporting")
    good = penalty(cf_xdr_mc=name, cf_xdr_shxym=code, cf_wsh="清市监处罚〔2026〕21号")
    send(page, "good.csv", csv_of("penalty", [good]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("全部接收")
    visitor.check()

    page = visitor.open("/reporting")
    wrong = {**good, "cf_xdr_shxym": miscopied(code), "cf_wsh": "清市监处罚〔2026〕22号"}
    send(page, "wrong.csv", csv_of("penalty", [good, wrong]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("部分接收")
    expect(page.locator(".troubles")).to_contain_text("第 3 行")
    visitor.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载需更正的行").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert "清市监处罚〔2026〕22号" in cells
    assert "清市监处罚〔2026〕21号" not in cells
    page.get_by_role("link", name="打印回执").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("数据报送回执")


def test_a_clerk_is_told_when_a_file_may_not_be_sent(visit: Visits, city: City) -> None:
    visitor = visit("provider", organisation=city.provider.code)
    page = visitor.open("/reporting")
    page.evaluate("document.querySelector('#item option').value = 'honour'")
    page.get_by_label("选择文件").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a"}
    )
    page.get_by_role("button", name="上传并校验").click()
    expect(page.get_by_role("alert")).to_contain_text("honour")
    visitor.complaints.clear()  # the console names every answer of 4xx


def test_an_owner_sees_the_archive_who_looked_and_grants_a_query(
    visit: Visits, system: System, city: City
) -> None:
    system.archive(city.code, "agency")
    bank = system.invent.code()
    visitor = visit("representative", organisation=city.code)
    page = visitor.open("/me?tab=penalty")
    expect(page.get_by_text("公示期限：自").first).to_be_visible()
    page.get_by_role("link", name="查看分类、期限和依据").first.click()
    visitor.check()
    expect(page.get_by_role("heading", name="本人查询")).to_be_visible()
    page = visitor.open("/me/queries")
    expect(page.get_by_role("cell", name="日常监管").first).to_be_visible()
    visitor.open("/me/notices")

    visitor.open("/me/report")
    page.get_by_role("button", name="出具报告").click()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    visitor.check()
    page.get_by_role("link", name="核验信用报告").first.click()
    expect(page.get_by_role("status")).to_contain_text("本系统出具过此编号的报告")
    visitor.check()

    visitor.open("/me/grants")
    page.get_by_role("link", name="给予新的授权").click()
    visitor.check()
    page.get_by_label("被授权方").fill(bank)
    page.get_by_label("用途").select_option("financing")
    page.get_by_label("有效期至").fill(lawful_day(now()).isoformat())
    page.get_by_label("多次").check()
    page.get_by_role("button", name="确认授权").click()
    expect(page.get_by_role("status")).to_have_text("授权已生效。")
    visitor.check()

    third = system.sign_in("third_party", organisation=bank)
    [grant] = third.get("/v1/grants").of(200)["grants"]
    reports, body = f"/v1/archives/{city.code}/reports", {"kind": "standard"}
    third.post(reports, body, X_Query_Grant=grant["id"]).of(201)
    page.get_by_role("link", name="使用记录").first.click()
    expect(page.get_by_role("cell", name="授权查询").first).to_be_visible()
    visitor.check()
    visitor.open("/me/grants")
    page.get_by_role("button", name="撤销").first.click()  # newest first
    expect(page.get_by_role("status")).to_contain_text("已撤销")
    third.post(reports, body, X_Query_Grant=grant["id"]).refused(404, "E-ARCHIVE-01")


def test_a_bank_asks_an_owner_agrees_and_the_bank_reads(visit: Visits, system: System) -> None:
    provider, code = system.provider("penalty"), system.invent.code()
    fine = penalty(cf_xdr_shxym=code, cf_xdr_mc=system.invent.name("听潮"))
    provider.deliver("penalty", csv_of("penalty", [fine]))
    bank = visit("third_party", organisation=system.invent.code())
    page = bank.open("/grants/new")
    page.get_by_label("信用主体").fill(code)
    page.get_by_label("以下类别的记录").check()
    page.get_by_label("行政处罚", exact=True).check()
    page.get_by_label("用途").select_option("financing")
    page.get_by_label("有效期至").fill(lawful_day(now()).isoformat())
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("status")).to_contain_text("等待信用主体答复")
    bank.check()

    owner = visit("representative", organisation=code)
    owner.open("/me/grants").get_by_role("button", name="同意").click()
    expect(owner.page.get_by_role("status")).to_have_text("已同意授权申请。")

    page.get_by_role("link", name="详情和查询").click()
    bank.check()
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text(fine["cf_wsh"])).to_be_visible()
    bank.check()


def test_an_agency_has_a_pasted_list_checked(visit: Visits, city: City) -> None:
    visitor = visit("agency")
    page = visitor.open("/checks")
    page.get_by_label("用途").select_option("supervision")
    page.get_by_label("核查依据").fill("清财采〔2026〕1号")
    page.get_by_role("button", name="提交核查").click()
    expect(page.get_by_role("alert")).to_have_text("请选择文件或粘贴名单。")
    page.get_by_label("或粘贴名单").fill(f"{city.code}\n没有这样的“机构”")
    page.get_by_role("button", name="提交核查").click()
    expect(page.locator("#live[data-final]")).to_be_attached(timeout=_SECONDS)
    expect(page.locator(".counts")).to_contain_text("1 行查到档案")
    visitor.check()
    with page.expect_download(timeout=_SECONDS) as download:
        page.get_by_role("link", name="下载结果（XLSX）").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    visitor.open("/checks")


def test_the_supervisor_signs_in_and_searches_the_ledger(
    visit: Visits, system: System, city: City
) -> None:
    system.archive(city.code, "agency")
    agency = "11329900009901024T"
    visitor = visit()
    page = visitor.open("/sign-in?to=/ledger")
    page.get_by_role("link", name="单位工作人员登录").click()
    page.get_by_role("link", name="清江市社会信用体系建设办公室").click()
    visitor.check()
    page.get_by_label("查询单位代码").fill(agency)
    page.get_by_label("起始日期").fill(lawful_day(now()).isoformat())
    page.get_by_label("查询方式").select_option("ex_officio")
    page.get_by_role("button", name="按查询人检索").click()
    expect(page.get_by_role("cell", name=city.code).first).to_be_visible()
    visitor.check()
    visitor.open("/alerts")
    visitor.open(f"/alerts/{agency}")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您已退出登录")
    visitor.check()


def test_a_page_of_anothers_is_refused_in_words(visit: Visits, system: System) -> None:
    visitor = visit("operator")
    visitor.open("/me", 403)
    visitor.open("/organisations/91329900MA99010396X", 404)
    visitor.open("/me/recordz", 404)
    page = visitor.open("/v1/archives", 404)  # a part of other addresses
    expect(page.get_by_role("alert")).to_contain_text("没有这个地址")
    visitor.complaints.clear()  # the console names every answer of 4xx
