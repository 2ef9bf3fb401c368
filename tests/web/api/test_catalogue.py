"""The public catalogue: as of a day, its versions and drafts, and what can be downloaded."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalogue import loader
from chalicelib.catalogue.listing import HEADER
from chalicelib.catalogue.loader import ITEMS, load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.settings import settings
from chalicelib.runtime.spreadsheets import write_csv
from chalicelib.web.api import catalogue
from chalicelib.web.api.catalogue import CatalogueItem
from chalicelib.web.app import CreditApp
from tests.factories import DAY
from tests.web.events import NOW, Answered, ask
from tests.web.tiny import NOBODY, deploy_under

ITEM = "/v1/catalogue/{item}"
TYPES = {"string", "number", "integer", "date"}


LOCAL = load_catalogue(DAY).under(load_rulebook("jiangsu").texts)
"""What is collected under the rulebook of `app`."""


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditApp]:
    deploy_under("jiangsu", monkeypatch)
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([catalogue.api], guard=NOBODY)
    yield app
    settings.cache_clear()


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A deployment with two versions of penalty, one of honour ahead, and a draft."""
    _adopt(tmp_path / "items" / "penalty.json", "penalty", version="1", adopted="2026-02-01")
    _adopt(tmp_path / "items" / "penalty@2.json", "penalty", version="2", adopted="2026-11-22")
    _adopt(tmp_path / "items" / "honour.json", "honour", version="1", adopted="2026-11-23")
    _adopt(
        tmp_path / "drafts" / "penalty.json",
        "penalty",
        version="3",
        adopted="2027-01-01",
        comments_until="2026-12-31",
    )
    monkeypatch.setattr(loader, "ITEMS", tmp_path / "items")
    monkeypatch.setattr(loader, "DRAFTS", tmp_path / "drafts")
    _forget()
    yield tmp_path
    _forget()


def _adopt(path: Path, like: str, **changed: object) -> None:
    path.parent.mkdir(exist_ok=True)
    document = json.loads((ITEMS / f"{like}.json").read_text("utf-8"))
    path.write_text(json.dumps({**document, **changed}), "utf-8")


def _forget() -> None:
    loader.load_register.cache_clear()
    loader._load_as_adopted.cache_clear()


def read(app: CreditApp, route: str, on: str = "", **path: str) -> Answered:
    return ask(app, "GET", route, path=path, query={"on": [on]} if on else {})


@pytest.mark.usefixtures("folders")
class TestDays:
    @pytest.mark.parametrize(
        ("on", "items", "ahead"),
        [
            ("2026-01-31", [], ["1", "2", "1"]),
            ("2026-02-01", [("penalty", "1")], ["2", "1"]),
            ("2026-11-21", [("penalty", "1")], ["2", "1"]),
            ("", [("penalty", "2")], ["1"]),
            ("2026-11-23", [("honour", "1"), ("penalty", "2")], []),
        ],
    )
    def test_should_list_what_is_in_force_and_what_follows_when_a_day_is_asked_for(
        self, app: CreditApp, on: str, items: list[tuple[str, str]], ahead: list[str]
    ) -> None:
        answer = read(app, "/v1/catalogue", on).json
        assert answer["on"] == on or DAY.isoformat()
        assert [(each["id"], each["version"]) for each in answer["items"]] == items
        assert sorted(each["version"] for each in answer["ahead"]) == sorted(ahead)

    def test_should_show_the_version_of_the_day_among_all_when_an_item_is_read(
        self, app: CreditApp
    ) -> None:
        for on, version in (("2026-11-21", "1"), ("", "2")):
            answer = read(app, ITEM, on, item="penalty").json
            assert answer["version"] == version
            assert answer["versions"] == [
                {"version": "1", "adopted": "2026-02-01", "in_force": version == "1"},
                {"version": "2", "adopted": "2026-11-22", "in_force": version == "2"},
            ]
            assert answer["draft"]["comments_until"] == "2026-12-31"

    def test_should_know_an_item_from_its_adoption_on_when_it_is_read(self, app: CreditApp) -> None:
        for route in (ITEM, f"{ITEM}/schema"):
            answer = read(app, route, item="honour")
            assert (answer.status, answer.json["code"]) == (404, "E-CAT-11")
            assert read(app, route, "2026-11-23", item="honour").status == 200

    def test_should_show_a_draft_apart_when_it_is_out_for_comment(self, app: CreditApp) -> None:
        listed = read(app, "/v1/catalogue", "2030-01-01").json
        assert [(each["id"], each["version"]) for each in listed["drafts"]] == [("penalty", "3")]
        assert "3" not in {each["version"] for each in [*listed["items"], *listed["ahead"]]}
        draft = read(app, f"{ITEM}/draft", item="penalty").json
        assert (draft["version"], draft["comments_until"]) == ("3", "2026-12-31")
        answer = read(app, f"{ITEM}/draft", item="honour")
        assert (answer.status, answer.json["code"]) == (404, "E-CAT-15")

    def test_should_download_the_catalogue_of_the_day_when_asked(self, app: CreditApp) -> None:
        whole = read(app, "/v1/catalogue.json", "2026-11-23")
        assert [each["id"] for each in whole.json["items"]] == ["honour", "penalty"]
        rows = _rows(read(app, "/v1/catalogue.csv", "2026-11-21"))
        assert {(row[0], row[5]) for row in rows[1:]} == {("penalty", "1")}


