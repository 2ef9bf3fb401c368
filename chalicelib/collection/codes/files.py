"""What providers are told of a file that cannot be read."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

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
FILE_ROWS: Final = Code(
    id="E-FILE-08",
    kind=Kind.INVALID,
    zh="文件超过 {limit} 行（含空行）。",
    en="The file has more than {limit} rows, blank ones counted.",
    mend_zh="请将文件拆分后分别上传，并删除末尾的空行。",
    mend_en="Split the file and upload the parts; remove blank rows at its end.",
)
