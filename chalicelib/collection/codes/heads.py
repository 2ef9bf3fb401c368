"""What providers are told of headers and keys."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

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
