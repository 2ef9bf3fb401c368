"""What a grant (授权) may be refused for."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

GRANT_UNKNOWN: Final = Code(
    id="E-GRANT-01",
    kind=Kind.UNKNOWN,
    zh="没有可供您查阅的这项授权",
    en="there is no such grant that you may look at",
    mend_zh="请从授权列表中取得授权编号。",
    mend_en="Take the grant's id from the list of grants.",
)
WAY_REFUSED: Final = Code(
    id="E-GRANT-02",
    kind=Kind.FORBIDDEN,
    zh="依据 {source}，此处不接受这种授权查询方式",
    en="authorised queries are not made this way here ({source})",
    mend_zh="请按规定的方式办理：{ways}（online 线上，window 服务窗口）。",
    mend_en="Use one of the ways that are provided: {ways}.",
)
UNTIL_REFUSED: Final = Code(
    id="E-GRANT-03",
    kind=Kind.INVALID,
    zh="授权截止日期须在今天至 {latest} 之间（{source}）",
    en="a grant ends between today and {latest} ({source})",
    mend_zh="请修改截止日期；需要更长时间的，届时重新授权。",
    mend_en="Change its last day; grant anew where it is needed for longer.",
)
SCOPE_REFUSED: Final = Code(
    id="E-GRANT-04",
    kind=Kind.INVALID,
    zh="授权范围须为目录项（至少一项，不重复），或者一种信用报告，二者择一",
    en="a grant is of catalogue items, each named once, or of a kind of report: one of the two",
    mend_zh="请填写 items 或 report 其中之一。",
    mend_en="Give either `items` or `report`.",
)
ITEM_REFUSED: Final = Code(
    id="E-GRANT-05",
    kind=Kind.INVALID,
    zh="目录项“{item}”不能授权第三方查询（{source}）",
    en="“{item}” is not to be had by authorised queries ({source})",
    mend_zh="请从范围中删除该项；可授权的目录项见目录的公开属性。",
    mend_en="Leave it out; the catalogue says how far each item is open.",
)
STATE_CONFLICT: Final = Code(
    id="E-GRANT-06",
    kind=Kind.CONFLICT,
    zh="该授权现为“{state}”状态，不能这样办理",
    en="that cannot be done to the grant as it is now: {state}",
    mend_zh="请先查阅该授权；已经结束的授权需重新申请或重新授权。",
    mend_en="Look at the grant first; what has ended is asked for, or granted, anew.",
)
RECIPIENT_REFUSED: Final = Code(
    id="E-GRANT-07",
    kind=Kind.INVALID,
    zh="被授权人须为另一机构的统一社会信用代码，或另一自然人的主体编号",
    en="a grant is for another organisation's unified social credit code, or another person's key",
    mend_zh="请核对被授权人的代码。",
    mend_en="Check the recipient's code.",
)
MANDATE_MISSING: Final = Code(
    id="E-GRANT-08",
    kind=Kind.INVALID,
    zh="窗口办理授权须有书面授权材料（mandate 授权委托书）和至少一份身份证件",
    en="a grant at the window needs the written mandate and at least one identity paper",
    mend_zh="请核验材料后补充 papers。",
    mend_en="Check the papers and complete `papers`.",
)
OUTCOME_REFUSED: Final = Code(
    id="E-GRANT-09",
    kind=Kind.CONFLICT,
    zh="只有已经使用过的融资（financing）授权才反馈结果",
    en="an outcome is reported of a grant for financing that was used",
    mend_zh="请先依授权查询；其他用途的授权无须反馈。",
    mend_en="Query under the grant first; grants for other purposes have no outcome.",
)
OUTCOME_DIFFERS: Final = Code(
    id="E-GRANT-10",
    kind=Kind.CONFLICT,
    zh="该授权已经反馈过另一结果",
    en="another outcome was reported of the grant before",
    mend_zh="结果反馈后不能更改；请核对授权编号。",
    mend_en="An outcome stays as it was reported; check the grant's id.",
)
AMOUNT_REFUSED: Final = Code(
    id="E-GRANT-11",
    kind=Kind.INVALID,
    zh="给予融资的须填金额区间，未给予的不填",
    en="what was granted has a band of amounts, what was declined has none",
    mend_zh="请补充或删除 amount。",
    mend_en="Add `amount`, or leave it out.",
)
