"""A gallery of the files that clerks really send, made here, each with the exact answer they get.

The answer is the one of `creditctl check`, line for line; the server tells the same. Unless an
exhibit says otherwise it is a CSV file of five rows, the last of which, row 6, is looked at.
"""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chalicelib.catalogue.loader import load_catalogue
from creditctl import words
from creditctl.checking import check_file
from creditctl.console import Console
from creditctl.receipts import print_problem, print_reason
from tests.collection.files import (
    DAY,
    ORGANISATION,
    csv_of,
    id_number,
    penalty,
    person_penalty,
    receipt_of,
    registration,
    send,
    uscc,
)
from tests.collection.old_workbooks import old_workbook_of
from tests.collection.workbooks import part_of, with_part, workbook_of, workbook_of_sheets

ITEM = load_catalogue(DAY).item("penalty")
LABELS = [ITEM.field(name).title for name in penalty()]
ROW = [*penalty().values()]
PLACEHOLDER = "0" * 17 + "X"
PERMIT = {"cf_xdr_zjlx": "台湾居民来往大陆通行证"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


class Exhibit(NamedTuple):
    """A file, and what its clerk is told."""

    file_name: str
    body: bytes
    answer: tuple[str, ...]


def _last(**changed: str) -> bytes:
    """Four good rows, and one that is changed."""
    return csv_of("penalty", [*(penalty(cf_wsh=f"清{n}号") for n in range(4)), penalty(**changed)])


def _person(**changed: str) -> bytes:
    """Four good rows, and one about a natural person."""
    good = [penalty(cf_wsh=f"清{n}号") for n in range(4)]
    return csv_of("penalty", [*good, person_penalty(1, **changed)])


def _text(*rows: Sequence[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def _row(**changed: Any) -> list[Any]:
    return [*{**penalty(), **changed}.values()]


def _lines(*rows: dict[str, str] | str) -> bytes:
    """JSON Lines."""
    texts = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    return "\n".join(texts).encode()


def _merge(sheet: Worksheet) -> None:
    sheet.merge_cells("A1:P1")
    sheet.merge_cells("A2:D2")


def _hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, b"")
    return out.getvalue()


def _bomb() -> bytes:
    """A workbook that says of itself that it inflates to 2 GiB."""
    body = with_part(workbook_of([LABELS, ROW]), "xl/media/more.xml", b" " * 50_000)
    return body.replace((50_000).to_bytes(4, "little"), (2 << 30).to_bytes(4, "little"))


def _corners() -> bytes:
    """A workbook with one cell in the far corner, and all the emptiness between."""
    book, name = workbook_of([LABELS, ROW]), "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return with_part(book, name, part_of(book, name).replace(b"</sheetData>", far))


def _wrong_end(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")


GALLERY: dict[str, Exhibit] = {
    # -- what stands around the data ---------------------------------------------------------------
    "a title, and a header over two rows with merged cells": Exhibit(
        "处罚.xlsx",
        workbook_of(
            [
                ["清江市2026年3月行政处罚信息"],
                ["行政相对人", "", "", "", *LABELS[4:]],
                ["名称", "类别", *LABELS[2:4]],
                ROW,
            ],
            change=_merge,
        ),
        (
            "第 1 行：W-FILE-01 表头以上的标题或说明行，未作为数据读取。无须处理。",
            "共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "labels, and codes below them": Exhibit(
        "处罚.csv",
        _text(LABELS, [*penalty()], ROW),
        ("共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",),
    ),
    "totals, notes and signatures below the data": Exhibit(
        "处罚.xlsx",
        workbook_of(
            [
                LABELS,
                ROW,
                [],
                ["合计", *[""] * 9, 0.2],
                ["注：本表由执法机关填写"],
                ["填报人：甲", "审核人：乙"],
            ]
        ),
        (
            "第 4 行：W-FILE-03 合计行，未作为数据读取。如该行是数据，请检查首个单元格后重新上传。",
            "第 5 行：W-FILE-02 备注或落款行（如“注：”“制表人：”），未作为数据读取。如该行是数据，请检查首个单元格后重新上传。",
            "第 6 行：W-FILE-02 备注或落款行（如“注：”“制表人：”），未作为数据读取。如该行是数据，请检查首个单元格后重新上传。",
            "共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "a hidden row and a blank one": Exhibit(
        "处罚.xlsx",
        workbook_of([LABELS, ROW, [], _row(cf_wsh="清2号")], change=_hide),
        (
            "整个文件：W-SHEET-02 工作表有 1 个隐藏行，已与其他行一样读取。如隐藏行不应报送，请删除后重新上传。",
            "共 2 行：接收 2 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "a column that numbers the rows": Exhibit(
        "处罚.csv",
        _text(["序号", *LABELS], ["1", *ROW]),
        (
            "整个文件：W-FILE-05 A 列“序号”只是行的编号或退回说明，未读取。无须处理。",
            "共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "a second sheet that explains the first": Exhibit(
        "处罚.xlsx",
        workbook_of_sheets({"数据": [LABELS, ROW], "填报说明": [["怎样填写"]]}),
        (
            "整个文件：W-SHEET-01 只读取了工作表“数据”；未读取：填报说明。如其他工作表也有要报送的数据，请另存为单独的文件上传。",
            "共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "two sheets with rows": Exhibit(
        "处罚.xlsx",
        workbook_of_sheets({"一月": [LABELS, ROW], "二月": [LABELS, ROW]}),
        (
            "文件不能读取：",
            "E-SHEET-05 有多个工作表含有可报送的数据：一月、二月。请合并到一个工作表，或每个工作表另存为一个文件分别上传。",
        ),
    ),
    "no header": Exhibit(
        "处罚.csv",
        _text(ROW, ROW),
        (
            "文件不能读取：",
            "E-HEAD-01 第 1 行没有目录项“行政处罚”的任何字段，无法识别表头。数据之前须有一行字段名称或代码；请确认所选目录项。",
        ),
    ),
    "a header and nothing below it": Exhibit(
        "处罚.csv",
        _text(LABELS),
        (
            "文件不能读取：",
            "E-FILE-04 文件没有数据行。请确认导出内容；第一行为表头，其后为数据。",
        ),
    ),
    "rows of another item": Exhibit(
        "登记.csv",
        csv_of("registration", [registration()]),
        (
            "文件不能读取：",
            "E-HEAD-03 目录项“行政处罚”没有这些列：B “企业名称”、C “成立日期”、D “注册资本”。请对照目录改正列名，或删除目录外的列。",
            "整个文件：W-ITEM-02 该表头也符合其他目录项：经营主体登记注册（registration）。如选错了目录项，请按正确的目录项重新登记上传。",
        ),
    ),
    "a column that the item does not have": Exhibit(
        "处罚.csv",
        _text([*LABELS, "内部编号"], [*ROW, "1"]),
        (
            "文件不能读取：",
            "E-HEAD-03 目录项“行政处罚”没有这些列：Q “内部编号”。请对照目录改正列名，或删除目录外的列。",
        ),
    ),
    "a column that may not be collected": Exhibit(
        "处罚.csv",
        _text([*LABELS, "血型"], [*ROW, "A"]),
        (
            "文件不能读取：",
            "E-HEAD-02 Q 列“血型”属于禁止归集的信息（SZ-12、NJ-29）。请删除该列及其数据后重新上传。",
        ),
    ),
    "the same column twice": Exhibit(
        "处罚.csv",
        _text([*LABELS, "处罚类别"], [*ROW, "罚款"]),
        (
            "文件不能读取：",
            "E-HEAD-04 Q 列“处罚类别”与 I 列是同一字段 cf_cflb。每个字段只保留一列。",
        ),
    ),
    "a required column that is missing": Exhibit(
        "处罚.csv",
        _text(LABELS[:-1], ROW[:-1]),
        (
            "文件不能读取：",
            "E-HEAD-05 缺少必填列：数据来源单位统一社会信用代码。请补充这些列。",
        ),
    ),
    "a label with another unit than the field has": Exhibit(
        "处罚.csv",
        _text([label.replace("(万元)", "（元）") for label in LABELS], ROW),
        (
            "文件不能读取：",
            "E-HEAD-03 目录项“行政处罚”没有这些列：K “罚款金额（元）”。请对照目录改正列名，或删除目录外的列。",
        ),
    ),
    # -- bytes -------------------------------------------------------------------------------------
    "GB18030": Exhibit(
        "处罚.csv",
        csv_of("penalty", [penalty()], encoding="gb18030"),
        ("共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",),
    ),
    "UTF-16 with tabs, as Excel saves Unicode text": Exhibit(
        "处罚.txt",
        _text(LABELS, ROW, delimiter="\t", encoding="utf-16"),
        ("共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",),
    ),
    "lines that end with a return alone": Exhibit(
        "处罚.csv",
        _text(LABELS, ROW).replace(b"\r\n", b"\r"),
        ("共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",),
    ),
    "two encodings in one file": Exhibit(
        "处罚.csv",
        _text(LABELS, ROW) + _text(ROW, encoding="gb18030"),
        (
            "文件不能读取：",
            "E-FILE-02 文件既不是有效的 UTF-8，也不是有效的 GB18030 编码（第 704 字节起）。请另存为“CSV UTF-8（逗号分隔）”后重新上传。",
        ),
    ),
    "a quotation mark that is never closed": Exhibit(
        "处罚.csv",
        _text(LABELS, ROW) + b'"' + _text(ROW),
        (
            "文件不能读取：",
            "E-FILE-05 第 3 行有未闭合的双引号，其后的内容无法分行。请补全该行的双引号；单元格内的双引号须写成两个。",
        ),
    ),
    "a comma without quotation marks": Exhibit(
        "处罚.csv",
        _last() + ",".join(ROW).replace("虚假", "虚假,").encode(),
        (
            "第 7 行：E-ROW-02 该行在表头之外还有内容：17 个单元格，表头 16 列。含逗号的内容须用双引号括起；请检查该行是否错列。",
            "共 6 行：接收 5 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "NUL in a cell": Exhibit(
        "处罚.csv",
        _last(cf_sy="\0"),
        (
            "第 6 行：E-ROW-04 该行含有空字符（NUL）。文件可能已损坏，请重新导出。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a huge cell": Exhibit(
        "处罚.csv",
        _last(cf_sy="x" * 70_000),
        (
            "第 6 行：E-ROW-03 单元格超过 65536 字节。请缩短内容，或检查双引号是否闭合。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "JSON Lines with a broken line": Exhibit(
        "处罚.jsonl",
        _lines(
            *[penalty(cf_wsh=f"清{n}号") for n in range(9)], '{"cf_wsh": ', penalty(cf_jdrq="x")
        ),
        (
            "第 10 行：E-ROW-06 该行不是一个 JSON 对象。每行须为一个完整的 JSON 对象，不含 NaN 或 Infinity。",
            "第 11 行“处罚决定日期”：E-DATE-01 无法识别的日期。请填写真实存在的日期，如 2026-03-25。",
            "共 11 行：接收 9 行（其中提示 0 行），拒绝 2 行",
        ),
    ),
    # -- files that are not what they seem ---------------------------------------------------------
    "a web page under the name of a workbook": Exhibit(
        "处罚.xls",
        b"<html><table><tr><td>1</td></tr></table></html>",
        (
            "文件不能读取：",
            "E-FILE-03 文件是 HTML，不能读取；可用 XLSX、XLS、CSV 和 JSON Lines。请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。",
        ),
    ),
    "CSV under the name of a workbook": Exhibit(
        "处罚.xlsx",
        _text(LABELS, ROW),
        (
            "文件不能读取：",
            "E-FILE-07 文件名以“.xlsx”结尾，内容却是 CSV。请勿只改扩展名；请用电子表格软件另存为所需格式后重新上传。",
        ),
    ),
    "a PDF": Exhibit(
        "处罚.csv",
        b"%PDF-1.7",
        (
            "文件不能读取：",
            "E-FILE-03 文件是 PDF，不能读取；可用 XLSX、XLS、CSV 和 JSON Lines。请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。",
        ),
    ),
    "a Word document": Exhibit(
        "处罚.xlsx",
        _zip("word/document.xml"),
        (
            "文件不能读取：",
            "E-FILE-03 文件是 DOCX，不能读取；可用 XLSX、XLS、CSV 和 JSON Lines。请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。",
        ),
    ),
    "an archive": Exhibit(
        "处罚.xlsx",
        _zip("处罚.csv"),
        (
            "文件不能读取：",
            "E-FILE-03 文件是 ZIP，不能读取；可用 XLSX、XLS、CSV 和 JSON Lines。请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。",
        ),
    ),
    "a workbook with a macro": Exhibit(
        "处罚.xlsx",
        with_part(workbook_of([LABELS, ROW]), "xl/vbaProject.bin", b"x"),
        (
            "文件不能读取：",
            "E-SHEET-01 工作簿含有宏（vbaProject.bin）。请另存为不含宏的“Excel 工作簿（*.xlsx）”后重新上传。",
        ),
    ),
    "a workbook with a password": Exhibit(
        "处罚.xlsx",
        OLE + "EncryptedPackage".encode("utf-16-le"),
        (
            "文件不能读取：",
            "E-SHEET-02 工作簿已加密，无法读取。请取消打开密码后重新上传；传输和存储由本系统加密。",
        ),
    ),
    "half a workbook": Exhibit(
        "处罚.xlsx",
        workbook_of([LABELS, ROW])[:3_000],
        (
            "文件不能读取：",
            "E-SHEET-04 工作簿已损坏，无法打开。请用电子表格软件打开并另存后重新上传。",
        ),
    ),
    "a bomb": Exhibit(
        "处罚.xlsx",
        _bomb(),
        (
            "文件不能读取：",
            "E-SHEET-03 工作簿过大：解压后字节数超过 1073741824。请清除数据区以外的格式和内容，或拆分文件，或改用 CSV。",
        ),
    ),
    "a sheet of emptiness": Exhibit(
        "处罚.xlsx",
        _corners(),
        (
            "文件不能读取：",
            "E-SHEET-03 工作簿过大：读取所需内存字节数或时间超过 2684354560。请清除数据区以外的格式和内容，或拆分文件，或改用 CSV。",
        ),
    ),
    "an old workbook": Exhibit(
        "处罚.xls",
        old_workbook_of([LABELS, _row(cf_jdrq=date(2026, 3, 25))]),
        (
            "整个文件：W-SHEET-03 旧版 XLS 文件：出错的公式（如 #REF!）会被当作空白，隐藏行不能识别。请尽量另存为 XLSX 后上传。",
            "共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "a workbook of Excel 95": Exhibit(
        "处罚.xls",
        old_workbook_of([LABELS, ROW], version=5),
        (
            "文件不能读取：",
            "E-FILE-03 文件是 XLS 5.0/95，不能读取；可用 XLSX、XLS、CSV 和 JSON Lines。请另存为“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。",
        ),
    ),
    # -- what spreadsheets do to cells -------------------------------------------------------------
    "a formula that failed": Exhibit(
        "处罚.xlsx",
        workbook_of([LABELS, *[ROW] * 4, _row(cf_nr_fk="#REF!")]),
        (
            "第 6 行 K 列“罚款金额(万元)”：E-CELL-01 单元格是电子表格的公式错误 #REF!，不是值。请修正公式，或直接填写内容。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a code as an exponent": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym="9.13205E+17"),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-USCC-05 代码已被电子表格改成科学计数法（如 9.13205E+17），原有数字已丢失。把该列设为“文本”格式，从原始资料重新填写。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a code whose end became zeros": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=ORGANISATION[:15] + "000"),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-CELL-02 号码被电子表格当作数字，后几位已变成 0 或科学计数法，原有数字已丢失。把该列设为“文本”格式，从原始资料重新填写；不要猜改。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "an identity number as an exponent": Exhibit(
        "处罚.csv",
        _person(cf_xdr_zjhm="3.2990019800101E+17"),
        (
            "第 6 行 R 列“自然人证件号码”：E-PAPER-06 证件号码已被电子表格改成科学计数法，原有数字已丢失。把该列设为“文本”格式，从原始资料重新填写。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "an organisation code that lost its zeros": Exhibit(
        "处罚.csv",
        _last(cf_xdr_zzjg="802003"),
        (
            "第 6 行 Q 列“行政相对人代码_3(组织机构代码)”，填写内容“802003”：W-ORGCODE-03 组织机构代码只有 6 位数字：电子表格把它当作数字，去掉了开头的 0。把该列设为“文本”格式，对照证照填写 9 位代码；系统不会自行补 0。",
            "共 5 行：接收 5 行（其中提示 1 行），拒绝 0 行",
        ),
    ),
    "a permit that lost a zero": Exhibit(
        "处罚.csv",
        _person(**PERMIT, cf_xdr_zjhm="1234567"),
        (
            "第 6 行 R 列“自然人证件号码”：E-PAPER-08 台湾居民来往大陆通行证只有 7 位数字：电子表格可能把它当作数字，去掉了开头的 0。把该列设为“文本”格式，对照证件原件填写；系统不会自行补 0。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "document numbers that are numbers": Exhibit(
        "处罚.xlsx",
        workbook_of([LABELS, _row(cf_wsh=17)]),
        (
            "整个文件：W-SHEET-04 E 列“行政处罚决定书文号”的单元格是数字而不是文本（如第 2 行）：号码开头如有 0，已被电子表格去掉。请对照原始资料核对；如有缺失，把该列设为“文本”格式后重新填写，系统不会自行补 0。",
            "共 1 行：接收 1 行（其中提示 0 行），拒绝 0 行",
        ),
    ),
    "a day as its serial number": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="46106"),
        (
            "第 6 行 L 列“处罚决定日期”，填写内容“46106”：W-DATE-01 电子表格的日期序号，已按日期识别。请核对日期；建议把该列设为日期或文本格式。",
            "共 5 行：接收 5 行（其中提示 1 行），拒绝 0 行",
        ),
    ),
    "a formula as text": Exhibit(
        "处罚.csv",
        _last(cf_sy='=HYPERLINK("http://example.test")'),
        (
            "第 6 行 G 列“违法事实”：E-CELL-04 内容是公式或命令，打开文件的电子表格会执行它。请填写内容本身，不要以 =、+、-、@ 开头写公式。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "letters that an export has lost": Exhibit(
        "处罚.csv",
        _last(cf_cfjg="锟斤拷锟斤拷"),
        (
            "第 6 行 M 列“处罚机关”：E-CELL-06 内容是乱码（“�”“锟斤拷”“???”），原文在导出时已丢失。请用正确的字符编码（UTF-8 或 GB18030）重新导出，不要转存乱码文件。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    # -- values ------------------------------------------------------------------------------------
    "everything in full width": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="２０２６－０３－２５", cf_nr_fk="０．２", cf_cflb="罚　款"),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    "every spelling of a blank, in cells that may be blank": Exhibit(
        "处罚.csv",
        _text(
            LABELS,
            *(
                [*ROW[:6], blank, *ROW[7:]]
                for blank in ("无", "暂无", "空", "N/A", "-", "/", "\\N")
            ),
        ),
        (
            "整个文件：W-ITEM-01 7 行中有 7 行被拒收，超过五分之一：文件可能属于其他目录项，或列已错位。请先核对所选目录项和各列内容，再改正被拒收的行。",
            "第 2 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 3 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 4 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 5 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 6 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 7 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 8 行 G 列“违法事实”：E-REQUIRED-01 必填项为空。请填写该项。",
            "共 7 行：接收 0 行（其中提示 0 行），拒绝 7 行",
        ),
    ),
    "a blank where a value is required": Exhibit(
        "处罚.csv",
        _last(cf_wsh="暂无"),
        (
            "第 6 行 E 列“行政处罚决定书文号”：E-REQUIRED-01 必填项为空。请填写该项。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "dates in words, without end, with a clock": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="2026年3月25日 8:30", cf_yxq="9999-09-09"),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    "a date that does not exist": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="2026-02-30"),
        (
            "第 6 行 L 列“处罚决定日期”，填写内容“2026-02-30”：E-DATE-01 无法识别的日期。请填写真实存在的日期，如 2026-03-25。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a date to come": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="2026-11-23"),
        (
            "第 6 行 L 列“处罚决定日期”，填写内容“2026-11-23”：E-DATE-02 日期晚于报送日 2026-11-22。请核对日期。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a date that stands for none": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="1900-01-01"),
        (
            "第 6 行 L 列“处罚决定日期”，填写内容“1900-01-01”：W-DATE-02 1900-01-01 多为数据库中空日期的占位，已照原样接收。请核对；没有日期的，请留空。",
            "共 5 行：接收 5 行（其中提示 1 行），拒绝 0 行",
        ),
    ),
    "an end before the start": Exhibit(
        "处罚.csv",
        _last(cf_yxq="2026-03-24"),
        (
            "第 6 行 Q 列“处罚有效期”，填写内容“2026-03-24”：E-DATE-03 截止日期早于“处罚决定日期”。请核对两个日期。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "an end of display before the decision": Exhibit(
        "处罚.csv",
        _last(cf_gsjzq="2026-03-24"),
        (
            "第 6 行 Q 列“公示截止期”，填写内容“2026-03-24”：W-RULE-01 日期早于“处罚决定日期”。请核对两个日期，改正有误的一个。",
            "共 5 行：接收 5 行（其中提示 1 行），拒绝 0 行",
        ),
    ),
    "an amount in financial capitals": Exhibit(
        "处罚.csv",
        _last(cf_nr_fk="人民币贰仟元整"),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    "an amount without its unit": Exhibit(
        "处罚.csv",
        _last(cf_nr_fk="两千"),
        (
            "第 6 行 K 列“罚款金额(万元)”：E-AMOUNT-01 无法识别的金额（单位：万元）。请填写以万元为单位的人民币数字，如 12.5。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "dollars": Exhibit(
        "处罚.csv",
        _last(cf_nr_fk="100美元"),
        (
            "第 6 行 K 列“罚款金额(万元)”，填写内容“100美元”：E-AMOUNT-01 无法识别的金额（单位：万元）。请填写以万元为单位的人民币数字，如 12.5。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a fine without its amount": Exhibit(
        "处罚.csv",
        _last(cf_nr_fk=""),
        (
            "第 6 行 K 列“罚款金额(万元)”：E-REQUIRED-02 按“处罚类别”的填写内容，该项必填。请填写该项，或核对“处罚类别”。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a fine of nothing": Exhibit(
        "处罚.csv",
        _last(cf_nr_fk="0"),
        (
            "第 6 行 K 列“罚款金额(万元)”，填写内容“0”：W-RULE-04 金额应大于 0。请核对金额及其单位；没有该项金额的，请留空并核对相关各项。",
            "共 5 行：接收 5 行（其中提示 1 行），拒绝 0 行",
        ),
    ),
    "several choices in one cell": Exhibit(
        "处罚.csv",
        _last(cf_cflb="警告、罚款"),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    "a choice that there is not": Exhibit(
        "处罚.csv",
        _last(cf_xdr_lb="企业"),
        (
            "第 6 行 B 列“行政相对人类别”：E-CHOICE-01 不在可选值之内：法人及非法人组织、自然人、个体工商户。请选用可选值；多个值用分号分隔。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a name that is too long": Exhibit(
        "处罚.csv",
        _last(cf_xdr_mc="名" * 201),
        (
            "第 6 行 A 列“行政相对人名称”：E-LENGTH-01 内容为 201 字，超过上限 200 字。请缩短内容。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "ditto": Exhibit(
        "处罚.csv",
        _last(cf_xdr_mc="同上"),
        (
            "第 6 行 A 列“行政相对人名称”：E-CELL-05 “同上”不是值：每行单独成为一条记录。请在每一行完整填写。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "two dates in one cell": Exhibit(
        "处罚.csv",
        _last(cf_jdrq="2026-03-25至2026-04-01"),
        (
            "第 6 行 L 列“处罚决定日期”：E-CELL-03 一个单元格里有 2 个值，该项只能有一个。请拆成多行，每行一个主体、一个值；系统不会自行选取。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "two parties in one cell": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=f"{ORGANISATION}；{uscc(9)}"),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-CELL-03 一个单元格里有 2 个值，该项只能有一个。请拆成多行，每行一个主体、一个值；系统不会自行选取。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    # -- who it is about ---------------------------------------------------------------------------
    "a code with a wrong character": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=_wrong_end(ORGANISATION)),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-USCC-03 统一社会信用代码的校验码不符（GB 32100-2015），有字符写错或颠倒。对照营业执照或登记证书重新填写，不要按校验码猜改。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a code with a letter that no code has": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=f"{ORGANISATION[:9]}O{ORGANISATION[10:]}"),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”，填写内容“913299000O0000078X”：E-USCC-02 统一社会信用代码第 10 位“O”不可使用（不用字母 I、O、Z、S、V 和符号）。检查是否把 1、0、2、5 误写为字母，对照证照重新填写。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a code that lacks a character": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=ORGANISATION[:-1]),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-USCC-01 统一社会信用代码应为 18 位，现为 17 位。对照营业执照或登记证书重新填写，不要按校验码猜改。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a code with hidden characters": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=f"{ORGANISATION[:8]}****{ORGANISATION[12:]}"),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-USCC-07 统一社会信用代码有字符被隐去（*），不能据此认定主体。请填写完整的代码；可查看系统按名称和可见字符提供的候选主体及其理由，核实后填写。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "the placeholder for an organisation": Exhibit(
        "处罚.csv",
        _last(cf_xdr_shxym=PLACEHOLDER, cf_xdr_gszc="329900600000010"),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-USCC-06 此处不能使用占位代码 00000000000000000X（仅限无统一社会信用代码的个体工商户）。填写真实的统一社会信用代码；个体工商户用占位代码时须填工商注册号。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "the placeholder for a sole trader": Exhibit(
        "处罚.csv",
        _last(cf_xdr_lb="个体工商户", cf_xdr_shxym=PLACEHOLDER, cf_xdr_gszc="329900600000010"),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    "a sole trader without a registration number": Exhibit(
        "处罚.csv",
        _last(cf_xdr_lb="个体工商户", cf_xdr_shxym=PLACEHOLDER),
        (
            "第 6 行“行政相对人代码_2(工商注册号)”：E-REQUIRED-02 按“行政相对人代码_1(统一社会信用代码)”的填写内容，该项必填。请填写该项，或核对“行政相对人代码_1(统一社会信用代码)”。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a person with an organisation's code": Exhibit(
        "处罚.csv",
        _person(cf_xdr_shxym=ORGANISATION),
        (
            "第 6 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-SUBJECT-01 主体类别为自然人，却填写了统一社会信用代码。请核对主体类别；自然人此项留空。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "an identity number with a wrong digit": Exhibit(
        "处罚.csv",
        _person(cf_xdr_zjhm=_wrong_end(id_number(1))),
        (
            "第 6 行 R 列“自然人证件号码”：E-PAPER-02 身份证号码的校验码不符（GB 11643-1999），有数字写错或颠倒。对照证件原件重新填写。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "an identity number of fifteen digits": Exhibit(
        "处罚.csv",
        _person(cf_xdr_zjhm=id_number(1)[:6] + id_number(1)[8:17]),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    "an identity number with hidden digits": Exhibit(
        "处罚.csv",
        _person(cf_xdr_zjhm=f"{id_number(1)[:4]}**********{id_number(1)[14:]}"),
        (
            "第 6 行 R 列“自然人证件号码”：E-PAPER-07 证件号码有字符被隐去（*），不能据此认定本人。请填写完整的号码；自然人不提供候选。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a passport": Exhibit(
        "处罚.csv",
        _person(cf_xdr_zjlx="护照", cf_xdr_zjhm="E12345678"),
        ("共 5 行：接收 5 行（其中提示 0 行），拒绝 0 行",),
    ),
    # -- rows --------------------------------------------------------------------------------------
    "all that is wrong in a row": Exhibit(
        "处罚.csv",
        _last(cf_wsh="无", cf_jdrq="不详", cf_yxq="很久", cf_nr_fk="很多"),
        (
            "第 6 行 E 列“行政处罚决定书文号”：E-REQUIRED-01 必填项为空。请填写该项。",
            "第 6 行 K 列“罚款金额(万元)”：E-AMOUNT-01 无法识别的金额（单位：万元）。请填写以万元为单位的人民币数字，如 12.5。",
            "第 6 行 L 列“处罚决定日期”：E-DATE-01 无法识别的日期。请填写真实存在的日期，如 2026-03-25。",
            "第 6 行 Q 列“处罚有效期”：E-DATE-01 无法识别的日期。请填写真实存在的日期，如 2026-03-25。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "cells that have shifted": Exhibit(
        "处罚.csv",
        _text(LABELS, ROW, [*ROW[1:], ""]),
        (
            "整个文件：W-ITEM-01 2 行中有 1 行被拒收，超过五分之一：文件可能属于其他目录项，或列已错位。请先核对所选目录项和各列内容，再改正被拒收的行。",
            "第 3 行 B 列“行政相对人类别”：E-CHOICE-01 不在可选值之内：法人及非法人组织、自然人、个体工商户。请选用可选值；多个值用分号分隔。",
            "第 3 行 C 列“行政相对人代码_1(统一社会信用代码)”：E-USCC-01 统一社会信用代码应为 18 位，现为 3 位。对照营业执照或登记证书重新填写，不要按校验码猜改。",
            "第 3 行 I 列“处罚类别”：E-CHOICE-01 不在可选值之内：警告、通报批评、罚款、没收违法所得、没收非法财物、暂扣许可证件、降低资质等级、吊销许可证件、暂扣或者吊销许可证、暂扣或者吊销执照、限制开展生产经营活动、责令停产停业、责令关闭、限制从业、行政拘留、其他。请选用可选值；多个值用分号分隔。",
            "第 3 行 K 列“罚款金额(万元)”：E-AMOUNT-01 无法识别的金额（单位：万元）。请填写以万元为单位的人民币数字，如 12.5。",
            "第 3 行 L 列“处罚决定日期”：E-DATE-01 无法识别的日期。请填写真实存在的日期，如 2026-03-25。",
            "第 3 行 N 列“处罚机关统一社会信用代码”：E-USCC-01 统一社会信用代码应为 18 位，现为 10 位。对照营业执照或登记证书重新填写，不要按校验码猜改。",
            "第 3 行 P 列“数据来源单位统一社会信用代码”：E-REQUIRED-01 必填项为空。请填写该项。",
            "共 2 行：接收 1 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
    "a withdrawal without its reason": Exhibit(
        "处罚.csv",
        _text([*LABELS, "操作", "操作原因"], *[[*ROW, "新增", ""]] * 4, [*ROW, "撤销", ""]),
        (
            "第 6 行 R 列“操作原因”：E-REQUIRED-02 按“操作”的填写内容，该项必填。请填写该项，或核对“操作”。",
            "共 5 行：接收 4 行（其中提示 0 行），拒绝 1 行",
        ),
    ),
}


class _Clerk(Console):
    """Somebody who reads what is told."""

    def __init__(self) -> None:
        super().__init__("zh", as_json=False)
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.strip())


def _answer(path: Path) -> tuple[str, ...]:
    receipt = check_file(path, "penalty", DAY, None, lambda *_: None)
    clerk = _Clerk()
    if receipt["reason"] is not None:
        print_reason(receipt, clerk)
        return tuple(clerk.lines)
    for problem in (*receipt["remarks"], *receipt["problems"]):
        print_problem(problem, clerk)
    counts = ("received", "accepted", "warned", "refused")
    clerk.say(words.COUNTS, **{name: receipt[name] for name in counts})
    return tuple(clerk.lines)


@pytest.mark.parametrize("what", GALLERY)
def test_should_answer_a_file_exactly_so(what: str, tmp_path: Path) -> None:
    file_name, body, answer = GALLERY[what]
    path = tmp_path / file_name
    path.write_bytes(body)
    assert _answer(path) == answer


@pytest.mark.usefixtures("aws", "entitled")
def test_should_answer_the_same_when_a_file_is_sent() -> None:
    """Of workbooks, the tests of `creditctl check` show it."""
    for what, (file_name, body, answer) in GALLERY.items():
        if file_name.endswith((".xlsx", ".xls")):
            continue
        receipt = receipt_of(send(body, "penalty", file_name=file_name))
        told = [receipt.reason] if receipt.reason else []
        told += [each.problem for each in (*receipt.remarks, *receipt.problems)]  # type: ignore[misc]
        texts = [f"{each.code} {each.text.zh}{each.text.mend_zh}" for each in told]
        assert len(texts) == len(answer) - 1, what
        for text in texts:
            assert any(line.endswith(text) for line in answer), what
