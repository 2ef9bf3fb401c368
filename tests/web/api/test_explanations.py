"""A code's address: JSON for programs, a page for the clerk who follows it in a browser."""

import base64
import hashlib
import re

import pytest

from chalicelib.web.api import explanations
from chalicelib.web.app import CreditApp
from chalicelib.web.preferences import prefers_page
from tests.web.events import NOW, Answered, ask
from tests.web.tiny import NOBODY

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def _explain(code: str, **headers: str) -> Answered:
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([explanations.api], guard=NOBODY)
    return ask(app, "GET", "/problems/{code}", path={"code": code}, headers=headers)


def test_should_tell_a_program_what_a_code_means_when_it_asks() -> None:
    answer = _explain("e-date-01")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Vary"] == "Accept"
    assert answer.json["code"] == "E-DATE-01"
    assert answer.json["zh"] == "无法识别的日期。"


def test_should_show_a_page_in_both_languages_when_a_browser_asks() -> None:
    answer = _explain("E-AMOUNT-01", accept=BROWSER)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Vary"] == "Accept"
    for part in ("E-AMOUNT-01", "无法识别的金额（单位：…）。", "Not an amount (unit: …).", "拒收"):
        assert part in answer.text
    assert "{" not in re.sub("<style>.*</style>", "", answer.text)


def test_should_allow_nothing_but_its_own_style_when_a_page_is_shown() -> None:
    answer = _explain("W-FILE-01", accept=BROWSER)
    (style,) = re.findall("<style>(.*)</style>", answer.text)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    assert "<script" not in answer.text


def test_should_have_a_page_for_every_code() -> None:
    for code in explanations.list_codes():
        assert f"<h1>{code}</h1>" in _explain(code, accept="text/html").text


def test_should_refuse_a_code_that_does_not_exist_as_a_problem() -> None:
    answer = _explain("E-NONE-01", accept=BROWSER)
    assert (answer.status, answer.json["status"]) == (404, 404)


@pytest.mark.parametrize(
    ("accepted", "page"),
    [
        ("", False),
        ("*/*", False),
        ("text/html", True),
        (BROWSER, True),
        ("application/json", False),
        ("application/json, text/html;q=0.9", False),
        ("application/json;q=0.5, TEXT/HTML;q=0.9", True),
        ("text/html;q=x", False),
    ],
)
def test_should_prefer_a_page_only_where_it_weighs_more_than_json(
    accepted: str, page: bool
) -> None:
    assert prefers_page(accepted) is page