@pytest.mark.parametrize("on", ["yesterday", "2026-02-30", "2026-11-22T00:00:00"])
def test_should_refuse_a_day_when_it_is_none(app: CreditApp, on: str) -> None:
    assert read(app, "/v1/catalogue", on).status == 422


@pytest.mark.parametrize(
    ("route", "path", "name"),
    [
        ("/v1/catalogue.json", {}, r"catalogue-2026-[0-9-]+\.[0-9a-f]{8}\.json"),
        ("/v1/catalogue.csv", {}, r"catalogue-2026-[0-9-]+\.[0-9a-f]{8}\.csv"),
        (f"{ITEM}/schema", {"item": "penalty"}, r"penalty-2026\.1\.schema\.json"),
    ],
)
def test_should_be_an_attachment_held_by_caches_when_downloaded(
    app: CreditApp, route: str, path: Mapping[str, str], name: str
) -> None:
    answer = ask(app, "GET", route, path=path)
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="{name}"', disposition)
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    held = ask(app, "GET", route, path=path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (held.status, held.text) == (304, "")


def _rows(answer: Answered) -> list[list[str]]:
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))


def test_should_have_a_row_for_each_field_when_downloaded_as_a_table(app: CreditApp) -> None:
    head, *rows = _rows(read(app, "/v1/catalogue.csv"))
    assert head == list(HEADER)
    assert {len(row) for row in rows} == {len(HEADER)}
    items = LOCAL.items
    assert [(row[0], row[15]) for row in rows] == [
        (name, field.name) for name in sorted(items) for field in items[name].schema.fields
    ]


def test_should_begin_no_formula_when_downloaded_as_a_table(app: CreditApp) -> None:
    for row in _rows(read(app, "/v1/catalogue.csv")):
        assert not [cell for cell in row if cell[:1] in set("=+-@\t\r")]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "－1"]
)
def test_should_take_the_edge_off_a_formula_when_a_table_is_written(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(write_csv([[cell]]).removeprefix("\ufeff"), newline=""))
    assert row == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["", "清江市", "a=b", 'say "-"', "line\r\nbreak", "1,5"])
def test_should_leave_other_text_as_it_is_when_a_table_is_written(cell: str) -> None:
    text = write_csv([[cell, "x"]]).removeprefix("\ufeff")
    (row,) = csv.reader(io.StringIO(text, newline=""))
    assert row == [cell, "x"]


@pytest.mark.parametrize("item_id", sorted(load_catalogue(DAY).items))
def test_should_be_plain_table_schema_when_an_item_is_downloaded(
    app: CreditApp, item_id: str
) -> None:
    schema = read(app, f"{ITEM}/schema", item=item_id).json
    assert set(schema) == {"fields", "missingValues"}
    assert "" in schema["missingValues"]
    names = [field["name"] for field in schema["fields"]]
    item = load_catalogue(DAY).item(item_id)
    assert names == list(item.fields)
    for field in schema["fields"]:
        _check_descriptor(field)
        assert field.get("constraints", {}).get("required", False) == (
            item.field(field["name"]).required
        )


