"""Every code is declared once, in its place, and explained."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chalicelib.runtime.log_codes import LogCode
from infra.compose import PROJECT
from infra.documents.messages import explain_log_codes, list_codes

ID = re.compile(r"[EWF]-[A-Z]+-[0-9]{2}")
ROWS = re.compile(r"chalicelib\.(?:collection|subjects)\.codes")
PLACEHOLDER = re.compile(r"\{(\w+?)(?:_zh|_en)?\}")


def sources() -> Iterator[Path]:
    """Every module that runs or deploys."""
    yield PROJECT / "app.py"
    for folder in ("chalicelib", "infra"):
        yield from sorted((PROJECT / folder).rglob("*.py"))


def test_should_be_unique_and_well_formed_when_a_code_is_declared() -> None:
    ids = [code.id for _, code in list_codes()]
    assert [each for each, count in Counter(ids).items() if count > 1] == []
    assert [each for each in ids if not ID.fullmatch(each)] == []


def test_should_fill_the_same_places_in_both_languages_when_a_code_is_told() -> None:
    uneven = [
        code.id
        for _, code in list_codes()
        if set(PLACEHOLDER.findall(code.zh)) != set(PLACEHOLDER.findall(code.en))
        or set(PLACEHOLDER.findall(code.mend_zh)) != set(PLACEHOLDER.findall(code.mend_en))
    ]
    assert uneven == []


def test_should_be_sentences_when_a_clerk_reads_them_one_after_the_other() -> None:
    told = [code for module, code in list_codes() if ROWS.match(module.__name__)]
    assert told
    torn = [
        code.id
        for code in told
        if not all(text.endswith(("。", "！")) for text in (code.zh, code.mend_zh))
        or not all(text.endswith(".") for text in (code.en, code.mend_en))
    ]
    assert torn == []


def test_should_be_collected_when_a_module_declares_codes() -> None:
    declaring = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Code"
    }
    assert declaring == {module.__name__ for module, _ in list_codes()}


def test_should_be_explained_when_a_log_code_exists() -> None:
    meanings = explain_log_codes()
    assert meanings.keys() == set(LogCode.__members__)
    assert [name for name, text in meanings.items() if not text] == []


def test_should_be_logged_somewhere_when_a_log_code_exists() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sources())
    assert [name for name in LogCode.__members__ if f"LogCode.{name}" not in code] == []
