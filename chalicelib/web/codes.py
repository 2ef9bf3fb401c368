"""The codes of the door: transport, input, sign-in, paging."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

BODY_MALFORMED: Final = Code(
    id="E-HTTP-01",
    kind=Kind.MALFORMED,
    zh="请求正文不是有效的 JSON",
    en="the request body is not valid JSON",
    mend_zh="请以 UTF-8 编码发送一个 JSON 文档；不接受 NaN 和 Infinity。",
    mend_en="Send one JSON document in UTF-8; NaN and Infinity are not JSON.",
)
BODY_TOO_LARGE: Final = Code(
    id="E-HTTP-02",
    kind=Kind.TOO_LARGE,
    zh="请求正文超过 {limit} 字节",
    en="the request body is longer than {limit} bytes",
    mend_zh="请缩短请求正文；数据文件请通过上传登记报送。",
    mend_en="Shorten the request body; send data files by registering an upload.",
)
MEDIA_TYPE: Final = Code(
    id="E-HTTP-03",
    kind=Kind.MALFORMED,
    zh="不支持该请求内容类型",
    en="the content type of the request is not supported",
    mend_zh="请将 Content-Type 设为接口说明中的类型，通常为 application/json。",
    mend_en="Set Content-Type to what the interface names, mostly application/json.",
)
ROUTE_UNKNOWN: Final = Code(
    id="E-HTTP-04",
    kind=Kind.UNKNOWN,
    zh="没有这个地址",
    en="there is nothing at this address",
    mend_zh="请对照接口说明 /v1/openapi.json 检查地址。",
    mend_en="Check the address against /v1/openapi.json.",
)
METHOD_REFUSED: Final = Code(
    id="E-HTTP-05",
    kind=Kind.MALFORMED,
    zh="该地址不支持此请求方法",
    en="this address does not support the request method",
    mend_zh="请使用 Allow 响应头列出的方法。",
    mend_en="Use a method that the Allow header lists.",
)
INTERNAL: Final = Code(
    id="E-HTTP-06",
    kind=Kind.UNAVAILABLE,
    zh="系统内部错误",
    en="something went wrong inside the system",
    mend_zh="请稍后重试；如仍失败，请将 request_id 告知系统运行单位。",
    mend_en="Try again later; if it fails again, give the request_id to the operator.",
)
REQUEST_INVALID: Final = Code(
    id="E-HTTP-07",
    kind=Kind.INVALID,
    zh="请求内容有 {count} 处不符合要求",
    en="the request is wrong in {count} place(s)",
    mend_zh="请按 errors 逐项修改后重新发送。",
    mend_en="Mend each entry of errors and send the request again.",
)

INPUT_MISSING: Final = Code(
    id="E-INPUT-01",
    kind=Kind.INVALID,
    zh="缺少必填项",
    en="this value is required",
    mend_zh="请补充该项。",
    mend_en="Add the value.",
)
INPUT_UNKNOWN: Final = Code(
    id="E-INPUT-02",
    kind=Kind.INVALID,
    zh="接口没有定义该项",
    en="the interface does not define this value",
    mend_zh="请删除该项，或检查名称的拼写。",
    mend_en="Remove it, or check how its name is spelt.",
)
INPUT_WRONG: Final = Code(
    id="E-INPUT-03",
    kind=Kind.INVALID,
    zh="应为{expected_zh}",
    en="this should be {expected_en}",
    mend_zh="请按要求修改该项。",
    mend_en="Change the value accordingly.",
)
INPUT_REPEATED: Final = Code(
    id="E-INPUT-04",
    kind=Kind.INVALID,
    zh="该项只能出现一次",
    en="this value may be given only once",
    mend_zh="请保留一个值。",
    mend_en="Keep one value.",
)

SIGN_IN: Final = Code(
    id="E-AUTH-01",
    kind=Kind.UNAUTHENTICATED,
    zh="需要登录，或登录已过期",
    en="you are not signed in, or your sign-in has expired",
    mend_zh="请在 Authorization 请求头中提供有效的 Bearer 令牌。",
    mend_en="Send a valid bearer token in the Authorization header.",
)
ROLE_REFUSED: Final = Code(
    id="E-AUTH-02",
    kind=Kind.FORBIDDEN,
    zh="您的角色无权进行此操作",
    en="your role may not do this",
    mend_zh="请以下列角色之一登录：{roles}。",
    mend_en="Sign in with one of these roles: {roles}.",
)
KEYS_UNAVAILABLE: Final = Code(
    id="E-AUTH-03",
    kind=Kind.UNAVAILABLE,
    zh="暂时无法取得身份认证系统的公钥",
    en="the identity provider's keys cannot be had at present",
    mend_zh="请稍后重试。",
    mend_en="Try again later.",
)
TOKEN_REFUSED: Final = Code(
    id="E-AUTH-04",
    kind=Kind.UNAUTHENTICATED,
    zh="登录令牌无效（{reason}）",
    en="the token is not accepted ({reason})",
    mend_zh="请重新登录。",
    mend_en="Sign in again.",
)

SCOPE_REFUSED: Final = Code(
    id="E-AUTH-05",
    kind=Kind.FORBIDDEN,
    zh="该客户端的令牌不含此操作所需的权限范围（{scope}）",
    en="the client's token does not hold the scope that this needs ({scope})",
    mend_zh="请以该权限范围申请令牌；权限范围由工作机构登记。未列出范围的操作不向系统对接开放。",
    mend_en="Ask for a token with that scope, which the operator registers; without one named, this is not open to machines.",
)
CURSOR_REFUSED: Final = Code(
    id="E-PAGE-01",
    kind=Kind.INVALID,
    zh="翻页游标无效，或不属于此查询",
    en="the cursor is not valid, or belongs to another query",
    mend_zh="请原样使用上一页返回的 next_cursor，并保持其他查询条件不变。",
    mend_en="Use next_cursor of the page before, unchanged, with the same query.",
)
TOO_MANY: Final = Code(
    id="E-HTTP-08",
    kind=Kind.TOO_MANY,
    zh="请求过于频繁",
    en="there are too many requests at present",
    mend_zh="请按 Retry-After 响应头给出的秒数等待后重试。",
    mend_en="Wait for the seconds that the Retry-After header gives, then try again.",
)
CODE_UNKNOWN: Final = Code(
    id="E-HTTP-09",
    kind=Kind.UNKNOWN,
    zh="没有代码“{asked}”",
    en="there is no code “{asked}”",
    mend_zh="请从错误信息的 code 或 type 中取得代码。",
    mend_en="Take the code from a problem's `code` or `type`.",
)
UNCOUNTED: Final = Code(
    id="E-HTTP-10",
    kind=Kind.UNAVAILABLE,
    zh="暂时无法统计请求次数，为保护信息不予答复",
    en="requests cannot be counted at present, and this is not answered uncounted",
    mend_zh="请按 Retry-After 响应头给出的秒数等待后重试。",
    mend_en="Wait for the seconds that the Retry-After header gives, then try again.",
)
