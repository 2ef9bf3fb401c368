"""The composed template and the package, built once a session as for production."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.package import build
from tests.template.reading import Composed


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `python -m infra.package` fills."""
    folder = tmp_path_factory.mktemp("package")
    build("prod", folder)
    return folder


@pytest.fixture(scope="session")
def composed(package: Path) -> Composed:
    """The template that is deployed."""
    template: dict[str, Any] = json.loads((package / "sam.json").read_text(encoding="utf-8"))
    return Composed(template)


@pytest.fixture(scope="session")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code as Lambda lays it out."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(package / "deployment.zip") as archive:
        archive.extractall(folder)
    return folder
