"""The one file: it runs where nothing is installed but Python itself."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from creditctl import VERSION
from infra.client import __main__ as builder
from infra.client import bootstrap
from infra.client.bootstrap import LIBRARY, select_names, unpack
from tests.collection.files import csv_of, penalty

PROJECT = builder.PROJECT
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))


def _installed(name: str) -> Iterator[tuple[str, bytes]]:
    """The files of an installed requirement."""
    for file in metadata.files(name) or ():
        path = Path(str(file.locate()))
        if "__pycache__" not in file.parts and ".." not in file.parts and path.is_file():
            yield file.as_posix(), path.read_bytes()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What the one file holds: the builder's, with what is installed here."""
    names = [
        line.partition("==")[0]
        for line in (PROJECT / "infra/client/requirements.in").read_text().splitlines()
        if not line.startswith("#")
    ]
    required = {file: content for name in names for file, content in _installed(name)}
    return {**dict(builder.own_files(PROJECT)), **required}


@pytest.fixture(scope="module")
def one_file(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one file."""
    path = tmp_path_factory.mktemp("one") / "creditctl.pyz"
    builder.write(files, path)
    return path


def _run(one_file: Path, folder: Path, *given: object) -> "subprocess.CompletedProcess[str]":
    """Run it in an interpreter without this environment: isolated, no site-packages."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", str(one_file), *map(str, given)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )


def test_should_do_its_work_when_nothing_is_installed(one_file: Path, tmp_path: Path) -> None:
    made = _run(one_file, tmp_path, "template", "penalty")
    assert (made.returncode, made.stdout) == (0, "已写入 penalty.xlsx\n"), made.stderr
    checked = _run(one_file, tmp_path, "check", "penalty.xlsx", "--item", "penalty")
    assert checked.returncode == 1, checked.stderr
    assert "E-FILE-04" in checked.stdout
    (tmp_path / "a.csv").write_bytes(csv_of("penalty", [penalty()]))
    assert _run(one_file, tmp_path, "check", "a.csv", "--item", "penalty").returncode == 0
    sent = _run(one_file, tmp_path, "receipt", "x", "--server", "http://127.0.0.1:9")
    assert sent.returncode == 2
    assert "CREDIT_TOKEN" in sent.stderr
    (folder,) = (tmp_path / ".cache" / "creditctl").iterdir()
    assert folder.name.endswith(SUFFIX)


def test_should_be_the_same_bytes_when_written_again(
    files: dict[str, bytes], one_file: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.pyz"
    builder.write(dict(reversed(files.items())), again)
    assert again.read_bytes() == one_file.read_bytes()
    assert os.access(again, os.X_OK)


def test_should_hold_no_more_than_it_needs_when_written(files: dict[str, bytes]) -> None:
    tops = {name.split("/")[0] for name in files}
    own = {"chalicelib", "creditctl", "LICENSE"}
    required = {"msgspec", "python_calamine", "tzdata", "xlsxwriter"}
    assert {top for top in tops if not top.endswith(".dist-info")} == own | required
    assert "creditctl/__main__.py" in files
    assert "chalicelib/catalogue/items/penalty.json" in files
    assert not any("/web/" in name for name in files)


def test_should_unpack_once_when_many_start_at_a_time(one_file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(one_file) as archive:
        folder = unpack(archive, tmp_path, SUFFIX)
        marker = folder / "marker"
        marker.touch()
        assert unpack(archive, tmp_path, SUFFIX) == folder
        assert marker.exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_should_take_what_stands_when_another_was_faster(
    one_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_the_race(_: Path, target: Path) -> None:
        target.mkdir()
        raise OSError

    monkeypatch.setattr(Path, "rename", lose_the_race)
    with zipfile.ZipFile(one_file) as archive:
        folder = unpack(archive, tmp_path, SUFFIX)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_should_leave_out_modules_of_others_when_unpacked() -> None:
    names = [f"{LIBRARY}{name}" for name in ("a.py", f"b{SUFFIX}", "b.cp399-win_amd64.pyd")]
    assert list(select_names([*names, "__main__.py"], SUFFIX)) == names[:2]


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"CREDIT_CACHE": "/a"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/creditctl"),
        ({"HOME": "/c"}, "/c/.cache/creditctl"),
    ],
)
def test_should_keep_to_the_cache_when_it_unpacks(
    environment: dict[str, str], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CREDIT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert bootstrap.cache_folder() == Path(place)


def test_should_say_so_when_it_was_not_built_for_this_python(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "foreign.pyz"
    builder.write({name: b"" for name in files if not name.endswith(SUFFIX)}, path)
    ran = _run(path, tmp_path, "--version")
    assert ran.returncode == 2
    assert "not built for this Python" in ran.stderr


def test_should_be_told_alike_when_asked_for_versions() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    client, system = (
        set((PROJECT / place).read_text().splitlines())
        for place in ("infra/client/requirements.in", "infra/requirements.in")
    )
    shared = {line for line in client if line.startswith(("msgspec", "python-calamine"))}
    assert len(shared) == 2
    assert shared <= system


def test_should_name_every_target_when_none_is_chosen() -> None:
    assert len(builder.targets(here=False)) == len(builder.PLATFORMS) * len(builder.VERSIONS)
    (here,) = builder.targets(here=True)
    assert here.options == ("--python", sys.executable)
