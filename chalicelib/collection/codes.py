"""What collection tells providers: about uploads, files, headers, rows, and findings beside them."""

from dataclasses import replace
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
EXTENSION_REFUSED: Final = Code(
    id="E-UPLOAD-08",
    kind=Kind.INVALID,
    zh="不接收扩展名为“{extension}”的文件；可用：{accepted}。",
    en="Files that end in “{extension}” are not taken; these are: {accepted}.",
    mend_zh="请另存为可接收的格式，不要只改扩展名。",
    mend_en="Save the file in an accepted format; do not just rename it.",
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
    zh="文件是 {format}，不能读取；可用 XLSX、XLS、CSV 和 JSON Lines。",
    en="The file is {format}, which is not read; XLSX, XLS, CSV and JSON Lines are.",
    mend_zh="请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。",
    mend_en="Save it as “Excel workbook (*.xlsx)” or “CSV UTF-8 (comma delimited)” and upload it.",
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

FILE_EXTENSION: Final = Code(
    id="E-FILE-07",
    kind=Kind.INVALID,
    zh="文件名以“{extension}”结尾，内容却是 {format}。",
    en="The file's name ends in “{extension}”, yet it is {format}.",
    mend_zh="请勿只改扩展名；请用电子表格软件另存为所需格式后重新上传。",
    mend_en="Do not just rename files: save it in the format that its name says, and upload again.",
)
SHEET_MACROS: Final = Code(
    id="E-SHEET-01",
    kind=Kind.INVALID,
    zh="工作簿含有宏（{part}）。",
    en="The workbook holds macros ({part}).",
    mend_zh="请另存为不含宏的“Excel 工作簿（*.xlsx）”后重新上传。",
    mend_en="Save it as “Excel workbook (*.xlsx)”, without macros, and upload it again.",
)
SHEET_ENCRYPTED: Final = Code(
    id="E-SHEET-02",
    kind=Kind.INVALID,
    zh="工作簿已加密，无法读取。",
    en="The workbook is encrypted and cannot be read.",
    mend_zh="请取消打开密码后重新上传；传输和存储由本系统加密。",
    mend_en="Remove its password and upload it again; the system itself encrypts what it keeps.",
)
SHEET_SIZE: Final = Code(
    id="E-SHEET-03",
    kind=Kind.INVALID,
    zh="工作簿过大：{what}超过 {limit}。",
    en="The workbook is too large: {what_en} over {limit}.",
    mend_zh="请清除数据区以外的格式和内容，或拆分文件，或改用 CSV。",
    mend_en="Clear formats and contents beyond the data, split the file, or send CSV.",
)
SHEET_DAMAGED: Final = Code(
    id="E-SHEET-04",
    kind=Kind.INVALID,
    zh="工作簿已损坏，无法打开。",
    en="The workbook is damaged and cannot be opened.",
    mend_zh="请用电子表格软件打开并另存后重新上传。",
    mend_en="Open it in a spreadsheet program, save it anew and upload it again.",
)
SHEET_SEVERAL: Final = Code(
    id="E-SHEET-05",
    kind=Kind.INVALID,
    zh="有多个工作表含有可报送的数据：{sheets}。",
    en="Several sheets hold rows that could be reported: {sheets}.",
    mend_zh="请合并到一个工作表，或每个工作表另存为一个文件分别上传。",
    mend_en="Put the rows into one sheet, or save each sheet as a file of its own.",
)

HEADER_ABSENT: Final = Code(
    id="E-HEAD-01",
    kind=Kind.INVALID,
    zh="第 {row} 行没有目录项“{item}”的任何字段，无法识别表头。",
    en="Row {row} names no field of “{item}”: no header was recognised.",
    mend_zh="数据之前须有一行字段名称或代码；请确认所选目录项。",
    mend_en="A row of field labels or codes comes before the data; check the item too.",
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

LINE_PROHIBITED: Final = Code(
    id="E-HEAD-06",
    kind=Kind.INVALID,
    zh="第 {row} 行的键“{label}”属于禁止归集的信息（{articles}）。",
    en="The key “{label}” of line {row} names what must not be collected ({articles}).",
    mend_zh="请删除该键及其数据后重新上传。",
    mend_en="Remove the key with its data and upload the file again.",
)
LINE_UNKNOWN: Final = Code(
    id="E-HEAD-07",
    kind=Kind.INVALID,
    zh="第 {row} 行有目录项“{item}”没有的键：{labels}。",
    en="Line {row} has keys that “{item}” does not have: {labels}.",
    mend_zh="键须为目录中的字段代码或名称；请改正或删除目录外的键。",
    mend_en="Keys are field codes or labels of the catalogue; mend or remove the others.",
)

# -- what a plan tells of a file that is read -----------------------------------------------------

LEFT_TITLE: Final = Code(
    id="W-FILE-01",
    kind=Kind.INVALID,
    zh="表头以上的标题或说明行，未作为数据读取。",
    en="A title or note above the header: not read as data.",
    mend_zh="无须处理。",
    mend_en="Nothing to do.",
)
LEFT_NOTE: Final = Code(
    id="W-FILE-02",
    kind=Kind.INVALID,
    zh="备注或落款行（如“注：”“制表人：”），未作为数据读取。",
    en="A note or signature (such as 注： or 制表人：): not read as data.",
    mend_zh="如该行是数据，请检查首个单元格后重新上传。",
    mend_en="If the row is data, check its first cell and upload it again.",
)
LEFT_TOTAL: Final = Code(
    id="W-FILE-03",
    kind=Kind.INVALID,
    zh="合计行，未作为数据读取。",
    en="A row of totals: not read as data.",
    mend_zh="如该行是数据，请检查首个单元格后重新上传。",
    mend_en="If the row is data, check its first cell and upload it again.",
)
LEFT_HEADER: Final = Code(
    id="W-FILE-04",
    kind=Kind.INVALID,
    zh="重复的标题或表头行，未作为数据读取。",
    en="The header or a title once more: not read as data.",
    mend_zh="无须处理。",
    mend_en="Nothing to do.",
)
UNREAD_COLUMN: Final = Code(
    id="W-FILE-05",
    kind=Kind.INVALID,
    zh="{column} 列“{label}”只是行的编号或退回说明，未读取。",
    en="Column {column}, “{label}”, only numbers the rows or explains them: not read.",
    mend_zh="无须处理。",
    mend_en="Nothing to do.",
)
MANY_REFUSED: Final = Code(
    id="W-ITEM-01",
    kind=Kind.INVALID,
    zh="{received} 行中有 {refused} 行被拒收，超过五分之一：文件可能属于其他目录项，或列已错位。",
    en="{refused} of {received} rows were refused, more than a fifth: the file may belong to another"
    " item, or its columns have shifted.",
    mend_zh="请先核对所选目录项和各列内容，再改正被拒收的行。",
    mend_en="Check the item chosen and the columns before mending single rows.",
)
WITHHELD: Final = Code(
    id="W-WHOLE-01",
    kind=Kind.INVALID,
    zh="登记为整批报送：因 {refused} 行被拒收，全部 {received} 行均未归集。",
    en="Registered to be merged whole: {refused} rows were refused, so none of {received} was merged.",
    mend_zh="请改正被拒收的行后重新报送整个文件，或改为部分接收。",
    mend_en="Mend the refused rows and send the whole file again, or let good rows be merged.",
)
OTHER_ITEM: Final = Code(
    id="W-ITEM-02",
    kind=Kind.INVALID,
    zh="该表头也符合其他目录项：{items}。",
    en="The header also fits other items: {items}.",
    mend_zh="如选错了目录项，请按正确的目录项重新登记上传。",
    mend_en="If the wrong item was chosen, register the file again for the right one.",
)
SHEET_READ: Final = Code(
    id="W-SHEET-01",
    kind=Kind.INVALID,
    zh="只读取了工作表“{sheet}”；未读取：{others}。",
    en="Only sheet “{sheet}” was read; not read: {others}.",
    mend_zh="如其他工作表也有要报送的数据，请另存为单独的文件上传。",
    mend_en="If others hold rows to report, save each as a file of its own.",
)
SHEET_HIDDEN_ROWS: Final = Code(
    id="W-SHEET-02",
    kind=Kind.INVALID,
    zh="工作表有 {count} 个隐藏行，已与其他行一样读取。",
    en="The sheet has {count} hidden rows; they were read like the others.",
    mend_zh="如隐藏行不应报送，请删除后重新上传。",
    mend_en="If they should not be reported, remove them and upload the file again.",
)
SHEET_OLD: Final = Code(
    id="W-SHEET-03",
    kind=Kind.INVALID,
    zh="旧版 XLS 文件：出错的公式（如 #REF!）会被当作空白，隐藏行不能识别。",
    en="An old XLS file: formulas with errors (such as #REF!) read as blank, hidden rows unseen.",
    mend_zh="请尽量另存为 XLSX 后上传。",
    mend_en="Save it as XLSX where you can.",
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

ROW_JSON: Final = Code(
    id="E-ROW-06",
    kind=Kind.INVALID,
    zh="该行不是一个 JSON 对象。",
    en="The line is not one JSON object.",
    mend_zh="每行须为一个完整的 JSON 对象，不含 NaN 或 Infinity。",
    mend_en="Each line holds one complete JSON object, without NaN or Infinity.",
)
ROW_NESTED: Final = Code(
    id="E-ROW-07",
    kind=Kind.INVALID,
    zh="该行的值嵌套过深，或不是文本、数字、真假值、空值或文本列表。",
    en="A value of the line is nested, or is no text, number, boolean, null or list of texts.",
    mend_zh="值须为文本或数字；多选字段可用文本列表。",
    mend_en="Give texts or numbers; fields with several choices may have a list of texts.",
)
ROW_KEYS: Final = Code(
    id="E-ROW-08",
    kind=Kind.INVALID,
    zh="该行有两个键是同一字段。",
    en="Two keys of the line are the same field.",
    mend_zh="每个字段只保留一个键。",
    mend_en="Keep one key for each field.",
)

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
DATE_SERIAL: Final = Code(
    id="W-DATE-01",
    kind=Kind.INVALID,
    zh="电子表格的日期序号，已按日期识别。",
    en="A spreadsheet's serial number of a day; it was understood as that day.",
    mend_zh="请核对日期；建议把该列设为日期或文本格式。",
    mend_en="Check the date; better set the column to a date or text format.",
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

# -- rules between the fields of a row, which refuse it or only tell as the catalogue says ----------

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
LATE: Final = Code(
    id="F-LATE-01",
    kind=Kind.INVALID,
    zh="迟报：形成于 {formed}，应于 {due} 前（含当日，{limit} 个工作日）报送（{source}）。",
    en="Late: formed on {formed}, it was due by {due} ({limit} working days, {source}).",
    mend_zh="数据已归集，计为迟报；今后请按期报送。",
    mend_en="It is kept, and counted as late; report in time in future.",
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

# -- what a row does (操作) and records pushed through the API ------------------------------------

FORMER_UNASKED: Final = Code(
    id="E-OPERATION-01",
    kind=Kind.INVALID,
    zh="填写了更正前的记录或原值，但“操作”不是“更正”。",
    en="What was there before is given, yet the operation is not “correct”.",
    mend_zh="更正请在“操作”填写“更正”；否则请清空“更正前记录”和各“原…”列。",
    mend_en="Write “correct” as the operation, or clear the columns for what was there before.",
)
FORMER_RECORD: Final = Code(
    id="E-OPERATION-02",
    kind=Kind.INVALID,
    zh="“更正前记录”不是回执中的记录编号，或同时填写了“原…”列。",
    en="The record before the correction is none that a receipt names, or former values are given"
    " beside it.",
    mend_zh="请照抄逐行结果中的“主体/记录”，主体未变时可只填记录；或清空该项而填写“原…”列。",
    mend_en="Copy “subject/record” from the rows of a receipt, or the record alone where the subject"
    " is the same; or clear it and give the former values.",
)
REASON_PERSONAL: Final = Code(
    id="E-OPERATION-03",
    kind=Kind.INVALID,
    zh="操作原因写有自然人的姓名或证件号码。",
    en="The reason holds a person's name or number.",
    mend_zh="请只写依据和事由，不写个人信息。",
    mend_en="Give the ground only, and nothing about a person.",
)
OPERATION_UNKNOWN: Final = Code(
    id="F-OPERATION-01",
    kind=Kind.INVALID,
    zh="本单位此前没有报送过所指的记录，该操作目前没有作用。",
    en="Your unit had said nothing on the record that is meant; the operation has no effect.",
    mend_zh="请核对用以识别记录的各项（主体代码、文号等）；更早登记的文件处理完成后会重新比对。",
    mend_en="Check what names the record (subject's code, document number); files registered before"
    " that are still to be merged are compared again.",
)
OPERATION_AGAIN: Final = Code(
    id="F-OPERATION-02",
    kind=Kind.INVALID,
    zh="所指的记录此前已由本单位撤销或更正。",
    en="Your unit had withdrawn or replaced the record that is meant already.",
    mend_zh="无需处理。",
    mend_en="Nothing to mend.",
)
CORRECTION_NEW: Final = Code(
    id="F-OPERATION-03",
    kind=Kind.INVALID,
    zh="本单位此前没有报送过该记录，更正按新增处理。",
    en="Your unit had said nothing on this record: the correction adds it.",
    mend_zh="如更正改变了主体代码或文号，请填写“更正前记录”或相应的“原…”列，否则旧记录仍然有效。",
    mend_en="If the correction changes the subject's code or the document number, say what they were"
    " before; otherwise the old record stands.",
)
WORDS_MOVED: Final = Code(
    id="F-OPERATION-04",
    kind=Kind.INVALID,
    zh="本单位已将该记录更正为另一条记录，再次报送的内容不生效。",
    en="Your unit has replaced this record by another; saying it again has no effect.",
    mend_zh="如原记录正确，请以“更正”报送，并在“更正前记录”填写取代它的记录。",
    mend_en="If the old record is right, send it as a correction that names the record which replaced"
    " it.",
)
PUSH_KEY_REUSED: Final = Code(
    id="E-PUSH-01",
    kind=Kind.INVALID,
    zh="该幂等键已用于另一内容的推送。",
    en="This idempotency key was used for other content.",
    mend_zh="每次推送使用新的幂等键；仅在重试同一请求时沿用。",
    mend_en="Use a new key for each push, and the same one only to repeat a request.",
)
PUSH_KEY_EXPIRED: Final = Code(
    id="E-PUSH-02",
    kind=Kind.CONFLICT,
    zh="以该幂等键登记的推送未能按时完成，已作废，没有数据入库。",
    en="The push under this idempotency key was not received in time and is void; nothing was added.",
    mend_zh="请使用新的幂等键重新推送。",
    mend_en="Push again under a new key.",
)
PUSH_BLANK: Final = Code(
    id="E-PUSH-03",
    kind=Kind.INVALID,
    zh="该记录没有任何内容。",
    en="The record holds nothing.",
    mend_zh="请删除空记录，或填写其内容。",
    mend_en="Leave it out, or fill it in.",
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
