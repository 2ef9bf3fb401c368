"""One table in every form that a file can have makes the same statements, byte for byte."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import planning
from tests.collection.archives import folded, held, opened
from tests.collection.files import (
    DAY,
    NOW,
    csv_of,
    merge_all,
    penalty,
    person_penalty,
    receipt_of,
    receive,
    registration,
    uscc,
)
from tests.collection.old_workbooks import old_workbook_of
from tests.collection.workbooks import workbook_of

pytestmark = pytest.mark.usefixtures("aws", "entitled")

REGISTRATIONS = [
    registration(),
    registration(uni_social_crd_cd=uscc(2), comp_nm="清江市“乺簗”贸易公司", reg_capt="50万人民币"),
    registration(uni_social_crd_cd=uscc(3), comp_nm="㐂𠮷商店", est_dt="2018/3/5", reg_capt="N/A"),
    registration(uni_social_crd_cd=uscc(4), est_dt="２０１８年３月５日", reg_capt="10(万美元)"),
    registration(uni_social_crd_cd=f" {uscc(5).lower()}", comp_nm="甲,乙;丙|丁\t戊\n己^庚"),
    registration(uni_social_crd_cd=uscc(6), est_dt="43164", opt_scop="营" * 9_000),
]
PENALTIES = [
    penalty(),
    penalty(cf_wsh="0017", cf_cflb="警告；罚款", cf_nr_fk="2000元", cf_yxq="9999-09-09"),
    penalty(cf_wsh="3号", cf_nr_fk="贰仟元整", cf_fr_zjlx="身份证", cf_fr_zjhm=""),
    penalty(cf_wsh="4号", cf_frdb="王小明", cf_sy='说"明', cf_fr_zjlx="", cf_fr_zjhm=""),
    person_penalty(1, cf_wsh="5号"),
    person_penalty(2, cf_wsh="6号", cf_xdr_zjlx="护照", cf_xdr_zjhm="E12345678"),
]

Rows = Sequence[Mapping[str, str]]


def _table(item: str, rows: Rows) -> list[list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    titles = [load_catalogue(DAY).item(item).field(name).title for name in names]
    return [titles, *([row.get(name, "") for name in names] for row in rows)]


def _text(table: Sequence[Sequence[str]], delimiter: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(table)
    return out.getvalue().encode(encoding)


def _typed(cell: str) -> Any:
    """A cell as somebody types it into a spreadsheet: days and amounts become days and numbers."""
    if re.fullmatch(r"[1-9]\d{0,7}|0\.\d+", cell):
        return float(cell)
    return date.fromisoformat(cell) if re.fullmatch(r"20\d\d-\d\d-\d\d", cell) else cell


def _forms(item: str, rows: Rows) -> dict[str, bytes]:
    table = _table(item, rows)
    typed = [table[0], *([_typed(cell) for cell in row] for row in table[1:])]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return {
        "utf-8.csv": csv_of(item, rows),
        "codes.csv": csv_of(item, rows, codes=True, encoding="utf-8-sig"),
        "gb18030.csv": csv_of(item, rows, encoding="gb18030"),
        "semicolons.csv": _text(table, ";", "gb18030"),
        "bars.txt": _text(table, "|", "utf-16"),
        "texts.xlsx": workbook_of([["某市信息表"], *table]),
        "typed.xlsx": workbook_of(typed),
        "old.xls": old_workbook_of(typed),
        "lines.jsonl": lines.encode(),
    }


@pytest.mark.parametrize(
    ("item", "rows"), [("registration", REGISTRATIONS), ("penalty", PENALTIES)]
)
def test_should_say_the_same_words_whatever_the_form(item: str, rows: Rows) -> None:
    forms = _forms(item, rows)
    told = []
    folds = []
    for minute, (name, body) in enumerate(forms.items()):
        upload = receive(body, item, file_name=name, now=NOW + timedelta(minutes=minute))
        planning.plan_upload(upload)
        merge_all(upload)
        receipt = receipt_of(upload)
        told.append((receipt.received, receipt.accepted, receipt.codes))
        folds.append({key: opened(record) for key, record in folded().items()})
    assert all(each == told[0] for each in told), told
    assert all(each == folds[0] for each in folds)
    accepted = told[0][1]
    assert accepted >= len(rows) - 1
    assert len(held()) == accepted
    for holding in held().values():
        assert (len(holding.statements), len(holding.assertions)) == (1, len(forms) - 1)
