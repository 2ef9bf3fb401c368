"""The state folder tells an ordinary stop, a crash and damage apart."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.local.problems import Problem
from infra.local.state import State


def _saved(folder: Path, tables: str = "{}") -> State:
    """A state that was loaded and stopped cleanly."""
    state = State(folder)
    state.open()
    (state.services / "dynamodb.json").write_text(tables, encoding="ascii")
    state.mark_loaded()
    state.seal()
    return state


def test_should_be_fresh_when_opened_for_the_first_time(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    assert state.open() is None
    assert state.fresh
    assert state.services.is_dir()


def test_should_find_what_was_saved_when_stopped_cleanly(tmp_path: Path) -> None:
    _saved(tmp_path / "state", '{"a": 1}')
    state = State(tmp_path / "state")
    assert state.open() is None
    assert not state.fresh
    assert (state.services / "dynamodb.json").read_text(encoding="ascii") == '{"a": 1}'


def test_should_go_back_to_the_last_stop_when_it_crashed(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    state = _saved(tmp_path / "state", "old")
    state.mark_running(2**22 + 1)
    written = state.services / "new.json"
    written.write_text("new", encoding="ascii")
    written.replace(state.services / "dynamodb.json")  # it was saving when it died
    (state.files / "kept").touch()

    again = State(tmp_path / "state")
    fallen_back = again.open()

    assert fallen_back is not None
    assert before <= fallen_back <= datetime.now(UTC)
    assert (again.services / "dynamodb.json").read_text(encoding="ascii") == "old"
    assert (again.files / "kept").exists()


def test_should_start_anew_when_it_crashed_before_the_demo_was_loaded(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    state.open()
    state.mark_running(2**22 + 1)
    (state.files / "half").touch()

    assert state.open() is None
    assert state.fresh
    assert not (state.files / "half").exists()


@pytest.mark.parametrize("harm", ["changed", "removed", "seal"])
def test_should_say_so_when_what_was_saved_is_damaged(tmp_path: Path, harm: str) -> None:
    state = _saved(tmp_path / "state")
    tables = state.services / "dynamodb.json"
    if harm == "changed":
        tables.write_text("{", encoding="ascii")
    elif harm == "removed":
        tables.unlink()
    else:
        (tmp_path / "state" / "sealed" / "seal.json").write_text("{", encoding="ascii")
    with pytest.raises(Problem, match=r"damaged \((dynamodb|seal)\.json\): 'make clean'"):
        state.open()


def test_should_refuse_when_another_run_holds_the_state(tmp_path: Path) -> None:
    state = _saved(tmp_path / "state")
    marker = tmp_path / "state" / "running.json"
    marker.write_text(json.dumps({"emulator": 1, "runner": os.getppid()}), encoding="ascii")
    assert state.left_running() is None  # that process is not one of ours
