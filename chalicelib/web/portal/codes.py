"""The codes of the portal: forms and signing in."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

FORM_STALE: Final = Code(
    id="E-PORTAL-01",
    kind=Kind.FORBIDDEN,
    zh="该表单不是由本次登录的页面提交的，或登录已更换",
    en="the form was not sent from a page of this sign-in",
    mend_zh="请返回上一页，刷新后重新提交。",
    mend_en="Go back, reload the page and send it again.",
)
SIGN_IN_BROKEN: Final = Code(
    id="E-PORTAL-02",
    kind=Kind.UNAUTHENTICATED,
    zh="登录没有完成（{reason}）",
    en="signing in was not completed ({reason})",
    mend_zh="请重新登录；请勿使用收藏或他人发来的登录链接。",
    mend_en="Sign in again, starting from this site and not from a saved link.",
)
SESSION_TOO_LONG: Final = Code(
    id="E-PORTAL-03",
    kind=Kind.UNAVAILABLE,
    zh="身份认证系统签发的令牌过长，浏览器无法保存",
    en="the identity provider's token is too long for a browser to keep",
    mend_zh="请联系系统运行单位减少令牌中的声明。",
    mend_en="Ask the operator to have fewer claims put into tokens.",
)
