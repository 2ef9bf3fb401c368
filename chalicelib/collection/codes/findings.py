"""What providers are told beside a receipt, of accepted rows beside the rest of the archive."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

UNCHANGED: Final = Code(
    id="F-SAME-01",
    kind=Kind.INVALID,
    zh="与 {day} 上传 {upload} 第 {row} 行所报内容相同。",
    en="The same as row {row} of upload {upload} said on {day}.",
    mend_zh="无须处理；重复报送不改变档案。",
    mend_en="Nothing to do: saying it again changes nothing.",
)
LATE: Final = Code(
    id="F-LATE-01",
    kind=Kind.INVALID,
    zh="迟报：形成于 {formed}，应于 {due} 前（含当日，{limit} 个工作日）报送（{source}）。",
    en="Late: formed on {formed}, it was due by {due} ({limit} working days, {source}).",
    mend_zh="数据已归集，计为迟报；今后请按期报送。",
    mend_en="It is kept, and counted as late; report in time in future.",
)
UNDETERMINED: Final = Code(
    id="F-LATE-02",
    kind=Kind.INVALID,
    zh="形成于 {formed}，是否迟报尚不能判定：{year} 年的工作日历尚未公布或未载入（{limit} 个工作日，{source}）。",
    en="Formed on {formed}; whether it is late cannot be told yet: the calendar of {year} is not"
    " published or not loaded ({limit} working days, {source}).",
    mend_zh="数据已归集，无须处理；日历载入后自动判定。",
    mend_en="It is kept, nothing is to be done: it is decided once the calendar is loaded.",
)
NAME_DIFFERS: Final = Code(
    id="F-NAME-01",
    kind=Kind.INVALID,
    zh="名称与登记名称“{name}”不一致。",
    en="The name differs from the registered name, “{name}”.",
    mend_zh="请核对名称与统一社会信用代码；名称已变更的，请更新登记信息。",
    mend_en="Check name and code; where the name has changed, have the registration updated.",
)
NAME_FORMER: Final = Code(
    id="F-NAME-02",
    kind=Kind.INVALID,
    zh="使用的是曾用名，现登记名称为“{name}”。",
    en="This is a former name; the registered name is “{name}” now.",
    mend_zh="请改用现登记名称。",
    mend_en="Use the present name.",
)
NAME_SPELLING: Final = Code(
    id="F-NAME-03",
    kind=Kind.INVALID,
    zh="与登记名称“{name}”仅全半角、空格或标点不同。",
    en="Only widths, spaces or punctuation differ from the registered name, “{name}”.",
    mend_zh="无须处理；建议与登记名称一致。",
    mend_en="Nothing to do; better write it as registered.",
)
NAME_ABBREVIATED: Final = Code(
    id="F-NAME-04",
    kind=Kind.INVALID,
    zh="似为登记名称“{name}”的简称。",
    en="This looks like a short form of the registered name, “{name}”.",
    mend_zh="请改用登记的全称。",
    mend_en="Use the full name as registered.",
)
CHANGED: Final = Code(
    id="F-CHANGED-01",
    kind=Kind.INVALID,
    zh="更新了 {day} 上传 {upload} 第 {row} 行所报的同一记录；不同的字段：{fields}。",
    en="It changes what row {row} of upload {upload} said on {day} about the same record; fields that"
    " differ: {fields}.",
    mend_zh="如属更正，无须处理；如是另一条记录，请核对文号等标识字段。",
    mend_en="Nothing to do if that was meant; for another record check the fields that name it.",
)
DISAGREES: Final = Code(
    id="F-DISAGREES-01",
    kind=Kind.INVALID,
    zh="与单位 {provider} 于 {day} 所报的同一记录不一致；不同的字段：{fields}。",
    en="It disagrees with what {provider} said on {day} about the same record; fields that differ:"
    " {fields}.",
    mend_zh="请与该单位核对；需要时按核实程序处理。",
    mend_en="Compare with that provider; where needed, ask for a verification.",
)
CODE_REUSED: Final = Code(
    id="F-CODE-01",
    kind=Kind.INVALID,
    zh="同一统一社会信用代码另以名称“{name}”、形成日期 {day} 登记：疑似重码。",
    en="The same unified social credit code is registered as “{name}” too, formed on {day}: perhaps"
    " one code was given twice.",
    mend_zh="请赋码部门核实并更正（JS-5）。",
    mend_en="The code authority verifies and corrects it (JS-5).",
)
REPEATED: Final = Code(
    id="F-DUP-01",
    kind=Kind.INVALID,
    zh="与本文件第 {rows} 行内容相同。",
    en="The same as row {rows} of this file.",
    mend_zh="无须处理；重复的行只计一条记录。",
    mend_en="Nothing to do: repeated rows are one record.",
)
CONTRADICTED: Final = Code(
    id="F-DUP-02",
    kind=Kind.INVALID,
    zh="与本文件第 {rows} 行是同一记录，内容不同；以最后一行（第 {last} 行）为准。",
    en="The same record as row {rows} of this file in other words; the last one, row {last}, stands.",
    mend_zh="请核对各行：同一记录只报一行，不同记录应有不同的文号等标识字段。",
    mend_en="Keep one row for a record; different records differ in the fields that name them.",
)
