"""Every page of the portal in one table.

It is all that a cold start of the API pays for them: what draws a page is imported when it is asked
for. Pages are no part of the interface that OpenAPI describes; what they show, they get from its
routes.
"""

from typing import Final

from msgspec import Struct

from chalicelib.web.callers import Role


class Page(Struct, frozen=True, kw_only=True):
    """A page: `place` is `module:function` in `pages`; no `roles` means that everybody may see it.

    What is `plain` is the same for everybody, so nobody is looked up.
    """

    method: str
    path: str
    place: str
    summary: str
    roles: frozenset[Role] = frozenset()
    plain: bool = False

    @property
    def name(self) -> str:
        """The page's name: that of its function."""
        return self.place.partition(":")[2]

    @property
    def route(self) -> str:
        """Method and path, as routes are named everywhere."""
        return f"{self.method} {self.path}"


PAGES: Final = (
    Page(method="GET", path="/", place="home:show_home", summary="首页 · Home"),
    Page(
        method="GET",
        path="/search",
        place="organisations:show_results",
        summary="查询结果 · Results",
    ),
    Page(
        method="GET",
        path="/organisations/{code}",
        place="organisations:show_organisation",
        summary="机构公示信息 · An organisation's page",
    ),
    Page(method="GET", path="/sign-in", place="signing:begin", summary="登录 · Sign in"),
    Page(
        method="GET",
        path="/sign-in/return",
        place="signing:finish",
        summary="登录返回 · Back from the identity provider",
    ),
    Page(method="POST", path="/sign-out", place="signing:leave", summary="退出 · Sign out"),
    Page(
        method="GET", path="/signed-out", place="signing:show_left", summary="已退出 · Signed out"
    ),
    Page(
        method="GET",
        path="/static/{name}",
        place="files:send_file",
        summary="样式和脚本 · Styles and scripts",
        plain=True,
    ),
)
"""Every page."""
