"""What providers are told of a file that is read: what was left out of it, and what it may be."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

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
