"""A visitor whose browser is watched: console, Content-Security-Policy, accessibility, width."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
_WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE = Axe()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody before a page, and what the browser has complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str, status: int = 200) -> Page:
        """Go somewhere and look at it on both widths."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{address}: {answer.status}"
        self.check()
        return self.page

    def check(self) -> None:
        """What is shown is accessible, on a desktop and on a phone, and never wider than either."""
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            expect(self.page.locator("h1")).to_be_visible()
            wider = self.page.evaluate(_WIDTH)
            assert wider == 0, f"{self.page.url} is {wider} pixels wider than {size['width']}"
            found = _AXE.run(self.page, options=_RULES)
            told = [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]]
            assert told == [], f"{self.page.url} at {size['width']}: {told}"


def watch(context: BrowserContext) -> Visitor:
    """A visitor in `context`, where nothing may be complained of."""
    visitor = Visitor(context.new_page())
    page = visitor.page
    page.on("console", lambda message: visitor.complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: visitor.complaints.append(f"{page.url}: {error}"))
    return visitor
