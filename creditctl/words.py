"""What creditctl says, in Chinese and English."""

from typing import Final

from chalicelib.runtime.words import Words

# -- failures -------------------------------------------------------------------------------------

FILE_UNREADABLE: Final = Words("不能读取文件 {file}：{reason}", "{file} cannot be read: {reason}")
FILE_UNWRITABLE: Final = Words("不能写入 {file}：{reason}", "{file} cannot be written: {reason}")
FILE_EMPTY: Final = Words("文件 {file} 是空的", "{file} is empty")
ITEM_UNKNOWN: Final = Words(
    "目录中没有“{item}”。可用的目录项：\n{items}", "No such item: {item}. There are:\n{items}"
)
NO_SERVER: Final = Words(
    "未指定系统地址：请用 --server 或环境变量 CREDIT_SERVER",
    "No server: give --server or set CREDIT_SERVER",
)
BAD_ADDRESS: Final = Words("不是有效的地址：{url}", "Not an address: {url}")
NO_TOKEN: Final = Words(
    "未登录：请设置 CREDIT_TOKEN、--token-file，或 CREDIT_CLIENT_ID 与 CREDIT_CLIENT_KEY",
    "Not signed in: set CREDIT_TOKEN, --token-file, or CREDIT_CLIENT_ID and CREDIT_CLIENT_KEY",
)
KEY_UNUSABLE: Final = Words(
    "{file} 不是可用的私钥：应为未加密的 PEM，RSA 或 P-256",
    "{file} holds no key of use: a PEM without a password is needed, RSA or P-256",
)
TOKEN_REFUSED: Final = Words(
    "签发机构拒绝签发令牌：{reason}", "The issuer refused to give a token: {reason}"
)
UNREACHABLE: Final = Words("连接不上 {place}：{reason}", "{place} is out of reach: {reason}")
NOT_THE_SYSTEM: Final = Words(
    "{place} 的答复不是本系统的格式（HTTP {status}）",
    "{place} does not answer as the system does (HTTP {status})",
)
PROBLEM: Final = Words("{code} {detail} {mend}", "{code} {detail_en} {mend_en}")
STORE_REFUSED: Final = Words(
    "存储拒绝接收文件（HTTP {status}）：{reason}",
    "The store refused the file (HTTP {status}): {reason}",
)
UNFINISHED: Final = Words(
    "到时仍未处理完，稍后可用 creditctl receipt {upload} 查看",
    "Not finished in time; see later: creditctl receipt {upload}",
)
INTERRUPTED: Final = Words("已中断", "Interrupted")
NO_LIBRARY: Final = Words(
    "缺少程序库 {library}：请用 pip 安装 {extra}",
    "{library} is missing: pip install {extra}",
)
ROW_UNKNOWN: Final = Words(
    "上传 {upload} 没有已接收的第 {rows} 行", "Upload {upload} has no accepted row {rows}"
)
PLAIN_HTTP: Final = Words(
    "注意：{url} 未加密，令牌和数据以明文传输",
    "Note: {url} is not encrypted; all goes in the clear",
)

# -- progress -------------------------------------------------------------------------------------

DIGESTING: Final = Words("计算摘要", "digest")
SENDING: Final = Words("上传", "sending")
CHECKING: Final = Words("核对", "checking")
WITHDRAWING: Final = Words("撤销", "withdrawing")
PROCESSING: Final = Words("处理中（{state}）", "processing ({state})")
AGAIN: Final = Words(
    "连接中断，{seconds} 秒后重发", "connection lost, sending again in {seconds} s"
)
RESUMED: Final = Words("继续上次未完成的上传 {upload}", "going on with upload {upload}")
REGISTERED: Final = Words("上传编号 {upload}", "upload {upload}")

# -- receipts -------------------------------------------------------------------------------------

HEAD: Final = Words(
    "{file}：{item}，目录版本 {version}", "{file}: {item}, catalogue version {version}"
)
COUNTS: Final = Words(
    "共 {received} 行：接收 {accepted} 行（其中提示 {warned} 行），拒绝 {refused} 行",
    "{received} rows: {accepted} accepted ({warned} with warnings), {refused} refused",
)
PROGRESS: Final = Words(
    "状态：{state}，已处理 {merged}/{ranges} 段", "state: {state}, {merged} of {ranges} ranges done"
)
QUARANTINED: Final = Words("文件不能读取：", "The file cannot be read:")
RULES: Final = Words("按代码汇总：", "By code:")
COUNTED: Final = Words("  {code} × {count}", "  {code} × {count}")
IN_ROW: Final = Words("第 {row} 行{place}", "row {row}{place}")
WHOLE_FILE: Final = Words("整个文件", "the whole file")
IN_COLUMN: Final = Words(" {column} 列“{label}”", " column {column} “{label}”")
IN_FIELD: Final = Words("“{label}”", " “{label}”")
VALUE: Final = Words("，填写内容“{value}”", ", typed “{value}”")
MORE: Final = Words(
    "仅列出前 {shown} 条；全部结果：creditctl results {upload}",
    "Only the first {shown}; all of them: creditctl results {upload}",
)
ROW_ACCEPTED: Final = Words("第 {row} 行 接收", "row {row} accepted")
ROW_REFUSED: Final = Words("第 {row} 行 拒绝", "row {row} refused")
WRITTEN: Final = Words("已写入 {file}", "written: {file}")
NOTHING_REFUSED: Final = Words("没有被拒绝的行，未生成文件", "No row was refused: no file written")
WITHDRAWN: Final = Words("已撤销 {count} 条记录", "{count} records withdrawn")
RESTORED: Final = Words("已恢复 {count} 条记录", "{count} records restored")

# -- the pull agent -------------------------------------------------------------------------------

COLUMNS_UNKNOWN: Final = Words(
    "视图 {view} 有目录项“{item}”没有的列：{columns}",
    "View {view} has columns that “{item}” does not have: {columns}",
)
WATERMARK_UNKNOWN: Final = Words(
    "视图 {view} 没有水位列 {column}", "View {view} has no column {column}"
)
VIEW_UNKNOWN: Final = Words("数据库中没有视图 {view}", "The database has no view {view}")
DATABASE_FAILED: Final = Words("数据库出错：{reason}", "The database failed: {reason}")
STATE_FOREIGN: Final = Words(
    "状态文件 {file} 属于另一个视图或目录项，或已损坏",
    "The state file {file} is of another view or item, or damaged",
)
NULL_WATERMARKS: Final = Words(
    "有 {count} 行的水位列为空，永远不会被报送",
    "{count} rows have no watermark: they are never sent",
)
NOTHING_NEW: Final = Words("没有新数据", "Nothing new")
PULLED: Final = Words("读取 {rows} 行新数据", "{rows} new rows read")
AT_FAULT: Final = Words("{reason}；稍后重试", "{reason}; trying again later")
