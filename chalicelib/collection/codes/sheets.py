"""What providers are told of workbooks."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

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
SHEET_NUMBERS: Final = Code(
    id="W-SHEET-04",
    kind=Kind.INVALID,
    zh="{column} 列“{label}”的单元格是数字而不是文本（如第 {row} 行）：号码开头如有 0，已被电子表格去掉。",
    en="Column {column}, “{label}”, holds numbers and not texts (as in row {row}): zeros in front of"
    " them, if there were any, are lost.",
    mend_zh="请对照原始资料核对；如有缺失，把该列设为“文本”格式后重新填写，系统不会自行补 0。",
    mend_en="Check them against the original; where zeros are missing, set the column to text format and"
    " enter them again: they are never guessed.",
)
