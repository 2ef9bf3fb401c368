"""What collection tells providers: about uploads, files, headers, rows, and findings beside them."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

# -- registering an upload ------------------------------------------------------------------------

UPLOAD_UNKNOWN: Final = Code(
    id="E-UPLOAD-01",
    kind=Kind.UNKNOWN,
    zh="没有编号为 {upload} 的上传。",
    en="There is no upload {upload}.",
    mend_zh="请核对上传编号；只能查看本单位登记的上传。",
    mend_en="Check the upload's id; only uploads of your own unit can be seen.",
)
PROVIDER_UNKNOWN: Final = Code(
    id="E-UPLOAD-02",
    kind=Kind.FORBIDDEN,
    zh="单位 {provider} 尚未登记为信息提供单位。",
    en="{provider} is not registered as a provider.",
    mend_zh="请联系公共信用信息工作机构办理登记。",
    mend_en="Ask the operator to register your unit.",
)
ITEM_NOT_ENTITLED: Final = Code(
    id="E-UPLOAD-03",
    kind=Kind.FORBIDDEN,
    zh="单位 {provider} 未获准报送目录项 {item}。",
    en="{provider} is not entitled to report item {item}.",
    mend_zh="请改选本单位可报送的目录项（{items}），或联系公共信用信息工作机构。",
    mend_en="Choose an item that your unit may report ({items}), or ask the operator.",
)
SIZE_REFUSED: Final = Code(
    id="E-UPLOAD-04",
    kind=Kind.INVALID,
    zh="文件大小 {size} 字节不在 1 至 {limit} 字节之间。",
    en="The size of {size} bytes is not between 1 and {limit}.",
    mend_zh="请将文件拆分后分别上传。",
    mend_en="Split the file and upload the parts.",
)
DIGEST_MALFORMED: Final = Code(
    id="E-UPLOAD-05",
    kind=Kind.INVALID,
    zh="sha256 不是 32 字节摘要的 Base64 文本。",
    en="sha256 is not the base64 text of a 32-byte digest.",
    mend_zh="请对文件原始字节计算 SHA-256，并以标准 Base64（44 个字符）填写。",
    mend_en="Compute SHA-256 over the file's bytes and give it in standard base64, 44 characters.",
)
PROVIDER_CODE: Final = Code(
    id="E-UPLOAD-06",
    kind=Kind.INVALID,
    zh="{provider} 不是有效的统一社会信用代码。",
    en="{provider} is not a valid unified social credit code.",
    mend_zh="信息提供单位以其统一社会信用代码登记。",
    mend_en="Providers are registered under their unified social credit code.",
)
RANGE_UNKNOWN: Final = Code(
    id="E-UPLOAD-07",
    kind=Kind.UNKNOWN,
    zh="上传 {upload} 没有第 {range} 段的结果。",
    en="Upload {upload} has no results for range {range}.",
    mend_zh="请查看上传状态中的段数，或等待该段处理完成。",
    mend_en="See the upload's status for its number of ranges, or wait until this one is merged.",
)

# -- a file that cannot be read -------------------------------------------------------------------

FILE_DIGEST: Final = Code(
    id="E-FILE-01",
    kind=Kind.INVALID,
    zh="收到的文件与登记的大小或摘要不一致。",
    en="The file received is not the one that was registered: size or SHA-256 differ.",
    mend_zh="请重新登记并上传原文件。",
    mend_en="Register and upload the file again.",
)
FILE_ENCODING: Final = Code(
    id="E-FILE-02",
    kind=Kind.INVALID,
    zh="文件既不是有效的 UTF-8，也不是有效的 GB18030 编码（第 {position} 字节起）。",
    en="The file is neither valid UTF-8 nor valid GB18030 (from byte {position}).",
    mend_zh="请另存为“CSV UTF-8（逗号分隔）”后重新上传。",
    mend_en="Save it as “CSV UTF-8 (comma delimited)” and upload it again.",
)
FILE_FORMAT: Final = Code(
    id="E-FILE-03",
    kind=Kind.INVALID,
    zh="文件是 {format}，不是 CSV 文本。",
    en="The file is {format}, not CSV text.",
    mend_zh="请另存为“CSV UTF-8（逗号分隔）”后重新上传。",
    mend_en="Save it as “CSV UTF-8 (comma delimited)” and upload it again.",
)
FILE_EMPTY: Final = Code(
    id="E-FILE-04",
    kind=Kind.INVALID,
    zh="文件没有数据行。",
    en="The file has no rows of data.",
    mend_zh="请确认导出内容；第一行为表头，其后为数据。",
    mend_en="Check the export: the first row is the header, data follow.",
)
FILE_QUOTE: Final = Code(
    id="E-FILE-05",
    kind=Kind.INVALID,
    zh="第 {row} 行有未闭合的双引号，其后的内容无法分行。",
    en="Row {row} has a quotation mark that is never closed; what follows cannot be told apart.",
    mend_zh="请补全该行的双引号；单元格内的双引号须写成两个。",
    mend_en="Close it; a quotation mark inside a cell is written twice.",
)
FILE_RECORD: Final = Code(
    id="E-FILE-06",
    kind=Kind.INVALID,
    zh="第 {row} 行超过 {limit} 字节。",
    en="Row {row} is longer than {limit} bytes.",
    mend_zh="请检查该行的双引号和换行；每条记录应单独成行。",
    mend_en="Check its quotation marks and line ends; each record is a line of its own.",
)

HEADER_ABSENT: Final = Code(
    id="E-HEAD-01",
    kind=Kind.INVALID,
    zh="第 {row} 行没有目录项“{item}”的任何字段，无法识别表头。",
    en="Row {row} names no field of “{item}”: no header was recognised.",
    mend_zh="第一行须为字段名称或代码，以英文逗号分隔；请确认所选目录项。",
    mend_en="The first row holds field labels or codes, separated by commas; check the item too.",
)
HEADER_PROHIBITED: Final = Code(
    id="E-HEAD-02",
    kind=Kind.INVALID,
    zh="{column} 列“{label}”属于禁止归集的信息（{articles}）。",
    en="Column {column}, “{label}”, names what must not be collected ({articles}).",
    mend_zh="请删除该列及其数据后重新上传。",
    mend_en="Remove the column with its data and upload the file again.",
)
HEADER_UNKNOWN: Final = Code(
    id="E-HEAD-03",
    kind=Kind.INVALID,
    zh="目录项“{item}”没有这些列：{labels}。",
    en="“{item}” has no such columns: {labels}.",
    mend_zh="请对照目录改正列名，或删除目录外的列。",
    mend_en="Mend the labels by the catalogue, or remove columns that are not in it.",
)
HEADER_REPEATED: Final = Code(
    id="E-HEAD-04",
    kind=Kind.INVALID,
    zh="{column} 列“{label}”与 {other} 列是同一字段 {field}。",
    en="Column {column}, “{label}”, is the same field {field} as column {other}.",
    mend_zh="每个字段只保留一列。",
    mend_en="Keep one column for each field.",
)
HEADER_MISSING: Final = Code(
    id="E-HEAD-05",
    kind=Kind.INVALID,
    zh="缺少必填列：{labels}。",
    en="Required columns are missing: {labels}.",
    mend_zh="请补充这些列。",
    mend_en="Add these columns.",
)

# -- rows -----------------------------------------------------------------------------------------

ROW_UNREADABLE: Final = Code(
    id="E-ROW-01",
    kind=Kind.INVALID,
    zh="该行的引号或换行有误，无法分成单元格。",
    en="The row cannot be divided into cells: its quotation marks or line ends are wrong.",
    mend_zh="请在电子表格软件中重新导出该行。",
    mend_en="Export the row again from a spreadsheet program.",
)
ROW_COLUMNS: Final = Code(
    id="E-ROW-02",
    kind=Kind.INVALID,
    zh="该行在表头之外还有内容：{cells} 个单元格，表头 {columns} 列。",
    en="The row goes on past the header: {cells} cells for {columns} columns.",
    mend_zh="含逗号的内容须用双引号括起；请检查该行是否错列。",
    mend_en="Quote contents that hold a comma; check whether cells have shifted.",
)
ROW_CELL: Final = Code(
    id="E-ROW-03",
    kind=Kind.INVALID,
    zh="单元格超过 {limit} 字节。",
    en="A cell is longer than {limit} bytes.",
    mend_zh="请缩短内容，或检查双引号是否闭合。",
    mend_en="Shorten it, or check that its quotation marks are closed.",
)
ROW_SIZE: Final = Code(
    id="E-ROW-05",
    kind=Kind.INVALID,
    zh="该行超过 {limit} 字节，不能作为一条记录保存。",
    en="The row is longer than {limit} bytes, more than one record can hold.",
    mend_zh="请缩短内容，全文可另行存档并在备注中注明。",
    mend_en="Shorten it; file the full text elsewhere and say so in the remarks.",
)
ROW_NUL: Final = Code(
    id="E-ROW-04",
    kind=Kind.INVALID,
    zh="该行含有空字符（NUL）。",
    en="The row holds NUL characters.",
    mend_zh="文件可能已损坏，请重新导出。",
    mend_en="The file may be damaged; export it again.",
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
DATE_ORDER: Final = Code(
    id="E-DATE-03",
    kind=Kind.INVALID,
    zh="截止日期早于“{other}”。",
    en="The end is before “{other}”.",
    mend_zh="请核对两个日期。",
    mend_en="Check both dates.",
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

# -- findings, derived beside a receipt -----------------------------------------------------------

UNCHANGED: Final = Code(
    id="F-SAME-01",
    kind=Kind.INVALID,
    zh="与 {day} 上传 {upload} 第 {row} 行所报内容相同。",
    en="The same as row {row} of upload {upload} said on {day}.",
    mend_zh="无须处理；重复报送不改变档案。",
    mend_en="Nothing to do: saying it again changes nothing.",
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
