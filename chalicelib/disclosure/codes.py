"""What a query that must stand in the ledger (查询台账) may be refused for."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

PURPOSE_MISSING: Final = Code(
    id="E-PURPOSE-01",
    kind=Kind.INVALID,
    zh="查询他人的非公开信息须注明查询用途",
    en="asking for another's records that are not public needs a purpose",
    mend_zh="请填写查询用途代码，可选：{fitting}。",
    mend_en="State a purpose; fitting here: {fitting}.",
)
PURPOSE_UNKNOWN: Final = Code(
    id="E-PURPOSE-02",
    kind=Kind.INVALID,
    zh="没有查询用途代码“{purpose}”",
    en="there is no purpose “{purpose}”",
    mend_zh="请改用列出的用途代码：{fitting}。",
    mend_en="Use one of these: {fitting}.",
)
PURPOSE_UNFIT: Final = Code(
    id="E-PURPOSE-03",
    kind=Kind.FORBIDDEN,
    zh="用途“{purpose}”不适用于该查询渠道",
    en="the purpose “{purpose}” does not allow this way of asking",
    mend_zh="该渠道可用的用途代码：{fitting}。",
    mend_en="Purposes for this way of asking: {fitting}.",
)
ENTRY_DIFFERS: Final = Code(
    id="E-LEDGER-01",
    kind=Kind.CONFLICT,
    zh="台账中已有同一编号而内容不同的记录",
    en="the ledger holds another entry under the same id",
    mend_zh="请以新的请求重新查询。",
    mend_en="Ask again with a new request.",
)
ENTRY_UNKNOWN: Final = Code(
    id="E-LEDGER-02",
    kind=Kind.UNKNOWN,
    zh="该主体的查询台账中没有这条记录，或其保存期限已满、已依规清除",
    en="the subject's ledger holds no such entry, or it was purged when its term was over",
    mend_zh="请从查询记录列表中取得记录编号。",
    mend_en="Take the entry's id from the list of queries.",
)
HOLD_TOO_LATE: Final = Code(
    id="E-LEDGER-03",
    kind=Kind.CONFLICT,
    zh="该台账记录或者原始文件保存期限已满，清除已经开始，不能再暂缓清除",
    en="the term of the entry or file is over and deletion has begun: it can be held no longer",
    mend_zh="清除证明可在清除记录中查阅；今后请在保存期限届满前申请暂缓清除。",
    mend_en="See the certificates of purges; hold others before their terms are over.",
)
HOLD_UNKNOWN: Final = Code(
    id="E-LEDGER-04",
    kind=Kind.UNKNOWN,
    zh="该台账记录没有编号为“{hold}”的暂缓清除",
    en="there is no hold “{hold}” on the entry",
    mend_zh="请先查阅该记录的暂缓清除列表。",
    mend_en="List the entry's holds first.",
)
HOLD_DIFFERS: Final = Code(
    id="E-LEDGER-05",
    kind=Kind.CONFLICT,
    zh="暂缓清除编号“{hold}”已用过，其依据不同或已经解除",
    en="the hold “{hold}” was set on another basis, or is closed already",
    mend_zh="请换一个编号。",
    mend_en="Take another id.",
)
SEARCH_OF_NOBODY: Final = Code(
    id="E-LEDGER-06",
    kind=Kind.INVALID,
    zh="检索台账须指明账号、单位、信用主体之一",
    en="a search of the ledger names an account, an organisation or a subject",
    mend_zh="请填写其中一项。",
    mend_en="Name one of them.",
)
SEARCH_TERM: Final = Code(
    id="E-LEDGER-07",
    kind=Kind.INVALID,
    zh="检索的截止日期早于起始日期",
    en="the search ends before it begins",
    mend_zh="请修改其中一个日期。",
    mend_en="Change one of the days.",
)
ARCHIVE_UNKNOWN: Final = Code(
    id="E-ARCHIVE-01",
    kind=Kind.UNKNOWN,
    zh="未查询到可供您查询的信用档案",
    en="no archive that you may ask for was found",
    mend_zh="请核对统一社会信用代码或证件；查询本人档案须以本人身份登录；第三方须凭涵盖所查内容且仍有效的授权。",
    mend_en="Check the code or paper; for your own archive, sign in as yourself; third parties need a"
    " grant that covers what they ask for and is not over.",
)
RECORD_UNKNOWN: Final = Code(
    id="E-ARCHIVE-02",
    kind=Kind.UNKNOWN,
    zh="该档案中没有这条记录",
    en="the archive holds no such record",
    mend_zh="请从档案或结果清单中取得记录编号。",
    mend_en="Take the record's id from the archive or from the results of the upload.",
)
DAY_TO_COME: Final = Code(
    id="E-ARCHIVE-04",
    kind=Kind.INVALID,
    zh="查询日期晚于今天（{today}）",
    en="this day has not come yet; today is {today}",
    mend_zh="请填写今天或更早的日期，或者不填（查询当前档案）。",
    mend_en="Ask for today or an earlier day, or leave it out for the archive as it is now.",
)
MARK_FOREIGN: Final = Code(
    id="E-ARCHIVE-03",
    kind=Kind.FORBIDDEN,
    zh="不得作此标注：信息提供单位只能撤回本单位报送的信息，其他标注由工作机构作出",
    en="not yours to set: a provider withdraws its own words, other marks are the operator's",
    mend_zh="请联系公共信用信息工作机构或该信息的提供单位。",
    mend_en="Turn to the operator, or to the provider of the record.",
)
LIST_UNKNOWN: Final = Code(
    id="E-LIST-01",
    kind=Kind.UNKNOWN,
    zh="没有名单“{item}”",
    en="there is no list “{item}”",
    mend_zh="请从名单目录（/v1/lists）中选取。",
    mend_en="Take one of those under /v1/lists.",
)
