"""What providers are told of rows that cannot be divided into cells, or kept."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

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
