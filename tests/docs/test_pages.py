"""The generated pages are what code and data say."""

from pathlib import Path

import pytest

from chalicelib.runtime.settings import Settings
from infra import fragments
from infra.documents.__main__ import DOCS, PAGES, find_outdated


@pytest.mark.parametrize("name", PAGES)
def test_should_be_up_to_date_when_committed(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "python -m infra.documents"


def test_should_name_what_differs_when_compared(tmp_path: Path) -> None:
    for name, make in PAGES.items():
        (tmp_path / name).write_text(make(), "utf-8")
    (tmp_path / "tables.md").write_text("# Tables", "utf-8")
    (tmp_path / "routes.md").unlink()

    assert find_outdated(tmp_path) == ["routes.md", "tables.md"]


def test_should_be_the_environment_and_nothing_else_when_settings_are_read() -> None:
    variables = fragments.load()["Globals"]["Function"]["Environment"]["Variables"]
    libraries = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL"}
    assert {name.upper() for name in Settings.__struct_fields__} == variables.keys() - libraries
