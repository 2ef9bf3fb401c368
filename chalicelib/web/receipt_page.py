"""The receipt of an upload as a page to print (回执): no script, nothing from elsewhere."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.problems import find_code
from chalicelib.collection.receipts import Receipt
from chalicelib.collection.tallies import RowProblem
from chalicelib.collection.uploads import find_provider
from chalicelib.runtime.clock import LAWFUL_ZONE, day_of, moment_of
from chalicelib.runtime.errors import Text

_STYLE: Final = (
    "body{font:11pt/1.5 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "h1{font-size:1.5em}"
    "table{border-collapse:collapse;width:100%;margin:1em 0}"
    "th,td{border:1px solid #777;padding:.2em .5em;text-align:left;vertical-align:top}"
    "td{overflow-wrap:anywhere}"
    "caption{text-align:left;font-weight:bold}"
    "tr{break-inside:avoid}thead{display:table-header-group}"
    "@media(max-width:40em){body{font-size:.8rem}}"
    "@page{size:A4;margin:15mm}@media print{body{margin:0;max-width:none;padding:0;font-size:9pt}}"
)
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'"
"""The Content-Security-Policy under which the page shows as it should."""

_PLACEHOLDER: Final = re.compile(r"{\w+}")
_OUTCOMES: Final = {
    "": "处理中 In progress",
    "accepted": "全部接收 Accepted",
    "accepted_with_warnings": "全部接收，有提示 Accepted with warnings",
    "partial": "部分接收 Accepted in part",
    "rejected": "未接收 Rejected",
}


def write_page(receipt: Receipt) -> str:
    """The page of `receipt`: the file, what became of it, a summary by rule, the first problems."""
    registration = receipt.registration
    title = f"数据报送回执 Receipt {registration.upload}"
    return "".join(
        (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>",
            _table("文件 File", (), _tell_file(receipt)),
            _table("处理结果 Result", (), _tell_counts(receipt)),
            _table(
                "按规则汇总 By rule", ("代码 Code", "说明 Meaning", "次数 Times"), _sum_up(receipt)
            ),
            _table(
                "文件提示 Remarks",
                ("行 Row", "代码 Code", "说明 What"),
                _tell_remarks(receipt.remarks),
            ),
            _table(
                "问题（前 100 条） First hundred problems",
                ("行 Row", "代码 Code", "列 Column", "内容 Value", "问题与处理 What to do"),
                _tell_problems(receipt.problems),
            ),
            "</html>",
        )
    )


def _tell_file(receipt: Receipt) -> Iterable[Sequence[str]]:
    registration = receipt.registration
    catalogue = load_catalogue(day_of(registration.registered))
    item = catalogue.item(registration.item)
    registered = moment_of(registration.registered)
    entry = find_provider(registration.provider)
    name = f"{entry.name} {registration.provider}" if entry else registration.provider
    yield "信息提供单位 Provider", name
    yield "目录项 Item", f"{item.title}（{item.id}）{receipt.version}"
    yield "文件名 File name", registration.file_name
    yield "大小（字节） Size in bytes", f"{registration.size:,}"
    yield "SHA-256", registration.sha256
    yield "登记时间 Registered", f"{registered.astimezone(LAWFUL_ZONE):%Y-%m-%d %H:%M:%S}"


def _tell_counts(receipt: Receipt) -> Iterable[Sequence[str]]:
    yield "状态 Outcome", _OUTCOMES[receipt.outcome]
    if receipt.reason is not None:
        yield receipt.reason.code, _say(receipt.reason.text)
        return
    yield "收到行数 Rows received", str(receipt.received)
    yield "接收 Accepted", str(receipt.accepted)
    yield "其中有提示 of these with warnings", str(receipt.warned)
    yield "拒收 Refused", str(receipt.refused)
    if receipt.withheld:
        yield "因整批报送未归集 Withheld", str(receipt.withheld)
    if receipt.merged < receipt.ranges:
        yield "已处理段数 Ranges done", f"{receipt.merged} / {receipt.ranges}"


def _sum_up(receipt: Receipt) -> Iterable[Sequence[str]]:
    for name, times in receipt.codes.items():
        code = find_code(name)
        meaning = (_PLACEHOLDER.sub("…", text) for text in (code.zh, code.en))
        yield name, " ".join(meaning), str(times)


def _tell_remarks(remarks: Iterable[RowProblem]) -> Iterable[Sequence[str]]:
    for each in remarks:
        row = str(each.row) if each.row else ""
        yield row, each.problem.code, _say(each.problem.text)


def _tell_problems(problems: Iterable[RowProblem]) -> Iterable[Sequence[str]]:
    for row, problem in ((each.row, each.problem) for each in problems):
        place = f"{problem.column} {problem.label}".strip()
        value = str(problem.values.get("value", ""))
        yield str(row), problem.code, place, value, _say(problem.text)


def _say(text: Text) -> str:
    return f"{text.zh}{text.mend_zh} {text.en} {text.mend_en}"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, nothing where it would be empty; without heads, the first cells are its heads."""
    lines = []
    for row in rows:
        first = f"<td>{escape(row[0])}</td>" if heads else f'<th scope="row">{escape(row[0])}</th>'
        lines.append(f"<tr>{first}{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>")
    if not lines:
        return ""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{''.join(lines)}</tbody></table>"
    )
