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
