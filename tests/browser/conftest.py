"""Debian's Chromium against the deployed system, as somebody who sits before it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from chalicelib.web.portal.sessions import COOKIE, begin_session
from infra.local.stack import Stack
from tests.browser.watching import Visitor, watch
from tests.e2e.system import System

Visits = Callable[..., Visitor]


@pytest.fixture(scope="session")
def system(stack: Stack) -> System:
    """The running system."""
    return System(stack)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        assert not os.environ.get("CI"), "no browser: apt-get install chromium fonts-noto-cjk"
        pytest.skip("no browser here: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that containers do not give.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, system: System) -> Iterator[Visits]:
    """Makes visitors, signed in as a persona with `claims` in the place of its own, or as nobody.

    In the end fails where a browser complained of anything.
    """
    visitors: list[Visitor] = []

    def visit(persona: str = "", **claims: str) -> Visitor:
        context = browser.new_context(locale="zh-CN", base_url=system.stack.url)
        if persona:
            token = system.stack.token(persona, **claims)
            with system.inside("Authenticate"):
                sealed = begin_session(token)
            context.add_cookies([{"name": COOKIE, "value": sealed, "url": system.stack.url}])
        visitors.append(watch(context))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        visitor.page.context.close()
    assert [each for visitor in visitors for each in visitor.complaints] == []
