"""From request to page: language, sessions, forms, errors, headers."""

import json
from typing import Never

import pytest

from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Role
from chalicelib.web.limiting.limits import LIMITS
from chalicelib.web.portal.cookies import write_cookie
from chalicelib.web.portal.pages import home
from chalicelib.web.portal.sessions import COOKIE, begin_session, seal
from chalicelib.web.portal.visits import Visit
from tests.factories import ORGANISATION
from tests.web.conftest import Lines
from tests.web.events import NOW, ask
from tests.web.issuer import any_token
from tests.web.portal.conftest import SignIn
from tests.web.portal.visitors import Visitor


def test_a_page_is_held_to_its_own_files(visitor: Visitor) -> None:
    headers = visitor.get("/").headers
    policy = dict(
        each.strip().split(" ", 1) for each in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/", "", "zh-CN"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/?lang=zh", "en", "zh-CN"),
        ("/?lang=en", "zh", "en"),
        ("/?lang=fr", "zh", "zh-CN"),
    ],
)
def test_a_page_speaks_the_visitors_language(
    visitor: Visitor, address: str, accepted: str, language: str
) -> None:
    page = visitor.get(address, Accept_Language=accepted)
    assert f'<html lang="{language}"' in page.text


def test_a_chosen_language_and_size_are_remembered(visitor: Visitor) -> None:
    visitor.get("/?lang=en&size=large")
    page = visitor.get("/")
    assert '<html lang="en" class="large">' in page.text


def test_the_way_to_the_other_language_keeps_what_was_asked(visitor: Visitor) -> None:
    page = visitor.get("/search?name=%E6%B8%85%E6%B1%9F&lang=zh")
    assert 'href="/search?name=%E6%B8%85%E6%B1%9F&amp;lang=en"' in page.text


def test_what_is_typed_is_never_markup(visitor: Visitor) -> None:
    page = visitor.get("/search?name=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "<script>alert" not in page.text


def test_a_session_ends_with_its_token(app: CreditApp) -> None:
    late = Visitor(app, {COOKIE: begin_session(any_token(exp=int(NOW.timestamp()) - 60))})
    assert 'href="/sign-in"' in late.get("/").text


@pytest.mark.parametrize("forged", ["x", "é", "A" * 500])
def test_a_forged_session_is_nobodys(app: CreditApp, forged: str) -> None:
    assert 'href="/sign-in"' in Visitor(app, {COOKIE: forged}).get("/").text


def test_what_was_sealed_for_another_use_is_no_session(app: CreditApp) -> None:
    other = Visitor(app, {COOKIE: seal(any_token(), "signing-in")})
    assert 'href="/sign-in"' in other.get("/").text


def test_a_form_without_what_its_page_holds_is_refused(sign_in: SignIn) -> None:
    visitor = sign_in("operator")
    assert visitor.post("/sign-out", {}).status == 403
    visitor.get("/")
    assert visitor.post("/sign-out", {"csrf": "x"}).status == 403
    assert visitor.cookies


def test_a_form_of_another_session_is_refused(sign_in: SignIn) -> None:
    visitor, other = sign_in("operator"), sign_in("supervisor")
    visitor.get("/")
    other.last = visitor.last
    assert other.post("/sign-out", {}).status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_from_another_site_is_refused(sign_in: SignIn, origin: str) -> None:
    visitor = sign_in("operator")
    visitor.get("/")
    assert visitor.post("/sign-out", {}, Origin=origin).status == 403


def test_a_form_of_another_kind_is_refused(sign_in: SignIn) -> None:
    visitor = sign_in("operator")
    visitor.get("/")
    sent = visitor.post("/sign-out", {}, **{"Content-Type": "text/plain"})
    assert sent.status == 415


def test_an_error_is_a_page_that_says_what_to_do(visitor: Visitor, logged: Lines) -> None:
    page = visitor.get("/organisations/91329900MA99010396")
    assert page.status == 404
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "未查询到该机构的公开信息" in page.text
    assert "/problems/E-PUBLIC-01" in page.text
    assert "c6af9ac6-7b61-11e6-9a41-93e8deadbeef" in page.text
    assert [line["error"] for line in logged() if "error" in line] == ["E-PUBLIC-01"]


@pytest.mark.parametrize("address", ["/nothing", "/organisations", "/me/grants/x/y/z"])
def test_an_unknown_address_is_told_as_it_is_wanted(visitor: Visitor, address: str) -> None:
    page = visitor.get(address, Accept="text/html,*/*;q=0.8")
    assert page.status == 404
    assert "没有这个地址" in page.text
    assert 'href="/"' in page.text
    problem = visitor.get(address, Accept="*/*")
    assert problem.status == 404
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert (problem.json["code"], problem.json["instance"]) == ("E-HTTP-04", address)


def test_who_may_not_see_a_page_is_told_who_may(sign_in: SignIn) -> None:
    page = sign_in("operator").get("/reporting?item=penalty")
    assert page.status == 403
    assert "信息提供单位" in page.text
    assert "provider" not in page.text
    assert 'href="/sign-in?to=%2Freporting%3Fitem%3Dpenalty"' in page.text


def test_who_asks_too_often_is_told_when_to_come_back(visitor: Visitor) -> None:
    allowed = LIMITS["verify"].most[Role.PUBLIC]
    pages = [visitor.get(f"/verify?number=x{n}") for n in range(allowed + 1)]
    assert [page.status for page in pages[:-1]] == [404] * allowed
    assert pages[-1].status == 429
    assert pages[-1].headers["Retry-After"] == "60"
    assert "请等一分钟再试" in pages[-1].text


def test_what_breaks_inside_is_a_page_without_a_word_of_it(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_visit: Visit) -> Never:
        raise RuntimeError("of somebody")

    monkeypatch.setattr(home, "show_home", fail)
    page = visitor.get("/")
    assert page.status == 500
    assert "系统内部错误" in page.text
    assert "of somebody" not in page.text


def test_a_form_of_an_ended_session_leads_to_signing_in(sign_in: SignIn) -> None:
    visitor = sign_in("subject", organisation=ORGANISATION)
    visitor.get("/me/grants/new")
    visitor.cookies.clear()
    page = visitor.post("/me/grants", {})
    assert page.status == 401
    assert 'href="/sign-in?to=%2Fme%2Fgrants"' in page.text


def test_a_file_is_kept_for_ever_under_its_digest(visitor: Visitor) -> None:
    page = visitor.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    file = visitor.get(address)
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert file.headers["Content-Type"] == "text/css; charset=utf-8"
    assert visitor.get("/static/portal.000000000000.css").status == 404


def test_a_cookie_is_bound_to_its_host_on_https(
    account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.runtime.settings import settings

    assert write_cookie("a", "b", 60) == "a=b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
    monkeypatch.setenv("PUBLIC_URL", "https://credit.example.cn")
    settings.cache_clear()
    told = write_cookie("a", "b", 60)
    monkeypatch.undo()
    settings.cache_clear()
    assert told == "__Host-a=b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"


def test_pages_are_no_part_of_the_described_interface(app: CreditApp) -> None:
    described = json.loads(ask(app, "GET", "/v1/openapi.json").text)["paths"]
    assert not {page.path for page in app.pages} & described.keys()
