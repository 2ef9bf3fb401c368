"""The portal's tables: pages, texts, templates, ways, words of the rules."""

import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.law import periods, rules
from chalicelib.web.callers import Role
from chalicelib.web.portal import navigation, texts
from chalicelib.web.portal.rendering import TEMPLATES
from chalicelib.web.portal.routes import PAGES, Page
from infra.compose import PROJECT

PORTAL = Path(texts.__file__).parent
_CALLED = re.compile(r"""\bt\('([\w.-]+)'(?!\s*~)""")
_NAMED = re.compile(r"""text_of\(\s*visit\.language,\s*"([\w.-]+)\"""")
_SAID = re.compile(r"""\bsay\(\s*"(\w+\.\w+)\"""")
_PLACEHOLDER = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_every_page_has_a_function_that_takes_what_its_address_holds(page: Page) -> None:
    module, _, name = page.place.partition(":")
    function = getattr(importlib.import_module(f"chalicelib.web.portal.pages.{module}"), name)
    given = set(inspect.signature(function).parameters) - {"visit", "_visit"}
    assert given == set(re.findall(r"{(\w+)}", page.path))
    assert function.__doc__


def test_every_page_is_there_once() -> None:
    routes = [page.route for page in PAGES]
    assert len(set(routes)) == len(routes)


def test_every_way_leads_to_a_page_of_that_role() -> None:
    pages = {page.path: page for page in PAGES if page.method == "GET"}
    for to, _ in navigation.OPEN:
        assert not pages[to].roles
    for role, ways in navigation.OWN.items():
        assert all(role in pages[to].roles for to, _ in ways)


def test_every_text_is_in_both_languages_with_the_same_places() -> None:
    for name, (zh, en) in texts.load_texts().items():
        assert zh, name
        assert en, name
        assert set(_PLACEHOLDER.findall(zh)) == set(_PLACEHOLDER.findall(en)), name


def _named() -> Iterator[str]:
    for template in TEMPLATES.glob("*.html"):
        yield from _CALLED.findall(template.read_text("utf-8"))
    for module in PORTAL.rglob("*.py"):
        source = module.read_text("utf-8")
        yield from _NAMED.findall(source)
        yield from _SAID.findall(source)


def test_every_text_that_is_named_exists() -> None:
    assert set(_named()) <= texts.load_texts().keys()


def test_every_word_of_the_rules_has_a_text() -> None:
    known = texts.load_texts()
    words = {
        "reason": get_args(periods.Reason),
        "span": get_args(rules.Span),
        "severity": get_args(rules.Severity),
        "about": get_args(rules.State),
        "channel": get_args(rules.Channel),
        "measure": get_args(rules.Measure),
        "role": [role for role in Role if role is not Role.PUBLIC],
    }
    missing = {f"{kind}.{word}" for kind, each in words.items() for word in each} - known.keys()
    assert not missing
    opened = {f"about.openness_{each}" for each in get_args(rules.Openness)}
    assert opened <= known.keys()


def test_articles_are_cited_as_the_documents_name_their_texts() -> None:
    told = tomllib.loads((PROJECT / "docs" / "articles.toml").read_text("utf-8"))
    for key, text in told.items():
        if "title" in text:
            zh, en = texts.load_texts()[f"article.{key}"]
            assert (zh, en) == (f"《{text['title']}》", text["title_en"])
