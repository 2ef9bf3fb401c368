"""What a request about a report may be refused for."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

REPORT_UNKNOWN: Final = Code(
    id="E-REPORT-01",
    kind=Kind.UNKNOWN,
    zh="没有出具过该编号的信用报告",
    en="no report was issued under this number",
    mend_zh="请逐字核对报告编号。",
    mend_en="Compare the report's number letter by letter.",
)

REPORT_TOO_LONG: Final = Code(
    id="E-REPORT-03",
    kind=Kind.TOO_LARGE,
    zh="该主体的记录过多（{records} 条），无法在一份信用报告中列出",
    en="there are too many records ({records}) on this subject for one report",
    mend_zh="请查询信用档案，按 next_cursor 逐页续查。",
    mend_en="Read the archive instead, going on with next_cursor.",
)

PERSON_UNKNOWN: Final = Code(
    id="E-REPORT-02",
    kind=Kind.UNKNOWN,
    zh="该自然人没有信用档案，或者其信息已依法清除",
    en="there is no archive of this person, or it has been erased",
    mend_zh="请核对信用主体标识。",
    mend_en="Check the subject key.",
)
