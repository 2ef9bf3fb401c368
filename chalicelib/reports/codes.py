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

PERSON_UNKNOWN: Final = Code(
    id="E-REPORT-02",
    kind=Kind.UNKNOWN,
    zh="该自然人没有信用档案，或者其信息已依法清除",
    en="there is no archive of this person, or it has been erased",
    mend_zh="请核对信用主体标识。",
    mend_en="Check the subject key.",
)
