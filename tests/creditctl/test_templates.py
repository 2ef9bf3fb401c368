"""`creditctl template`: what it writes, the system reads; for every item of the catalogue."""

from pathlib import Path

import openpyxl
import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection.guide import describe_field
from chalicelib.collection.templates import FIRST_ROW, write_template
from tests.collection.files import DAY, penalty
from tests.creditctl.conftest import Run

ITEMS = sorted(load_catalogue(DAY).items)


@pytest.fixture
def item() -> Item:
    """The item about penalties."""
    return load_catalogue(DAY).item("penalty")


@pytest.fixture
def template(tmp_path: Path, item: Item) -> Path:
    """Its template."""
    path = tmp_path / "penalty.xlsx"
    write_template(item, str(path), "zh")
    return path


def _fill(template: Path, *rows: dict[str, str]) -> None:
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[2]}
    for number, row in enumerate(rows, FIRST_ROW + 1):
        for name, value in row.items():
            sheet.cell(number, places[name], value)
    book.save(template)


def test_should_have_no_rows_when_not_filled_in(template: Path, run: Run) -> None:
    ran = run("check", template, "--item", "penalty", "--json")
    assert ran.json["reason"]["code"] == "E-FILE-04"


def test_should_be_accepted_when_filled_in(template: Path, run: Run) -> None:
    _fill(template, penalty(), penalty(cf_wsh="清市监处罚〔2026〕2号", cf_jdrq="2026-02-30"))
    ran = run("check", template, "--item", "penalty", "--json")
    receipt = ran.json
    assert (receipt["received"], receipt["accepted"], receipt["refused"]) == (2, 1, 1)
    (problem,) = receipt["problems"]
    assert (problem["row"], problem["told"]["code"]) == (4, "E-DATE-01")


@pytest.mark.parametrize("name", ITEMS)
def test_should_have_the_header_of_its_item_when_written(
    name: str, tmp_path: Path, run: Run
) -> None:
    """Read by the system's own reader: the header is found and complete."""
    path = tmp_path / f"{name}.xlsx"
    assert run("template", name, "-o", path).exit == 0
    item = load_catalogue(DAY).item(name)
    _fill(path, {item.schema.fields[0].name: "甲"})
    assert run("check", path, "--item", name, "--json").json["received"] == 1


def test_should_keep_what_is_typed_when_cells_hold_codes(template: Path, item: Item) -> None:
    sheet = openpyxl.load_workbook(template).worksheets[0]
    formats = {
        field.name: sheet.column_dimensions[cell.column_letter].number_format
        for field, cell in zip(item.schema.fields, sheet[2], strict=True)
    }
    assert formats["cf_xdr_shxym"] == formats["cf_xdr_zjhm"] == formats["cf_wsh"] == "@"
    assert formats["cf_jdrq"] == "yyyy-mm-dd"
    assert formats["cf_nr_fk"] == "General"


def test_should_offer_choices_when_a_field_has_some(template: Path, item: Item) -> None:
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[0]
    choices = book.worksheets[2]
    assert choices.sheet_state == "hidden"
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        name, _, span = rule.formula1.partition("!")
        cells = choices[span.replace("$", "")]
        column = next(iter(rule.sqref.ranges)).min_col
        offered[sheet.cell(2, column).value] = tuple(row[0].value for row in cells)
        assert name == f"'{choices.title}'"
    assert offered == {field.name: field.enum for field in item.schema.fields if field.enum}


def test_should_guide_when_a_clerk_reads_it(template: Path, item: Item) -> None:
    book = openpyxl.load_workbook(template)
    sheet, guide = book.worksheets[:2]
    labels = [cell.value for cell in sheet[1]]
    assert labels[0] == "*行政相对人名称"
    assert "工商注册号" in labels[3]
    comments = [cell.comment.text for cell in sheet[1]]
    assert len(comments) == len(item.schema.fields)
    assert "必填" in comments[0]
    assert guide.title == "填报说明"
    told = "\n".join(str(cell.value) for row in guide for cell in row)
    assert item.source in told
    assert all(field.title in told and field.name in told for field in item.schema.fields)


def test_should_say_when_a_field_is_required(item: Item) -> None:
    def needed(name: str) -> str:
        return dict(describe_field(item, item.field(name), "zh"))["填写要求"]

    assert needed("cf_wsh") == "必填"
    assert needed("cf_xdr_swdj") == "选填"
    assert needed("cf_nr_fk") == "“处罚类别”含 罚款 时必填"
    assert needed("cf_fr_zjlx") == "填写“法定代表人证件号码”时必填"
    assert needed("cf_xdr_zjhm") == "“行政相对人类别”为 自然人 时必填"


def test_should_be_the_same_bytes_when_written_again(
    template: Path, item: Item, tmp_path: Path
) -> None:
    again = tmp_path / "again.xlsx"
    write_template(item, str(again), "zh")
    assert again.read_bytes() == template.read_bytes()


def test_should_speak_english_when_asked(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.xlsx"
    ran = run("template", "penalty", "-o", path, "--lang", "en", "--json")
    assert ran.json["item"] == "penalty"
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["A1"].value == "*行政相对人名称"
    assert "Name of the party" in sheet["A1"].comment.text


def test_should_refuse_use_when_it_cannot_write(tmp_path: Path, run: Run) -> None:
    ran = run("template", "penalty", "-o", tmp_path / "absent" / "a.xlsx")
    assert ran.exit == 2
    assert run("template", "horoscope").exit == 2