def _check_descriptor(field: dict[str, Any]) -> None:
    """What the Table Schema specification asks of a field descriptor."""
    known = {"name", "title", "description", "type", "format", "constraints", "missingValues"}
    assert set(field) <= known
    assert field["type"] in TYPES
    assert field.get("format", "any") == "any"
    assert ("format" in field) == (field["type"] == "date")
    constraints = field.get("constraints", {})
    assert set(constraints) <= {"required", "maxLength", "enum"}
    if field["type"] != "string":
        assert not {"maxLength", "enum"} & set(constraints)
    if "enum" in constraints:
        assert len(set(constraints["enum"])) == len(constraints["enum"]) > 0
    if "maxLength" in constraints:
        assert constraints["maxLength"] > 0


def _list_faults(schema: dict[str, Any], row: Mapping[str, str]) -> list[str]:
    """What a tool that knows only Table Schema says of `row`."""
    return [
        field["name"]
        for field in schema["fields"]
        if not _passes(field, schema, row[field["name"]])
    ]


def _passes(field: dict[str, Any], schema: dict[str, Any], text: str) -> bool:
    constraints = field.get("constraints", {})
    if text in field.get("missingValues", schema["missingValues"]):
        return not constraints.get("required")
    if len(text) > constraints.get("maxLength", len(text)):
        return False
    if text not in constraints.get("enum", [text]):
        return False
    match field["type"]:
        case "date":
            return bool(date.fromisoformat(text))
        case "integer":
            return re.fullmatch(r"[+-]?[0-9]+", text) is not None
        case "number":
            return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) is not None
    return True


PENALTY = {
    "cf_xdr_mc": "清江市云帆商贸有限公司",
    "cf_xdr_lb": "法人及非法人组织",
    "cf_wsh": "清市监处罚〔2026〕1号",
    "cf_wfxw": "虚假宣传",
    "cf_sy": "作引人误解的商业宣传",
    "cf_yj": "《反不正当竞争法》第二十条",
    "cf_cflb": "罚款；警告",
    "cf_nr": "罚款二千元",
    "cf_nr_fk": "0.2",
    "cf_jdrq": "2026-03-25",
    "cf_cfjg": "清江市市场监督管理局",
    "cf_cfjgdm": "11329900MB0000001E",
    "cf_sjly": "清江市市场监督管理局",
    "cf_sjlydm": "11329900MB0000001E",
}


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({}, []),
        ({"cf_fr_zjlx": "居民身份证"}, []),
        ({"cf_wsh": "无"}, ["cf_wsh"]),
        ({"cf_jdrq": ""}, ["cf_jdrq"]),
        ({"cf_xdr_lb": "企业"}, ["cf_xdr_lb"]),
        ({"cf_nr_fk": "二千"}, ["cf_nr_fk"]),
        ({"cf_xdr_mc": "长" * 201}, ["cf_xdr_mc"]),
    ],
)
def test_should_judge_rows_as_providers_tools_do_when_used_as_table_schema(
    app: CreditApp, changed: dict[str, str], faults: list[str]
) -> None:
    schema = read(app, f"{ITEM}/schema", item="penalty").json
    row = {field["name"]: "" for field in schema["fields"]} | PENALTY | changed
    assert _list_faults(schema, row) == faults


def test_should_say_in_words_what_table_schema_cannot_when_downloaded(app: CreditApp) -> None:
    schema = read(app, f"{ITEM}/schema", item="penalty").json
    told = {field["name"]: field["description"] for field in schema["fields"]}
    assert "Required where `cf_cflb` is 罚款" in told["cf_nr_fk"]
    assert "Any of: 警告; " in told["cf_cflb"]


def test_should_agree_with_each_item_when_the_whole_is_downloaded(app: CreditApp) -> None:
    whole = read(app, "/v1/catalogue.json").json
    assert whole["version"] == load_catalogue(DAY).version
    for each in whole["items"]:
        one = read(app, ITEM, item=each["id"]).json
        one.pop("versions")
        assert one == each


def test_should_tell_everything_that_the_catalogue_says_when_an_item_is_read() -> None:
    shown = set(CatalogueItem.__struct_fields__) - {"comments_until", "table"}
    assert shown == set(Item.__struct_fields__) - {"schema"}
