"""What a mark may be refused for."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

MARK_UNFIT: Final = Code(
    id="E-MARK-01",
    kind=Kind.INVALID,
    zh="“{kind}”标注不适用于该记录",
    en="a mark of kind “{kind}” does not apply to this record",
    mend_zh="隐藏仅适用于良好（增信）信息；分类、惩戒期限和确认使用仅适用于失信信息，确认使用还须为自然人；"
    "更正通过报送“操作”为“更正”的数据行进行。",
    mend_en="Only merits are hidden; only adverse records are classified, have measures running, or"
    " are confirmed for use, the last on natural persons. Records are replaced by rows whose"
    " operation is “correct”.",
)
MARK_VALUE: Final = Code(
    id="E-MARK-02",
    kind=Kind.INVALID,
    zh="“{kind}”标注的值“{value}”不正确",
    en="“{value}” is no value for a mark of kind “{kind}”",
    mend_zh="分类填写 minor、general 或 serious；惩戒期限填写截止日期（YYYY-MM-DD）或留空；其他标注及关闭标注不填值。",
    mend_en="A classification takes minor, general or serious; a running measure its last day"
    " (YYYY-MM-DD) or nothing; other marks, and closing ones, take no value.",
)
