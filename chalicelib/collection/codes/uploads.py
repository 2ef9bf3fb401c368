"""What providers are told about registering an upload, and results that are asked for."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

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
FILE_NOT_KEPT: Final = Code(
    id="E-UPLOAD-09",
    kind=Kind.UNKNOWN,
    zh="上传 {upload} 的原始文件没有收到，或其保存期限已满、已依规清除。",
    en="No file of upload {upload} was received, or it was purged when its term was over.",
    mend_zh="请核对上传编号；已清除的文件可在清除证明中查证。",
    mend_en="Check the upload's id; of files that were purged the certificates of purges tell.",
)
