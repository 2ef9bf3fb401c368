"""Every page of the portal in one table.

It is all that a cold start of the API pays for them: what draws a page is imported when it is asked
for. Pages are no part of the interface that OpenAPI describes; what they show, they get from its
routes.
"""

from typing import Final

import msgspec
from msgspec import Struct

from chalicelib.web.callers import Role


class Page(Struct, frozen=True, kw_only=True):
    """A page: `place` is `module:function` in `pages`; no `roles` means that everybody may see it.

    What is `plain` is the same for everybody, so nobody is looked up. What is `told` is for a page's
    own script, in JSON, errors too. What is `weighed` tells errors on a page to whoever would rather
    have a page, as browsers would, and as problems (RFC 9457) to everybody else.
    """

    method: str
    path: str
    place: str
    summary: str
    roles: frozenset[Role] = frozenset()
    plain: bool = False
    told: bool = False
    weighed: bool = False

    @property
    def name(self) -> str:
        """The page's name: that of its function."""
        return self.place.partition(":")[2]

    @property
    def route(self) -> str:
        """Method and path, as routes are named everywhere."""
        return f"{self.method} {self.path}"


_SUBJECT: Final = frozenset({Role.SUBJECT})
_PROVIDERS: Final = frozenset({Role.PROVIDER, Role.CODE_AUTHORITY})
_KEEPERS: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_SUPERVISOR: Final = frozenset({Role.SUPERVISOR})
_THIRD: Final = frozenset({Role.THIRD_PARTY})
_CHECKERS: Final = frozenset({Role.AGENCY, Role.JUDICIAL, Role.SUPERVISOR, Role.THIRD_PARTY})


def _page(route: str, place: str, summary: str, roles: frozenset[Role] = frozenset()) -> Page:
    method, _, path = route.partition(" ")
    return Page(method=method, path=path, place=place, summary=summary, roles=roles)


def _told(route: str, place: str, summary: str, roles: frozenset[Role]) -> Page:
    return msgspec.structs.replace(_page(route, place, summary, roles), told=True)


