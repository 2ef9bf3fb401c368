"""What a public query may be refused for."""

from chalicelib.runtime.errors import Code, Kind

ORGANISATION_UNKNOWN = Code(
    id="E-PUBLIC-01",
    kind=Kind.UNKNOWN,
    zh="未查询到该机构的公开信息",
    en="Nothing open to the public was found on this organisation",
    mend_zh="请核对18位统一社会信用代码",
    mend_en="Check the unified social credit code of 18 characters",
)
