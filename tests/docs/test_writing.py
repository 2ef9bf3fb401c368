"""The pages written by hand name what there is: tables, dependencies, alarms, limits, links."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from chalicelib.collection import formats, readers, scanning, tallies
from infra import fragments
from infra.compose import PROJECT
from infra.documents.__main__ import DOCS

WRITTEN = ("access-patterns.md", "decisions.md", "limits.md", "operations.md")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
RESOURCES = fragments.load()["Resources"]


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def named(kind: str) -> list[str]:
    return [name for name, each in RESOURCES.items() if each.get("Type") == kind]


@pytest.mark.parametrize("table", named("AWS::DynamoDB::Table"))
def test_should_stand_in_access_patterns_when_a_table_or_index_exists(table: str) -> None:
    text = page("access-patterns.md")
    assert f"`{table}`" in text
    for index in RESOURCES[table]["Properties"].get("GlobalSecondaryIndexes", ()):
        assert f"`{index['IndexName']}`" in text


def test_should_be_for_rebuilding_when_a_table_is_scanned() -> None:
    scanning = {
        (path.relative_to(PROJECT).as_posix(), function.name)
        for path in (PROJECT / "chalicelib").rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and "scan" in node.attr
    }
    assert scanning == {("chalicelib/archive/store.py", "scan_records")}
    users = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "chalicelib").rglob("*.py")
        if "scan_records" in path.read_text("utf-8")
    }
    assert users == {
        "chalicelib/archive/store.py",
        "chalicelib/jobs/archives.py",
        "chalicelib/jobs/rebuild.py",
    }


def test_should_say_who_asks_when_a_store_reads_or_writes() -> None:
    text = page("access-patterns.md")
    missing = [
        f"{path.parent.name}.{function.name}"
        for path in (PROJECT / "chalicelib").rglob("store.py")
        for function in ast.parse(path.read_text("utf-8")).body
        if isinstance(function, ast.FunctionDef)
        and asks_dynamodb(function)
        and f"`{function.name}`" not in text
    ]
    assert missing == []


def asks_dynamodb(function: ast.FunctionDef) -> bool:
    """Whether a public function of a store sends a request of its own."""
    source = ast.unparse(function)
    asks = r"dynamodb\(\)\.|TransactWrite|\b[A-Z]\w+\.get\(|\.(save|batch_\w+|query|scan)\("
    return not function.name.startswith("_") and re.search(asks, source) is not None


def test_should_be_numbered_without_a_gap_when_a_decision_is_taken() -> None:
    numbers = [
        int(found) for found in re.findall(r"^\*\*(\d+)\. ", page("decisions.md"), re.MULTILINE)
    ]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_should_stand_once_when_a_decision_is_taken() -> None:
    taken = re.findall(r"^\*\*\d+\. (.+?)\*\*", page("decisions.md"), re.MULTILINE)
    assert [each for each, times in Counter(taken).items() if times > 1] == []


def test_should_be_justified_when_a_package_runs_in_lambda() -> None:
    required = (PROJECT / "infra" / "requirements.in").read_text("utf-8")
    packages = re.findall(r"^([a-z0-9-]+)==", required, re.MULTILINE)
    text = page("decisions.md")
    assert [package for package in packages if f"| {package}" not in text] == []


def test_should_be_answered_when_an_alarm_can_ring() -> None:
    text = page("operations.md")
    assert [alarm for alarm in named("AWS::CloudWatch::Alarm") if f"`{alarm}`" not in text] == []


def test_should_be_those_of_the_code_when_limits_are_told() -> None:
    text = page("limits.md")
    assert f"{formats.MAX_TEXT >> 20} MB" in text
    assert f"{readers.MAX_RECORD >> 20} MiB, {readers.MAX_CELL >> 10} KiB" in text
    assert f"{readers.MAX_ROW >> 10} KiB, so that" in text
    assert f"{scanning.MAX_ROWS:,} rows or {scanning.MAX_BYTES >> 20} MiB" in text
    assert f"first {tallies.MAX_PROBLEMS} problems" in text


@pytest.mark.parametrize("name", WRITTEN)
def test_should_lead_somewhere_when_a_page_links(name: str) -> None:
    broken = [
        f"{file}#{anchor}"
        for file, anchor in LINK.findall(page(name))
        if not leads_somewhere(DOCS / (file or name), anchor)
    ]
    assert broken == []


def leads_somewhere(target: Path, anchor: str) -> bool:
    """Whether `target` exists and, of a page, has a heading for `anchor`."""
    if not target.exists():
        return False
    headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
    return not anchor or anchor in {slug(heading) for heading in headings}


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
