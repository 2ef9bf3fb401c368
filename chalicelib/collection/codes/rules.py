"""What providers are told of the fields of a row beside each other.

The catalogue says which of these rules refuse a row, and which only tell.
"""

from dataclasses import replace
from typing import Final

from chalicelib.runtime.errors import Code, Kind

RULE_BEFORE: Final = Code(
    id="E-RULE-01",
    kind=Kind.INVALID,
    zh="日期早于“{other}”。",
    en="The date is before “{other}”.",
    mend_zh="请核对两个日期，改正有误的一个。",
    mend_en="Check both dates and mend the one that is wrong.",
)
RULE_AFTER: Final = Code(
    id="E-RULE-02",
    kind=Kind.INVALID,
    zh="日期晚于“{other}”。",
    en="The date is after “{other}”.",
    mend_zh="请核对两个日期，改正有误的一个。",
    mend_en="Check both dates and mend the one that is wrong.",
)
RULE_MORE: Final = Code(
    id="E-RULE-03",
    kind=Kind.INVALID,
    zh="金额大于“{other}”。",
    en="The amount is more than “{other}”.",
    mend_zh="请核对两个金额及其单位。",
    mend_en="Check both amounts and their units.",
)
RULE_ABOVE: Final = Code(
    id="E-RULE-04",
    kind=Kind.INVALID,
    zh="金额应大于 {limit}。",
    en="The amount should be more than {limit}.",
    mend_zh="请核对金额及其单位；没有该项金额的，请留空并核对相关各项。",
    mend_en="Check the amount and its unit; where there is none, leave it blank and check the rest.",
)
RULE_DEFINITE: Final = Code(
    id="E-RULE-05",
    kind=Kind.INVALID,
    zh="该日期应有确定的期限，不能是“长期”（2099-12-31）。",
    en="This date has an end: it cannot be 2099-12-31, “without end”.",
    mend_zh="请填写实际日期；不清楚的，请留空，由系统依规定计算。",
    mend_en="Give the day itself, or leave it blank: the system then reckons it by the rules.",
)
RULE_FILLED: Final = Code(
    id="E-RULE-06",
    kind=Kind.INVALID,
    zh="按“{other}”的填写内容，该项应为空。",
    en="What “{other}” says leaves nothing to fill in here.",
    mend_zh="请清空该项，或核对“{other}”。",
    mend_en="Leave it blank, or check “{other}”.",
)
RULE_BEFORE_TOLD: Final = replace(RULE_BEFORE, id="W-RULE-01")
RULE_AFTER_TOLD: Final = replace(RULE_AFTER, id="W-RULE-02")
RULE_MORE_TOLD: Final = replace(RULE_MORE, id="W-RULE-03")
RULE_ABOVE_TOLD: Final = replace(RULE_ABOVE, id="W-RULE-04")
RULE_DEFINITE_TOLD: Final = replace(RULE_DEFINITE, id="W-RULE-05")
RULE_FILLED_TOLD: Final = replace(RULE_FILLED, id="W-RULE-06")