_OPEN: Final = (
    _page("GET /", "home:show_home", "首页 · Home"),
    _page("GET /search", "organisations:show_results", "查询结果 · Results"),
    _page(
        "GET /organisations/{code}",
        "organisations:show_organisation",
        "机构公示信息 · An organisation's page",
    ),
    _page("GET /catalogue", "catalogues:show_catalogue", "目录 · The catalogue"),
    _page("GET /catalogue/{item}", "catalogues:show_item", "目录项 · A catalogue item"),
    _page("GET /catalogue/{item}/template", "catalogues:fetch_template", "报送模板 · Its template"),
    _page("GET /lists", "lists:show_lists", "名单公示 · Public lists"),
    _page("GET /lists/{item}", "lists:show_list", "名单 · A public list"),
    _page("GET /verify", "reports:verify", "核验信用报告 · Verify a report"),
    _page("GET /sign-in", "signing:begin", "登录 · Sign in"),
    _page("GET /sign-in/return", "signing:finish", "登录返回 · Back from the identity provider"),
    _page("POST /sign-out", "signing:leave", "退出 · Sign out"),
    _page("GET /signed-out", "signing:show_left", "已退出 · Signed out"),
    msgspec.structs.replace(
        _page("GET /static/{name}", "files:send_file", "样式和脚本 · Styles and scripts"),
        plain=True,
    ),
    msgspec.structs.replace(
        _page("GET /{proxy+}", "missing:refuse", "其他地址 · Any other address"), weighed=True
    ),
)
_REPORTING: Final = (
    _page("GET /reporting", "reporting:show_desk", "报送数据 · Report data", _PROVIDERS),
    _told("POST /reporting", "reporting:register", "登记文件 · Register a file", _PROVIDERS),
    _page("GET /reporting/{upload}", "reporting:show_upload", "校验结果 · An upload", _PROVIDERS),
    _told(
        "GET /reporting/{upload}/parts", "reporting:tell_parts", "分块地址 · Its parts", _PROVIDERS
    ),
    _told(
        "POST /reporting/{upload}/completion",
        "reporting:complete",
        "完成分块上传 · Complete it",
        _PROVIDERS,
    ),
    _page(
        "GET /reporting/{upload}/refused",
        "reporting:fetch_refused",
        "下载需更正的行 · Its refused rows",
        _PROVIDERS,
    ),
    _page(
        "GET /reporting/{upload}/results",
        "reporting:fetch_results",
        "下载逐行结果 · What became of its rows",
        _PROVIDERS,
    ),
    _page(
        "GET /reporting/{upload}/receipt",
        "reporting:show_receipt",
        "打印回执 · Its receipt to print",
        _PROVIDERS,
    ),
)
_OWN: Final = (
    _page("GET /me", "own:show_archive", "我的档案 · My archive", _SUBJECT),
    _page(
        "GET /me/records/{item}/{record}",
        "own:show_reasons",
        "记录说明 · Why a record is shown",
        _SUBJECT,
    ),
    _page("GET /me/queries", "own:show_queries", "谁查过我 · Who looked", _SUBJECT),
    _page("GET /me/notices", "own:show_notices", "告知记录 · What I was told", _SUBJECT),
    _page("GET /me/report", "reports:offer", "信用报告 · My credit report", _SUBJECT),
    _page("POST /me/report", "reports:take", "出具信用报告 · Take it", _SUBJECT),
    _page("GET /me/grants", "authorising:show_grants", "我的授权 · My grants", _SUBJECT),
    _page("POST /me/grants", "authorising:give", "给予授权 · Give a grant", _SUBJECT),
    _page("GET /me/grants/new", "authorising:show_form", "新的授权 · A new grant", _SUBJECT),
    _page("GET /me/grants/{grant}", "authorising:show_grant", "授权详情 · A grant", _SUBJECT),
    _page(
        "POST /me/grants/{grant}/answer",
        "authorising:answer",
        "答复申请 · Answer a request",
        _SUBJECT,
    ),
    _page(
        "POST /me/grants/{grant}/revocation",
        "authorising:take_back",
        "撤销授权 · Revoke a grant",
        _SUBJECT,
    ),
)
_KEEPING: Final = (
    _page("GET /ledger", "ledgers:show_ledger", "查询台账 · The query ledger", _KEEPERS),
    _page("GET /alerts", "alerts:show_alerts", "查询量异常 · Volumes of queries", _SUPERVISOR),
    _page(
        "GET /alerts/{organisation}",
        "alerts:show_stops",
        "停止查询的记录 · Stops of queries",
        _SUPERVISOR,
    ),
    _page("POST /alerts/{organisation}", "alerts:lift", "解除停止 · Lift a stop", _SUPERVISOR),
)
_HOLDING: Final = (
    _page("GET /grants", "receiving:show_grants", "获得的授权 · Grants held", _THIRD),
    _page("POST /grants", "receiving:request", "申请授权 · Ask for a grant", _THIRD),
    _page("GET /grants/new", "receiving:show_form", "新的申请 · A new request", _THIRD),
    _page("GET /grants/{grant}", "receiving:show_grant", "授权详情 · A grant held", _THIRD),
    _page("POST /grants/{grant}/reading", "receiving:read", "凭授权查询 · Read under it", _THIRD),
)
_CHECKING: Final = (
    _page("GET /checks", "checking:show_desk", "信用核查 · Batch checks", _CHECKERS),
    _told("POST /checks", "checking:register", "登记核查名单 · Register a list", _CHECKERS),
    _page("GET /checks/{check}", "checking:show_check", "核查进度 · A check", _CHECKERS),
    _page(
        "GET /checks/{check}/result",
        "checking:fetch_result",
        "下载核查结果 · Its result",
        _CHECKERS,
    ),
)
PAGES: Final = (*_OPEN, *_REPORTING, *_OWN, *_KEEPING, *_HOLDING, *_CHECKING)
"""Every page."""
