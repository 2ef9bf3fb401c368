"""What providers are told about files that are sent in parts."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

PARTS_REQUIRED: Final = Code(
    id="E-PART-01",
    kind=Kind.INVALID,
    zh="文件大小 {size} 字节超过 {limit} 字节，须分块上传。",
    en="A file of {size} bytes, above {limit}, is sent in parts.",
    mend_zh="请在登记时声明分块大小和每一分块的 SHA-256；creditctl upload 会自动分块。",
    mend_en="Declare the size of the parts and the SHA-256 of each when registering; creditctl "
    "upload does so by itself.",
)
PARTS_MALFORMED: Final = Code(
    id="E-PART-02",
    kind=Kind.INVALID,
    zh="分块大小 {part} 字节、共 {count} 块的声明与文件大小 {size} 字节不符，或不在 {least} 至 {most} 字节之间。",
    en="{count} parts of {part} bytes do not make a file of {size} bytes, or are not of {least} to "
    "{most} bytes.",
    mend_zh="除最后一块外，各块大小相同；请按“文件大小 ÷ 分块大小”向上取整声明块数。",
    mend_en="All parts but the last are of one size; declare as many as the file's size divided by "
    "it, rounded up.",
)
NOT_IN_PARTS: Final = Code(
    id="E-PART-03",
    kind=Kind.CONFLICT,
    zh="上传 {upload} 登记时未声明分块。",
    en="Upload {upload} was not registered to be sent in parts.",
    mend_zh="请将文件整体发送到登记时给出的地址。",
    mend_en="Send the file as a whole to the address given at registration.",
)
PARTS_MISSING: Final = Code(
    id="E-PART-04",
    kind=Kind.CONFLICT,
    zh="上传 {upload} 还缺 {count} 个分块：{missing}。",
    en="{count} parts of upload {upload} are missing: {missing}.",
    mend_zh="请发送缺少的分块后再次完成上传。",
    mend_en="Send the missing parts, then complete the upload again.",
)
PARTS_EXPIRED: Final = Code(
    id="E-PART-05",
    kind=Kind.CONFLICT,
    zh="上传 {upload} 的分块未在登记后 {hours} 小时内发送完毕，已作废。",
    en="The parts of upload {upload} were not all sent within {hours} hours of its registration; "
    "they are discarded.",
    mend_zh="请重新登记并发送该文件。",
    mend_en="Register the file again and send it.",
)
