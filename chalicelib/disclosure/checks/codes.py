"""What a batch check (信用核查), or a row of one, may be refused for or told."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

CHECK_UNKNOWN: Final = Code(
    id="E-CHECK-01",
    kind=Kind.UNKNOWN,
    zh="没有可供您查阅的这项核查",
    en="there is no such check that you may look at",
    mend_zh="请从本账号的核查列表中取得编号。",
    mend_en="Take the check's id from the list of your own.",
)
SIZE_REFUSED: Final = Code(
    id="E-CHECK-02",
    kind=Kind.INVALID,
    zh="核查名单大小为 {size} 字节，须在 1 至 {limit} 字节之间",
    en="the file has {size} bytes; 1 to {limit} are accepted",
    mend_zh="请分成几个文件，或删去不需要的列。",
    mend_en="Divide it into several files, or leave out columns that are not needed.",
)
BASIS_MISSING: Final = Code(
    id="E-CHECK-03",
    kind=Kind.INVALID,
    zh="请填写核查依据（basis）：文号、事项，或者批量查询协议编号",
    en="a check needs its basis: a document, a matter, or the agreement on bulk queries",
    mend_zh="请补充 basis。",
    mend_en="State `basis`.",
)
TOO_MANY_ROWS: Final = Code(
    id="E-CHECK-04",
    kind=Kind.TOO_LARGE,
    zh="名单超过 {limit} 行",
    en="the file has more than {limit} rows",
    mend_zh="请分成几个文件。",
    mend_en="Divide it into several files.",
)
FILE_EXPIRED: Final = Code(
    id="E-CHECK-05",
    kind=Kind.CONFLICT,
    zh="核查结果的保存期（{days} 天）已满，结果已删除（{source}）",
    en="the results were kept for {days} days and are deleted ({source})",
    mend_zh="如仍需要，请重新提交核查。",
    mend_en="Have the check made anew where it is still needed.",
)
NOT_DONE: Final = Code(
    id="E-CHECK-06",
    kind=Kind.CONFLICT,
    zh="核查尚未完成，或名单未能读取",
    en="the check is not done yet, or its file could not be read",
    mend_zh="请先查看核查状态。",
    mend_en="Look at the state of the check first.",
)
ROW_EMPTY: Final = Code(
    id="E-CHECK-07",
    kind=Kind.INVALID,
    zh="该行没有代码、名称或证件号码",
    en="the row holds neither a code nor a name nor a paper",
    mend_zh="请填写统一社会信用代码、机构全称，或自然人的证件类型和号码。",
    mend_en="Give a code, an organisation's full name, or a person's paper.",
)
ROW_REPEATED: Final = Code(
    id="E-CHECK-08",
    kind=Kind.INVALID,
    zh="与第 {row} 行相同，结果见该行",
    en="the same as row {row}, where the result stands",
    mend_zh="无须处理。",
    mend_en="There is nothing to do.",
)
PAPER_NEEDS_BASIS: Final = Code(
    id="E-CHECK-09",
    kind=Kind.INVALID,
    zh="查询自然人须依职权，或凭本人授权",
    en="a natural person is asked about on duty, or under the person's grant",
    mend_zh="请填写授权编号（grant）。",
    mend_en="Give the grant's id.",
)
NAME_AMBIGUOUS: Final = Code(
    id="E-CHECK-10",
    kind=Kind.INVALID,
    zh="有 {count} 个机构使用或曾用此名称",
    en="{count} organisations have or had this name",
    mend_zh="请改用统一社会信用代码。",
    mend_en="Use the unified social credit code instead.",
)
NAME_DIFFERS: Final = Code(
    id="W-CHECK-01",
    kind=Kind.INVALID,
    zh="名称与该代码登记的现用名称或曾用名称不一致",
    en="the name is neither the present nor a former one of this code",
    mend_zh="请核对代码和名称是否属于同一机构。",
    mend_en="See whether code and name are of the same organisation.",
)
ROW_BOTH: Final = Code(
    id="E-CHECK-11",
    kind=Kind.INVALID,
    zh="该行同时有机构代码和自然人证件",
    en="the row holds both an organisation's code and a person's paper",
    mend_zh="请分成两行。",
    mend_en="Make two rows of it.",
)
NAME_LONG: Final = Code(
    id="E-CHECK-12",
    kind=Kind.INVALID,
    zh="名称超过 {limit} 个字",
    en="the name has more than {limit} characters",
    mend_zh="请核对名称是否填错栏。",
    mend_en="See whether something else stands in the place of the name.",
)
PERSON_ERASED: Final = Code(
    id="E-CHECK-13",
    kind=Kind.INVALID,
    zh="该行已依法删除",
    en="the row was erased in a legal procedure",
    mend_zh="无须处理。",
    mend_en="There is nothing to do.",
)
AGREEMENT_MISSING: Final = Code(
    id="E-CHECK-14",
    kind=Kind.FORBIDDEN,
    zh="贵单位没有以此编号登记、现行有效且包含用途“{purpose}”的批量查询协议",
    en="there is no agreement on bulk queries of yours with this number that is in force and covers"
    " the purpose “{purpose}”",
    mend_zh="请在 basis 填写批量查询协议编号；没有协议的，请向公共信用信息管理机构提出申请。",
    mend_en="State the number of your agreement as `basis`; who has none applies to the operator.",
)
AGREEMENT_UNKNOWN: Final = Code(
    id="E-CHECK-15",
    kind=Kind.UNKNOWN,
    zh="该单位没有这一编号的批量查询协议",
    en="the organisation has no agreement on bulk queries with this number",
    mend_zh="请从该单位的协议列表中取得编号。",
    mend_en="Take the number from the list of its agreements.",
)
AGREEMENT_GIVEN_BEFORE: Final = Code(
    id="E-CHECK-16",
    kind=Kind.CONFLICT,
    zh="该编号已登记另一份批量查询协议",
    en="another agreement on bulk queries was registered with this number",
    mend_zh="登记后不能更改；协议有变更的，请终止原协议，并以新编号登记。",
    mend_en="It stays as registered. End it, and register what has changed with a number of its own.",
)
AGREEMENT_ENDED_BEFORE: Final = Code(
    id="E-CHECK-17",
    kind=Kind.CONFLICT,
    zh="该协议已以另一理由终止",
    en="the agreement was ended before, for another reason",
    mend_zh="终止后不能更改；请查阅协议列表。",
    mend_en="An ending stays as it was made; see the list of agreements.",
)
AGREEMENT_TERM: Final = Code(
    id="E-CHECK-18",
    kind=Kind.INVALID,
    zh="协议的截止日期早于起始日期",
    en="the agreement ends before it begins",
    mend_zh="请核对 since 和 until。",
    mend_en="See whether `since` and `until` are right.",
)
