"""What providers are told of the value in one cell."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

CELL_ERROR: Final = Code(
    id="E-CELL-01",
    kind=Kind.INVALID,
    zh="单元格是电子表格的公式错误 {error}，不是值。",
    en="The cell holds {error}, a spreadsheet's error, and no value.",
    mend_zh="请修正公式，或直接填写内容。",
    mend_en="Mend the formula, or type the value itself.",
)
CELL_ROUNDED: Final = Code(
    id="E-CELL-02",
    kind=Kind.INVALID,
    zh="号码被电子表格当作数字，后几位已变成 0 或科学计数法，原有数字已丢失。",
    en="A spreadsheet took the number for an amount: its last digits became zeros or an exponent"
    " and are lost.",
    mend_zh="把该列设为“文本”格式，从原始资料重新填写；不要猜改。",
    mend_en="Set the column to text format and enter it again from the original; do not guess.",
)
CELL_SEVERAL: Final = Code(
    id="E-CELL-03",
    kind=Kind.INVALID,
    zh="一个单元格里有 {count} 个值，该项只能有一个。",
    en="The cell holds {count} values where one belongs.",
    mend_zh="请拆成多行，每行一个主体、一个值；系统不会自行选取。",
    mend_en="Give each subject and value a row of its own; none of them is chosen for you.",
)
CELL_FORMULA: Final = Code(
    id="E-CELL-04",
    kind=Kind.INVALID,
    zh="内容是公式或命令，打开文件的电子表格会执行它。",
    en="The value is a formula or a command, which a spreadsheet would carry out.",
    mend_zh="请填写内容本身，不要以 =、+、-、@ 开头写公式。",
    mend_en="Give the value itself, not a formula that begins with =, +, - or @.",
)
CELL_DITTO: Final = Code(
    id="E-CELL-05",
    kind=Kind.INVALID,
    zh="“同上”不是值：每行单独成为一条记录。",
    en="“Ditto” is no value: each row becomes a record of its own.",
    mend_zh="请在每一行完整填写。",
    mend_en="Write it out in every row.",
)
CELL_GARBLED: Final = Code(
    id="E-CELL-06",
    kind=Kind.INVALID,
    zh="内容是乱码（“�”“锟斤拷”“???”），原文在导出时已丢失。",
    en="The text is garbled (“�”, “锟斤拷”, “???”): it was lost when it was exported.",
    mend_zh="请用正确的字符编码（UTF-8 或 GB18030）重新导出，不要转存乱码文件。",
    mend_en="Export it again in the right encoding (UTF-8 or GB18030); do not save what is garbled.",
)
REQUIRED: Final = Code(
    id="E-REQUIRED-01",
    kind=Kind.INVALID,
    zh="必填项为空。",
    en="A required value is blank.",
    mend_zh="请填写该项。",
    mend_en="Fill it in.",
)
REQUIRED_WHEN: Final = Code(
    id="E-REQUIRED-02",
    kind=Kind.INVALID,
    zh="按“{other}”的填写内容，该项必填。",
    en="What “{other}” says makes this value required.",
    mend_zh="请填写该项，或核对“{other}”。",
    mend_en="Fill it in, or check “{other}”.",
)
LENGTH: Final = Code(
    id="E-LENGTH-01",
    kind=Kind.INVALID,
    zh="内容为 {length} 字，超过上限 {limit} 字。",
    en="The value has {length} characters; at most {limit} are allowed.",
    mend_zh="请缩短内容。",
    mend_en="Shorten it.",
)
CHOICE: Final = Code(
    id="E-CHOICE-01",
    kind=Kind.INVALID,
    zh="不在可选值之内：{choices}。",
    en="Not one of the allowed values: {choices}.",
    mend_zh="请选用可选值；多个值用分号分隔。",
    mend_en="Use the allowed values; separate several by semicolons.",
)
DATE: Final = Code(
    id="E-DATE-01",
    kind=Kind.INVALID,
    zh="无法识别的日期。",
    en="Not a date.",
    mend_zh="请填写真实存在的日期，如 2026-03-25。",
    mend_en="Give a date that exists, such as 2026-03-25.",
)
DATE_FUTURE: Final = Code(
    id="E-DATE-02",
    kind=Kind.INVALID,
    zh="日期晚于报送日 {day}。",
    en="The date is after the day of reporting, {day}.",
    mend_zh="请核对日期。",
    mend_en="Check the date.",
)
CONSENT_OVER: Final = Code(
    id="E-DATE-04",
    kind=Kind.INVALID,
    zh="本人同意的使用期限早于报送日 {day}。",
    en="The term that the person has agreed to ended before the day of reporting, {day}.",
    mend_zh="期限已满的信息不得归集；如已取得新的书面同意，请填写新的期限。",
    mend_en="What is over may not be collected; state the new term where there is a new consent.",
)
DATE_ORDER: Final = Code(
    id="E-DATE-03",
    kind=Kind.INVALID,
    zh="截止日期早于“{other}”。",
    en="The end is before “{other}”.",
    mend_zh="请核对两个日期。",
    mend_en="Check both dates.",
)
DATE_SERIAL: Final = Code(
    id="W-DATE-01",
    kind=Kind.INVALID,
    zh="电子表格的日期序号，已按日期识别。",
    en="A spreadsheet's serial number of a day; it was understood as that day.",
    mend_zh="请核对日期；建议把该列设为日期或文本格式。",
    mend_en="Check the date; better set the column to a date or text format.",
)
DATE_EMPTY: Final = Code(
    id="W-DATE-02",
    kind=Kind.INVALID,
    zh="1900-01-01 多为数据库中空日期的占位，已照原样接收。",
    en="1900-01-01 mostly stands for no date in a database; it was accepted as it is.",
    mend_zh="请核对；没有日期的，请留空。",
    mend_en="Check it; leave it blank where there is no date.",
)
AMOUNT: Final = Code(
    id="E-AMOUNT-01",
    kind=Kind.INVALID,
    zh="无法识别的金额（单位：{unit}）。",
    en="Not an amount (unit: {unit}).",
    mend_zh="请填写以{unit}为单位的人民币数字，如 12.5。",
    mend_en="Give a number of yuan in the unit {unit}, such as 12.5.",
)
INTEGER: Final = Code(
    id="E-INTEGER-01",
    kind=Kind.INVALID,
    zh="不是整数。",
    en="Not a whole number.",
    mend_zh="请填写整数。",
    mend_en="Give a whole number.",
)
LENIENT: Final = Code(
    id="W-VALUE-01",
    kind=Kind.INVALID,
    zh="内容无法识别，仅保留原文。",
    en="The value was not understood; only what was typed is kept.",
    mend_zh="如有条件，请按字段说明的格式填写；金额以{unit}为单位。",
    mend_en="If you can, give it in the field's format; amounts in the unit {unit}.",
)
SUBJECT_PERSON_CODE: Final = Code(
    id="E-SUBJECT-01",
    kind=Kind.INVALID,
    zh="主体类别为自然人，却填写了统一社会信用代码。",
    en="The subject is said to be a natural person, yet has a unified social credit code.",
    mend_zh="请核对主体类别；自然人此项留空。",
    mend_en="Check the kind of subject; leave this blank for a person.",
)
