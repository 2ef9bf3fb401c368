"""`creditctl check` tells offline what the server would tell."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.web.api.uploads_shown import UploadShown
from creditctl.checking import check_file
from infra.local.demo.deliveries import Deliveries, make_deliveries
from infra.local.demo.files import DemoFile
from tests.collection.files import DAY, csv_of, entitle, penalty, person_penalty
from tests.creditctl.conftest import Run
from tests.creditctl.system import System


@pytest.fixture(scope="module")
def deliveries() -> Deliveries:
    """Every file of the demo."""
    return make_deliveries()


def _check(folder: Path, name: str, body: bytes, item: str, day: date = DAY) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(body)
    return check_file(path, item, day, tell=None, watch=lambda _, __: None)


def _by_row(problems: list[dict[str, Any]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for problem in problems:
        found.setdefault(problem["row"], []).append(problem["told"]["code"])
    return found


def _check_demo(folder: Path, file: DemoFile) -> dict[str, Any]:
    return _check(folder, file.name, file.content, file.item)


def test_should_find_every_planted_mistake_when_the_demo_is_checked(
    deliveries: Deliveries, tmp_path: Path
) -> None:
    for file in (*deliveries.files, *deliveries.corrections):
        receipt = _check_demo(tmp_path, file)
        found = {row: tuple(sorted(codes)) for row, codes in _by_row(receipt["problems"]).items()}
        assert found == dict(file.planted), file.name
        assert (receipt["received"], receipt["refused"]) == (file.rows, len(file.refused))


def test_should_say_why_when_a_demo_file_is_unreadable(
    deliveries: Deliveries, tmp_path: Path
) -> None:
    for file in deliveries.unreadable:
        receipt = _check_demo(tmp_path, file)
        assert receipt["state"] == "quarantined"
        assert receipt["reason"]["code"] == file.quarantine, file.name


def test_should_tell_the_same_as_the_server_when_it_gets_the_same_file(
    deliveries: Deliveries, system: System, tmp_path: Path, run: Run
) -> None:
    file = next(file for file in deliveries.files if "交通运输局" in file.name)
    entitle(items=[file.item])
    path = tmp_path / file.name
    path.write_bytes(file.content)
    sent = run("upload", path, "--item", file.item, "--json")
    checked = run("check", path, "--item", file.item, "--json")
    assert sent.exit == checked.exit == 1
    _compare(checked.json, sent.json)
    assert len(checked.json["problems"]) >= len(file.planted)
    assert system.received == len(file.content)


def test_should_show_all_that_a_receipt_shows_when_checked(tmp_path: Path) -> None:
    receipt = _check(tmp_path, "a.csv", csv_of("penalty", [penalty()]), "penalty")
    server_only = {"upload", "ranges", "merged", "counted", "checked", "withheld", "outcome"}
    assert set(UploadShown.__struct_fields__) - server_only <= set(receipt)


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.jsonl", "a.xlsx"])
def test_should_tell_the_same_as_the_server_whatever_the_format(
    name: str, tmp_path: Path, run: Run
) -> None:
    rows = [penalty(), penalty(cf_jdrq="2026-02-30", cf_nr_fk="")]
    path = tmp_path / name
    path.write_bytes(_write(name, rows, tmp_path))
    sent = run("upload", path, "--item", "penalty", "--json")
    checked = run("check", path, "--item", "penalty", "--json")
    assert (checked.json["received"], checked.json["accepted"]) == (2, 1)
    _compare(checked.json, sent.json)


def _compare(checked: dict[str, Any], sent: dict[str, Any]) -> None:
    shared = set(sent) & set(checked)
    assert shared >= {"state", "received", "refused", "codes", "problems", "remarks", "reason"}
    for name in shared:
        assert checked[name] == sent[name], name


def _write(name: str, rows: list[dict[str, str]], folder: Path) -> bytes:
    if name.endswith("jsonl"):
        return b"\n".join(map(msgspec.json.encode, rows))
    if name.endswith("txt"):
        names = list(rows[0])
        lines = ["|".join(names), *("|".join(row[each] for each in names) for row in rows)]
        return "\r\n".join(lines).encode("gb18030")
    if name.endswith("xlsx"):
        return _write_book(rows, folder / "made.xlsx")
    return csv_of("penalty", rows)


def _write_book(rows: list[dict[str, str]], path: Path) -> bytes:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell)
    book.close()
    return path.read_bytes()


def test_should_name_row_column_and_mend_when_a_row_is_wrong(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "处罚.csv"
    path.write_bytes(csv_of("penalty", [penalty(), penalty(cf_jdrq="2026-02-30", cf_wsh="")]))
    ran = run("check", path, "--item", "penalty")
    assert ran.exit == 1
    assert "第 3 行 L 列“处罚决定日期”，填写内容“2026-02-30”：E-DATE-01 无法识别的日期。" in ran.out
    assert "E-REQUIRED-01" in ran.out
    assert "共 2 行：接收 1 行（其中提示 0 行），拒绝 1 行" in ran.out
    english = run("check", path, "--item", "penalty", "--lang", "en")
    assert "row 3 column L “处罚决定日期”, typed “2026-02-30”" in english.out
    assert "2 rows: 1 accepted (0 with warnings), 1 refused" in english.out


def test_should_not_show_a_person_when_a_row_is_about_one(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.csv"
    row = person_penalty(1, cf_xdr_zjhm="329900198001010011")
    path.write_bytes(csv_of("penalty", [row]))
    ran = run("check", path, "--item", "penalty")
    assert ran.exit == 1
    assert "E-PAPER" in ran.out
    assert "329900198001010011" not in ran.out


def test_should_end_well_when_every_row_is_right(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of("penalty", [penalty()]))
    assert run("check", path, "--item", "penalty").exit == 0


def test_should_leave_nothing_behind_when_a_file_is_converted(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spare))
    path = tmp_path / "a.jsonl"
    path.write_bytes(msgspec.json.encode(penalty()))
    assert run("check", path, "--item", "penalty").exit == 0
    assert list(spare.iterdir()) == []


@pytest.mark.parametrize("body", [None, b""])
def test_should_refuse_use_when_there_is_nothing_to_check(
    body: bytes | None, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "a.csv"
    if body is not None:
        path.write_bytes(body)
    ran = run("check", path, "--item", "penalty")
    assert (ran.exit, ran.out) == (2, "")
    assert str(path) in ran.err


def test_should_list_the_items_when_it_knows_none_of_the_name(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n")
    ran = run("check", path, "--item", "horoscope")
    assert ran.exit == 2
    assert "penalty  行政处罚" in ran.err
