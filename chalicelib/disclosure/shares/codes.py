"""What a share (政务共享) may be refused for."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

SHARE_UNKNOWN: Final = Code(
    id="E-SHARE-01",
    kind=Kind.UNKNOWN,
    zh="没有可供您查阅的这项政务共享",
    en="there is no such share that you may look at",
    mend_zh="请从政务共享列表中取得共享编号。",
    mend_en="Take the share's id from the list of shares.",
)
APPLICANT_MISSING: Final = Code(
    id="E-SHARE-02",
    kind=Kind.FORBIDDEN,
    zh="政务共享由部门申请，而您的账号不属于任何部门",
    en="a share is an agency's, and your account belongs to none",
    mend_zh="请以所在部门的账号登录。",
    mend_en="Sign in with an account of your agency.",
)
CONTENT_REFUSED: Final = Code(
    id="E-SHARE-03",
    kind=Kind.INVALID,
    zh="共享内容须为目录项，至少一项，不重复",
    en="the content of a share is catalogue items, at least one, each named once",
    mend_zh="请修改 items；目录项见信用信息目录。",
    mend_en="Mend `items`; the catalogue lists them.",
)
ITEM_REFUSED: Final = Code(
    id="E-SHARE-04",
    kind=Kind.INVALID,
    zh="目录项“{item}”不得通过政务共享提供（{source}）",
    en="“{item}” is not to be had by government sharing ({source})",
    mend_zh="请从共享内容中删除该项。",
    mend_en="Leave it out.",
)
WAY_REFUSED: Final = Code(
    id="E-SHARE-05",
    kind=Kind.INVALID,
    zh="共享方式须为单条查询（query）、批量核查（check）或两者，不重复",
    en="the ways of a share are single queries (query), batch checks (check) or both, each once",
    mend_zh="请修改 ways。",
    mend_en="Mend `ways`.",
)
UNTIL_REFUSED: Final = Code(
    id="E-SHARE-06",
    kind=Kind.INVALID,
    zh="共享截止日期须在今天至 {latest} 之间（{source}）",
    en="a share ends between today and {latest} ({source})",
    mend_zh="请修改截止日期；需要更长时间的，届时重新申请。",
    mend_en="Change its last day; apply anew where it is needed for longer.",
)
APPLICATION_LACKS: Final = Code(
    id="E-SHARE-11",
    kind=Kind.INVALID,
    zh="申请有 {count} 处需要补正",
    en="the application is to be mended in {count} place(s)",
    mend_zh="请按 errors 逐项补正后重新申请。",
    mend_en="Mend each entry of errors and apply again.",
)
STATE_CONFLICT: Final = Code(
    id="E-SHARE-07",
    kind=Kind.CONFLICT,
    zh="该共享现为“{state}”状态，或者已作出另一答复，不能这样办理",
    en="that cannot be done to the share as it is now ({state}), or was answered otherwise",
    mend_zh="请先查阅该共享；已经答复或结束的，由部门重新申请。",
    mend_en="Look at the share first; what was answered or has ended is applied for anew.",
)
VERDICT_REFUSED: Final = Code(
    id="E-SHARE-08",
    kind=Kind.INVALID,
    zh="只能就其中需要您答复的目录项作出同意，不重复",
    en="only items that it is yours to answer for are agreed to, each named once",
    mend_zh="可同意的目录项：{items}。",
    mend_en="Items to choose from: {items}.",
)
REASON_MISSING: Final = Code(
    id="E-SHARE-09",
    kind=Kind.INVALID,
    zh="不同意全部内容的，须说明理由",
    en="whoever does not agree to all of it says why",
    mend_zh="请填写 reason。",
    mend_en="Add `reason`.",
)
AGREEMENT_MISSING: Final = Code(
    id="E-SHARE-10",
    kind=Kind.CONFLICT,
    zh="目录项“{item}”属于授权查询信息，尚无信息提供单位同意共享（{source}）",
    en="no provider has agreed so far that “{item}” is shared, which needs it ({source})",
    mend_zh="请等待信息提供单位答复，或者批准其余各项。",
    mend_en="Wait for its providers' answers, or approve the rest.",
)
